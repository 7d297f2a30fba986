import type { IncomingMessage } from 'node:http'
import { isWithoutBody, readParameters } from '../body/body.ts'
import { BodyConsumed, InvalidVariant, UnsupportedMediaType } from '../errors.ts'
import { mediaTypeOf } from '../headers/media_types.ts'
import { negotiateFormats } from '../headers/negotiation.ts'
import type { ParameterEncodings } from '../parameters/parameter_encodings.ts'
import { createParameterHash, mergeParameters, type ParameterHash } from '../parameters/parameter_hash.ts'
import { parseQuery } from '../parameters/query_parser.ts'
import { readBody } from '../body/read_body.ts'
import { RequestState } from './request_state.ts'
import { rawQueryOf } from './request_target.ts'
import type { RequestOptions } from './request_options.ts'
import type { UploadedFile } from '../body/uploaded_file.ts'

const noParameters: ParameterHash = Object.freeze(createParameterHash())
const noVariants: readonly string[] = Object.freeze([])
const noFiles: readonly UploadedFile[] = Object.freeze([])

/** One HTTP request: wraps `node:http`'s (or Express's) message, and works out what is asked of it when it is asked. */
export class Request extends RequestState {
  /** The parameters of the route, `controller` and `action` included. Written by the router. */
  pathParameters: Record<string, unknown> = noParameters
  /** Encodings other than UTF-8 that the action declared for parameters. Written by the router. */
  parameterEncodings: ParameterEncodings | undefined
  /** The error that the request ended with, when nobody rescued it. */
  error: unknown
  /** Files of a multipart form, in the order of the parts. They are deleted when the response has been sent. */
  uploadedFiles: readonly UploadedFile[] = noFiles
  /** Whether the application has chosen the format, so that it depends on nothing that the client says. Internal. */
  isFormatChosen = false
  #query: ParameterHash | undefined
  #body: ParameterHash | undefined
  #bodyError: unknown
  #bytes: Buffer | undefined
  #parameters: ParameterHash | undefined
  #formats: string[] | undefined
  #loading: Promise<void> | undefined
  #variants: readonly string[] = noVariants

  // Written out, as those of its parents, since a constructor that isn't is looked for anew for every request.
  constructor(raw: IncomingMessage, options?: RequestOptions) {
    super(raw, options)
  }

  /** The formats the client wants, best first: 'json', 'html', … and `*` / `*`.
   * @throws InvalidMediaType (406) when the Accept header isn't one
   */
  get formats(): readonly string[] {
    return (this.#formats ??= negotiateFormats(this))
  }

  /** The format the client wants first; undefined when nobody registered it. From `params.format`, the extension or Accept, as in Rails. */
  get format(): string | undefined {
    const [first] = this.formats
    return first === '*/*' ? undefined : first
  }

  /** The application's choice, whatever the client wants. */
  set format(format: string | undefined) {
    this.#formats = format === undefined ? [] : [format]
    this.isFormatChosen = true
  }

  /** What negotiation came to. Internal. */
  settleFormat(format: string): void {
    this.#formats = [format]
  }

  /** The variants of an answer that were chosen for this request, best first: what `respondTo` looks at within a format.
   * @throws InvalidVariant (REGAUGE_INVALID_VARIANT) when it is set to something else than a name or names
   * @example
   * if (/iPhone|Android/.test(request.userAgent ?? '')) request.variant = 'phone'
   * request.variant.includes('phone')
   */
  get variant(): readonly string[] {
    return this.#variants
  }

  set variant(variant: string | readonly string[] | null | undefined) {
    const variants = Array.isArray(variant) ? variant : variant === null || variant === undefined ? [] : [variant]
    if (!variants.every((one) => typeof one === 'string')) throw new InvalidVariant({})
    this.#variants = Object.freeze([...variants])
  }

  /** The query string's parameters, parsed at first use.
   * @throws BadRequest when it can't be parsed
   */
  get queryParameters(): ParameterHash {
    if (this.#query !== undefined) return this.#query
    const encodings = this.parameterEncodings
    const query = encodings === undefined ? this.queryString : rawQueryOf(this.raw.url!)
    const limits = { depth: this.options.depthLimit, count: Number.POSITIVE_INFINITY }
    return (this.#query = query === '' ? createParameterHash() : parseQuery(query, limits, encodings))
  }

  /** Reads and parses the body, once. Returns undefined at once when there is no body or it has been read: the pipeline reads it before
   * an endpoint, and an endpoint that asks for it gets the errors, so that a controller can rescue them.
   * @throws ParseError, BadRequest, BodyTooLarge, UnsupportedMediaType, InvalidMediaType
   */
  loadBody(): void | Promise<void> {
    if (this.#body !== undefined) return
    if (this.#bodyError !== undefined) throw this.#bodyError
    return (this.#loading ??= this.#load())
  }

  #load(): Promise<void> | undefined {
    let settle = (): void => {}
    if (this.receiveBody(() => settle())) return this.loadBody() as undefined
    return new Promise((resolve, reject) => {
      settle = () => {
        this.#loading = undefined
        if (this.#bodyError === undefined) resolve()
        else reject(this.#bodyError)
      }
    })
  }

  /** Whether the body has been read, or there is none, which most requests haven't: they shouldn't pay for what it takes to wait for one. */
  get isBodyThere(): boolean {
    if (this.#body === undefined && (this.raw as { body?: unknown }).body === undefined && isWithoutBody(this.raw)) {
      this.#body = createParameterHash()
    }
    return this.#body !== undefined
  }

  /** `loadBody` for the pipeline: without a promise or an error. True when there is nothing to wait for, else `done` is called, outside of
   * the execution. */
  receiveBody(done: () => void): boolean {
    if (this.#body !== undefined || this.#bodyError !== undefined) return true
    try {
      this.#body = readParameters(this, (error, parameters) => {
        if (error === undefined) this.#body = parameters
        else this.#bodyError = error
        this.#parameters = undefined
        done()
      })
    } catch (error) {
      this.#bodyError = error
    }
    return this.#body !== undefined || this.#bodyError !== undefined
  }

  /** Keeps what a body was parsed from. Internal. */
  keepBody(bytes: Buffer): void {
    this.#bytes = bytes
  }

  /** The body as it was sent, byte for byte: what signatures of webhooks are about (Rails' `raw_post`). Empty when there is none.
   * @throws UnsupportedMediaType for multipart forms, which are never in memory as a whole
   * @throws BodyConsumed (REGAUGE_BODY_CONSUMED) when middleware has read it and kept nothing
   * @example const signature = createHmac('sha256', secret).update(await this.request.rawBody()).digest('hex')
   */
  async rawBody(): Promise<Buffer> {
    const { body, rawBody } = this.raw as { body?: unknown; rawBody?: unknown }
    if (rawBody instanceof Uint8Array) return Buffer.from(rawBody)
    if (body !== undefined) throw new BodyConsumed({})
    if (this.mediaType?.startsWith('multipart/')) throw new UnsupportedMediaType({ type: this.mediaType })
    await this.loadBody()
    return (this.#bytes ??= await readAll(this.raw, Math.min(this.options.memoryLimit, this.options.bodyLimit)))
  }

  /** The parsed body; empty before `loadBody`.
   * @throws what `loadBody` does
   */
  get requestParameters(): ParameterHash {
    if (this.#bodyError !== undefined) throw this.#bodyError
    return this.#body ?? noParameters
  }

  /** Body, query and path merged; the path wins over the query, the query over the body, as in Rails.
   * @throws what `loadBody` and `queryParameters` do
   */
  get parameters(): ParameterHash {
    return (this.#parameters ??= mergeParameters(this.requestParameters, this.queryParameters, this.pathParameters))
  }

  /** Refuses bodies of other types than these.
   * @throws UnsupportedMediaType (415)
   * @example request.requireMediaType('json')
   */
  requireMediaType(...types: readonly string[]): void {
    const mediaType = this.mediaType
    if (!types.some((type) => (mediaTypeOf(type) ?? type) === mediaType)) throw new UnsupportedMediaType({ type: mediaType ?? '' })
  }
}

/** Reads a body that nobody has parsed. */
function readAll(raw: IncomingMessage, limit: number): Promise<Buffer> {
  if (isWithoutBody(raw)) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    readBody(raw, limit, (error, bytes) => (error === undefined ? resolve(bytes) : reject(error)))
  })
}
