import { hash } from 'node:crypto'
import type { Request } from '../request/request.ts'
import type { Response } from './response.ts'

/** Gives an answer its ETag and Cache-Control, and makes it 304 for a client that has it already: what Rails' middleware Rack::ETag and
 * Rack::ConditionalGet do. Validators that the application has set are kept.
 *
 * As in Rack, an If-None-Match is compared as a whole here; `stale` and `freshWhen` of a controller know lists and `*`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function validate(request: Request, response: Response): void {
  response.settleCacheControl()
  const etag = ownValidator(response) ?? addEtag(response)
  if (response.getHeader('cache-control') === undefined) {
    response.setOwn('cache-control', etag === undefined ? 'no-cache' : 'max-age=0, private, must-revalidate')
  }
  if (response.status === 200 && isKnown(request, response)) {
    response.status = 304
    response.body = undefined
  }
}

/** Whether a client has the answer already, by the validators that the response has been given. An ETag counts more than a time.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function isFresh({ raw: { headers } }: Request, response: Response): boolean {
  const known = headers['if-none-match']
  if (known === undefined) return isUnmodified(headers['if-modified-since'], response.getHeader('last-modified'))
  const etag = response.getHeader('etag')
  if (typeof etag !== 'string') return false
  const names = known.split(',').map((name) => name.trim())
  return names.includes(etag) || names.includes('*')
}

function ownValidator(response: Response): string | string[] | undefined {
  return response.getHeader('etag') ?? response.getHeader('last-modified')
}

function addEtag(response: Response): string | undefined {
  const { body, status } = response
  if ((status !== 200 && status !== 201) || (typeof body !== 'string' && !(body instanceof Uint8Array)) || body.length === 0)
    return undefined
  const etag = `W/"${hash('sha256', body, 'hex').slice(0, 32)}"`
  response.setOwn('etag', etag)
  return etag
}

function isKnown({ method, raw: { headers } }: Request, response: Response): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const known = headers['if-none-match']
  if (known !== undefined) return known === response.getHeader('etag')
  return isUnmodified(headers['if-modified-since'], response.getHeader('last-modified'))
}

// JavaScript reads many more forms than HTTP has (RFC 9110, section 5.6.7), in the time of the machine.
const httpDate = /^[A-Z][a-z]{2,8},? /

function isUnmodified(since: string | undefined, modified: string | string[] | undefined): boolean {
  if (since === undefined || typeof modified !== 'string' || !httpDate.test(since)) return false
  return Date.parse(modified) <= Date.parse(since)
}
