import { hash } from 'node:crypto'
import type { Request } from './request.ts'
import type { Response } from './response.ts'

/** Gives an answer its ETag and Cache-Control, and makes it 304 for a client that has it already: what Rails' middleware Rack::ETag and
 * Rack::ConditionalGet do. Validators that the application has set are kept.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function validate(request: Request, response: Response): void {
  const etag = ownValidator(response) ?? addEtag(response)
  if (response.getHeader('cache-control') === undefined) {
    response.setHeader('cache-control', etag === undefined ? 'no-cache' : 'max-age=0, private, must-revalidate')
  }
  if (response.status === 200 && isFresh(request, response)) {
    response.status = 304
    response.body = undefined
  }
}

function ownValidator(response: Response): string | string[] | undefined {
  return response.getHeader('etag') ?? response.getHeader('last-modified')
}

function addEtag(response: Response): string | undefined {
  const { body, status } = response
  if ((status !== 200 && status !== 201) || (typeof body !== 'string' && !(body instanceof Uint8Array)) || body.length === 0)
    return undefined
  const etag = `W/"${hash('sha256', body, 'hex').slice(0, 32)}"`
  response.setHeader('etag', etag)
  return etag
}

function isFresh({ method, raw: { headers } }: Request, response: Response): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const known = headers['if-none-match']
  if (known !== undefined) return names(known, response.getHeader('etag'))
  const since = headers['if-modified-since']
  const modified = response.getHeader('last-modified')
  return since !== undefined && typeof modified === 'string' && Date.parse(modified) <= Date.parse(since)
}

function names(known: string, etag: string | string[] | undefined): boolean {
  if (typeof etag !== 'string') return false
  return known.split(',').some((one) => one.trim() === '*' || opaque(one) === opaque(etag))
}

function opaque(etag: string): string {
  return etag.trim().replace(/^W\//, '')
}
