import { types } from 'node:util'
import { currentExecution } from '../context/index.ts'
import { logger } from '../logging/index.ts'
import { thrownText } from '../values/index.ts'
import type { Subscription } from './subscription.ts'

type Payload = Record<string, unknown>

/** Everything of one name. Whoever instruments keeps the channel and asks `isOn`: when nobody subscribed that is all it costs. */
export class Channel {
  readonly name: string
  /** Whether anybody subscribed; written when subscriptions change. */
  isOn = false
  subscriptions: readonly Subscription[] = []

  constructor(name: string) {
    this.name = name
  }

  /** Runs `work` as an event: subscribers are told when it has ended, also of its error. `work` may add to the payload. */
  instrument<T>(payload: Payload, work: (payload: Payload) => T): T {
    if (!this.isOn) return work(payload)
    const running = this.begin(payload)
    let result: T
    try {
      result = work(payload)
    } catch (error) {
      running.fail(error)
      throw error
    }
    if (!isPromise(result)) {
      running.end()
      return result
    }
    return result.then(
      (value: unknown) => {
        running.end()
        return value
      },
      (error: unknown) => {
        running.fail(error)
        throw error
      },
    ) as T
  }

  /** Tells of something that takes no time. */
  publish(payload: Payload): void {
    if (this.isOn) this.begin(payload).end()
  }

  /** For what doesn't begin and end in one function. */
  begin(payload: Payload): RunningEvent {
    return new RunningEvent(this.name, this.subscriptions, payload)
  }
}

/** An event that has begun. */
export class RunningEvent {
  readonly payload: Payload
  readonly #name: string
  readonly #subscriptions: readonly Subscription[]
  readonly #id: string
  readonly #startedAt: number

  constructor(name: string, subscriptions: readonly Subscription[], payload: Payload) {
    this.payload = payload
    this.#name = name
    this.#subscriptions = subscriptions
    this.#id = currentExecution()?.requestId ?? processId
    for (const subscription of subscriptions) isolated(name, () => subscription.started(name, this.#id, payload))
    this.#startedAt = performance.now()
  }

  end(): void {
    const finishedAt = performance.now()
    const [name, id, payload] = [this.#name, this.#id, this.payload]
    for (const one of this.#subscriptions) isolated(name, () => one.finished(name, id, payload, this.#startedAt, finishedAt))
  }

  /** Ends with an error, which the payload tells: `exception` is its class and message. One that takes nothing more doesn't: what is thrown on is the error. */
  fail(error: unknown): void {
    if (Object.isExtensible(this.payload))
      Object.assign(this.payload, { exception: [nameOf(error), thrownText(error)], exception_object: error })
    this.end()
  }
}

const processId = `process-${process.pid}`

/** How many subscribers are being told, each by the one before it. */
let depth = 0

/** What listens must not break what it listens to, nor the others. Where subscribers tell each other without end, all of them end: if each went on with
 * the next subscriber, there would be no end indeed. */
function isolated(name: string, tell: () => unknown): void {
  const failed = (error: unknown) => logger.error(`A subscriber of ${name} failed: ${thrownText(error)}`, { error })
  depth++
  try {
    const told = tell()
    if (isPromise(told)) told.catch(failed)
  } catch (error) {
    if (depth > 1 && isStackOverflow(error)) throw error
    failed(error)
  } finally {
    depth--
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack size')
}

function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? error.name : typeof error
  } catch {
    // A proxy may not even say what it is.
    return typeof error
  }
}

/** Also one of another realm, such as Node's own where a test runs in a context of its own. */
function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || (typeof value === 'object' && types.isPromise(value))
}
