import type { EngineJob } from '../engine_job.ts'
import type { EngineLogger } from '../options.ts'
import type { QueueControls } from '../queues/queue_controls.ts'
import type { WaitingQueue } from '../queues/waiting_queue.ts'

const retryMilliseconds = 1000
/** So many are passed over before the queue has to wait. */
const mostPassedOver = 200
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater, clearTimeout: cancel } = globalThis

/** Jobs whose records the disk doesn't give back: others run before them, and they are tried again. */
export class UnreadableJobs {
  readonly #logger: EngineLogger
  readonly #controls: QueueControls
  readonly #onRetry: () => void
  #held: WaitingQueue[] = []
  #timer: NodeJS.Timeout | undefined

  /** @param onRetry called when they may be read again */
  constructor(logger: EngineLogger, controls: QueueControls, onRetry: () => void) {
    this.#logger = logger
    this.#controls = controls
    this.#onRetry = onRetry
  }

  /** Takes the first job of a queue that can be read; where there is none, the queue is held for a while. */
  shift(queue: WaitingQueue): EngineJob | undefined {
    let passedOver = 0
    do {
      try {
        return queue.shift()
      } catch (error) {
        this.#report(queue, error)
      }
    } while (++passedOver < Math.min(queue.size, mostPassedOver))
    queue.isHeld = true
    this.#held.push(queue)
    this.#arm()
    return undefined
  }

  close(): void {
    cancel(this.#timer)
  }

  #report({ name }: WaitingQueue, error: unknown): void {
    if (this.#timer !== undefined) return
    this.#logger.error('A waiting job could not be read back from the journal; it is tried again', { queue: name, error })
    this.#arm()
  }

  #arm(): void {
    this.#timer ??= runLater(() => {
      this.#timer = undefined
      for (const queue of this.#held.splice(0)) this.#controls.apply(queue)
      this.#onRetry()
    }, retryMilliseconds).unref()
  }
}
