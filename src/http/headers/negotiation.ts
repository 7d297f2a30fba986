import { formatOf, mediaTypeOf, parseAccept } from './media_types.ts'
import type { Request } from '../request/request.ts'

/** The formats a client wants, best first, in Rails' order of authority: the `format` parameter, the path's extension, Accept.
 * A browser's Accept (one with a wildcard among others) says nothing: 'html', or 'js' for a script.
 */
export function negotiateFormats(request: Request): string[] {
  const named = formatParameter(request)
  if (named !== undefined) return named === null ? [] : [named]
  const extension = /\.(\w+)$/.exec(request.pathInfo)
  if (extension !== null && mediaTypeOf(extension[1]!) !== undefined) return [canonical(extension[1]!)]
  const accept = request.header('accept')?.trim() ?? ''
  if (saysSomething(accept, request)) return accept === '' ? formatsOfBody(request) : parseAccept(accept)
  return [request.isXhr ? 'js' : 'html']
}

/** Whether the Accept header decides about the format, so that caches must keep an answer for each (`Vary: Accept`). */
export function isAcceptDecisive(request: Request): boolean {
  const { headers } = request.raw
  const { accept } = headers
  if (accept === undefined && headers['x-requested-with'] === undefined) return false
  return saysSomething(accept?.trim() ?? '', request) && !isFormatGiven(request) && !request.isFormatChosen
}

// Without merging the parameters, which most requests that render don't ask for.
function isFormatGiven(request: Request): boolean {
  if (request.pathParameters['format'] !== undefined) return true
  try {
    return Boolean(request.queryParameters['format'] ?? request.requestParameters['format'])
  } catch {
    return false
  }
}

function formatParameter(request: Request): string | null | undefined {
  const format = parameterOrNothing(request)
  if (format === undefined || format === null) return undefined
  return typeof format === 'string' && mediaTypeOf(format) !== undefined ? canonical(format) : null
}

// The answer to parameters that can't be read has a format too.
function parameterOrNothing(request: Request): unknown {
  if (request.pathParameters['format'] !== undefined) return request.pathParameters['format']
  try {
    return request.parameters['format']
  } catch {
    return undefined
  }
}

function saysSomething(accept: string, request: Request): boolean {
  if (accept === '') return request.isXhr && request.contentType !== undefined
  return !accept.includes('*/*') || request.isXhr || !/,\s*\*\/\*|\*\/\*\s*,/.test(accept)
}

function formatsOfBody(request: Request): string[] {
  const format = formatOf(request.mediaType!)
  return format === undefined ? [] : [format]
}

function canonical(format: string): string {
  return formatOf(mediaTypeOf(format)!) ?? format
}
