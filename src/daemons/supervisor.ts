import type { Logger } from '../logging/index.ts'
import type { DaemonClass, DaemonScope } from './daemon.ts'
import type { Leases } from './leases.ts'
import { type Backoff, SupervisedDaemon } from './supervised_daemon.ts'

/** What a daemon is doing: `waiting` for another process that runs it, `restarting` during the break between two runs. */
export type DaemonState = 'waiting' | 'running' | 'restarting' | 'stopped'

/** A daemon of this process, for listings. */
export interface DaemonStatus {
  readonly name: string
  readonly scope: DaemonScope
  readonly state: DaemonState
  /** How often it began again. */
  readonly restarts: number
  /** When it began last, in milliseconds since the epoch. */
  readonly startedAt: number | undefined
  /** What ended its last run, when an error did. */
  readonly error: string | undefined
}

/** How daemons are run. */
export interface DaemonsOptions {
  readonly leases: Leases
  /** Those of daemons of the scope `application`. Default: `leases`, those of the machine. */
  readonly sharedLeases?: Leases | undefined
  readonly logger: Logger
  /** Becomes `application` of the daemons' executions. */
  readonly application?: object | undefined
  /** Seconds: the break after a run that failed, twice as long each time up to the longest, and how long a run must last to begin with the first
   * again. Default: 0.1 to 30 seconds, 30 seconds. */
  readonly backoff?: Partial<Backoff> | undefined
  /** Seconds after which is asked again whether a daemon runs nowhere else. Default 1. */
  readonly leaseInterval?: number | undefined
}

/** Runs the daemons of an application: each again when it ends, those of the scope `node` in one process of the machine, those of
 * `application` in one of all machines. */
export class Daemons {
  readonly #options: DaemonsOptions
  readonly #running = new Map<string, SupervisedDaemon>()

  constructor(options: DaemonsOptions) {
    this.#options = options
  }

  /** Starts a daemon; one of the same name ends first. */
  async start(daemon: DaemonClass): Promise<void> {
    const before = this.#running.get(daemon.name)
    const supervised = new SupervisedDaemon(daemon, this.#options)
    // At once, so that who starts it again meanwhile, or stops all of them, finds it.
    this.#running.set(daemon.name, supervised)
    await supervised.start(before)
  }

  /** Lets all of them end.
   * @param options.timeout milliseconds to wait at most
   * @returns the names of those that still run
   */
  async stop({ timeout = 25_000 }: { readonly timeout?: number | undefined } = {}): Promise<string[]> {
    const all = [...this.#running]
    const ended = await Promise.all(all.map(([, daemon]) => daemon.stop(timeout)))
    return all.flatMap(([name], index) => (ended[index] ? [] : [name]))
  }

  /** What the daemons of this process are doing. */
  list(): DaemonStatus[] {
    return [...this.#running.values()].map(({ status }) => status)
  }
}
