import type { Request, RequestObserver, Response } from '../http/index.ts'
import { defaultFilterParameters, type Logger, parameterFilter, type RequestLogEntry, requestLog } from '../logging/index.ts'
import { runExecution } from '../context/index.ts'
import type { Configuration } from './configuration.ts'

/** What writes the one line of a request when it is over: all fields for machines; for people a sentence with the parameters,
 * such as `POST /orders 201 in 4.2 ms orders#create params={"amount":3}`. */
export function requestObserver({ log }: Configuration, logger: Logger): RequestObserver {
  const observe = observerOf(log, logger)
  if (log.silencedPaths.length === 0) return observe
  return (request, response, startedAt) => {
    if (!isSilenced(pathOf(request), log.silencedPaths)) observe(request, response, startedAt)
  }
}

/** Whether requests for a path are left out of the log. */
export function isSilenced(path: string, silenced: readonly (string | RegExp)[]): boolean {
  return silenced.some((one) =>
    typeof one === 'string' ? one === path : new RegExp(one.source, one.flags.replace(/[gy]/g, '')).test(path),
  )
}

function observerOf(log: Configuration['log'], logger: Logger): RequestObserver {
  const filter = parameterFilter([...defaultFilterParameters, ...log.filterParameters])
  if (log.format === 'json') return (request, response, startedAt) => requestLog(entryOf(request, response, startedAt), filter, logger)
  return (request, response, startedAt) => {
    const { controller, action } = request.pathParameters
    const target = typeof controller === 'string' ? ` ${controller}#${String(action)}` : ''
    const line = `${request.method} ${pathOf(request)} ${response.raw.statusCode} in ${durationText(performance.now() - startedAt)}${target}${refusalText(request.error, response.raw.statusCode)}`
    const params = parametersOf(request)
    // Outside of the execution, whose fields every line has: the request's id says nothing to people who see one request after another.
    runExecution({}, () => logger.info(line, Object.keys(params).length > 0 ? { params: filter(params) } : {}))
  }
}

function entryOf(request: Request, response: Response, startedAt: number): RequestLogEntry {
  const { controller, action } = request.pathParameters
  return {
    method: request.method,
    path: pathOf(request),
    status: response.raw.statusCode,
    duration: performance.now() - startedAt,
    requestId: request.requestId,
    ...(typeof controller === 'string' && { controller, action: String(action) }),
    params: parametersOf(request),
  }
}

/** The path the client asked for: something mounted has seen a shorter one. */
function pathOf(request: Request): string {
  const { originalUrl } = request.raw as { originalUrl?: string }
  return originalUrl === undefined ? request.path : originalUrl.split('?', 1)[0]!
}

/** The parameters but for the route's own; of a malformed request those of the path. */
function parametersOf(request: Request): Record<string, unknown> {
  const { controller: _, action: __, format: ___, ...path } = request.pathParameters
  try {
    return { ...request.queryParameters, ...request.requestParameters, ...path }
  } catch {
    return path
  }
}

/** Why the request was refused; what is our fault has been logged with its stack. */
function refusalText(error: unknown, status: number): string {
  return error instanceof Error && status < 500 ? ` (${error.name}: ${error.message})` : ''
}

function durationText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1_000).toFixed(2)} s`
}
