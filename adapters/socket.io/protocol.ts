import { fromClient, isObject } from '../../src/cable/index.ts'

/** What a client subscribes to: a channel's name, or an object that names it and carries its params. */
export type Identifier = string | { channel: string; [param: string]: unknown }

/** The answer to a command. Errors are named: `rejected`, `unknown_channel`, `already_subscribed`, `not_subscribed`, `unknown_action`,
 * `invalid` (the command itself can't be read), `failed` (the server's code raised; it is logged there). */
export type Answer = { ok: true } | { ok: false; error: string }

type Acknowledge = (answer: Answer) => void

/** What clients send. Acknowledgements are optional.
 *
 * @example
 * const socket = io('http://localhost:3000', { auth: { token } })
 * await socket.emitWithAck('subscribe', { channel: 'ChatChannel', room: 'lobby' })
 * socket.on('message', (identifier, message) => …)
 * socket.emit('perform', { channel: 'ChatChannel', room: 'lobby' }, 'speak', { text: 'Hello' })
 */
export interface ClientEvents {
  subscribe(identifier: Identifier, acknowledge?: Acknowledge): void
  unsubscribe(identifier: Identifier, acknowledge?: Acknowledge): void
  perform(identifier: Identifier, action: string, data?: Record<string, unknown>, acknowledge?: Acknowledge): void
}

/** What the server sends: messages of subscriptions under the identifier they were made with (an object's keys are sorted),
 * and why the connection is about to end. A connection that `connect` rejects ends as `connect_error` with the message `unauthorized`. */
export interface ServerEvents {
  message(identifier: Identifier, message: unknown): void
  closing(details: { reason: string; reconnect: boolean }): void
}

/** A subscription's key and what its channel sees as params; undefined for what is no identifier.
 * The same fields make the same key in whatever order they come. */
export function readIdentifier(value: unknown): { key: string; params: Record<string, unknown> } | undefined {
  if (typeof value === 'string') return { key: JSON.stringify(value), params: { channel: value } }
  const params = readData(value)
  if (params === undefined || typeof params['channel'] !== 'string') return undefined
  return { key: JSON.stringify(params, sortedKeys), params }
}

/** A copy of an object from outside that inherits nothing; undefined for anything else, and for what is nested too deeply. */
export function readData(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined
  try {
    return fromClient(value) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function sortedKeys(_: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value
}
