import { closeSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { isFresh, mediaTypeOf, registeredFormats, UnknownMediaType } from '../http/index.ts'
import { didYouMean } from '../naming/index.ts'
import { byteRanges, type ByteRange } from './byte_ranges.ts'
import { contentDisposition } from './content_disposition.ts'
import { fileStream, multipartRanges, type OpenFile, openFile } from './file_body.ts'
import type { Metal } from './metal.ts'
import { varyByAccept } from './rendering.ts'
import { Responding } from './responding.ts'
import { type Status, statusCode } from './statuses.ts'

/** How data is sent as a file. */
export interface SendDataOptions {
  /** The name it is saved under. */
  readonly filename?: string | undefined
  /** A media type ('text/csv') or a format ('csv'). Default: that of the name's extension, else application/octet-stream. */
  readonly type?: string | undefined
  /** `'inline'` to show it; null for no such header. Default 'attachment': it is saved. */
  readonly disposition?: 'attachment' | 'inline' | (string & {}) | null | undefined
  readonly status?: Status | undefined
}

/** How a file is sent. Its name is sent along unless another one is given. */
export type SendFileOptions = SendDataOptions

/** How a controller sends files, and data as files. */
export abstract class SendingFiles extends Responding {
  /** Sends data as a file.
   * @throws UnknownMediaType (REGAUGE_UNKNOWN_MEDIA_TYPE) for a format that nobody registered
   * @example this.sendData(csv, { filename: 'orders.csv' })
   */
  sendData(data: string | Uint8Array, options: SendDataOptions = {}): void {
    this.refuseSecondAnswer()
    describe(this, options, options.filename)
    if (options.status !== undefined) this.response.status = statusCode(options.status)
    varyByAccept(this)
    this.response.body = typeof data === 'string' || Buffer.isBuffer(data) ? data : Buffer.from(data)
  }

  /** Sends a file as fast as the client reads it; parts of it to one that asks for them (`Range`), and 304 to one that has it.
   *
   * The path is yours to choose: never take it from a client unchecked.
   * @throws MissingFile (REGAUGE_MISSING_FILE) when it can't be read
   * @example this.sendFile('storage/reports/2026.pdf', { disposition: 'inline' })
   */
  sendFile(path: string, options: SendFileOptions = {}): void {
    this.refuseSecondAnswer()
    const { response } = this
    const file = openFile(path)
    try {
      const type = describe(this, options, options.filename ?? basename(path))
      if (!response.isSet('last-modified')) response.setHeader('last-modified', file.modified.toUTCString())
      if (options.status !== undefined) {
        response.status = statusCode(options.status)
        sendWhole(this, file)
      } else {
        response.setHeader('accept-ranges', 'bytes')
        sendParts(this, file, rangesOf(this, file), type)
      }
    } catch (error) {
      if (response.body === undefined) closeSync(file.descriptor)
      throw error
    }
  }
}

function describe({ response }: Metal, options: SendDataOptions, filename: string | undefined): string {
  const type = options.type === undefined ? typeOfName(filename) : mediaType(options.type)
  const { disposition = 'attachment' } = options
  response.contentType = type
  if (disposition !== null) response.setHeader('content-disposition', contentDisposition(disposition, filename))
  response.setHeader('content-transfer-encoding', 'binary')
  return type
}

function rangesOf({ request, response }: Metal, file: OpenFile): ByteRange[] | undefined {
  if (request.method !== 'GET' || isFresh(request, response)) return undefined
  const condition = request.header('if-range')
  if (condition !== undefined && condition !== response.getHeader('last-modified') && condition !== strongEtag(response.getHeader('etag')))
    return undefined
  return byteRanges(request.header('range'), file.size)
}

function sendParts(controller: Metal, file: OpenFile, ranges: readonly ByteRange[] | undefined, type: string): void {
  const { response } = controller
  if (ranges === undefined) {
    sendWhole(controller, file)
    return
  }
  const [first] = ranges
  if (first === undefined) {
    closeSync(file.descriptor)
    response.status = 416
    response.setHeader('content-range', `bytes */${file.size}`)
    response.removeHeader('content-disposition')
    response.contentType = 'text/plain'
    response.body = 'Byte range unsatisfiable\n'
    return
  }
  response.status = 206
  if (ranges.length === 1) {
    response.setHeader('content-range', `bytes ${first.start}-${first.end}/${file.size}`)
    response.setHeader('content-length', first.end - first.start + 1)
    response.body = fileStream(file, first)
    return
  }
  const { boundary, length, body } = multipartRanges(file, ranges, type)
  response.contentType = `multipart/byteranges; boundary=${boundary}`
  response.setHeader('content-length', length)
  response.body = body
}

function sendWhole({ response }: Metal, file: OpenFile): void {
  response.setHeader('content-length', file.size)
  response.body = fileStream(file)
}

function strongEtag(etag: string | string[] | undefined): string | undefined {
  return typeof etag === 'string' && etag.startsWith('"') ? etag : undefined
}

function typeOfName(filename: string | undefined): string {
  return (filename === undefined ? undefined : mediaTypeOf(extname(filename).slice(1).toLowerCase())) ?? 'application/octet-stream'
}

function mediaType(type: string): string {
  if (type.includes('/')) return type
  const known = mediaTypeOf(type)
  if (known === undefined) throw new UnknownMediaType({ format: type, suggestion: didYouMean(type, registeredFormats()) })
  return known
}
