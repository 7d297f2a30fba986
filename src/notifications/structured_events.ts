import { types } from 'node:util'
import { currentExecution, wholeExecution, withExecution } from '../context/index.ts'
import { currentFilter, logger } from '../logging/index.ts'
import { thrownText } from '../values/index.ts'

/** A fact that an application tells by name, for machines. */
export interface StructuredEvent {
  readonly name: string
  /** With what must not be logged masked. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly tags: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** Gets structured events: writes them somewhere, in a form of its own. */
export interface StructuredEventSubscriber {
  /** What it throws, or rejects with, is logged. */
  emit(event: StructuredEvent): void
}

type Tags = readonly (string | Readonly<Record<string, unknown>>)[]

/** Events with a name and data, and no duration: Rails' `Rails.event`. */
export class StructuredEvents {
  #subscribers: readonly { readonly subscriber: StructuredEventSubscriber; readonly accepts: (event: StructuredEvent) => boolean }[] = []

  readonly #tellers = new Set<{ readonly begin: () => () => void; end: (() => void) | undefined }>()

  /** @param accepts which events; default all
   * @example structuredEvents.subscribe({ emit: (event) => stream.write(`${JSON.stringify(event)}\n`) })
   */
  subscribe(subscriber: StructuredEventSubscriber, accepts: (event: StructuredEvent) => boolean = () => true): void {
    this.#subscribers = [...this.#subscribers, { subscriber, accepts }]
    this.#wake()
  }

  unsubscribe(subscriber: StructuredEventSubscriber): void {
    this.#subscribers = this.#subscribers.filter((one) => one.subscriber !== subscriber)
    this.#wake()
  }

  /** Runs `begin` whenever there are subscribers, and what it returns when there are none any more: for those whom it costs to tell.
   * @returns what ends it
   */
  whileHeard(begin: () => () => void): () => void {
    const teller = { begin, end: undefined as (() => void) | undefined }
    this.#tellers.add(teller)
    this.#wake()
    return () => {
      this.#tellers.delete(teller)
      teller.end?.()
    }
  }

  #wake(): void {
    const isHeard = this.#subscribers.length > 0
    for (const teller of this.#tellers) {
      if (isHeard) teller.end ??= teller.begin()
      else {
        teller.end?.()
        teller.end = undefined
      }
    }
  }

  /** Tells of an event, with the tags and the context of where we are.
   * @example structuredEvents.notify('user.signup', { id: user.id })
   */
  notify(name: string, payload: Readonly<Record<string, unknown>> = {}): void {
    if (this.#subscribers.length === 0) return
    const tags = currentExecution()?.eventTags ?? {}
    const context = wholeExecution()?.eventContext ?? {}
    const event = { name, payload: currentFilter()(payload), tags, context, timestamp: Date.now() }
    const failed = (error: unknown) => logger.error(`A subscriber of the structured event ${name} failed: ${thrownText(error)}`, { error })
    for (const { subscriber, accepts } of this.#subscribers) {
      try {
        const told: unknown = accepts(event) ? subscriber.emit(event) : undefined
        if (types.isPromise(told)) told.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }

  /** Runs `work` with tags on its events: names, which count as `true`, and names with values.
   * @example structuredEvents.tagged('api', { version: 2 }, () => structuredEvents.notify('user.signup'))
   */
  tagged<T>(...args: readonly [...tags: Tags, work: () => T]): T {
    const given = args.slice(0, -1) as unknown as Tags
    const tags = Object.assign(
      {},
      currentExecution()?.eventTags,
      ...given.map((tag) => (typeof tag === 'string' ? { [tag]: true } : tag)),
    ) as object
    return withExecution({ eventTags: { ...tags } }, args.at(-1) as () => T)
  }

  /** What the events of this request or job say beside their own. */
  setContext(context: Readonly<Record<string, unknown>>): void {
    const execution = wholeExecution()
    if (execution !== undefined) execution.eventContext = { ...execution.eventContext, ...context }
  }
}

/** The structured events of this process. */
export const structuredEvents = new StructuredEvents()
