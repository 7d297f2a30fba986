import { mediaTypeOf, registeredFormats, type Request } from '../http/index.ts'
import { isPromise } from './callbacks/steps.ts'
import { RespondToMismatch, UnknownFormat } from './errors.ts'
import type { Metal } from './metal.ts'
import type { CustomFormats } from './register.ts'
import { Rendering } from './rendering.ts'
import { answerVariant, type FormatBlock, type VariantResponder, Variants } from './variants.ts'

/** What is done for a format, or declares what is done for which variant of the request. */
export type VariantsBlock = (variants: VariantResponder) => unknown

type FormatName =
  | (
      | 'html'
      | 'text'
      | 'js'
      | 'css'
      | 'ics'
      | 'csv'
      | 'vcf'
      | 'vtt'
      | 'md'
      | 'png'
      | 'jpeg'
      | 'gif'
      | 'bmp'
      | 'tiff'
      | 'svg'
      | 'webp'
      | 'mpeg'
    )
  | (
      | 'mp3'
      | 'ogg'
      | 'm4a'
      | 'webm'
      | 'mp4'
      | 'otf'
      | 'ttf'
      | 'woff'
      | 'woff2'
      | 'xml'
      | 'rss'
      | 'atom'
      | 'yaml'
      | 'json'
      | 'pdf'
      | 'zip'
      | 'gzip'
    )
  | (keyof CustomFormats & string)

/** Collects what is done for which format. The order decides for a client that takes anything. */
export type Responder = {
  readonly [K in FormatName]: ForFormat
} & {
  /** For these formats, or for all that have no block of their own (`'all'` says so too). */
  any: ForFormats
  /** Another name for `any`. */
  all: ForFormats
}

/** Declares what is done for a format, or, without a block, lets its variants be declared: `format.json().phone(block)`. */
interface ForFormat {
  (block: FormatBlock | VariantsBlock): void
  (): VariantResponder
}

interface ForFormats {
  (...formats: readonly [FormatName | 'all' | VariantsBlock, ...(FormatName | 'all' | VariantsBlock)[]]): void
  (): VariantResponder
}

type Blocks = Map<string, VariantsBlock | Variants | undefined>
const ALL = '*/*'
const answering = new WeakMap<object, Promise<unknown>>()

/** Answers that depend on the format a client asks for. */
export abstract class Responding extends Rendering {
  /** Does what is declared for the format that the client asks for (`.json`, `?format=json`, `Accept`), or just checks that it is one of these.
   *
   * What has to be waited for may stand in the block of a format, or before the formats in an `async` block.
   * @returns the promise of what is asynchronous
   * @throws UnknownFormat (REGAUGE_UNKNOWN_FORMAT, 406) when none fits
   * @throws RespondToMismatch (REGAUGE_RESPOND_TO_MISMATCH) when a content type was chosen before, and it is another one
   * @example
   * this.respondTo((format) => {
   *   format.json(() => this.render({ json: article }))
   *   format.csv(() => this.sendData(csv, { filename: 'article.csv' }))
   *   format.any(() => this.head('not_acceptable'))
   * })
   * @example
   * await this.respondTo(async (format) => {
   *   if (await order.save()) format.json(() => this.render({ json: order, status: 'created' }))
   *   else format.json(() => this.render({ json: order.errors, status: 'unprocessable_content' }))
   * })
   * @example this.respondTo('json', 'xml')
   * @example
   * this.respondTo((format) => {
   *   format.json((variant) => {
   *     variant.phone(() => this.render({ json: article.brief })) // request.variant = 'phone', in a callback
   *     variant.none(() => this.render({ json: article }))
   *   })
   * })
   */
  respondTo(block: (format: Responder) => void | Promise<unknown>): void | Promise<void>
  respondTo(...formats: FormatName[]): void | Promise<void>
  respondTo(...args: ((format: Responder) => void | Promise<unknown>)[] | string[]): void | Promise<void> {
    const [first] = args
    const blocks: Blocks = new Map()
    const declaring = typeof first === 'function' ? first(new FormatCollector(blocks) as FormatCollector & Responder) : undefined
    if (typeof first !== 'function') for (const format of args) blocks.set(String(format), undefined)
    const result = isPromise(declaring) ? declaring.then(() => answer(this, blocks)) : answer(this, blocks)
    if (!isPromise(result)) return
    answering.set(this, result)
    const answered = result.then(() => {})
    // An action that doesn't wait for it leaves that to us; nobody else must find it rejected.
    answered.catch(() => {})
    return answered
  }
}

function answer(controller: Metal, blocks: Blocks): unknown {
  const format = negotiate(controller.request, blocks)
  choose(controller, format, blocks)
  const declared = blocks.has(format) ? blocks.get(format) : blocks.get(ALL)
  if (declared === undefined) return undefined
  const { variant } = controller.request
  if (declared instanceof Variants) return declared.blockFor(variant)?.()
  return declared.length === 0 ? (declared as FormatBlock)() : answerVariant(declared, variant)
}

function negotiate(request: Request, blocks: Blocks): string {
  const order = [...blocks.keys()]
  for (const format of request.formats) {
    if (format === ALL && order[0] !== undefined) return order[0]
    if (blocks.has(format)) return format
  }
  if (blocks.has(ALL)) return request.format ?? ALL
  throw new UnknownFormat({ accepted: order, asked: request.formats })
}

function choose({ request, response }: Metal, format: string, blocks: Blocks): void {
  const type = mediaTypeOf(format)
  if (type === undefined || !blocks.has(format)) return
  const chosen = response.contentType?.split(';', 1)[0]
  if (chosen !== undefined && chosen !== type) throw new RespondToMismatch({ chosen, type })
  response.contentType ??= `${type}; charset=utf-8`
  request.settleFormat(format)
}

/** The promise of a format's block that an action hasn't waited for. */
export function unawaitedAnswer(controller: object): Promise<unknown> | undefined {
  const promise = answering.get(controller)
  answering.delete(controller)
  return promise
}

class FormatCollector {
  readonly #blocks: Blocks

  constructor(blocks: Blocks) {
    this.#blocks = blocks
    for (const format of registeredFormats()) if (!(format in FormatCollector.prototype)) defineFormat(format)
  }

  any(...args: readonly (string | VariantsBlock)[]): VariantResponder | undefined {
    const block = args.find((arg) => typeof arg === 'function')
    const formats = args.filter((arg) => typeof arg === 'string')
    if (formats.length === 0) return this.on(ALL, block)
    for (const format of formats) this.on(format === 'all' ? ALL : format, block)
    return undefined
  }

  all(...args: readonly (string | VariantsBlock)[]): VariantResponder | undefined {
    return this.any(...args)
  }

  on(format: string, block: VariantsBlock | undefined): VariantResponder | undefined {
    if (!this.#blocks.has(format)) this.#blocks.set(format, block ?? new Variants())
    const declared = this.#blocks.get(format)
    return declared instanceof Variants ? declared.responder : undefined
  }
}

function defineFormat(format: string): void {
  Object.defineProperty(FormatCollector.prototype, format, {
    value(this: FormatCollector, block?: VariantsBlock) {
      return this.on(format, block)
    },
  })
}
