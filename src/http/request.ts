import type { IncomingMessage } from 'node:http'
import { isWithoutBody, readParameters } from './body.ts'
import { UnsupportedMediaType } from './errors.ts'
import { mediaTypeOf, parseContentType } from './media_types.ts'
import { negotiateFormats } from './negotiation.ts'
import { hostOf, portOf, protocolOf, subdomainsOf } from './origin.ts'
import { createParameterHash, mergeParameters, type ParameterHash } from './parameter_hash.ts'
import { parseQuery } from './query_parser.ts'
import { remoteIp } from './remote_ip.ts'
import { requestIdFrom } from './request_id.ts'
import { type RequestOptions, requestOptions } from './request_options.ts'
import { pathOf, queryOf } from './request_target.ts'
import type { UploadedFile } from './uploaded_file.ts'

const defaults = requestOptions()
const noParameters: ParameterHash = Object.freeze(createParameterHash())
const noFiles: readonly UploadedFile[] = Object.freeze([])

/** One HTTP request: wraps `node:http`'s (or Express's) message, and works out what is asked of it when it is asked. */
export class Request {
  readonly raw: IncomingMessage
  /** The parameters of the route, `controller` and `action` included. Written by the router. */
  pathParameters: Record<string, unknown> = noParameters
  readonly options: RequestOptions
  /** The error that the request ended with, when nobody rescued it. */
  error: unknown
  /** Files of a multipart form, in the order of the parts. They are deleted when the response has been sent. */
  uploadedFiles: readonly UploadedFile[] = noFiles
  #method: string | undefined
  #path: string | undefined
  #query: ParameterHash | undefined
  #body: ParameterHash | undefined
  #bodyError: unknown
  #parameters: ParameterHash | undefined
  #formats: string[] | undefined
  #requestId: string | undefined
  #loading: Promise<void> | undefined

  constructor(raw: IncomingMessage, options: RequestOptions = defaults) {
    this.raw = raw
    this.options = options
  }

  /** In capitals, after method override; HEAD stays HEAD. */
  get method(): string {
    return this.#method ?? this.raw.method!
  }

  set method(method: string) {
    this.#method = method
  }

  /** The path below `scriptName`, still percent-encoded: what the router matches. */
  get pathInfo(): string {
    return (this.#path ??= pathOf(this.raw.url!))
  }

  /** Where we are mounted: the prefix of an Express application, or ''. */
  get scriptName(): string {
    return (this.raw as { baseUrl?: string }).baseUrl ?? ''
  }

  /** The whole path with `scriptName`, still percent-encoded, without the query. */
  get path(): string {
    return this.scriptName + this.pathInfo
  }

  /** Path and query string. */
  get fullpath(): string {
    const query = this.queryString
    return query === '' ? this.path : `${this.path}?${query}`
  }

  /** Protocol, host, port, path and query string. */
  get url(): string {
    const standard = this.port === (this.protocol === 'https' ? 443 : 80)
    return `${this.protocol}://${this.host}${standard ? '' : `:${this.port}`}${this.fullpath}`
  }

  /** Without the question mark. */
  get queryString(): string {
    return queryOf(this.raw.url!)
  }

  /** The host the client asked for, without the port; X-Forwarded-Host wins over Host. */
  get host(): string {
    return hostOf(this.raw)
  }

  /** The port the client asked for. */
  get port(): number {
    return portOf(this.raw)
  }

  get protocol(): 'http' | 'https' {
    return protocolOf(this.raw)
  }

  /** 'api.v1.example.com' → ['api', 'v1']. */
  get subdomains(): string[] {
    return subdomainsOf(this.host, this.options.tldLength)
  }

  /** The same as text, 'api.v1'. */
  get subdomain(): string {
    return this.subdomains.join('.')
  }

  /** The client's address, seen through trusted proxies. Taken for granted by no security decision unless a proxy sets the headers.
   * @throws IpSpoofing when Client-Ip and X-Forwarded-For contradict each other
   */
  get remoteIp(): string {
    const { headers, socket } = this.raw
    const from = {
      remoteAddress: socket?.remoteAddress ?? '127.0.0.1',
      forwardedFor: headers['x-forwarded-for'] as string | undefined,
      clientIp: headers['client-ip'] as string | undefined,
    }
    return remoteIp(from, this.options.trustsProxy, this.options.ipSpoofingCheck)
  }

  /** Another name for `remoteIp`, for route constraints. */
  get ip(): string {
    return this.remoteIp
  }

  /** The client's X-Request-Id, cleaned, or a new UUID. */
  get requestId(): string {
    return (this.#requestId ??= requestIdFrom(this.raw.headers['x-request-id'] as string | undefined))
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

  set format(format: string | undefined) {
    this.#formats = format === undefined ? [] : [format]
  }

  /** The body's media type, lower case, without parameters, synonyms resolved. */
  get mediaType(): string | undefined {
    const header = this.raw.headers['content-type']
    return header === undefined ? undefined : parseContentType(header)
  }

  /** The body's length in bytes as announced, 0 when it wasn't. */
  get contentLength(): number {
    return Number(this.raw.headers['content-length'] ?? 0)
  }

  get authorization(): string | undefined {
    return this.raw.headers.authorization
  }

  get userAgent(): string | undefined {
    return this.raw.headers['user-agent']
  }

  /** Whether the X-Requested-With header says that a script sent the request. */
  get isXhr(): boolean {
    return /XMLHttpRequest/i.test(this.header('x-requested-with') ?? '')
  }

  /** All headers, by lower-case name. */
  get headers(): IncomingMessage['headers'] {
    return this.raw.headers
  }

  /** One header, repeated ones joined with ', '.
   * @example request.header('X-Token')
   */
  header(name: string): string | undefined {
    const value = this.raw.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** The query string's parameters, parsed at first use.
   * @throws BadRequest when it can't be parsed
   */
  get queryParameters(): ParameterHash {
    if (this.#query !== undefined) return this.#query
    const query = this.queryString
    const limits = { depth: this.options.depthLimit, count: Number.POSITIVE_INFINITY }
    return (this.#query = query === '' ? createParameterHash() : parseQuery(query, limits))
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
