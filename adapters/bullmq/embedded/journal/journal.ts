import fs from 'node:fs'
import { QueueClosed, QueueWriteFailed } from '../../../../src/jobs/errors.ts'
import type { Changes, Store } from '../state/store.ts'
import { encodeChanges } from './batch.ts'
import { encodeFrame } from './frames.ts'
import { createSegment, type Segment } from './segments.ts'
import { Snapshot } from './snapshot.ts'

/** What the journal needs to know. */
export interface JournalOptions {
  readonly directory: string
  /** 'fsync': what is stored is on the disk; 'interval': it is with the operating system, and on the disk twice a second. */
  readonly durability: 'fsync' | 'interval'
  /** Files that have grown by so many bytes beyond what is still needed are written anew. */
  readonly slackBytes: number
  readonly segments: Segment[]
  /** Whether the directory is still ours. */
  readonly isHeld: () => boolean
  /** Told when a write failed. */
  readonly onFailure: (error: Error) => void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

const retryMilliseconds = 1000
const syncIntervalMilliseconds = 500
/** On Linux the file is opened so that a write returns when the data are on disk. */
const canWriteThrough = process.platform === 'linux'
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon, setTimeout: runLater, clearTimeout: cancel } = globalThis

/** Writes the changes of a store behind it: what happens while one write is under way goes to disk together with the next. */
export class Journal {
  readonly #store: Store
  readonly #options: JournalOptions
  readonly #segments: Segment[]
  #file = -1
  #isScheduled = false
  #isWriting = false
  #isClosed = false
  #mustRotate = true
  /** What is being written, until it is. */
  #changes: Changes | undefined
  #waiting: Waiter[] = []
  #writing: Waiter[] = []
  #snapshot: Snapshot | undefined
  #snapshotBytes = 0
  #retryTimer: NodeJS.Timeout | undefined
  #syncTimer: NodeJS.Timeout | undefined

  constructor(store: Store, options: JournalOptions) {
    this.#store = store
    this.#options = options
    this.#segments = options.segments
  }

  /** Something has changed. */
  schedule(): void {
    if (this.#isScheduled || this.#isWriting || this.#isClosed) return
    this.#isScheduled = true
    runSoon(this.#write)
  }

  /** Resolves when all that has changed so far is stored.
   * @throws QueueWriteFailed (REGAUGE_QUEUE_WRITE_FAILED) when it couldn't be; writing is tried again until it can */
  stored(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new QueueClosed({}))
    if (!this.#isScheduled && !this.#isWriting && !this.#store.hasChanges) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.schedule()
    })
  }

  /** Gives the file back. Await `stored` before. */
  close(): void {
    this.abandon()
    if (this.#file < 0) return
    fs.fdatasyncSync(this.#file)
    fs.closeSync(this.#file)
    this.#file = -1
  }

  /** Writes nothing more: the directory belongs to another process. */
  abandon(): void {
    this.#isClosed = true
    cancel(this.#retryTimer)
    clearInterval(this.#syncTimer)
    const waiting = [...this.#writing.splice(0), ...this.#waiting.splice(0)]
    for (const { reject } of waiting) reject(new QueueClosed({}))
  }

  get #current(): Segment {
    return this.#segments.at(-1)!
  }

  readonly #write = (): void => {
    this.#isScheduled = false
    cancel(this.#retryTimer)
    if (!this.#isClosed && !this.#options.isHeld()) this.abandon()
    if (this.#isClosed) return
    this.#isWriting = true
    this.#writing = this.#waiting
    this.#waiting = []
    try {
      if (this.#mustRotate) this.#rotate()
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#changes = this.#store.takeChanges()
    const entries = encodeChanges(this.#changes)
    if (this.#snapshot !== undefined) entries.push(...this.#snapshot.next())
    if (entries.length === 0) this.#succeed(0)
    else this.#writeFrame(encodeFrame(`[${entries.join(',\n')}]`, this.#current.salt), 0)
  }

  #writeFrame(frame: Buffer, offset: number): void {
    fs.write(this.#file, frame, offset, frame.length - offset, this.#current.bytes + offset, (error, written) => {
      if (error !== null) return this.#fail(error)
      if (offset + written < frame.length) return this.#writeFrame(frame, offset + written)
      if (canWriteThrough || this.#options.durability === 'interval') return this.#succeed(frame.length)
      fs.fdatasync(this.#file, (syncError) => {
        if (syncError === null) return this.#succeed(frame.length)
        this.#mustRotate = true
        this.#fail(syncError)
      })
    })
  }

  #succeed(bytes: number): void {
    if (this.#changes !== undefined) this.#store.confirmChanges(this.#changes)
    this.#changes = undefined
    if (this.#isClosed) return
    this.#current.bytes += bytes
    this.#isWriting = false
    for (const { resolve } of this.#writing.splice(0)) resolve()
    if (bytes > 0) this.#compact(bytes)
    if (this.#waiting.length > 0 || this.#snapshot !== undefined || this.#store.hasChanges) this.schedule()
  }

  /** Whoever waits is told. What has changed is kept for the next attempt; a snapshot begins anew some time. */
  #fail(error: Error): void {
    const { directory } = this.#options
    if (this.#changes !== undefined) this.#store.restoreChanges(this.#changes)
    this.#changes = undefined
    this.#snapshot = undefined
    const failure = new QueueWriteFailed({ directory, reason: error.message }, { cause: error })
    this.#isWriting = false
    this.#cutOff()
    for (const { reject } of this.#writing.splice(0)) reject(failure)
    this.#options.onFailure(failure)
    this.#retryTimer = runLater(() => this.schedule(), retryMilliseconds).unref()
  }

  /** Half a frame may be in the file. */
  #cutOff(): void {
    if (this.#file < 0) return
    try {
      fs.ftruncateSync(this.#file, this.#current.bytes)
    } catch {
      this.#mustRotate = true
    }
  }

  #rotate(): void {
    const number = (this.#segments.at(-1)?.number ?? 0) + 1
    const isThrough = canWriteThrough && this.#options.durability === 'fsync'
    const { segment, file } = createSegment(this.#options.directory, number, isThrough)
    if (this.#file >= 0) fs.closeSync(this.#file)
    this.#file = file
    this.#segments.push(segment)
    this.#mustRotate = false
    if (this.#options.durability === 'interval') this.#syncTimer ??= setInterval(this.#syncNow, syncIntervalMilliseconds).unref()
  }

  readonly #syncNow = (): void => {
    if (this.#file >= 0) fs.fdatasync(this.#file, () => {})
  }

  /** Begins a snapshot when there is much that nobody needs, and deletes the older files when it is complete. */
  #compact(written: number): void {
    if (this.#snapshot === undefined) {
      const total = this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
      if (total <= 2 * this.#snapshotBytes + this.#options.slackBytes) return
      this.#snapshot = new Snapshot(this.#store, this.#current.number + 1)
      this.#mustRotate = true
      return
    }
    this.#snapshotBytes += written
    if (!this.#snapshot.isComplete) return
    const { firstSegment } = this.#snapshot
    this.#snapshot = undefined
    while (this.#segments[0]!.number < firstSegment) fs.rmSync(this.#segments.shift()!.path, { force: true })
    this.#snapshotBytes = this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}
