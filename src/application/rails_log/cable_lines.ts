import type { CableRequest } from '../../cable/index.ts'
import { withExecution } from '../../context/index.ts'
import { currentFilter, filteredUrl, type Logger, logger, rubyNotation } from '../../logging/index.ts'
import type { EventHandler } from '../../notifications/index.ts'
import { timeText } from './request_lines.ts'

/** The logger of channels: lines of a connection have its tags and not those of the request that opened it, and what the subscribers below say is
 * not said twice. */
export const cableLogger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'> = {
  debug: () => {},
  info: (message, fields) => apart(() => logger.info(message, fields)),
  warn: (message, fields) => apart(() => logger.warn(message, fields)),
  error: (message, fields) => apart(() => logger.error(message, fields)),
}

function apart(write: () => void): void {
  withExecution({ requestId: undefined }, write)
}

const debug = (message: string) => apart(() => logger.debug(message))
const info = (message: string) => apart(() => logger.info(message))

/** Action Cable's lines, by event. */
export const cableLines: Record<string, EventHandler> = {
  '!connection.action_cable': ({ payload }) => {
    const request = payload['request'] as CableRequest
    if (payload['step'] === 'started') {
      logger.info(`Started ${target(request)} [WebSocket] ${origin(request)}`)
      logger.info('Successfully upgraded to WebSocket (REQUEST_METHOD: GET, HTTP_CONNECTION: Upgrade, HTTP_UPGRADE: websocket)')
    } else if (payload['step'] === 'registered') info(`Registered connection (${String(payload['identifier'])})`)
    else if (payload['step'] === 'finished') info(`Finished "${pathOf(request)}" [WebSocket] ${origin(request)}`)
    else info(`Unsubscribing from channel: ${String(payload['identifier'])}`)
  },
  '!streaming.action_cable': ({ payload }) =>
    info(`${String(payload['channel_class'])} ${payload['begins'] ? 'is' : 'stopped'} streaming from ${String(payload['stream'])}`),
  'broadcast.action_cable': ({ payload }) =>
    debug(`[ActionCable] Broadcasting to ${String(payload['broadcasting'])}: ${rubyNotation(masked(payload['message']))}`),
  'transmit.action_cable': ({ payload }) => {
    const via = payload['via'] === null ? '' : ` (via ${String(payload['via'])})`
    debug(`${String(payload['channel_class'])} transmitting ${rubyNotation(masked(payload['data']))}${via}`)
  },
  'transmit_subscription_confirmation.action_cable': ({ payload }) =>
    debug(`${String(payload['channel_class'])} is transmitting the subscription confirmation`),
  'transmit_subscription_rejection.action_cable': ({ payload }) =>
    debug(`${String(payload['channel_class'])} is transmitting the subscription rejection`),
}

/** Without what must not be logged, which Rails leaves in. */
function masked(message: unknown): unknown {
  return currentFilter()({ message })['message']
}

/** The line of an action, written before it runs. */
export function cableActionLine(payload: Record<string, unknown>): void {
  const { action: _, ...data } = payload['data'] as Record<string, unknown>
  const given = Object.keys(data).length === 0 ? '' : `(${rubyNotation(currentFilter()(data))})`
  debug(`${String(payload['channel_class'])}#${String(payload['action'])}${given}`)
}

/** `GET "/cable?token=[FILTERED]"` */
export function target(request: CableRequest): string {
  return `${request.raw.method ?? 'GET'} "${pathOf(request)}"`
}

/** `for 127.0.0.1 at 2026-01-15 12:00:00 +0000` */
export function origin(request: CableRequest): string {
  return `for ${(request.ip ?? 'unknown').replace(/^::ffff:/, '')} at ${timeText(new Date())}`
}

function pathOf(request: CableRequest): string {
  return filteredUrl(request.url, currentFilter())
}
