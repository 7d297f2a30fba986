import { dateOf, NotificationEvent } from './event.ts'

type Payload = Record<string, unknown>

/** Gets the event once it has ended. */
export type EventHandler = (event: NotificationEvent) => void
/** Gets Rails' five arguments; times are dates, with `monotonic` milliseconds of `performance.now()`. */
export type TimedHandler<Time = Date> = (name: string, started: Time, finished: Time, id: string, payload: Payload) => void
/** Is told of the beginning and of the end. */
export interface StartFinishHandler {
  start(name: string, id: string, payload: Payload): void
  finish(name: string, id: string, payload: Payload): void
}
export type NotificationHandler = EventHandler | TimedHandler<never> | StartFinishHandler

/** Which events: one by its name, those that match, or all. */
export type NotificationPattern = string | RegExp | undefined

/** Who is told of which events. Give it to `unsubscribe`. */
export class Subscription {
  readonly pattern: NotificationPattern
  readonly handler: NotificationHandler
  readonly isMonotonic: boolean
  /** Names that were unsubscribed from a pattern. */
  readonly excluded = new Set<string>()

  constructor(pattern: NotificationPattern, handler: NotificationHandler, isMonotonic: boolean) {
    this.pattern = pattern instanceof RegExp ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')) : pattern
    this.handler = handler
    this.isMonotonic = isMonotonic
  }

  isFor(name: string): boolean {
    if (this.excluded.has(name)) return false
    return typeof this.pattern === 'string' ? this.pattern === name : (this.pattern?.test(name) ?? true)
  }

  started(name: string, id: string, payload: Payload): void {
    if (typeof this.handler === 'object') this.handler.start(name, id, payload)
  }

  finished(name: string, id: string, payload: Payload, startedAt: number, finishedAt: number): void {
    const { handler } = this
    if (typeof handler === 'object') handler.finish(name, id, payload)
    else if (handler.length <= 1) (handler as EventHandler)(new NotificationEvent(name, payload, id, startedAt, finishedAt))
    else if (this.isMonotonic) (handler as TimedHandler<number>)(name, startedAt, finishedAt, id, payload)
    else (handler as TimedHandler)(name, dateOf(startedAt), dateOf(finishedAt), id, payload)
  }
}
