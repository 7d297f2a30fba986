import type { IncomingMessage } from 'node:http'
import { type RequestHeaders, requestHeaders } from '../headers/header_views.ts'
import { parseContentType } from '../headers/media_types.ts'
import { authorityOf, domainOf, hostOf, portOf, protocolOf, subdomainsOf } from './origin.ts'
import { clientAddress, isLoopback, rackAddress } from './remote_ip.ts'
import { requestIdFrom } from './request_id.ts'
import { type RequestOptions, requestOptions } from './request_options.ts'
import { pathOf, queryOf } from './request_target.ts'

const defaults = requestOptions()
const formTypes: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])

/** What a request's line, headers and socket say: everything but its parameters. Worked out when it is asked, under Rails' names. */
export class RequestHead {
  readonly raw: IncomingMessage
  readonly options: RequestOptions
  #method: string | undefined
  #path: string | undefined
  #requestId: string | undefined
  #headers: RequestHeaders | undefined

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

  /** The same, under Rails' name for the method that the application sees. */
  get requestMethod(): string {
    return this.method
  }

  /** The method that was sent, before method override. */
  get originalMethod(): string {
    return this.raw.method!
  }

  get isGet(): boolean {
    return this.method === 'GET'
  }

  get isHead(): boolean {
    return this.method === 'HEAD'
  }

  get isPost(): boolean {
    return this.method === 'POST'
  }

  get isPut(): boolean {
    return this.method === 'PUT'
  }

  get isPatch(): boolean {
    return this.method === 'PATCH'
  }

  get isDelete(): boolean {
    return this.method === 'DELETE'
  }

  get isOptions(): boolean {
    return this.method === 'OPTIONS'
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

  /** The same as it was sent, whatever something mounted has made of it. */
  get originalFullpath(): string {
    return (this.raw as { originalUrl?: string }).originalUrl ?? this.fullpath
  }

  /** Protocol, host and port: `https://example.com:8443`. */
  get baseUrl(): string {
    return `${this.protocol}://${this.hostWithPort}`
  }

  /** Protocol, host, port, path and query string. */
  get url(): string {
    return this.baseUrl + this.fullpath
  }

  /** The same as it was sent. */
  get originalUrl(): string {
    return this.baseUrl + this.originalFullpath
  }

  /** Without the question mark. */
  get queryString(): string {
    return queryOf(this.raw.url!)
  }

  /** The host the client asked for, without the port; X-Forwarded-Host wins over Host. */
  get host(): string {
    return hostOf(authorityOf(this.raw))
  }

  /** The host, and the port when it isn't the protocol's own: `example.com:3000`. */
  get hostWithPort(): string {
    return this.host + this.portString
  }

  /** The same as it was sent: with the port even when it is the protocol's own. */
  get rawHostWithPort(): string {
    return authorityOf(this.raw)
  }

  /** The port the client asked for: the host's, else the protocol's own. */
  get port(): number {
    return portOf(authorityOf(this.raw)) ?? this.standardPort
  }

  /** The protocol's own port. */
  get standardPort(): number {
    return this.isSsl ? 443 : 80
  }

  get isStandardPort(): boolean {
    return this.port === this.standardPort
  }

  /** The port when it isn't the protocol's own. */
  get optionalPort(): number | undefined {
    const port = this.port
    return port === this.standardPort ? undefined : port
  }

  /** The same as the end of a host: `:3000`, or ''. */
  get portString(): string {
    const port = this.optionalPort
    return port === undefined ? '' : `:${port}`
  }

  get protocol(): 'http' | 'https' {
    return protocolOf(this.raw, this.options.assumeSsl)
  }

  /** Whether the client used TLS, as the socket or a proxy says. */
  get isSsl(): boolean {
    return this.protocol === 'https'
  }

  /** The host without its subdomains: `example.com`; undefined for an IPv4 address. */
  get domain(): string | undefined {
    return this.domainFor(this.options.tldLength)
  }

  /** The same for a top-level domain of another length than `config.http.tldLength`.
   * @example request.domainFor(2) // 'example.co.uk' of 'www.example.co.uk'
   */
  domainFor(tldLength: number): string | undefined {
    return domainOf(this.host, tldLength)
  }

  /** 'api.v1.example.com' → ['api', 'v1']. */
  get subdomains(): string[] {
    return this.subdomainsFor(this.options.tldLength)
  }

  /** The same for a top-level domain of another length. */
  subdomainsFor(tldLength: number): string[] {
    return subdomainsOf(this.host, tldLength)
  }

  /** The same as text, 'api.v1'. */
  get subdomain(): string {
    return this.subdomains.join('.')
  }

  /** The client's address, seen through trusted proxies. Taken for granted by no security decision unless a proxy sets the headers.
   * @throws IpSpoofing when Client-Ip and X-Forwarded-For contradict each other
   */
  get remoteIp(): string {
    return clientAddress(this.raw, this.options)
  }

  /** The address that `remoteIp` would be, but that of the socket when it isn't one of our proxies, as Rack finds it. */
  get ip(): string {
    return rackAddress(this.raw, this.options)
  }

  /** Whether the request comes from this machine, without a proxy that says otherwise in any of its headers. */
  get isLocal(): boolean {
    return isLoopback(this.raw.socket?.remoteAddress ?? '127.0.0.1') && isLoopback(this.remoteIp) && isLoopback(this.ip)
  }

  /** The client's X-Request-Id, cleaned, or a new UUID. */
  get requestId(): string {
    return (this.#requestId ??= requestIdFrom(this.raw.headers['x-request-id'] as string | undefined))
  }

  /** Another name of `requestId`. */
  get uuid(): string {
    return this.requestId
  }

  /** The body's media type, lower case, without parameters, synonyms resolved. */
  get mediaType(): string | undefined {
    const header = this.raw.headers['content-type']
    return header === undefined ? undefined : parseContentType(header)
  }

  /** The Content-Type header as it was sent. */
  get contentType(): string | undefined {
    return this.raw.headers['content-type']
  }

  /** Whether the body is a form, urlencoded or multipart. */
  get isFormData(): boolean {
    return formTypes.has(this.mediaType ?? '')
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

  get referer(): string | undefined {
    return this.raw.headers.referer
  }

  /** The same, spelt right. */
  get referrer(): string | undefined {
    return this.referer
  }

  /** Where a browser says that the request comes from: protocol, host and port, or `null`. */
  get origin(): string | undefined {
    return this.raw.headers.origin
  }

  /** The time in If-Modified-Since; undefined when there is none or it can't be read. */
  get ifModifiedSince(): Date | undefined {
    const time = new Date(this.raw.headers['if-modified-since'] ?? Number.NaN)
    return Number.isNaN(time.getTime()) ? undefined : time
  }

  /** The If-None-Match header. */
  get ifNoneMatch(): string | undefined {
    return this.raw.headers['if-none-match']
  }

  /** Whether the X-Requested-With header says that a script sent the request. */
  get isXhr(): boolean {
    return /XMLHttpRequest/i.test(this.header('x-requested-with') ?? '')
  }

  /** All headers, listed by lower-case name and found by any spelling: `x-token`, `X-Token`, or Rack's `HTTP_X_TOKEN`. */
  get headers(): RequestHeaders {
    return (this.#headers ??= requestHeaders(this.raw.headers))
  }

  /** One header, repeated ones joined with ', '.
   * @example request.header('X-Token')
   */
  header(name: string): string | undefined {
    const value = this.raw.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }
}
