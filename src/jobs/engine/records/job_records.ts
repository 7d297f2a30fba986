import type { QueueUnreadable } from '../../errors.ts'
import { beginFrame, frameBytes, type JournalContents, sealFrames, type Segment, type Waiter, writeNumber } from '../../journal/index.ts'
import type { AddedNote, RecordPlace } from '../adding/addition.ts'
import type { EngineJob } from '../engine_job.ts'
import type { NewEntry } from '../adding/entries.ts'
import type { JobTable } from '../job_table.ts'
import { jobsInSlices } from '../jobs_in_slices.ts'
import {
  newRecordLimit,
  plainRecordLimit,
  RecordKind,
  removeBytes,
  type RecordTexts,
  rewriteRecord,
  rewrittenLimit,
  sequenceOf,
  startBytes,
  writeNewRecord,
  writePlainRecord,
} from './put_record.ts'
import { RecordMemory } from './record_memory.ts'
import type { RecordBlock } from './record_block.ts'
import { RefusedRecords } from './refused_records.ts'
import { frameFill, lengthBytes, recordBytes, recordsInFrames } from './record_frames.ts'
import type { Slab } from './slab.ts'

/** Some frames one behind the other. */
interface Piece {
  readonly slab: Slab
  readonly from: number
  readonly to: number
}

/** What was taken at once, and where it is written. */
interface Batch {
  readonly pieces: readonly Piece[]
  readonly segment: Segment
  readonly position: number
}

/** A place in what is gathered. */
export interface RecordMark {
  readonly slab: Slab
  readonly from: number
  readonly to: number
  readonly frame: number
  readonly pieces: number
  readonly bytes: number
  readonly written: number
  readonly batches: number
}

/** What needs to be known of the jobs. */
export interface RecordedJobs {
  readonly jobs: JobTable
  readonly nextSequence: () => number
  /** Whether a journal takes the records. Without one they are only what memory holds of the jobs. */
  readonly isJournaled: boolean
  /** Settles what becomes of jobs that could not be read back for a snapshot, which goes on with each step. @throws when they have to be read later */
  readonly settleUnreadable: (jobs: ReadonlyMap<number, QueueUnreadable>) => Iterable<void>
}

/** The records of all jobs, encoded once: the bytes that the journal writes are those that memory keeps. */
export class JobRecords implements JournalContents {
  readonly #known: RecordedJobs
  readonly isJournaled: boolean
  readonly #memory: RecordMemory
  #slab: Slab
  #from = 0
  #to = 0
  /** Where the frame begins that takes the next record; -1 when a new one does. */
  #frame = -1
  #isCreating = false
  /** Whether the records that are written stay in one frame. */
  #isTogether = false
  #gathered: Piece[] = []
  #gatheredBytes = 0
  /** What is being written, oldest first. */
  #taken: Batch[] = []
  #neededBytes = 0
  readonly mayOverlap = true
  /** Bytes written since the process began. */
  appendedBytes = 0
  /** How often what was gathered has been taken. */
  batches = 0
  #written = 0
  /** How often a place to write at became another: a getter among data that are written may add a job, or have what is gathered taken. */
  #moves = 0

  constructor(known: RecordedJobs) {
    this.#known = known
    this.isJournaled = known.isJournaled
    this.#memory = new RecordMemory(known.isJournaled)
    this.#slab = this.#memory.slab
  }

  /** Bytes of records that the jobs need. */
  get neededBytes(): number {
    return this.#neededBytes
  }

  get pendingBytes(): number {
    return this.#gatheredBytes + this.#to - this.#from
  }

  get counter(): number {
    return this.#known.nextSequence()
  }

  /** Writes the record of a new job.
   * @param longest the most characters of JSON that its data may have
   * @returns false when its data can't be written as they are: they must be a text then */
  create(job: EngineJob, texts: RecordTexts, createdAt: number, longest = Number.POSITIVE_INFINITY): boolean {
    const at = this.#begin(newRecordLimit(job, texts))
    const moves = this.#moves
    this.#isCreating = true
    try {
      const end = writeNewRecord(this.#slab, at, job, createdAt, texts, longest)
      if (end < 0 || moves !== this.#moves) return false
      this.#hold(job, at, end)
      return true
    } finally {
      this.#isCreating = false
    }
  }

  /** Writes the record of a new job that is plain.
   * @param runAt in milliseconds since the epoch; 0 is at once
   * @param data JSON text, or a value to be packed
   * @returns where it begins in {@link block}; -1 when its data can't be packed, or there is no room for them: they must be a text then */
  createPlain(sequence: number, runAt: number, entry: NewEntry, data: string | object, createdAt: number, longest: number): number {
    const at = this.#begin(plainRecordLimit(entry, data))
    const moves = this.#moves
    this.#isCreating = true
    try {
      const end = writePlainRecord(this.#slab, at, sequence, runAt, entry, data, createdAt, longest)
      if (end < 0 || moves !== this.#moves) return -1
      this.#end(at, end)
      this.#neededBytes += end - at + lengthBytes
      return at
    } finally {
      this.#isCreating = false
    }
  }

  /** Writes the record of a note.
   * @param text JSON text */
  createNote(note: EngineJob, text: string): void {
    this.create(note, { data: text, customId: undefined, options: undefined }, Date.now())
    this.#slab.block.isReferredTo = true
  }

  /** The block that was written last. */
  get block(): RecordBlock {
    return this.#slab.block
  }

  /** The block that the record of a job is in. */
  blockOf(job: EngineJob): RecordBlock {
    return this.#memory.blockOf(job.bytes)
  }

  /** Keeps the records that `write` writes in one frame: after a crash all of them are there, or none.
   * @param limit the most bytes that they take, each with its length */
  together(limit: number, write: () => void): void {
    if (this.#to + 2 * frameBytes + limit > this.#slab.bytes.length) {
      this.#closePiece()
      this.#slab = this.#memory.replace(2 * frameBytes + limit)
      this.#from = this.#to = 0
      this.#frame = -1
    }
    this.#isTogether = true
    try {
      write()
    } finally {
      this.#isTogether = false
      this.#closeFrame()
    }
  }

  /** Writes the record of a job again, as it is now.
   * @param data JSON text that replaces its data
   * @param details JSON text of its details */
  rewrite(job: EngineJob, data?: string, details = job.details === undefined ? undefined : JSON.stringify(job.details)): void {
    const at = this.#begin(rewrittenLimit(job, recordBytes(job.bytes, job.at), data, details))
    this.#hold(job, at, rewriteRecord(this.#slab, at, job, data, details))
    this.#slab.block.isReferredTo = true
  }

  /** Writes that a job was started. */
  start(job: EngineJob, time: number): void {
    if (!this.isJournaled) return
    const at = this.#begin(startBytes)
    const { bytes, view } = this.#slab
    bytes[at] = RecordKind.start
    view.setFloat64(at + 1, job.sequence, true)
    view.setFloat64(at + 9, time, true)
    this.#end(at, at + startBytes)
  }

  /** Writes that a job is gone. */
  remove(job: EngineJob): void {
    this.letGo(job)
    if (this.isJournaled) this.writeRemoval(job.sequence)
  }

  /** Notes that a job needs the record that begins at `at`, in a file that was read. */
  adopt(bytes: Buffer, at: number): void {
    this.#neededBytes += recordBytes(bytes, at) + lengthBytes
  }

  /** Notes that nobody needs the record of a job any more. */
  letGo(job: RecordPlace): void {
    if (job.at > 0) this.#neededBytes -= recordBytes(job.bytes, job.at) + lengthBytes
  }

  /** Where writing is, to come back to before anything is taken. */
  mark(): RecordMark {
    return {
      slab: this.#slab,
      from: this.#from,
      to: this.#to,
      frame: this.#frame,
      pieces: this.#gathered.length,
      bytes: this.#gatheredBytes,
      written: this.#written,
      batches: this.batches,
    }
  }

  /** Forgets all that was written since a mark, unless there are more than so many records, which are others' then, or some were taken.
   * @returns whether it did */
  rollBack({ slab, from, to, frame, pieces, bytes, written, batches }: RecordMark, own: number): boolean {
    if (this.#written !== written + own || this.batches !== batches) return false
    this.#forgetPieces(pieces)
    this.#memory.comeBackTo(slab)
    this.#slab = slab
    this.#from = from
    this.#to = to
    this.#frame = frame
    this.#gatheredBytes = bytes
    this.#written = written
    return true
  }

  /** A note is again what it was before it was refused, also on disk, where what was refused may be. */
  restore({ job, before, bytes, at }: AddedNote): void {
    if (job.bytes !== bytes || job.at !== at) return
    this.letGo(job)
    job.bytes = before.bytes
    job.at = before.at
    if (job.at === 0) return
    this.#neededBytes += recordBytes(job.bytes, job.at) + lengthBytes
    this.rewrite(job)
  }

  take(salt: number, segment: Segment, position: number): readonly Buffer[] {
    this.#closePiece()
    this.batches++
    const pieces = this.#gathered
    this.#taken.push({ pieces, segment, position })
    this.#gathered = []
    this.#gatheredBytes = 0
    return pieces.map(({ slab: { bytes }, from, to }) => {
      sealFrames(bytes, from, to, salt)
      return bytes.subarray(from, to)
    })
  }

  stored(): void {
    const { pieces, segment, position } = this.#taken.shift()!
    let end = position
    for (const { slab, from, to } of pieces) {
      slab.block.stored(from, to, segment, end)
      slab.block.unsettled--
      end += to - from
    }
    this.#memory.release()
  }

  refused(waiters: readonly Waiter[], isCutOff: boolean): void {
    this.#closePiece()
    const failed = this.#taken.length > 0 ? this.#taken.flatMap(({ pieces }) => pieces) : this.#gathered
    const later = this.#taken.length > 0 ? this.#gathered : []
    const refused = new RefusedRecords(waiters)
    this.#taken = []
    this.#gathered = []
    this.#gatheredBytes = 0
    for (const { slab, from, to } of failed) {
      const { bytes } = slab
      slab.block.unsettled--
      for (const at of recordsInFrames(bytes, from, to)) {
        if (!refused.has(bytes, at)) this.#repeat(bytes, at)
        else if (!isCutOff) this.writeRemoval(sequenceOf(bytes, at))
      }
    }
    this.#closePiece()
    this.#gathered.push(...later)
    for (const { from, to } of later) this.#gatheredBytes += to - from
  }

  *snapshot(): Generator<void, void> {
    const unreadable = new Map<number, QueueUnreadable>()
    for (const jobs of jobsInSlices(this.#known.jobs, unreadable)) {
      for (const job of jobs) if (job.at > 0) this.renew(job)
      yield
    }
    yield* this.#known.settleUnreadable(unreadable)
  }

  /** Writes the record of a job again that may sleep. */
  renew(job: EngineJob): void {
    this.rewrite(job)
    this.#known.jobs.moved(job, this.#slab.block)
  }

  /** Writes that a job which is in what was written before doesn't count. */
  writeRemoval(sequence: number): void {
    const at = this.#begin(removeBytes)
    const { bytes, view } = this.#slab
    bytes[at] = RecordKind.remove
    view.setFloat64(at + 1, sequence, true)
    this.#end(at, at + removeBytes)
  }

  /** Gathers a record again. */
  #repeat(bytes: Buffer, start: number): void {
    const length = recordBytes(bytes, start)
    const at = this.#begin(length)
    bytes.copy(this.#slab.bytes, at, start, start + length)
    this.#end(at, at + length)
    const job = bytes[start] === RecordKind.put ? this.#known.jobs.peek(sequenceOf(bytes, start)) : undefined
    if (job?.bytes !== bytes || job.at !== start) return
    job.bytes = this.#slab.bytes
    job.at = at
    this.#slab.block.isReferredTo = true
    this.#known.jobs.moved(job, this.#slab.block)
  }

  #hold(job: EngineJob, at: number, end: number): void {
    this.letGo(job)
    this.#end(at, end)
    job.bytes = this.#slab.bytes
    job.at = at
    this.#neededBytes += end - at + lengthBytes
  }

  /** Makes room for a record of so many bytes at most.
   * @returns where it begins */
  #begin(limit: number): number {
    if (this.#to + frameBytes + lengthBytes + limit > this.#slab.bytes.length || this.#isCreating) {
      this.#closePiece()
      this.#slab = this.#memory.replace(frameBytes + lengthBytes + limit)
      this.#from = this.#to = 0
      this.#frame = -1
    }
    return this.#to + (this.#frame < 0 ? frameBytes : 0) + lengthBytes
  }

  #end(at: number, end: number): void {
    if (this.#frame < 0) this.#frame = this.#to
    writeNumber(this.#slab.bytes, at - lengthBytes, end - at)
    this.appendedBytes += end - this.#to
    this.#written++
    this.#to = end
    if (!this.isJournaled) this.#from = end
    if (end - this.#frame >= frameFill && !this.#isTogether) this.#closeFrame()
  }

  #closeFrame(): void {
    if (this.#frame < 0) return
    beginFrame(this.#slab.bytes, this.#frame, this.#to - this.#frame - frameBytes)
    this.#frame = -1
  }

  #closePiece(): void {
    const [from, to] = [this.#from, this.#to]
    this.#moves++
    if (from === to) return
    this.#closeFrame()
    this.#gathered.push({ slab: this.#slab, from, to })
    this.#slab.block.unsettled++
    this.#gatheredBytes += to - from
    this.#from = to
  }

  /** Forgets what was gathered behind so many pieces. */
  #forgetPieces(count: number): void {
    this.#closePiece()
    for (const { slab } of this.#gathered.splice(count)) slab.block.unsettled--
  }
}
