import type { Readable } from 'node:stream'
import { mediaTypeOf } from '../http/index.ts'
import { isPromise } from './callbacks/steps.ts'
import { DoubleRender, UnawaitedJson } from './errors.ts'
import type { AsJsonOptions } from './json/as_json.ts'
import { renderJson, toJson } from './json/encode.ts'
import { Rescuing } from './rescuing.ts'
import { type Status, statusCode } from './statuses.ts'

interface AnyRender {
  /** Default 200, or what `this.status` was set to. */
  readonly status?: Status | undefined
  /** `; charset=utf-8` is added unless it names a charset. */
  readonly contentType?: string | undefined
  /** The Location header. */
  readonly location?: string | undefined
}

/** What `render` takes: one kind of body, and what goes with it. */
export type RenderOptions = AnyRender &
  (
    | ({ readonly json: unknown /** Wraps the JSON in a call of this function (JSONP). */; readonly callback?: string } & AsJsonOptions)
    | { readonly plain: unknown }
    | { /** Sent as it is: escape what comes from outside. */ readonly html: string }
    | { /** Sent as it is. */ readonly xml: string }
    | { readonly js: string }
    | { readonly body: string | Buffer | Readable | null }
    | { readonly status: Status }
  )

const types = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  body: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const

/** How a controller answers. */
export abstract class Rendering extends Rescuing {
  /** Answers with a body.
   * @throws DoubleRender (REGAUGE_DOUBLE_RENDER) when the answer has been decided before
   * @throws UnawaitedJson (REGAUGE_UNAWAITED_JSON) when `json` is a promise
   * @example this.render({ json: order, status: 'created' })
   * @example this.render({ json: articles, only: ['id', 'title'] })
   */
  render(options: RenderOptions): void {
    const { response } = this
    this.refuseSecondAnswer()
    if ('json' in options && isPromise(options.json)) {
      if (options.json instanceof Promise) options.json.catch(() => {}) // its own failure would end the process
      throw new UnawaitedJson({ controller: this.constructor.name, action: this.actionName })
    }
    if (options.status !== undefined && options.status !== null) response.status = statusCode(options.status)
    if (options.location !== undefined) response.setHeader('location', options.location)
    const [kind, body] = bodyOf(options)
    if (options.contentType !== undefined) response.contentType = withCharset(options.contentType)
    else response.contentType = response.contentType === undefined ? types[kind] : withCharset(response.contentType)
    response.body = body
  }

  /** Answers with a status and headers, without a body. Header names may be written `contentType` or `x-total`.
   * @example this.head('no_content')
   * @example this.head('created', { location: '/orders/1' })
   */
  head(status: Status, headers: Readonly<Record<string, string | number>> = {}): void {
    const { response } = this
    this.refuseSecondAnswer()
    response.status = statusCode(status)
    for (const [name, value] of Object.entries(headers))
      response.setHeader(name.replace(/([a-z])([A-Z])/g, '$1-$2').replaceAll('_', '-'), value)
    if (mayHaveBody(response.status)) response.contentType ??= mediaTypeOf(this.request.format ?? '') ?? 'text/html'
    else response.contentType = undefined
    response.body = ''
  }

  /** Refuses to answer twice. Internal. */
  protected refuseSecondAnswer(): void {
    if (this.isPerformed) throw new DoubleRender({ controller: this.constructor.name, action: this.actionName })
  }
}

function bodyOf(options: RenderOptions): [keyof typeof types, string | Buffer | Readable] {
  if ('json' in options) return jsonBody(options)
  // Rails sends a space for nothing, for clients of old that took an empty answer for none.
  if ('plain' in options) return ['plain', String(options.plain ?? ' ')]
  if ('html' in options) return ['html', options.html]
  if ('xml' in options) return ['xml', options.xml]
  if ('js' in options) return ['js', options.js]
  return ['body', 'body' in options ? (options.body ?? ' ') : ' ']
}

function jsonBody(options: Extract<RenderOptions, { json: unknown }>): [keyof typeof types, string] {
  const { json, only, except, methods, include, root, callback } = options
  const asked = only ?? except ?? methods ?? include ?? root
  const asJson = asked === undefined ? undefined : { only, except, methods, include, root }
  if (callback === undefined) return ['json', renderJson(json, asJson as AsJsonOptions | undefined)]
  const text = typeof json === 'string' ? json : toJson(json, asJson as AsJsonOptions | undefined)
  // A callback is a JavaScript name, so that it can't be a script; the comment keeps the answer from being read as another file type.
  return ['js', `/**/${callback.replace(/[^\w$.[\]]/g, '')}(${text})`]
}

function withCharset(contentType: string): string {
  return contentType.includes('charset=') ? contentType : `${contentType}; charset=utf-8`
}

function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304
}
