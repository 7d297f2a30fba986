import { isAcceptDecisive, mediaTypeOf } from '../http/index.ts'
import { isPromise } from './callbacks/steps.ts'
import { customRenderer } from './custom_renderers.ts'
import { DoubleRender, UnawaitedJson } from './errors.ts'
import type { Metal } from './metal.ts'
import type { BuiltInRender, RenderOptions } from './render_options.ts'
import { bodyOf, type RenderedBody } from './rendered_body.ts'
import { Rescuing } from './rescuing.ts'
import { type Status, statusCode } from './statuses.ts'
import { type UrlTarget, urlOf } from './urls.ts'

/** Headers that `head` sends. Names may be written `contentType`, `x_total` or `X-Total`. */
export type HeadHeaders = Readonly<Record<string, string | number | UrlTarget | undefined>> & { readonly location?: UrlTarget }

/** How a controller answers. Its classes have no private methods, which every instance would pay for. */
export abstract class Rendering extends Rescuing {
  /** Answers with a body.
   * @throws DoubleRender (REGAUGE_DOUBLE_RENDER) when the answer has been decided before
   * @throws UnawaitedJson (REGAUGE_UNAWAITED_JSON) when `json` is a promise
   * @example this.render({ json: order, status: 'created', location: order })
   * @example this.render({ json: articles, only: ['id', 'title'] })
   * @example this.render({ body: linesOf(articles), contentType: 'application/x-ndjson' }) // an async generator
   */
  render(options: RenderOptions): void {
    const { response } = this
    this.refuseSecondAnswer()
    if ('json' in options && isPromise(options.json)) {
      if (options.json instanceof Promise) options.json.catch(() => {}) // its own failure would end the process
      throw new UnawaitedJson({ controller: this.constructor.name, action: this.actionName })
    }
    if (options.status !== undefined && options.status !== null) response.status = statusCode(options.status)
    if (options.location !== undefined) response.setHeader('location', urlOf(options.location))
    const rendered = renderedBody(this, options)
    if (rendered === undefined) return
    const [contentType, body] = rendered
    if (options.contentType !== undefined) response.contentType = withCharset(options.contentType)
    else response.contentType = response.contentType === undefined ? contentType : withCharset(response.contentType)
    varyByAccept(this)
    response.body = body
  }

  /** Answers with a status and headers, without a body.
   * @example this.head('no_content')
   * @example this.head('created', { location: order, xTotal: 3 })
   */
  head(status: Status, headers: HeadHeaders = {}): void {
    const { response } = this
    this.refuseSecondAnswer()
    response.status = statusCode(status)
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue
      response.setHeader(headerName(name), typeof value === 'number' ? value : name === 'location' ? urlOf(value) : String(value ?? ''))
    }
    if (mayHaveBody(response.status))
      response.contentType = response.contentType?.split(';', 1)[0] ?? mediaTypeOf(this.request.format ?? '') ?? 'text/html'
    else response.contentType = undefined
    response.body = ''
  }

  /** Refuses to answer twice. Internal. */
  protected refuseSecondAnswer(): void {
    if (this.isPerformed) throw new DoubleRender({ controller: this.constructor.name, action: this.actionName })
  }
}

/** Tells caches that the answer depends on Accept, where it does. */
export function varyByAccept({ request, response }: Metal): void {
  if (isAcceptDecisive(request) && !response.isSet('vary')) response.setOwn('vary', 'Accept')
}

function renderedBody(controller: Metal, options: RenderOptions): RenderedBody | undefined {
  if (isBuiltIn(options)) return bodyOf(options)
  const { name, render } = customRenderer(options)!
  const given = Object.entries(options).find(([option]) => option === name)?.[1]
  const body = render.call(controller, given as never, options, controller)
  return body === undefined ? undefined : [withCharset(mediaTypeOf(name) ?? 'text/plain'), body]
}

function isBuiltIn(options: RenderOptions): options is BuiltInRender {
  return 'json' in options || customRenderer(options) === undefined
}

function headerName(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').replaceAll('_', '-')
}

function withCharset(contentType: string): string {
  const named = /;\s*charset="?([^;\s"]+)/.exec(contentType)
  if (named === null) return `${contentType}; charset=utf-8`
  return `${contentType.slice(0, named.index).trimEnd()}; charset=${named[1]!.toLowerCase()}`
}

function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304
}
