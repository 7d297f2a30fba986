import { errorDetails } from './error_details.ts'
import { InvalidMediaType, RouteNotFound } from '../errors.ts'
import type { ErrorRenderer } from '../ports.ts'
import { reasonPhrase } from '../response/reason_phrases.ts'
import type { Request } from '../request/request.ts'
import { statusOf } from './rescue_responses.ts'
import type { Response } from '../response/response.ts'

/** How errors that nobody rescued are answered. */
export interface ErrorRendererOptions {
  /** Whether the answer tells the exception, its message and trace: in development, never in production. */
  readonly details: boolean
  /** The application's folder: the details show the lines of its files that failed. */
  readonly root?: string | undefined
  /** Whether clients that don't ask for JSON or XML get an empty body, as an API-only Rails without `public/404.html` gives them.
   * Default false: they get the JSON, unless they ask for HTML by name. */
  readonly emptyBodies?: boolean
  /** Told of every error that is our fault (status 500 and above). */
  readonly report?: (error: unknown, request: Request) => void
}

/** The error bodies of an API-only Rails: `{"status":404,"error":"Not Found"}`, or with exception, message and trace in development. */
export class ApiErrorRenderer implements ErrorRenderer {
  readonly #options: ErrorRendererOptions

  constructor(options: ErrorRendererOptions) {
    this.#options = options
  }

  render(error: unknown, request: Request, response: Response): void {
    const status = statusOf(error)
    if (status >= 500) this.report(error, request)
    const format = formatOrError(request)
    response.status = format instanceof InvalidMediaType && !(error instanceof RouteNotFound) ? format.status : status
    const body = { status: response.status, error: reasonPhrase(response.status) }
    if (this.#options.details)
      respond(response, 'application/json', JSON.stringify({ ...body, ...errorDetails(error, request, this.#options.root) }))
    else if (format === 'xml') respond(response, 'application/xml', toXml(body))
    else if (format === 'json' || (!this.#options.emptyBodies && !wantsHtml(request)))
      respond(response, 'application/json', JSON.stringify(body))
    else respond(response, 'text/html', '')
  }

  report(error: unknown, request: Request): void {
    this.#options.report?.(error, request)
  }
}

// Rails' actions refuse an Accept that is no list of media types; where no route fits, nobody reads it.
function formatOrError(request: Request): string | undefined | InvalidMediaType {
  try {
    return request.format
  } catch (error) {
    if (error instanceof InvalidMediaType) return error
    throw error
  }
}

function wantsHtml(request: Request): boolean {
  return request.header('accept')?.includes('text/html') === true
}

function respond(response: Response, mediaType: string, body: string): void {
  response.contentType = `${mediaType}; charset=UTF-8`
  response.body = body
}

function toXml(body: { status: number; error: string }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n  <status type="integer">${body.status}</status>\n  <error>${body.error}</error>\n</hash>\n`
}
