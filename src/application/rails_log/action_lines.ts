import { reasonPhrase } from '../../http/index.ts'
import { logger, rubyNotation } from '../../logging/index.ts'
import type { EventHandler, NotificationEvent } from '../../notifications/index.ts'
import { placeOf } from './error_lines.ts'

/** How the lines of actions are written. */
export interface ActionLineOptions {
  /** What stands behind the last line of a request: two empty lines in development. */
  readonly ends: string
  /** Whether to tell what the database took. */
  readonly hasDatabase: boolean
}

const internalParameters = new Set(['controller', 'action', 'format', '_method', 'only_path'])

/** Action Controller's and Action Dispatch's lines, by event. */
export function actionLines(options: ActionLineOptions): Record<string, EventHandler> {
  return {
    'start_processing.action_controller': ({ payload }) => {
      const format = String(payload['format'] ?? '')
      logger.info(
        `Processing by ${String(payload['controller'])}#${String(payload['action'])} as ${format === '*/*' ? format : format.toUpperCase()}`,
      )
      const parameters = Object.fromEntries(Object.entries(payload['params'] as object).filter(([name]) => !internalParameters.has(name)))
      if (Object.keys(parameters).length > 0) logger.info(`  Parameters: ${rubyNotation(parameters)}`)
    },
    'process_action.action_controller': (event) => logger.info(completedLine(event, options)),
    'halted_callback.action_controller': ({ payload }) =>
      logger.info(`Filter chain halted as ${filterName(payload['filter'])} rendered or redirected`),
    'rescue_from_callback.action_controller': ({ payload }) => logger.info(`rescue_from handled ${describeError(payload['exception'])}`),
    'redirect_to.action_controller': ({ payload }) => logger.info(`Redirected to ${String(payload['location'] ?? '')}`),
    'send_data.action_controller': (event) =>
      logger.info(`Sent data ${String(event.payload['filename'] ?? '')} (${milliseconds(event.duration)})`),
    'send_file.action_controller': (event) => logger.info(`Sent file ${String(event.payload['path'])} (${milliseconds(event.duration)})`),
    'redirect.action_dispatch': ({ payload, duration }) => {
      logger.info(`Redirected to ${String(payload['location'])}`)
      const status = Number(payload['status'])
      logger.info(`Completed ${status} ${reasonPhrase(status)} in ${Math.round(duration)}ms${options.ends}`)
    },
  }
}

function completedLine({ payload, duration }: NotificationEvent, { ends, hasDatabase }: ActionLineOptions): string {
  const status = Number(payload['status'])
  const additions: string[] = []
  if (typeof payload['view_runtime'] === 'number') additions.push(`Views: ${milliseconds(payload['view_runtime'])}`)
  if (hasDatabase) {
    const [queries, cached] = [Number(payload['queries_count']), Number(payload['cached_queries_count'])]
    const spent = milliseconds(Number(payload['db_runtime']))
    additions.push(`ActiveRecord: ${spent} (${queries} ${queries === 1 ? 'query' : 'queries'}, ${cached} cached)`)
  }
  const detail = additions.length > 0 ? ` (${additions.join(' | ')})` : ''
  return `Completed ${status} ${reasonPhrase(status)} in ${Math.round(duration)}ms${detail}${ends}`
}

/** `1.2ms` */
export function milliseconds(value: number): string {
  return `${value.toFixed(1)}ms`
}

function filterName(filter: unknown): string {
  if (typeof filter === 'string') return `:${filter}`
  return typeof filter === 'function' ? filter.name || '(function)' : '(object)'
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.name} (${error.message.split('\n')[0]}) - ${placeOf(error) ?? ''}`
}
