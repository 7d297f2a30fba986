import { type Logger, logger } from './logger.ts'
import { currentFilter } from './current_filter.ts'
import type { ParameterFilter } from './parameter_filter.ts'

/** What is said about a request when it is over. */
export interface RequestLogEntry {
  readonly method: string
  /** Without the query: its values are in `params`, where they can be filtered. */
  readonly path: string
  readonly status: number
  /** Milliseconds from the first byte read to the answer committed. */
  readonly duration: number
  readonly controller?: string | undefined
  readonly action?: string | undefined
  readonly params?: object | undefined
  readonly requestId?: string | undefined
  /** More fields: what a controller adds, the remote address. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
}

/** Writes the one structured line of a request.
 *
 * @param filter what masks the parameters
 * @param log where to; default: the logger of where we are
 * @example requestLog({ method: 'GET', path: '/orders', status: 200, duration: 1.24, controller: 'orders', action: 'index', params: {} })
 */
export function requestLog(entry: RequestLogEntry, filter: ParameterFilter = currentFilter(), log: Logger = logger): void {
  if (!log.isLevelEnabled('info')) return
  const { method, path, status, controller, action, params } = entry
  // One shape for all, since this is written once a request; what is undefined is left out of the line.
  const fields = {
    method,
    path,
    status,
    duration: Math.round(entry.duration * 100) / 100,
    controller,
    action,
    params: params !== undefined && hasKeys(params) ? filter(params) : undefined,
    request_id: entry.requestId,
  }
  log.info(`${method} ${path} ${status}`, entry.fields === undefined ? fields : Object.assign(fields, entry.fields))
}

function hasKeys(object: object): boolean {
  for (const _key in object) return true
  return false
}
