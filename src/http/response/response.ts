import { ServerResponse } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { currentExecution } from '../../context/index.ts'
import { type CacheControl, cacheControlHeader } from '../headers/cache_control.ts'
import { headerBytes, headerText, isBeyondAscii } from '../headers/header_text.ts'
import { type ResponseHeaders, responseHeaders } from '../headers/header_views.ts'
import { Request } from '../request/request.ts'
import { ResponseBody } from './response_body.ts'
import { inSlices, isBetterSliced } from './slices.ts'

const plainWriteHead = ServerResponse.prototype.writeHead

/** A header's value; an array is sent as several headers of that name. */
export type HeaderValue = string | number | readonly string[]

/** The answer to one request. Buffered: nothing is sent before `commit()`, so a filter may still change or replace it. */
export class Response {
  readonly raw: ServerResponse
  status = 200
  /** The Content-Type header. */
  contentType: string | undefined
  #body: string | Buffer | Readable | undefined
  /** Called when sending the body fails halfway. */
  onStreamError: ((error: Error) => void) | undefined
  // Name, value, name, value: what writeHead takes without copying.
  #headers: string[]
  readonly #initial: readonly string[]
  readonly #requestId: string | undefined
  #committed = false
  #stream: ResponseBody | undefined
  #headersView: ResponseHeaders | undefined
  #cacheControl: CacheControl | undefined
  #isCacheControlSettled = false

  /** @param headers names in lower case and values in turn that the response starts with
   * @param requestId sent as X-Request-Id
   */
  constructor(raw: ServerResponse, headers: readonly string[] = [], requestId?: string) {
    this.raw = raw
    this.#initial = headers
    this.#requestId = requestId
    this.#headers = requestId === undefined ? [] : ['x-request-id', requestId]
    for (let i = 0; i < headers.length; i++) this.#headers.push(headers[i]!)
  }

  get body(): string | Buffer | Readable | undefined {
    return this.#body
  }

  set body(body: string | Buffer | Readable | undefined) {
    if (isStream(this.#body) && this.#body !== body) this.#body.destroy()
    this.#body = body
    // What fails before it is sent would find nobody that listens, and end the process.
    if (isStream(body)) body.on('error', () => {})
  }

  /** The body to be written piece by piece, while the action runs. The first piece sends the head; when the action ends, the body is closed.
   * @example
   * for await (const row of rows) await this.response.stream.write(`${JSON.stringify(row)}\n`)
   */
  get stream(): ResponseBody {
    return (this.#stream ??= new ResponseBody({ beforeWriting: () => this.#commitStream() }))
  }

  /** What is declared about caching; merged with a Cache-Control header when the answer is sent. */
  get cacheControl(): CacheControl {
    return (this.#cacheControl ??= {})
  }

  set cacheControl(declared: CacheControl) {
    this.#cacheControl = declared
  }

  /** Writes what was declared about caching into the header. Internal: the pipeline asks for it before it looks at the header. */
  settleCacheControl(): void {
    if (this.#isCacheControlSettled) return
    this.#isCacheControlSettled = true
    const set = this.#own('cache-control')
    if (set === undefined && this.#cacheControl === undefined) return
    const header = cacheControlHeader(typeof set === 'string' ? set : set?.join(', '), this.#cacheControl)
    if (header !== undefined) this.setHeader('cache-control', header)
  }

  /** Whether the status is one of 2xx: what is asked when an action has ended. */
  get isSuccessful(): boolean {
    return this.status >= 200 && this.status < 300
  }

  /** Whether the answer is on its way, from us or from a middleware. */
  get isCommitted(): boolean {
    return this.#committed || this.raw.headersSent || this.raw.writableEnded
  }

  /** The headers as an object: to be read, assigned to, and deleted from.
   * @example this.response.headers['X-Total'] = 3
   */
  get headers(): ResponseHeaders {
    return (this.#headersView ??= responseHeaders(this))
  }

  /** The names of the headers that the application has set, in lower case. */
  headerNames(): string[] {
    const names = new Set<string>(this.contentType === undefined ? [] : ['content-type'])
    for (let i = 0; i < this.#headers.length; i += 2) names.add(this.#headers[i]!)
    return [...names]
  }

  /** Sets a header, replacing what it was; null and undefined remove it.
   * @throws InvalidHeader when the value contains a line break
   * @example response.setHeader('location', '/articles/1')
   */
  setHeader(name: string, value: HeaderValue | null | undefined): void {
    const lower = name.toLowerCase()
    if (value === null || value === undefined) {
      this.removeHeader(lower)
    } else if (lower === 'content-type') {
      this.contentType = headerBytes(lower, String(value))
    } else if (typeof value === 'object') {
      this.removeHeader(lower)
      for (const one of value) this.#headers.push(lower, headerBytes(lower, one))
    } else {
      this.#replace(lower, headerBytes(lower, String(value)))
    }
  }

  /** Sets a header to a value that is ours, so that it needn't be looked at. Internal. */
  setOwn(name: string, value: string): void {
    this.#replace(name, value)
  }

  /** Adds a header of that name to those that are there, as for a second cookie. */
  appendHeader(name: string, value: string): void {
    const lower = name.toLowerCase()
    this.#headers.push(lower, headerBytes(lower, value))
  }

  /** A header's value, an array when it was given more than once. Also finds what a middleware has set. */
  getHeader(name: string): string | string[] | undefined {
    const lower = name.toLowerCase()
    if (lower === 'content-type' && this.contentType !== undefined) return this.contentType
    const found = this.#own(lower)
    if (found !== undefined) return typeof found === 'string' ? headerText(found) : found.map(headerText)
    const outer = this.raw.getHeader(lower)
    return typeof outer === 'number' ? String(outer) : (outer as string | string[] | undefined)
  }

  /** Whether the application has set a header, and not a middleware. Give the name in lower case. */
  isSet(name: string): boolean {
    return this.#own(name) !== undefined
  }

  #own(name: string): string | string[] | undefined {
    const headers = this.#headers
    let found: string | string[] | undefined
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] === name) found = found === undefined ? headers[i + 1]! : [found, headers[i + 1]!].flat()
    }
    return found
  }

  removeHeader(name: string): void {
    const lower = name.toLowerCase()
    if (lower === 'content-type') this.contentType = undefined
    for (let i = this.#headers.length - 2; i >= 0; i -= 2) if (this.#headers[i] === lower) this.#headers.splice(i, 2)
  }

  /** Forgets what was rendered, headers included, for an error body in its place. What every response starts with stays. */
  reset(): void {
    this.status = 200
    this.contentType = undefined
    this.body = undefined
    this.#cacheControl = undefined
    this.#isCacheControlSettled = false
    this.#headers = this.#requestId === undefined ? [] : ['x-request-id', this.#requestId]
    this.#headers.push(...this.#initial)
  }

  /** Sends head and body, once. Does nothing when a middleware has answered already.
   * A stream goes on being sent after this returns; HEAD, 1xx, 204, 205 and 304 have no body.
   */
  commit(): void {
    if (this.isCommitted) {
      this.#stream?.close()
      return
    }
    this.#committed = true
    try {
      this.settleCacheControl()
      this.#sendAll()
    } catch (error) {
      this.#committed = false
      // What `node:http` has said of the status before it refused a header would stay with the next one: 500 OK.
      if (this.raw.req.httpVersionMajor === 1 && !this.raw.headersSent) this.raw.statusMessage = ''
      throw error
    }
  }

  // Cookies and sessions that the action has set so far go with the head; the pipeline comes too late for them.
  #commitStream(): void | Promise<void> {
    if (this.isCommitted) {
      this.#stream!.destroy()
      return
    }
    const request = currentExecution()?.request
    const saving = request instanceof Request ? request.commitState(this) : undefined
    if (saving !== undefined) return saving.then(() => this.#sendStreamHead())
    this.#sendStreamHead()
  }

  #sendStreamHead(): void {
    this.body = this.#stream
    this.removeHeader('content-length')
    if (this.getHeader('cache-control') === undefined && this.#cacheControl === undefined) this.setHeader('cache-control', 'no-cache')
    this.commit()
  }

  #sendAll(): void {
    const { body, status, raw } = this
    const bare = status === 204 || status === 304 || status === 205 || status < 200
    if (!bare && this.contentType !== undefined) this.#headers.push('content-type', this.contentType)
    if (isStream(body)) {
      this.#sendStream(body, bare)
    } else if (bare) {
      this.removeHeader('content-length')
      this.#writeHead()
      raw.end()
    } else {
      this.#send(body ?? '')
    }
  }

  #send(body: string | Buffer): void {
    const isText = typeof body === 'string'
    const length = isText ? Buffer.byteLength(body) : body.length
    this.#replace('content-length', String(length))
    this.#writeHead()
    if (isBetterSliced(this.raw, body.length)) this.#pipe(inSlices(body))
    else if (!isText) this.raw.end(body)
    // A character a byte needs no encoding, and may stand behind a head that has bytes of its own.
    else if (length === body.length) this.raw.end(body, 'latin1')
    else this.raw.end(isBeyondAscii(this.#headers) ? Buffer.from(body) : body, 'utf8')
  }

  #sendStream(body: Readable, bare: boolean): void {
    const { raw } = this
    if (body.errored) throw body.errored
    this.#writeHead()
    if (bare || raw.req.method === 'HEAD') {
      body.destroy()
      raw.end()
      return
    }
    raw.flushHeaders()
    this.#pipe(body)
  }

  #pipe(body: Readable): void {
    pipeline(body, this.raw, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') this.onStreamError?.(error)
    })
  }

  // One writeHead with everything is the fast way. Where a middleware has set headers or listens for them, they are set one by one.
  #writeHead(): void {
    const { raw } = this
    if (raw.writeHead === plainWriteHead && raw.getHeaderNames().length === 0) {
      raw.writeHead(this.status, this.#headers)
      return
    }
    raw.statusCode = this.status
    const seen = new Set<string>()
    for (let i = 0; i < this.#headers.length; i += 2) {
      const name = this.#headers[i]!
      if (seen.has(name) || name === 'set-cookie' || name === 'vary') raw.appendHeader(name, this.#headers[i + 1]!)
      else raw.setHeader(name, this.#headers[i + 1]!)
      seen.add(name)
    }
  }

  #replace(name: string, value: string): void {
    const headers = this.#headers
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] === name) {
        headers[i + 1] = value
        return
      }
    }
    headers.push(name, value)
  }
}

function isStream(body: string | Buffer | Readable | null | undefined): body is Readable {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
}
