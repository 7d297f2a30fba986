import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { QueueDirectoryUnusable, QueueOwned, QueueUnreadable } from '../errors.ts'
import { pidSpace, startTimeOf } from './process_identity.ts'

interface Owner {
  readonly pid: number
  /** When the process started, as the kernel counts it: a pid alone may have been given to another process since. */
  readonly startTime?: string
  readonly host: string
  /** Where its pid means what it says, see {@link pidSpace}. Locks of versions before it, and of other systems, don't have it. */
  readonly space?: string | undefined
  readonly token: string
}

/** A file that says who has the directory, or who takes it over. */
interface Claim extends Owner {
  readonly file: string
}

const lockName = 'owner.lock'
const heartbeatMilliseconds = 5000
const foreignSilenceMilliseconds = 20_000

/** Exclusive possession of a queue directory, through a lock file that names the process.
 *
 * The lock of a dead process is taken over at once, by the first who makes a link that is named after the dead one's token: no other can be made, and
 * it alone may put its lock in the place of that one's, so that there is a lock at every moment. Where the successor dies before, somebody succeeds it.
 *
 * Whether a process on another host or in another container is alive can't be seen, nor of which container a lock is that doesn't say so: such a lock is
 * taken over when it hasn't been refreshed for 20 seconds, which its process, if it lives, does every 5, and looks then whether it is still the owner.
 * Its clock may be ahead by as much. A lock from further in the future gets the time of here: its process, if it lives, refreshes it within those seconds.
 */
export class Ownership {
  readonly #path: string
  readonly #token: string
  /** Which file the lock is. */
  readonly #inode: number | undefined
  readonly #heartbeat: NodeJS.Timeout
  readonly #onLost: () => void
  /** Whether the one before was gone without letting go of it. */
  readonly isInherited: boolean
  #seenAt = Date.now()

  private constructor(path: string, token: string, isInherited: boolean, onLost: () => void) {
    this.isInherited = isInherited
    this.#path = path
    this.#token = token
    this.#inode = fs.lstatSync(path, { throwIfNoEntry: false })?.ino
    this.#onLost = onLost
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMilliseconds).unref()
  }

  /** Takes possession of the directory.
   * @param onLost called when somebody removed or replaced the lock while we held it
   * @throws QueueOwned (REGAUGE_QUEUE_OWNED) when a live process has it, QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when the lock is no file,
   * QueueDirectoryUnusable (REGAUGE_QUEUE_DIRECTORY) when it can't be written
   */
  static acquire(directory: string, onLost: () => void): Ownership {
    const path = join(directory, lockName)
    const token = randomUUID()
    const mine = join(directory, `${lockName}.${token}`)
    const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', host: hostname(), space: pidSpace, token }
    try {
      writeLock(mine, owner, directory)
      for (let attempt = 0; attempt < 10; attempt++) {
        if (linkIfAbsent(mine, path)) return new Ownership(path, token, false, onLost)
        const claims = claimsOn(path)
        const last = claims.at(-1)
        if (last === undefined) continue
        if (isAlive(last)) throw new QueueOwned({ directory, pid: last.pid, host: last.host, isUnseen: !isSeen(last) })
        if (succeed(mine, token, path, claims)) return new Ownership(path, token, true, onLost)
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
    if (this.#isOurs()) fs.rmSync(this.#path, { force: true })
  }

  #beat(): boolean {
    if (!this.#isOurs()) {
      clearInterval(this.#heartbeat)
      this.#onLost()
      return false
    }
    const now = new Date()
    fs.utimes(this.#path, now, now, () => {})
    this.#seenAt = now.getTime()
    return true
  }

  /** Without a free file descriptor, say, the lock can't be read: it is still ours then if it is the same file. */
  #isOurs(): boolean {
    try {
      const owner: unknown = JSON.parse(readShortFile(this.#path))
      return isOwner(owner) && owner.token === this.#token
    } catch (error) {
      return !(error instanceof SyntaxError) && isSameFile(this.#path, this.#inode)
    }
  }
}

/** Whether a path is that of a file; of a disk that doesn't say so, nobody else knows more. */
function isSameFile(path: string, inode: number | undefined): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.ino === (inode ?? -1)
  } catch {
    return true
  }
}

function writeLock(path: string, owner: Owner, directory: string): void {
  try {
    fs.writeFileSync(path, JSON.stringify(owner), { mode: 0o600 })
  } catch (error) {
    throw new QueueDirectoryUnusable({ directory, reason: (error as Error).message }, { cause: error })
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

/** Who has the directory, and who takes it over from whom. All but the last are dead. */
function claimsOn(path: string): Claim[] {
  const claims: Claim[] = []
  for (let file = path; ; ) {
    const claim = readClaim(file, claims)
    if (claim === undefined) return claims
    claims.push(claim)
    file = successorOf(path, claim.token)
  }
}

/** Takes over from the last of those who claim the directory.
 * @returns false when somebody else did, or has done since it was looked who they are */
function succeed(mine: string, token: string, path: string, claims: readonly Claim[]): boolean {
  const link = successorOf(path, claims.at(-1)!.token)
  if (!linkIfAbsent(mine, link)) return false
  const now = claimsOn(path)
  if (now.length !== claims.length + 1 || claims.some(({ token: before }, index) => now[index]!.token !== before)) {
    fs.rmSync(link, { force: true })
    return false
  }
  fs.renameSync(mine, path)
  removeSuccessors(path, token)
  return true
}

/** Removes the links to those who succeeded others than the present owner. */
function removeSuccessors(path: string, token: string): void {
  const [prefix, kept] = [basename(successorOf(path, '')), basename(successorOf(path, token))]
  for (const name of fs.readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && name !== kept) fs.rmSync(join(dirname(path), name), { force: true })
  }
}

function successorOf(path: string, token: string): string {
  return `${path}.after.${token}`
}

/** One that makes no sense, as the failure of a disk may leave it, is that of nobody; so is one with the token of one before it, which would succeed itself. */
function readClaim(file: string, before: readonly Claim[]): Claim | undefined {
  const owner = readOwner(file)
  if (owner !== undefined && before.every(({ token }) => token !== owner.token)) return { ...owner, file }
  const status = fs.lstatSync(file, { throwIfNoEntry: false })
  if (status !== undefined && !status.isFile()) throw new QueueUnreadable({ file, reason: 'it is to be a file of this package' })
  return status && { file, pid: 0, startTime: '', host: '', token: `nobody-${status.ino}` }
}

/** None is longer. */
const longestLock = 4096

function readOwner(path: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(readShortFile(path))
    return isOwner(owner) ? owner : undefined
  } catch {
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, startTime, host, space, token } = value as Partial<Record<keyof Owner, unknown>>
  const isProcess = Number.isSafeInteger(pid) && (pid as number) > 0
  const isPlaced = [startTime, space].every((text) => text === undefined || typeof text === 'string')
  return isProcess && isPlaced && typeof host === 'string' && typeof token === 'string' && /^[\w.-]{1,100}$/.test(token)
}

/** Neither follows a link nor waits for the other end of a pipe. */
function readShortFile(path: string): string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants
  const file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const status = fs.fstatSync(file)
    return status.isFile() && status.size <= longestLock ? fs.readFileSync(file, 'utf8') : ''
  } finally {
    fs.closeSync(file)
  }
}

function isAlive(owner: Claim): boolean {
  if (owner.pid === 0) return false
  if (!isSeen(owner)) return silenceOf(owner.file) < foreignSilenceMilliseconds
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startTime = startTimeOf(owner.pid)
  return startTime === undefined || !owner.startTime || startTime === owner.startTime
}

/** Whether this process would see the other one, if that lives. */
function isSeen({ host, space }: Owner): boolean {
  return host === hostname() && space === pidSpace
}

function silenceOf(path: string): number {
  const modified = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs
  if (modified === undefined) return Number.POSITIVE_INFINITY
  const now = Date.now()
  if (modified > now + foreignSilenceMilliseconds) setTime(path, now)
  return now - modified
}

function setTime(path: string, time: number): void {
  try {
    fs.utimesSync(path, time / 1000, time / 1000)
  } catch {} // it is gone, or somebody else's
}
