import { isPromise } from './callbacks/steps.ts'
import { ClientDisconnected, ResponseBody, streamUntilShutdown } from '../http/index.ts'
import { type EventOptions, ServerSentEvent } from './event_encoding.ts'
import { EventStream } from './event_stream.ts'
import { Streaming } from './streaming.ts'

/** Where events come from: a function that sends them, things to send one after another, or one thing. */
export type EventSource = ((events: EventStream) => unknown) | AsyncIterable<unknown> | Iterable<unknown> | ServerSentEvent | string

/** How events are sent. `event`, `id` and `retry` are those of every event that has none of its own. */
export interface EventStreamOptions extends EventOptions {
  /** Every how many milliseconds a comment tells proxies that the connection lives. Default 15 seconds; false for none. */
  readonly heartbeat?: number | false
  /** What a client has missed that connects again: called with its Last-Event-ID, and sent before everything else. */
  readonly replay?: (lastEventId: string) => AsyncIterable<unknown> | Iterable<unknown> | Promise<Iterable<unknown>>
}

/** Answers that go on: events sent by the server as they happen. */
export abstract class ServerSentEvents extends Streaming {
  /** Answers with server-sent events. They begin to flow when the action has ended, and end when the source does, the client has gone,
   * or the server shuts down. Slow clients are waited for.
   *
   * @throws DoubleRender (REGAUGE_DOUBLE_RENDER)
   * @example this.sse(Order.recent()) // an async generator
   * @example
   * this.sse(async (events) => {
   *   for await (const [order] of on(orders, 'placed', { signal: events.signal })) await events.send(order, { event: 'placed', id: order.id })
   * }, { replay: (id) => Order.where({ id: range(Number(id) + 1, null) }) })
   */
  sse(source: EventSource, options: EventStreamOptions = {}): void {
    this.refuseSecondAnswer()
    const { request, response } = this
    const { heartbeat = 15_000, replay, ...defaults } = options
    const lastEventId = request.header('last-event-id')
    const body: ResponseBody = new ResponseBody({ onRead: () => void run().catch((error: Error) => fail(body, error)) })
    const events = new EventStream(body, defaults, lastEventId)
    const run = async (): Promise<void> => {
      const forget = streamUntilShutdown(serverOf(request.raw), () => body.close())
      const stopBeating = heartbeat === false ? undefined : beat(body, heartbeat)
      body.once('close', () => {
        forget()
        stopBeating?.()
      })
      if (replay !== undefined && lastEventId !== undefined) await sendAll(events, await replay(lastEventId))
      await sendFrom(events, source)
      body.close()
    }
    response.contentType = 'text/event-stream; charset=utf-8'
    // A proxy that compresses or buffers holds events back.
    if (!response.isSet('cache-control')) response.setHeader('cache-control', 'no-cache, no-transform')
    response.setHeader('x-accel-buffering', 'no')
    response.body = body
  }
}

function serverOf(raw: { readonly socket?: { readonly server?: object } | null | undefined } | object): object | undefined {
  return (raw as { socket?: { server?: object } }).socket?.server
}

function fail(body: ResponseBody, error: Error): void {
  // Who stops because nobody reads any more, or because it was told to by the signal, has done no wrong.
  if (error instanceof ClientDisconnected || body.signal.aborted) body.close()
  else body.destroy(error)
}

async function sendFrom(events: EventStream, source: EventSource): Promise<void> {
  if (typeof source === 'function') await source(events)
  else if (typeof source === 'string' || source instanceof ServerSentEvent) await events.send(source)
  else await sendAll(events, source)
}

async function sendAll(events: EventStream, source: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  // One that waits for its next event wouldn't notice that nobody is there any more. A race for each event would keep all of them.
  let wake = (): void => {}
  events.signal.addEventListener('abort', () => wake(), { once: true })
  const over: IteratorResult<unknown> = { done: true, value: undefined }
  try {
    while (!events.isClosed) {
      const next = iterator.next()
      const { done, value } = !isPromise(next)
        ? next
        : await new Promise<IteratorResult<unknown>>((resolve, reject) => {
            wake = () => resolve(over)
            next.then(resolve, reject)
          })
      if (done === true) break
      if (value !== null && value !== undefined) await events.send(value)
    }
  } finally {
    const returned = iterator.return?.()
    if (isPromise(returned)) (returned as Promise<unknown>).catch(() => {})
  }
}

function beat(body: ResponseBody, milliseconds: number): () => void {
  const timer = setInterval(() => {
    if (!body.isClosed && body.readableLength === 0) body.write(': ping\n\n').catch(() => {})
  }, milliseconds)
  timer.unref()
  return () => clearInterval(timer)
}
