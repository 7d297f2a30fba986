import fs from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { QueueClosed, QueueWriteFailed } from '../errors.ts'
import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'
import { RecordWriter } from './record_writer.ts'
import { encodeHeader, formatVersion, headerBytes, holdIn, type Segment, segmentFileName } from './segment.ts'

/** When an appended record counts as stored: on the disk, handed to the operating system (synced twice a second), or at once. */
export type Durability = 'fsync' | 'interval' | 'memory'

/** What the journal needs to know. */
export interface JournalOptions {
  readonly directory: string
  readonly durability: 'fsync' | 'interval'
  /** A segment that has grown beyond this many bytes is followed by a new one. */
  readonly segmentBytes: number
  readonly segments: Segment[]
  /** The lowest sequence number not used yet. */
  readonly nextSequence: () => number
  /** Whether the directory is still ours. */
  readonly isHeld: () => boolean
  /** Told when a write failed, and when writing works again. */
  readonly onFailure: (error: Error | undefined) => void
  /** Told after each batch that was stored. */
  readonly onCommit: () => void
}

/** One call that waits for its records, which are dropped when they can't be stored. */
interface Waiter {
  readonly first: number
  readonly count: number
  readonly stored: () => void
  readonly failed: (error: Error) => void
}

class Batch {
  readonly writer = new RecordWriter()
  waiters: Waiter[] = []
  /** The jobs whose whole state it holds, and how long each record is. */
  jobs: EngineJob[] = []
  sizes: number[] = []

  clear(): void {
    this.writer.clear()
    this.waiters = []
    this.jobs = []
    this.sizes = []
  }
}

const retryMilliseconds = 1000
const syncIntervalMilliseconds = 500

/** The append-only log. Whatever is appended while a write is under way goes to disk with the next one (group commit). */
export class Journal {
  readonly segments: Segment[]
  readonly #options: JournalOptions
  #gathering = new Batch()
  #writing = new Batch()
  #isWriting = false
  #isScheduled = false
  #isClosed = false
  #file = -1
  #mustRotate = true
  #failure: Error | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #syncTimer: NodeJS.Timeout | undefined
  #idle: (() => void)[] = []

  constructor(options: JournalOptions) {
    this.#options = options
    this.segments = options.segments
  }

  get current(): Segment {
    return this.segments.at(-1)!
  }

  /** Bytes that no job needs any more. */
  get garbageBytes(): number {
    let sum = 0
    for (const { bytes, liveBytes } of this.segments) sum += bytes - liveBytes
    return sum
  }

  /** Bytes of the records that hold the jobs' states. */
  get liveBytes(): number {
    let sum = 0
    for (const { liveBytes } of this.segments) sum += liveBytes
    return sum
  }

  /** Why the last write failed. */
  get failure(): Error {
    return this.#refusal(this.#failure ?? new Error('not written'))
  }

  /** Appends new jobs; `stored` is called when they are on disk, `failed` when they will not be. */
  add(jobs: readonly EngineJob[], stored: () => void, failed: (error: Error) => void): void {
    if (this.#isClosed) {
      failed(new QueueClosed({}))
      return
    }
    const batch = this.#gathering
    batch.waiters.push({ first: batch.writer.count, count: jobs.length, stored, failed })
    for (const job of jobs) this.#put(job)
    this.#schedule()
  }

  /** Appends the whole state of a job that the journal knows. */
  put(job: EngineJob): void {
    if (this.#isClosed) return
    this.#put(job)
    this.#schedule()
  }

  start(job: EngineJob, time: number): void {
    if (this.#isClosed) return
    this.#gathering.writer.start(job.sequence, time)
    this.#schedule()
  }

  remove(job: EngineJob): void {
    if (this.#isClosed) return
    this.#gathering.writer.remove(job.sequence)
    this.#schedule()
  }

  /** Resolves when all that was appended before is on disk, or can't be put there; answers whether it is. */
  flushed(): Promise<boolean> {
    if (!this.#isWriting && this.#gathering.writer.count === 0) return Promise.resolve(this.#failure === undefined)
    return new Promise((resolve) => {
      this.#idle.push(() => resolve(this.#failure === undefined))
      this.#schedule()
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    await this.flushed()
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
    clearInterval(this.#syncTimer)
    if (this.#file < 0) return
    fs.fdatasyncSync(this.#file)
    fs.closeSync(this.#file)
    this.#file = -1
  }

  /** Writes nothing more: the directory belongs to another process. Whoever waits is refused. */
  abandon(): void {
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
    clearInterval(this.#syncTimer)
  }

  /** Deletes the oldest segment. Only the oldest may go: a younger one may hold the removal of a job that an older one holds. */
  dropOldest(): void {
    const oldest = this.segments.shift()!
    fs.rmSync(oldest.path, { force: true })
  }

  #put(job: EngineJob): void {
    this.#gathering.sizes.push(this.#gathering.writer.put(job))
    this.#gathering.jobs.push(job)
  }

  #schedule(): void {
    if (this.#isWriting || this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(this.#write)
  }

  readonly #write = (): void => {
    this.#isScheduled = false
    if (this.#gathering.writer.count === 0) {
      this.#becomeIdle()
      return
    }
    clearTimeout(this.#retryTimer)
    if (!this.#isClosed && !this.#options.isHeld()) this.abandon()
    this.#isWriting = true
    const batch = this.#gathering
    this.#gathering = this.#writing
    this.#writing = batch
    try {
      if (this.#isClosed) throw new QueueClosed({})
      if (this.#mustRotate || this.current.bytes > this.#options.segmentBytes) this.#rotate()
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    batch.writer.seal(this.current.salt)
    this.#writeFrom(0)
  }

  #writeFrom(offset: number): void {
    const { bytes, length } = this.#writing.writer
    fs.write(this.#file, bytes, offset, length - offset, this.current.bytes + offset, (error, written) => {
      if (error !== null) return this.#fail(error)
      if (offset + written < length) return this.#writeFrom(offset + written)
      if (writesThrough || this.#options.durability === 'interval') return this.#succeed()
      fs.fdatasync(this.#file, (syncError) => {
        if (syncError !== null) this.#fail(syncError, true)
        else this.#succeed()
      })
    })
  }

  #succeed(): void {
    if (this.#isClosed) {
      this.#fail(new QueueClosed({}))
      return
    }
    const batch = this.#writing
    const segment = this.current
    segment.bytes += batch.writer.length
    batch.jobs.forEach((job, index) => {
      if (job.state !== JobState.removed) holdIn(segment, job, batch.sizes[index]!)
    })
    for (const waiter of batch.waiters) waiter.stored()
    batch.clear()
    this.#isWriting = false
    if (this.#failure !== undefined) this.#options.onFailure((this.#failure = undefined))
    this.#options.onCommit()
    if (this.#gathering.writer.count > 0) this.#schedule()
    else this.#becomeIdle()
  }

  /** The calls that wait are refused. What happened to jobs already stored is kept for the next attempt. */
  #fail(error: Error, isSyncFailure = false): void {
    const failed = this.#writing
    const refused = new Set<number>()
    for (const { first, count } of failed.waiters) for (let index = first; index < first + count; index++) refused.add(index)
    const next = this.#gathering
    const kept = new Batch()
    kept.writer.append(failed.writer, refused)
    const carried = kept.writer.count
    kept.writer.append(next.writer, new Set())
    kept.waiters = next.waiters.map((waiter) => ({ ...waiter, first: waiter.first + carried }))
    failed.jobs.forEach((job, index) => {
      if (job.segment === undefined) return
      kept.jobs.push(job)
      kept.sizes.push(failed.sizes[index]!)
    })
    kept.jobs.push(...next.jobs)
    kept.sizes.push(...next.sizes)
    this.#gathering = kept
    this.#writing = new Batch()
    this.#abandonTail(isSyncFailure)
    this.#isWriting = false
    const reason = this.#refusal(error)
    if (this.#failure === undefined) this.#options.onFailure(error)
    this.#failure = error
    for (const waiter of failed.waiters) waiter.failed(reason)
    this.#becomeIdle()
    if (this.#isClosed && kept.waiters.length === 0) return
    if (kept.waiters.length > 0) this.#schedule()
    else if (kept.writer.count > 0) this.#retryTimer = setTimeout(this.#write, retryMilliseconds).unref()
  }

  #refusal(error: Error): QueueWriteFailed {
    return new QueueWriteFailed({ directory: this.#options.directory, reason: error.message }, { cause: error })
  }

  /** Half a batch may be in the file. It is cut off; where that can't be done, or after a failed sync (whose pages may be lost
   * though later syncs succeed), writing goes on in a new segment. */
  #abandonTail(isSyncFailure: boolean): void {
    if (this.#file < 0 || this.#isClosed) return
    try {
      fs.ftruncateSync(this.#file, this.current.bytes)
      if (isSyncFailure) this.#mustRotate = true
    } catch {
      this.#mustRotate = true
    }
  }

  #rotate(): void {
    const number = (this.segments.at(-1)?.number ?? 0) + 1
    const salt = randomBytes(4).readUInt32LE() || 1
    const path = join(this.#options.directory, segmentFileName(number))
    const header = encodeHeader({ version: formatVersion, number, salt, nextSequence: this.#options.nextSequence() })
    const file = fs.openSync(path, openFlags(this.#options.durability), 0o600)
    try {
      fs.writeSync(file, header, 0, headerBytes, 0)
      fs.fsyncSync(file)
      syncDirectory(this.#options.directory)
    } catch (error) {
      fs.closeSync(file)
      fs.rmSync(path, { force: true })
      throw error
    }
    if (this.#file >= 0) fs.closeSync(this.#file)
    this.#file = file
    this.#mustRotate = false
    this.segments.push({ number, path, salt, bytes: headerBytes, live: 0, liveBytes: 0 })
    if (this.#options.durability === 'interval') this.#syncTimer ??= setInterval(this.#syncNow, syncIntervalMilliseconds).unref()
  }

  readonly #syncNow = (): void => {
    if (this.#file >= 0) fs.fdatasync(this.#file, () => {})
  }

  #becomeIdle(): void {
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}

/** On Linux the file is opened so that a write returns when the data are on disk: the guarantee of write + fdatasync for one call. */
const writesThrough = process.platform === 'linux'

function openFlags(durability: 'fsync' | 'interval'): number {
  const { O_CREAT, O_EXCL, O_RDWR, O_DSYNC } = fs.constants
  return O_CREAT | O_EXCL | O_RDWR | (writesThrough && durability === 'fsync' ? O_DSYNC : 0)
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const file = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}
