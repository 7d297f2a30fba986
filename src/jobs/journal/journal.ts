import fs from 'node:fs'
import { QueueClosed, QueueWriteFailed } from '../errors.ts'
import { Acknowledgements, type Waiter } from './acknowledgements.ts'
import { cutOff } from './cut_off.ts'
import { hasRoomFor } from './free_space.ts'
import { ObsoleteFiles, syncFiles } from './obsolete_files.ts'
import { PreparedSegment } from './prepared_segment.ts'
import { writePieces } from './write_pieces.ts'
import { closeForReading, createSegment, type JournalFormat, type Segment, segmentPath } from './segment.ts'

/** What is journaled. It gathers changes; the journal asks for them when the disk is ready, one batch at a time. */
export interface JournalContents {
  /** Bytes that are gathered; just more than 0 where they are encoded when they are taken. */
  readonly pendingBytes: number
  /** Bytes on disk that a new process would need; undefined where nobody counts. */
  readonly neededBytes: number | undefined
  /** Written to the header of each new file. */
  readonly counter: number
  /** Whether a batch may be taken while the one before isn't stored yet. */
  readonly mayOverlap?: boolean
  /** What is gathered, as frames sealed with a salt.
   * @param segment the file to which it is written
   * @param position where in it */
  take(salt: number, segment: Segment, position: number): readonly Buffer[]
  /** The oldest batch that was taken is on disk. */
  stored(): void
  /** No batch that was taken and not stored could be written, and whoever waited for them is refused. The rest of them is gathered again.
   * @param isCutOff whether none of it is in the file; else what comes next has to say that it doesn't count */
  refused(waiters: readonly Waiter[], isCutOff: boolean): void
  /** Gathers everything once more; each step a portion that takes about a millisecond. What comes after the first step is left out. */
  snapshot(): Iterator<void>
}

/** When what is written counts as stored: on the disk, or handed to the operating system (and synced twice a second). */
export type JournalDurability = 'fsync' | 'interval'

/** What the journal needs to know. */
export interface JournalOptions {
  readonly directory: string
  readonly format: JournalFormat
  readonly durability: JournalDurability
  /** A file that has grown beyond this many bytes is followed by a new one. */
  readonly segmentBytes: number
  /** Everything is written anew when the files hold so many bytes more than twice what is needed. */
  readonly slackBytes: number
  readonly segments: Segment[]
  /** Whether files are made in advance while much is written, see {@link PreparedSegment}. Whoever reads them must expect zeros at their ends. */
  readonly preparesFiles?: boolean | undefined
  /** Whether the directory is still ours. */
  readonly isHeld: () => boolean
  /** Told when a write failed, and with undefined when writing works again. */
  readonly onFailure: (error: Error | undefined) => void
  /** Told when not everything could be gathered for a snapshot, which is tried again. */
  readonly onSnapshotFailure?: ((error: unknown) => void) | undefined
}

/** A batch that is written. */
interface Batch {
  readonly waiters: readonly Waiter[]
  readonly position: number
  bytes: number
  state: 'under way' | 'on disk' | 'failed'
}

/** A batch that has grown so large isn't held back for what else this turn of the loop may bring. */
const promptBytes = 64 * 1024
/** A batch of this size doesn't wait for the one before: the disk takes about as long for two at a time as for one. As long as there are some to be
 * told, of whom each may add something again, it is larger: a few large batches take less than many small ones. */
const overlapBytes = { beforeNone: 32 * 1024, beforeMore: 128 * 1024 } as const
const mostBatches = 2
const retryMilliseconds = 1000
const snapshotRetryMilliseconds = 60_000
const syncIntervalMilliseconds = 500
/** On Linux the file is opened so that a write returns when the data are on disk: the guarantee of write + fdatasync for one call. */
const canWriteThrough = process.platform === 'linux'
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon, setTimeout: runLater, clearTimeout: cancel } = globalThis

/** The append-only log. Whatever is gathered while a write is under way goes to disk with the next one (group commit). Two may be under way, but for the
 * moments when a file or a snapshot begins; whoever waits for the second is told after those of the first. */
export class Journal {
  readonly #contents: JournalContents
  readonly #options: JournalOptions
  readonly #segments: Segment[]
  #file = -1
  #isScheduled = false
  #isClosed = false
  #mustRotate = true
  #waiting: Waiter[] = []
  /** Those that are being written, oldest first. */
  #batches: Batch[] = []
  /** Why one of them couldn't be: none goes to disk until all of them are done. */
  #error: Error | undefined
  readonly #acknowledgements = new Acknowledgements()
  #failure: Error | undefined
  #snapshot: Iterator<void> | undefined
  /** The number of the file in which the snapshot begins. */
  #snapshotSegment = 0
  /** It begins when so many were told: what older files hold is known then to those who gather. */
  #snapshotAfter = 0
  #snapshotBytes = 0
  #noSnapshotBefore = 0
  readonly #obsolete = new ObsoleteFiles()
  /** The next file. */
  #prepared: PreparedSegment | undefined
  #batchesInFile = 0
  /** How many are under way. */
  #writes = 0
  #retryTimer: NodeJS.Timeout | undefined
  #syncTimer: NodeJS.Timeout | undefined

  constructor(contents: JournalContents, options: JournalOptions) {
    this.#contents = contents
    this.#options = options
    this.#segments = options.segments
  }

  /** Something was gathered, for which `waiter` may wait. */
  changed(waiter?: Waiter): void {
    if (this.#isClosed) {
      waiter?.failed(new QueueClosed({}))
      return
    }
    if (waiter !== undefined) this.#waiting.push(waiter)
    if (this.#batches.length > 0) {
      if (!this.#isScheduled && this.#mayOverlap()) this.#schedule()
    } else if (this.#contents.pendingBytes >= promptBytes) this.#write()
    else this.#schedule()
  }

  /** Resolves when all that was gathered so far is on disk.
   * @throws QueueWriteFailed (REGAUGE_QUEUE_WRITE_FAILED) when it couldn't be put there; that is tried again until it can */
  stored(): Promise<void> {
    const isAtRest = this.#batches.length === 0 && this.#contents.pendingBytes === 0 && !this.#acknowledgements.hasMore
    return isAtRest && !this.#isClosed ? Promise.resolve() : new Promise((stored, failed) => this.changed({ stored, failed }))
  }

  /** Gives the file back. Await `stored` before. */
  close(): void {
    this.#prepared?.discard()
    try {
      if (this.#file >= 0 && this.#current.isPrepared) fs.ftruncateSync(this.#file, this.#current.bytes)
      if (this.#file >= 0) fs.fdatasyncSync(this.#file)
      this.#obsolete.finish()
    } finally {
      this.abandon()
    }
  }

  /** Writes nothing more: the directory belongs to another process. Whoever waits is refused. */
  abandon(): void {
    this.#isClosed = true
    this.#prepared?.letGo()
    this.#obsolete.letGo()
    cancel(this.#retryTimer)
    clearInterval(this.#syncTimer)
    this.#acknowledgements.flush()
    const writing = this.#batches.splice(0).flatMap(({ waiters }) => waiters)
    for (const waiter of [...writing, ...this.#waiting.splice(0)]) waiter.failed(new QueueClosed({}))
    // While one is being written to, its descriptor may not become another's.
    if (this.#writes === 0) this.#closeFiles()
  }

  #closeFiles(): void {
    for (const segment of this.#segments) closeForReading(segment)
    this.#file = -1
  }

  get #current(): Segment {
    return this.#segments.at(-1)!
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    runSoon(this.#writeScheduled)
  }

  readonly #writeScheduled = (): void => {
    this.#isScheduled = false
    if (this.#batches.length === 0 || this.#mayOverlap()) this.#write()
  }

  /** Whether what is gathered may be written beside what is being written. */
  #mayOverlap(): boolean {
    if (this.#batches.length >= mostBatches || this.#contents.mayOverlap !== true || this.#error !== undefined) return false
    const enough = this.#acknowledgements.hasMore ? overlapBytes.beforeMore : overlapBytes.beforeNone
    return this.#contents.pendingBytes >= enough && !this.#mustBeAlone
  }

  /** Whether the next batch must wait until those before it are on disk. */
  get #mustBeAlone(): boolean {
    return this.#isRotationDue || this.#snapshotSegment > 0 || !this.#writesThrough
  }

  get #isRotationDue(): boolean {
    if (this.#mustRotate || this.#current.bytes > this.#options.segmentBytes) return true
    return this.#prepared?.isReady === true && !this.#current.isPrepared
  }

  #write(): void {
    cancel(this.#retryTimer)
    if (!this.#isClosed && !this.#options.isHeld()) this.abandon()
    if (this.#isClosed) return
    const waiters = this.#waiting
    this.#waiting = []
    let batch: Batch = { waiters, position: 0, bytes: 0, state: 'under way' }
    let pieces: readonly Buffer[]
    try {
      if (this.#batches.length === 0) this.#prepareFile()
      const last = this.#batches.at(-1)
      batch = { ...batch, position: last === undefined ? this.#current.bytes : last.position + last.bytes }
      pieces = this.#contents.take(this.#current.salt, this.#current, batch.position)
    } catch (error) {
      this.#batches.push(batch)
      this.#fail(batch, error instanceof Error ? error : new Error(String(error)))
      return
    }
    for (const { length } of pieces) batch.bytes += length
    this.#batches.push(batch)
    if (pieces.length === 0) this.#succeed(batch)
    else this.#writePieces(batch, pieces)
  }

  #prepareFile(): void {
    if (this.#isRotationDue) this.#rotate()
    if (this.#acknowledgements.told >= this.#snapshotAfter) this.#gatherSnapshot()
  }

  /** The next portion of a snapshot, when there is one. What it gathered so far is right, also when it can't go on. */
  #gatherSnapshot(): void {
    try {
      if (this.#snapshot?.next().done) this.#snapshot = undefined
    } catch (error) {
      this.#endSnapshot(false)
      this.#options.onSnapshotFailure?.(error)
    }
  }

  #writePieces(batch: Batch, pieces: readonly Buffer[]): void {
    this.#writes++
    const end = (error: Error | null): void => {
      if (error === null) this.#succeed(batch)
      else this.#fail(batch, error)
      if (--this.#writes === 0 && this.#isClosed) this.#closeFiles()
    }
    writePieces(this.#file, pieces, batch.position, (error) => {
      if (error !== null || canWriteThrough || this.#options.durability === 'interval') end(error)
      else fs.fdatasync(this.#file, end)
    })
  }

  /** A batch is on disk; those who wait for it are told when the one before is, too. */
  #succeed(batch: Batch): void {
    batch.state = 'on disk'
    while (this.#batches[0]?.state === 'on disk') this.#store(this.#batches.shift()!)
    if (this.#error !== undefined) this.#refuse(this.#error)
  }

  #store({ waiters, bytes }: Batch): void {
    this.#contents.stored()
    if (this.#isClosed) return
    this.#current.bytes += bytes
    this.#batchesInFile++
    this.#prepareNext()
    if (bytes > 0 || this.#snapshotSegment > 0) this.#compact(waiters.length)
    const { pendingBytes } = this.#contents
    if (this.#batches.length > 0) {
      if (this.#mayOverlap()) this.#schedule()
    } else if (pendingBytes >= promptBytes) this.#write()
    else if (this.#waiting.length > 0 || this.#snapshot !== undefined || pendingBytes > 0) this.#schedule()
    if (this.#failure !== undefined && bytes > 0) this.#options.onFailure((this.#failure = undefined))
    this.#acknowledgements.add(waiters)
  }

  #fail(batch: Batch, error: Error): void {
    batch.state = 'failed'
    if (!canWriteThrough) this.#mustRotate = true // the pages of a failed sync may be lost though later syncs succeed
    this.#error ??= error
    this.#refuse(this.#error)
  }

  /** When nothing is under way any more, whoever waits is told, also for what is on disk behind what isn't. A snapshot begins anew some time. */
  #refuse(error: Error): void {
    if (this.#batches.some(({ state }) => state === 'under way')) return
    const waiters = this.#batches.splice(0).flatMap((batch) => batch.waiters)
    this.#error = undefined
    this.#contents.refused(waiters, this.#cutOff())
    this.#endSnapshot(false)
    const failure = this.#report(error)
    for (const waiter of waiters) waiter.failed(failure)
    if (this.#isClosed) return
    if (this.#waiting.length > 0) this.#schedule()
    else if (this.#contents.pendingBytes > 0) this.#retryTimer = runLater(() => this.#schedule(), retryMilliseconds).unref()
  }

  #report(error: Error): QueueWriteFailed {
    const failure = new QueueWriteFailed({ directory: this.#options.directory, reason: error.message }, { cause: error })
    if (this.#failure === undefined) this.#options.onFailure(failure)
    this.#failure = failure
    return failure
  }

  /** Where what was refused can't be cut off, writing goes on in a new file. */
  #cutOff(): boolean {
    if (this.#file < 0 || this.#isClosed) return true
    const isCutOff = cutOff(this.#file, this.#current.bytes, this.#options.durability === 'fsync')
    if (!isCutOff) this.#mustRotate = true
    return isCutOff
  }

  /** Has the next file made in advance when this one fills up with small batches: a queue with little to do takes no more of the disk than it needs,
   * and for large ones it costs more to write zeros first than is won. */
  #prepareNext(): void {
    if (this.#prepared !== undefined || this.#options.preparesFiles !== true || !this.#writesThrough) return
    const { directory, format, segmentBytes, isHeld } = this.#options
    const { bytes, number } = this.#current
    if (bytes < segmentBytes / 4 || bytes > promptBytes * this.#batchesInFile) return
    const path = segmentPath(directory, format, number + 1)
    this.#prepared = new PreparedSegment({ directory, path, segmentBytes, isHeld })
  }

  get #writesThrough(): boolean {
    return canWriteThrough && this.#options.durability === 'fsync'
  }

  #rotate(): void {
    const { directory, format, durability } = this.#options
    const prepared = this.#prepared?.take()
    this.#prepared = undefined
    const last = this.#segments.at(-1)
    const { segment, file } = createSegment(directory, format, {
      number: (last?.number ?? 0) + 1,
      counter: this.#contents.counter,
      writesThrough: this.#writesThrough,
      prepared,
    })
    if (last?.isPrepared) fs.truncate(last.path, last.bytes, () => {})
    if (this.#file >= 0 && durability === 'interval') syncFiles([last!.path], this.#synced)
    this.#file = file
    segment.file = file
    this.#segments.push(segment)
    this.#batchesInFile = 0
    this.#mustRotate = false
    if (durability === 'interval') this.#syncTimer ??= setInterval(this.#syncNow, syncIntervalMilliseconds).unref()
  }

  readonly #syncNow = (): void => {
    if (this.#file >= 0) fs.fdatasync(this.#file, this.#synced)
  }

  readonly #synced = (error: Error | null): void => {
    if (error === null || this.#isClosed) return
    this.#mustRotate = true // what is in its pages may be lost though later syncs succeed
    this.#report(error)
  }

  /** Begins a snapshot when there is much that nobody needs, and deletes the older files when it is complete. What changes in between
   * doesn't matter: the files from the first one of the snapshot on hold the latest state of everything.
   * @param untold how many have stored something and aren't told yet, beside those that wait for their turn */
  #compact(untold: number): void {
    if (this.#snapshot !== undefined) return
    if (this.#snapshotSegment > 0) this.#endSnapshot(true)
    const needed = this.#contents.neededBytes ?? this.#snapshotBytes
    if (this.#totalBytes <= 2 * needed + this.#options.slackBytes || Date.now() < this.#noSnapshotBefore) return
    this.#noSnapshotBefore = hasRoomFor(this.#options.directory, needed) ? 0 : Date.now() + snapshotRetryMilliseconds
    if (this.#noSnapshotBefore > 0) return
    this.#snapshot = this.#contents.snapshot()
    this.#snapshotSegment = this.#current.number + 1
    this.#snapshotAfter = this.#acknowledgements.total + untold
    for (const { waiters } of this.#batches) this.#snapshotAfter += waiters.length
    this.#mustRotate = true
  }

  #endSnapshot(isComplete: boolean): void {
    this.#snapshot = undefined
    if (isComplete) {
      const older = this.#segments.filter(({ number }) => number < this.#snapshotSegment)
      this.#segments.splice(0, older.length)
      for (const segment of older) closeForReading(segment)
      this.#snapshotBytes = this.#totalBytes
      const unsynced = this.#options.durability === 'interval' ? this.#segments : []
      this.#obsolete.add(older, unsynced.map(pathOf))
    } else if (this.#snapshotSegment > 0) this.#noSnapshotBefore = Date.now() + snapshotRetryMilliseconds
    this.#snapshotSegment = 0
  }

  get #totalBytes(): number {
    return this.#segments.reduce((total, { bytes }) => total + bytes, 0)
  }
}

const pathOf = ({ path }: Segment): string => path
