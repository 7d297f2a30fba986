import { setTimeout } from 'node:timers/promises'
import { didYouMean } from '../naming/index.ts'
import { type Duration, toSeconds } from '../values/index.ts'
import { InvalidDaemonScope } from './errors.ts'

/** Where a daemon runs: `application`, in one process of all machines that share a job backend; `node`, in one of the processes that serve the
 * application on this machine; `worker`, in each of them. */
export type DaemonScope = 'application' | 'node' | 'worker'

/** A class of daemons. */
export type DaemonClass = (new () => Daemon) & { readonly name: string; readonly runsIn: DaemonScope }

const scopes: readonly DaemonScope[] = ['application', 'node', 'worker']

/** A task that runs as long as the application serves: it follows a stream, polls a device, keeps something warm. When it ends or fails, a new
 * instance begins, after ever longer breaks while it fails at once.
 *
 * @example
 * class PriceFeed extends Daemon {
 *   static { this.scope('node') }
 *   async perform() {
 *     while (!this.isStopping) {
 *       await this.takePrices()
 *       await this.sleep(10)
 *     }
 *   }
 *   cleanup() { this.feed.close() }
 * }
 */
export abstract class Daemon {
  /** What `perform` answers when the daemon is not to begin again until the next boot. */
  static readonly Stop: unique symbol = Symbol('stop')
  static runsIn: DaemonScope = 'node'

  /** Aborted when the process is about to end: what waits can wait with it. */
  signal: AbortSignal = new AbortController().signal

  /** Says where the daemon runs. Default: `node`.
   * @throws InvalidDaemonScope (REGAUGE_INVALID_DAEMON_SCOPE)
   */
  static scope(scope: DaemonScope): void {
    if (!scopes.includes(scope)) {
      throw new InvalidDaemonScope({ daemon: this.name, scope: String(scope), suggestion: didYouMean(String(scope), scopes) })
    }
    this.runsIn = scope
  }

  /** The work. It ends soon after `isStopping` has become true; what doesn't is cut off with the process. */
  abstract perform(): unknown

  /** Runs after each run of `perform`, however that ended. */
  cleanup(): unknown {
    return undefined
  }

  /** Whether the process is about to end. */
  get isStopping(): boolean {
    return this.signal.aborted
  }

  /** Waits, at most until the process is about to end.
   * @param time how long, in seconds or as a duration
   */
  async sleep(time: number | Duration): Promise<void> {
    let left = toSeconds(time) * 1000
    do {
      await setTimeout(Math.min(left, longestTimer), undefined, { signal: this.signal }).catch(() => {})
      left -= longestTimer
    } while (left > 0 && !this.isStopping)
  }
}

/** A timer that is set for longer, in milliseconds, fires at once. */
const longestTimer = 2 ** 31 - 1
