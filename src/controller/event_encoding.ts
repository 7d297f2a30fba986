import { InvalidEvent } from './errors.ts'
import { toJson } from './json/encode.ts'

/** What an event carries beside its data. */
export interface EventOptions {
  /** Its name: what a browser listens for. Default: 'message', on the other side. */
  readonly event?: string | undefined
  /** Sent back as Last-Event-ID when the client connects again. */
  readonly id?: string | number | undefined
  /** How many milliseconds a client waits before it connects again. */
  readonly retry?: number | undefined
}

/** An event with its data, as a source of `sse` may yield it. */
export class ServerSentEvent {
  readonly data: unknown
  readonly options: EventOptions

  /** @example yield new ServerSentEvent(order, { event: 'placed', id: order.id }) */
  constructor(data: unknown, options: EventOptions = {}) {
    this.data = data
    this.options = options
  }
}

/** An event as it is sent: text as it is, a line of it a `data:` line; everything else as JSON.
 * @throws InvalidEvent (REGAUGE_INVALID_EVENT) when a name or id has a line break, which could write events of its own, or retry is no number
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function encodeEvent(data: unknown, { retry, event, id }: EventOptions = {}): string {
  const text = typeof data === 'string' ? data : toJson(data)
  let lines = ''
  if (retry !== undefined) lines += `retry: ${wholeNumber(retry)}\n`
  if (event !== undefined) lines += `event: ${oneLine('event', event)}\n`
  if (id !== undefined) lines += `id: ${oneLine('id', String(id))}\n`
  return `${lines}data: ${text.replace(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}

/** A comment, which clients ignore. */
export function encodeComment(text: string): string {
  return `: ${text.replace(/\r\n|\r|\n/g, '\n: ')}\n\n`
}

function oneLine(field: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new InvalidEvent({ field, problem: 'a line break' })
  return value
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidEvent({ field: 'retry', problem: String(value) })
  return value
}
