import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import { BadRequest, BodyTooLarge, ParseError, TooManyParts } from '../errors.ts'
import { storeParameter } from '../parameters/nested_parameters.ts'
import { createParameterHash, type ParameterHash, type ParameterValue } from '../parameters/parameter_hash.ts'
import { PartHeads } from './part_heads.ts'
import { reasonOfEnd, refuse } from './read_body.ts'
import type { RequestOptions } from '../request/request_options.ts'
import { UploadedFile } from './uploaded_file.ts'

interface Part {
  readonly name: string
  value: ParameterValue | Promise<ParameterValue>
}

/** The boundary of a multipart Content-Type header (RFC 2046, section 5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;,"]{1,200}))/i.exec(contentType)
  return match?.[1] ?? match?.[2]
}

/** Reads a multipart form: files go to temporary files while they arrive, fields are kept in memory within `memoryLimit`.
 * Whatever goes wrong, no temporary file is left.
 */
export async function readMultipart(
  raw: IncomingMessage,
  boundary: string,
  options: RequestOptions,
): Promise<{ parameters: ParameterHash; files: UploadedFile[] }> {
  const parts: Part[] = []
  try {
    await receiveParts(raw, boundary, options, parts)
    const parameters = createParameterHash()
    const files: UploadedFile[] = []
    for (const part of parts) {
      const value = await part.value
      if (value instanceof UploadedFile) files.push(value)
      if (value !== null) storeParameter(parameters, part.name, value, options.formDepthLimit)
    }
    return { parameters, files }
  } catch (error) {
    await discard(parts)
    throw error
  }
}

function receiveParts(raw: IncomingMessage, boundary: string, options: RequestOptions, parts: Part[]): Promise<void> {
  return new Promise((resolve, reject) => {
    if (Number(raw.headers['content-length']) > options.bodyLimit) {
      reject(refuse(raw, options.bodyLimit))
      return
    }
    const parser = parserFor(boundary, options)
    const heads = new PartHeads(parser, boundary)
    const memory = { held: 0 }
    const stop = (error: Error) => {
      raw.unpipe(heads)
      raw.resume()
      heads.destroy()
      parser.destroy()
      reject(error)
    }
    parser.on('file', (name: string | undefined, stream, info) => {
      // A stream nobody reads would fail unheard when the parser is stopped.
      stream.on('error', () => {})
      if (name === undefined) stop(nameless())
      else parts.push({ name, value: awaitedLater(receiveFile(stream, { ...info, head: heads.head }, options, memory, stop)) })
    })
    parser.on('field', (name: string | undefined, value: string | undefined, info) => {
      if (name === undefined) stop(nameless())
      // What is in a charset that nobody knows comes as nothing at all.
      else if (value === undefined) stop(new BadRequest({ reason: 'Invalid encoding for parameter' }))
      else if (info.valueTruncated || (memory.held += value.length) > options.memoryLimit) stop(refuse(raw, options.memoryLimit))
      else if (value.includes('\ufffd')) stop(new BadRequest({ reason: 'Invalid encoding for parameter' }))
      else parts.push({ name, value })
    })
    parser.on('filesLimit', () => stop(new TooManyParts({ what: 'files', limit: options.fileLimit })))
    parser.on('partsLimit', () => stop(new TooManyParts({ what: 'parts', limit: options.partLimit })))
    parser.on('error', (error) => stop(new ParseError({ reason: `the multipart body is broken (${(error as Error).message})` })))
    parser.on('close', resolve)
    limitSize(raw, options.bodyLimit, stop)
    raw.once('error', (error) => stop(reasonOfEnd(error)))
    // What the parser refuses it has said itself.
    heads.on('error', () => {})
    raw.pipe(heads)
  })
}

function parserFor(boundary: string, options: RequestOptions): busboy.Busboy {
  return busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary.replaceAll('\\', '\\\\')}"` },
    defParamCharset: 'utf8',
    limits: {
      fieldNameSize: 1000,
      fieldSize: options.memoryLimit,
      fields: options.partLimit,
      parts: options.partLimit,
      files: options.fileLimit,
      headerPairs: 100,
    },
  })
}

function limitSize(raw: IncomingMessage, limit: number, stop: (error: Error) => void): void {
  let size = 0
  raw.on('data', (chunk: Buffer) => {
    const before = size
    size += chunk.length
    if (size > limit && before <= limit) stop(refuse(raw, limit))
  })
}

/** What fails before anybody waits for it must not end the process. */
function awaitedLater<T>(value: Promise<T>): Promise<T> {
  value.catch(() => {})
  return value
}

/** What the fields of a form hold in memory, in bytes. */
interface Memory {
  held: number
}

async function receiveFile(
  stream: Readable,
  { filename, head }: busboy.FileInfo & { readonly head: string | undefined },
  options: RequestOptions,
  memory: Memory,
  stop: (error: Error) => void,
): Promise<ParameterValue> {
  const path = join(options.uploadFolder, `regauge-upload-${randomUUID()}`)
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  try {
    await pipeline(stream, file)
  } catch (error) {
    // Deleted before it is open, it would be made afterwards.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', resolve))
    await new UploadedFile({ originalFilename: '', path, size: 0 }).delete()
    stop(error as Error)
    return null
  }
  const originalFilename = decodeFilename(filename as string | undefined)
  const upload = new UploadedFile({ originalFilename, contentType: contentTypeIn(head), headers: head, path, size: file.bytesWritten })
  if (originalFilename !== '') return upload
  try {
    return await plainValue(upload, options.memoryLimit, memory)
  } finally {
    await upload.delete()
  }
}

// As Rack reads it: with its parameters, and over several lines.
function contentTypeIn(head = ''): string | undefined {
  return /^content-type:[ \t]*(?:\r\n[ \t]+)?((?:[^\r\n]|\r\n[ \t])*)/im.exec(head)?.[1]
}

// A file field that the user left empty has no name and no bytes. Bytes without a name are a plain value, and held as one.
async function plainValue(upload: UploadedFile, limit: number, memory: Memory): Promise<string | null> {
  memory.held += upload.size
  if (memory.held > limit) throw new BodyTooLarge({ limit })
  return upload.size === 0 ? null : (await upload.read()).toString('utf8')
}

function nameless(): ParseError {
  return new ParseError({ reason: 'a part of the multipart body has no name' })
}

// Browsers write quotes in file names as %22.
function decodeFilename(name: string | undefined): string {
  if (name === undefined || !name.includes('%') || /%(?![0-9a-fA-F]{2})/.test(name)) return name ?? ''
  try {
    return decodeURIComponent(name).split(/[/\\]/).at(-1)!
  } catch {
    return name
  }
}

async function discard(parts: readonly Part[]): Promise<void> {
  const values = await Promise.allSettled(parts.map((part) => part.value))
  for (const result of values) {
    if (result.status === 'fulfilled' && result.value instanceof UploadedFile) await result.value.delete()
  }
}
