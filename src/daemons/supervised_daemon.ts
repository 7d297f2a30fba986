import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { runExecution } from '../context/index.ts'
import { reporter } from '../errors/reporter.ts'
import { failureOf } from '../jobs/index.ts'
import { thrownText } from '../values/index.ts'
import { Daemon, type DaemonClass } from './daemon.ts'
import { observedRun, tellRestart, tellStop } from './events.ts'
import type { Lease } from './leases.ts'
import type { DaemonState, DaemonStatus, DaemonsOptions } from './supervisor.ts'

/** How long the breaks between two runs are, in seconds. */
export interface Backoff {
  readonly first: number
  readonly longest: number
  /** A run that lasted for so long wasn't a failure at once. */
  readonly healthy: number
}

/** One daemon, its runs and the breaks between them. */
export class SupervisedDaemon {
  readonly #daemon: DaemonClass
  readonly #options: DaemonsOptions
  readonly #backoff: Backoff
  readonly #stopping = new AbortController()
  /** Ends a run, because the process stops or another process has taken the daemon over. */
  #ending = new AbortController()
  #state: DaemonState = 'waiting'
  #runs = 0
  #startedAt: number | undefined
  #error: unknown
  #ended: Promise<void> = Promise.resolve()

  constructor(daemon: DaemonClass, options: DaemonsOptions) {
    this.#daemon = daemon
    this.#options = options
    this.#backoff = { first: 0.1, longest: 30, healthy: 30, ...options.backoff }
  }

  get status(): DaemonStatus {
    return {
      name: this.#daemon.name,
      scope: this.#daemon.runsIn,
      state: this.#state,
      restarts: Math.max(0, this.#runs - 1),
      startedAt: this.#startedAt,
      error: this.#error === undefined ? undefined : describe(this.#error),
    }
  }

  /** Begins, unless it was stopped already.
   * @param before the daemon whose place it takes, which ends first
   */
  async start(before: SupervisedDaemon | undefined): Promise<void> {
    const execution = { application: this.#options.application, logFields: { daemon: this.#daemon.name } }
    const isFree = before?.stop()
    this.#ended = Promise.resolve(isFree).then(() => runExecution(execution, () => this.#supervise()))
    await isFree
  }

  /** Lets it end; answers whether it did in time. */
  async stop(timeout = 25_000): Promise<boolean> {
    this.#stopping.abort()
    this.#ending.abort()
    const expired = new AbortController()
    const isEnded = await Promise.race([
      this.#ended.then(() => true),
      setTimeout(timeout, false, { signal: expired.signal }).catch(() => false),
    ])
    expired.abort()
    return isEnded
  }

  async #supervise(): Promise<void> {
    let isDone = false
    while (!isDone && !this.#stopping.signal.aborted) {
      const lease = await this.#lease()
      if (lease === undefined) break
      isDone = await this.#runAgainAndAgain()
      if (isDone) await this.#rest()
      await this.#giveBack(lease)
    }
    this.#state = 'stopped'
    if (!isDone) tellStop(this.#daemon, 'shutdown')
  }

  /** It is done until the next boot; its lease is kept, or each process that waits for it would run it once more. */
  async #rest(): Promise<void> {
    this.#state = 'stopped'
    tellStop(this.#daemon, 'asked')
    const { signal } = this.#stopping
    if (!signal.aborted) await once(signal, 'abort')
  }

  /** The right to run it, waited for; undefined when the process ends before. */
  async #lease(): Promise<Lease | undefined> {
    this.#ending = new AbortController()
    if (this.#daemon.runsIn === 'worker') return { release: () => {} }
    this.#state = 'waiting'
    const { leaseInterval = 1, logger, leases: ofMachine, sharedLeases = ofMachine } = this.#options
    const leases = this.#daemon.runsIn === 'application' ? sharedLeases : ofMachine
    while (!this.#stopping.signal.aborted) {
      try {
        const lease = await leases.acquire(this.#daemon.name, () => this.#lose())
        if (lease !== undefined) return lease
      } catch (error) {
        logger.error(`It can't be seen whether another process runs ${this.#daemon.name}: ${describe(error)}`, { error })
      }
      await this.#pause(leaseInterval)
    }
    return undefined
  }

  async #giveBack(lease: Lease): Promise<void> {
    try {
      await lease.release()
    } catch (error) {
      this.#options.logger.error(`The lease of ${this.#daemon.name} can't be given back: ${describe(error)}`, { error })
    }
  }

  #lose(): void {
    this.#options.logger.warn(`${this.#daemon.name} ends here, since its lease is lost: it may run in another process now`)
    this.#ending.abort()
  }

  /** Answers whether the daemon is done for good; false when it is to end here. */
  async #runAgainAndAgain(): Promise<boolean> {
    let failures = 0
    while (!this.#isEnding) {
      const startedAt = performance.now()
      const isDone = await this.#run()
      if (isDone || this.#isEnding) return isDone
      failures = performance.now() - startedAt > this.#backoff.healthy * 1000 ? 0 : failures
      const wait = Math.min(this.#backoff.longest, this.#backoff.first * 2 ** failures++) * (0.5 + Math.random() / 2)
      this.#state = 'restarting'
      tellRestart(this.#daemon, wait, this.#error)
      await this.#pause(wait)
    }
    return false
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted
  }

  async #run(): Promise<boolean> {
    const { logger } = this.#options
    this.#runs++
    this.#startedAt = Date.now()
    this.#state = 'running'
    this.#error = undefined
    let daemon: Daemon | undefined
    try {
      const result = await observedRun(this.#daemon, this.#runs, async () => {
        daemon = new this.#daemon()
        daemon.signal = this.#ending.signal
        return daemon.perform()
      })
      if (result === Daemon.Stop) return true
      if (!this.#isEnding) logger.warn('Daemon exited, restarting...')
    } catch (error) {
      if (this.#isEnding) return false
      this.#error = error
      logger.error(`Daemon failed with exception: ${describe(error)}`, { error })
      reporter.report(error, { handled: false, context: { daemon: this.#daemon.name } })
    } finally {
      if (daemon !== undefined) await this.#cleanUp(daemon)
    }
    return false
  }

  async #cleanUp(daemon: Daemon): Promise<void> {
    try {
      await daemon.cleanup()
    } catch (error) {
      this.#options.logger.error(`Cleanup hook failed with exception: ${describe(error)}`, { error })
      reporter.report(error, { handled: false, context: { daemon: this.#daemon.name } })
    }
  }

  async #pause(seconds: number): Promise<void> {
    await setTimeout(seconds * 1000, undefined, { signal: this.#ending.signal }).catch(() => {})
  }
}

function describe(error: unknown): string {
  try {
    // Most errors have no name of their own: their class has.
    return error instanceof Error ? `${failureOf(error).name} (${error.message})` : String(error)
  } catch {
    return thrownText(error)
  }
}
