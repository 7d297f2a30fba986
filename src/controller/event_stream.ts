import type { ResponseBody } from '../http/index.ts'
import { encodeComment, encodeEvent, type EventOptions, ServerSentEvent } from './event_encoding.ts'

/** Where events are written: what `sse` hands to its source. */
export class EventStream {
  readonly #body: ResponseBody
  readonly #defaults: EventOptions
  /** The id of the last event that a client got before its connection broke, when it says so. */
  readonly lastEventId: string | undefined

  /** Writes events to any body, as Rails' `SSE.new(response.stream, …)` does.
   *
   * @param defaults what every event carries unless it says otherwise
   * @example
   * const events = new EventStream(this.response.stream, { retry: 3000 })
   * await events.send({ total: 3 }, { event: 'count' })
   */
  constructor(body: ResponseBody, defaults: EventOptions = {}, lastEventId?: string) {
    this.#body = body
    this.#defaults = defaults
    this.lastEventId = lastEventId
  }

  /** Aborted when the client has gone or the server is shutting down: give it to what waits for the next event. */
  get signal(): AbortSignal {
    return this.#body.signal
  }

  get isClosed(): boolean {
    return this.#body.isClosed
  }

  /** Sends an event: text as it is, a `ServerSentEvent` with its options, everything else as JSON. Resolves when there is room for the next one.
   * @throws ClientDisconnected (REGAUGE_CLIENT_DISCONNECTED) when nobody reads any more
   * @throws InvalidEvent (REGAUGE_INVALID_EVENT)
   */
  async send(data: unknown, options: EventOptions = {}): Promise<void> {
    const event = data instanceof ServerSentEvent ? data : new ServerSentEvent(data, options)
    await this.#body.write(encodeEvent(event.data, { ...this.#defaults, ...event.options }))
  }

  /** Rails' name of {@link send}. */
  write(data: unknown, options: EventOptions = {}): Promise<void> {
    return this.send(data, options)
  }

  /** Sends what clients ignore, such as a sign of life. */
  comment(text: string): Promise<void> {
    return this.#body.write(encodeComment(text))
  }

  /** Ends the stream. A browser connects again. */
  close(): void {
    this.#body.close()
  }
}
