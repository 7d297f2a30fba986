import { QueueFull } from '../../errors.ts'

/** How much may wait before whoever adds has to wait, too. */
export interface BackPressureOptions {
  /** So many jobs may wait to be run at once (delayed ones don't count). */
  readonly highWater: number
  /** So few must they be again. Default: three quarters of `highWater`. */
  readonly lowWater?: number | undefined
  /** Milliseconds that an enqueue waits at most. Default 10 seconds. */
  readonly timeout?: number | undefined
}

/** Lets enqueues wait while too many jobs do. */
export class BackPressure {
  readonly #options: BackPressureOptions
  readonly #backlog: () => number
  readonly #waiting = new Set<() => void>()
  #isHigh = false
  #isClosed = false

  /** @param backlog how many jobs wait */
  constructor(options: BackPressureOptions, backlog: () => number) {
    this.#options = options
    this.#backlog = backlog
  }

  /** Resolves when there is room: at once, unless too many wait.
   * @throws QueueFull (REGAUGE_QUEUE_FULL) when it took too long */
  async room(): Promise<void> {
    const { highWater, timeout = 10_000 } = this.#options
    if (this.#isClosed) return
    if (this.#backlog() >= highWater) this.#isHigh = true
    if (!this.#isHigh) return
    await new Promise<void>((resolve, reject) => {
      const proceed = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(proceed)
        reject(new QueueFull({ limit: highWater, timeout }))
      }, timeout)
      this.#waiting.add(proceed)
    })
  }

  /** Looks whether those that wait may go on. Called when jobs were taken or went away. */
  consider(): void {
    if (!this.#isHigh) return
    const { highWater, lowWater = Math.floor(highWater * 0.75) } = this.#options
    if (this.#backlog() <= lowWater) this.#letIn()
  }

  /** Those that wait need not wait on: the queue refuses them. */
  close(): void {
    this.#isClosed = true
    this.#letIn()
  }

  #letIn(): void {
    this.#isHigh = false
    for (const proceed of this.#waiting) proceed()
    this.#waiting.clear()
  }
}
