import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BadRequest, ParseError, UnsupportedEncoding, UnsupportedMediaType } from './errors.ts'
import { parametersFromJson, parseJson } from './json_body.ts'
import { boundaryOf, readMultipart } from './multipart_body.ts'
import { createParameterHash, type ParameterHash } from './parameter_hash.ts'
import { parseQuery } from './query_parser.ts'
import { readBody } from './read_body.ts'
import type { Request } from './request.ts'

/** Reads the parameters of a request's body, by its media type; a promise only when there is something to wait for.
 *
 * Types that aren't read (text, XML, …) give no parameters, as in Rails. 415 is answered for compressed bodies, and for types
 * outside of `acceptedMediaTypes` when the application has set them.
 */
export function readParameters(request: Request): ParameterHash | Promise<ParameterHash> {
  const { raw, options } = request
  const parsed = (raw as { body?: unknown }).body
  if (parsed !== undefined) return adopt(parsed, options.depthLimit)
  if (!hasBody(raw)) return createParameterHash()
  const mediaType = request.mediaType
  if (options.acceptedMediaTypes !== undefined && !options.acceptedMediaTypes.includes(mediaType ?? '')) {
    throw new UnsupportedMediaType({ type: mediaType ?? '' })
  }
  const read = readers[mediaType ?? (request.method === 'POST' ? 'application/x-www-form-urlencoded' : '')]
  if (read === undefined) return createParameterHash()
  const encoding = raw.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new UnsupportedEncoding({ encoding })
  return read(request)
}

const readers: Readonly<Record<string, (request: Request) => Promise<ParameterHash>>> = Object.assign(Object.create(null), {
  'application/json': readJson,
  'application/x-www-form-urlencoded': readForm,
  'multipart/form-data': multipart,
  'multipart/mixed': multipart,
  'multipart/related': multipart,
})

async function readJson({ raw, options }: Request): Promise<ParameterHash> {
  const bytes = await readBody(raw, Math.min(options.memoryLimit, options.bodyLimit))
  if (bytes.length === 0) return createParameterHash()
  if (!isUtf8(bytes)) throw new ParseError({ reason: 'the body is not UTF-8' })
  return parseJson(bytes.toString('utf8'), options.depthLimit)
}

async function readForm({ raw, options }: Request): Promise<ParameterHash> {
  const bytes = await readBody(raw, Math.min(options.memoryLimit, options.bodyLimit))
  if (!isUtf8(bytes)) throw new BadRequest({ reason: 'Invalid encoding for parameter' })
  const text = bytes.toString('utf8')
  // Old browsers ended forms with a zero byte.
  const form = text.endsWith('\0') ? text.slice(0, -1) : text
  return parseQuery(form, { depth: options.formDepthLimit, count: options.parameterLimit })
}

async function multipart(request: Request): Promise<ParameterHash> {
  const boundary = boundaryOf(request.raw.headers['content-type']!)
  if (boundary === undefined) throw new ParseError({ reason: 'the multipart body has no boundary in its Content-Type' })
  const { parameters, files } = await readMultipart(request.raw, boundary, request.options)
  request.uploadedFiles = files
  return parameters
}

function hasBody({ headers, readableEnded }: IncomingMessage): boolean {
  if (readableEnded) return false
  const length = headers['content-length']
  return length === undefined ? headers['transfer-encoding'] !== undefined : length !== '0'
}

// What express.json() or another middleware has read before us.
function adopt(body: unknown, depthLimit: number): ParameterHash {
  const unread = typeof body === 'string' || body instanceof Uint8Array
  return unread ? createParameterHash() : parametersFromJson(body, depthLimit)
}
