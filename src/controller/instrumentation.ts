import { currentExecution, type Runtimes, withExecution } from '../context/index.ts'
import { type Request, type Response, statusOf } from '../http/index.ts'
import { currentFilter, filteredQuery, filteredUrl } from '../logging/index.ts'
import { camelize } from '../naming/index.ts'
import { type Channel, channel } from '../notifications/index.ts'
import { type Instance, isPromise } from './callbacks/steps.ts'
import { settingsInForce } from './settings.ts'
import { parametersOf } from './wrapped_parameters.ts'

const starting = channel('start_processing.action_controller')
const processing = channel('process_action.action_controller')
const redirecting = channel('redirect_to.action_controller')
const sendingData = channel('send_data.action_controller')
const sendingFile = channel('send_file.action_controller')

/** Whether anybody listens to what actions do; else they are run as they are. */
export function isObserved(): boolean {
  return processing.isOn || starting.isOn || redirecting.isOn || sendingData.isOn || sendingFile.isOn
}

/** Runs an action with its callbacks and rescue handlers as Rails' events `start_processing` and `process_action`.
 *
 * @param run all of it; what it throws nobody rescued
 */
export function observed(instance: Instance, run: () => void | Promise<void>): void | Promise<void> {
  const runtimes: Runtimes = { view: undefined, database: 0, queries: 0, cachedQueries: 0 }
  return withExecution({ runtimes }, () => {
    const { response } = instance
    observeAnswers(instance, runtimes)
    starting.publish(payloadOf(instance))
    if (!processing.isOn) return run()
    const event = processing.begin(payloadOf(instance))
    const complete = (more: Record<string, unknown>) => {
      Object.assign(event.payload, more, runtimesOf(runtimes))
      instance['appendInfoToPayload']?.(event.payload)
    }
    const ended = () => {
      complete({ response, status: response.status })
      event.end()
    }
    const failed = (error: unknown): never => {
      complete({ status: statusOf(error) })
      event.fail(error)
      throw error
    }
    try {
      const running = run()
      if (isPromise<void>(running)) return running.then(ended, failed)
    } catch (error) {
      return failed(error)
    }
    ended()
  })
}

/** Rails' payload of an action: what the request asked for, with what must not be logged masked. */
export function payloadOf(instance: Instance): Record<string, unknown> {
  const { request, actionName } = instance
  return {
    controller: controllerOf(request) ?? instance.constructor.name,
    action: actionName,
    request,
    params: filteredParameters(instance),
    headers: request.headers,
    format: formatOf(request),
    method: request.method,
    path: filteredPath(request),
  }
}

/** The controller as Rails names it, `Api::ArticlesController`: classes of several folders may have one name. */
function controllerOf(request: Request): string | undefined {
  const path = request.pathParameters?.['controller']
  return typeof path === 'string' ? `${camelize(path)}Controller` : undefined
}

/** The path and query as they may be logged. */
export function filteredPath(request: Request): string {
  const query = queryOf(request)
  return query === '' ? request.path : `${request.path}?${filteredQuery(query, currentFilter())}`
}

function queryOf(request: Request): string {
  try {
    return request.queryString
  } catch {
    return ''
  }
}

/** The parameters of a request that can't be read are none. */
function filteredParameters(instance: Instance): Record<string, unknown> {
  try {
    return currentFilter()(parametersOf(instance))
  } catch {
    return {}
  }
}

function formatOf(request: Request): string | undefined {
  try {
    return request.formats[0]
  } catch {
    return undefined
  }
}

function runtimesOf({ view, database, queries, cachedQueries }: Runtimes): Record<string, unknown> {
  return { view_runtime: view, db_runtime: database, queries_count: queries, cached_queries_count: cachedQueries }
}

/** The ways to answer, on this one instance: those who aren't observed don't pay for it. */
function observeAnswers(instance: Instance, runtimes: Runtimes): void {
  const timed = (work: () => unknown) => {
    const startedAt = performance.now()
    try {
      return work()
    } finally {
      runtimes.view = (runtimes.view ?? 0) + performance.now() - startedAt
    }
  }
  replace(instance, 'render', (render) => timed(render))
  replace(instance, 'sendData', (send, _data, options) => timed(() => instrument(sendingData, { ...(options as object) }, send)))
  replace(instance, 'sendFile', (send, path, options) => timed(() => instrument(sendingFile, { path, ...(options as object) }, send)))
  replace(instance, 'redirectTo', (redirect) =>
    instrument(redirecting, { request: instance.request }, (payload) => {
      redirect()
      Object.assign(payload, { status: instance.response.status, location: filteredLocation(instance.response) })
    }),
  )
}

function instrument(events: Channel, payload: Record<string, unknown>, work: (payload: Record<string, unknown>) => unknown): unknown {
  return events.instrument(payload, work)
}

function replace(instance: Instance, name: string, around: (work: () => unknown, ...args: unknown[]) => unknown): void {
  const method = instance[name]
  if (typeof method !== 'function') return
  Object.defineProperty(instance, name, {
    configurable: true,
    value: (...args: unknown[]) => around(() => method.apply(instance, args), ...args),
  })
}

function filteredLocation(response: Response): string {
  return filteredUrl(String(response.getHeader('location') ?? ''), currentFilter(), settingsInForce().filterRedirect)
}

/** The request we are in, for events of what doesn't know it. */
export function currentContext(): Record<string, unknown> | undefined {
  const request = currentExecution()?.request as Request | undefined
  if (request?.pathParameters === undefined) return undefined
  const controller = controllerOf(request)
  if (controller === undefined) return undefined
  const { action } = request.pathParameters
  return { controller, action, request, params: currentFilter()(request.parameters) }
}
