import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { QueueOwned } from '../errors.ts'

interface Owner {
  readonly pid: number
  /** When the process started, as the kernel counts it: a pid alone may have been given to another process since. */
  readonly startTime: string
  readonly host: string
  readonly token: string
}

const lockName = 'owner.lock'
const heartbeatMilliseconds = 5000
const foreignSilenceMilliseconds = 20_000

/** Exclusive possession of a queue directory, through a lock file that names the process.
 *
 * The lock of a dead process is taken over at once. Whether a process on another host (or in another container) is alive can't be
 * seen; its lock is taken over when it hasn't been refreshed for 20 seconds.
 */
export class Ownership {
  readonly #path: string
  readonly #token: string
  readonly #heartbeat: NodeJS.Timeout
  readonly #onLost: () => void
  /** Whether the one before was gone without letting go of it. */
  readonly isInherited: boolean
  #seenAt = Date.now()

  private constructor(path: string, token: string, isInherited: boolean, onLost: () => void) {
    this.isInherited = isInherited
    this.#path = path
    this.#token = token
    this.#onLost = onLost
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMilliseconds).unref()
  }

  /** Takes possession of the directory.
   * @param onLost called when somebody removed or replaced the lock while we held it
   * @throws QueueOwned (REGAUGE_QUEUE_OWNED) when a live process has it
   */
  static acquire(directory: string, onLost: () => void): Ownership {
    const path = join(directory, lockName)
    const token = randomUUID()
    const mine = join(directory, `${lockName}.${token}`)
    const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', host: hostname(), token }
    fs.writeFileSync(mine, JSON.stringify(owner), { mode: 0o600 })
    try {
      for (let attempt = 0; attempt < 10; attempt++) {
        if (linkIfAbsent(mine, path)) return new Ownership(path, token, attempt > 0, onLost)
        const other = readOwner(path)
        if (other !== undefined && isAlive(other, path)) throw new QueueOwned({ directory, pid: other.pid, host: other.host })
        removeStale(path, other?.token)
      }
      throw new QueueOwned({ directory, pid: readOwner(path)?.pid ?? 0, host: hostname() })
    } finally {
      fs.rmSync(mine, { force: true })
    }
  }

  /** Whether we still have it. Looks at the lock when this process may have been asleep for so long that another took over. */
  isHeld(): boolean {
    return Date.now() - this.#seenAt < 2 * heartbeatMilliseconds || this.#beat()
  }

  release(): void {
    clearInterval(this.#heartbeat)
    if (readOwner(this.#path)?.token === this.#token) fs.rmSync(this.#path, { force: true })
  }

  #beat(): boolean {
    if (readOwner(this.#path)?.token !== this.#token) {
      clearInterval(this.#heartbeat)
      this.#onLost()
      return false
    }
    const now = new Date()
    fs.utimes(this.#path, now, now, () => {})
    this.#seenAt = now.getTime()
    return true
  }
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Renaming is atomic, so of several processes one gets the stale file; what turns out to be a fresh lock is put back. */
function removeStale(path: string, token: string | undefined): void {
  const aside = `${path}.stale.${randomUUID()}`
  try {
    fs.renameSync(path, aside)
  } catch {
    return
  }
  if (readOwner(aside)?.token !== token) linkIfAbsent(aside, path)
  fs.rmSync(aside, { force: true })
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

function isAlive(owner: Owner, path: string): boolean {
  if (owner.host !== hostname()) return silenceOf(path) < foreignSilenceMilliseconds
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startTime = startTimeOf(owner.pid)
  return startTime === undefined || owner.startTime === '' || startTime === owner.startTime
}

function silenceOf(path: string): number {
  const modified = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs
  return modified === undefined ? Number.POSITIVE_INFINITY : Date.now() - modified
}

/** The start of a process since boot, from Linux' /proc, with the boot's id; undefined elsewhere. A zombie counts as dead. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return 'zombie'
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`
  } catch {
    return undefined
  }
}
