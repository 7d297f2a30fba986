import { isAscii, isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BadRequest, ParseError, UnsupportedEncoding, UnsupportedMediaType } from '../errors.ts'
import { parametersFromJson, parseJson } from './json_body.ts'
import { fromOutside } from '../../values/index.ts'
import { boundaryOf, readMultipart } from './multipart_body.ts'
import { createParameterHash, type ParameterHash } from '../parameters/parameter_hash.ts'
import { parseQuery } from '../parameters/query_parser.ts'
import { readBody } from './read_body.ts'
import type { Request } from '../request/request.ts'
import type { ParameterParser, RequestOptions } from '../request/request_options.ts'

const nothing = createParameterHash()

/** Called with the parameters of a body, or with the error of reading it. Outside of the execution. */
export type BodyReceiver = (error: unknown, parameters: ParameterHash) => void

/** Reads the parameters of a request's body, by its media type. Answers with them when there is nothing to wait for; else calls `done`.
 *
 * Types that aren't read (text, XML, …) give no parameters, as in Rails. 415 is answered for compressed bodies, and for types
 * outside of `acceptedMediaTypes` when the application has set them.
 *
 * @throws UnsupportedMediaType, UnsupportedEncoding, InvalidMediaType, BodyTooLarge, ParseError
 */
export function readParameters(request: Request, done: BodyReceiver): ParameterHash | undefined {
  const { raw, options } = request
  const parsed = (raw as { body?: unknown }).body
  if (parsed !== undefined) return adopt(parsed, options.depthLimit)
  if (isWithoutBody(raw)) return createParameterHash()
  const mediaType = request.mediaType
  if (options.acceptedMediaTypes !== undefined && !options.acceptedMediaTypes.includes(mediaType ?? '')) {
    throw new UnsupportedMediaType({ type: mediaType ?? '' })
  }
  const own = mediaType === undefined ? undefined : options.parameterParsers[mediaType]
  const read =
    own === undefined
      ? readers[mediaType ?? (request.method === 'POST' ? 'application/x-www-form-urlencoded' : '')]
      : inMemory(parseWith(own))
  if (read === undefined) return createParameterHash()
  const encoding = raw.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new UnsupportedEncoding({ encoding })
  read(request, done)
  return undefined
}

const readers: Readonly<Record<string, (request: Request, done: BodyReceiver) => void>> = Object.assign(Object.create(null), {
  'application/json': inMemory(parseJsonBody),
  'application/x-www-form-urlencoded': inMemory(parseForm),
  'multipart/form-data': multipart,
  'multipart/mixed': multipart,
  'multipart/related': multipart,
})

function inMemory(parse: (bytes: Buffer, options: RequestOptions, request: Request) => ParameterHash) {
  return (request: Request, done: BodyReceiver): void => {
    const { raw, options } = request
    readBody(raw, Math.min(options.memoryLimit, options.bodyLimit), (error, bytes) => {
      if (error !== undefined) return done(error, nothing)
      request.keepBody(bytes)
      let parameters: ParameterHash
      try {
        parameters = parse(bytes, options, request)
      } catch (failure) {
        return done(failure, nothing)
      }
      done(undefined, parameters)
    })
  }
}

/** A parser of the application's. */
function parseWith(parser: ParameterParser): (bytes: Buffer, options: RequestOptions) => ParameterHash {
  return (bytes, { depthLimit }) => {
    if (bytes.length === 0) return createParameterHash()
    if (!isUtf8(bytes)) throw new ParseError({ reason: 'the body is not UTF-8' })
    let parsed: unknown
    try {
      parsed = parser(bytes.toString('utf8'))
    } catch (error) {
      // What a parser says may quote the text.
      throw new ParseError({ reason: 'the body could not be parsed' }, { cause: error })
    }
    return parametersFromJson(parsed, depthLimit)
  }
}

function parseJsonBody(bytes: Buffer, options: RequestOptions): ParameterHash {
  if (bytes.length === 0) return createParameterHash()
  const isPlain = isAscii(bytes)
  if (!isPlain && !isUtf8(bytes)) throw new ParseError({ reason: 'the body is not UTF-8' })
  const text = bytes.toString(isPlain ? 'latin1' : 'utf8')
  return parseJson(text, { depth: options.depthLimit, values: options.jsonValueLimit })
}

function parseForm(bytes: Buffer, options: RequestOptions, { parameterEncodings: encodings }: Request): ParameterHash {
  if (encodings === undefined && !isUtf8(bytes)) throw new BadRequest({ reason: 'Invalid encoding for parameter' })
  const text = bytes.toString(encodings === undefined ? 'utf8' : 'latin1')
  // Old browsers ended forms with a zero byte.
  const form = text.endsWith('\0') ? text.slice(0, -1) : text
  return parseQuery(form, { depth: options.formDepthLimit, count: options.parameterLimit }, encodings)
}

function multipart(request: Request, done: BodyReceiver): void {
  const boundary = boundaryOf(request.raw.headers['content-type']!)
  if (boundary === undefined) throw new ParseError({ reason: 'the multipart body has no boundary in its Content-Type' })
  readMultipart(request.raw, boundary, request.options).then(
    ({ parameters, files }) => {
      request.uploadedFiles = files
      done(undefined, parameters)
    },
    (error) => done(error, nothing),
  )
}

/** Whether a message has no body that is still to be read. */
export function isWithoutBody({ headers, readableEnded }: IncomingMessage): boolean {
  if (readableEnded) return true
  const length = headers['content-length']
  return length === undefined ? headers['transfer-encoding'] === undefined : length === '0'
}

// What express.json() or another middleware has read before us.
function adopt(body: unknown, depthLimit: number): ParameterHash {
  const unread = typeof body === 'string' || body instanceof Uint8Array
  return unread ? createParameterHash() : parametersFromJson(fromOutside(body), depthLimit)
}
