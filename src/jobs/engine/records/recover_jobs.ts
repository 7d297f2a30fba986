import { type Damage, frameBytes, type JournalFormat, recoverSegments, type Segment, writeNumber } from '../../journal/index.ts'
import type { EngineJob } from '../engine_job.ts'
import type { JobRecords } from './job_records.ts'
import type { JobTable } from '../job_table.ts'
import { JobState } from '../job_state.ts'
import { isSequence, isWholeRecord, maySleep, RecordKind, sequenceOf } from './put_record.ts'
import { areRecords, isSilent, lengthBytes, recordsIn } from './record_frames.ts'
import { type RecoveredPart, RecoveredRecords } from './recovered_records.ts'
import { restoreJob } from './restore_job.ts'

/** The journal of the job queue. */
export const jobJournal: JournalFormat = { magic: 'RGJOBS\r\n', version: 3, oldestVersion: 1, extension: 'journal' }

/** What was found on disk. */
export interface RecoveredJobs {
  readonly segments: Segment[]
  readonly nextSequence: number
  readonly damages: readonly Damage[]
}

/** Reads all segments of a directory, oldest first, and puts together what the jobs' states were.
 *
 * @param jobs takes them
 * @param records keeps their records
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when a file is of a format version that this one doesn't know
 */
export function recoverJobs(directory: string, jobs: JobTable, records: JobRecords): RecoveredJobs {
  const reader = new JobReader(jobs, records)
  const { segments, damages, counter, readBytes } = recoverSegments(directory, jobJournal, reader)
  for (const job of jobs.awake()) if (job.state === JobState.active) job.recoveries++
  reader.recovered.letGo(jobs, segments, readBytes)
  return { segments, damages, nextSequence: Math.max(reader.nextSequence, isSequence(counter) ? counter : 1) }
}

class JobReader {
  readonly #jobs: JobTable
  readonly #records: JobRecords
  readonly recovered = new RecoveredRecords()
  #copied: { readonly file: Buffer; readonly copy: Buffer } | undefined
  readonly mayHaveGaps = true
  nextSequence = 1

  constructor(jobs: JobTable, records: JobRecords) {
    this.#jobs = jobs
    this.#records = records
  }

  read(file: Buffer, start: number, end: number, version: number): boolean {
    if (isSilent(file, start, end)) return true
    if (version > 1) return this.#readFrame(file, start, end, true)
    // In version 1 a frame held one record; where its checksum was is room for what stands before a record now.
    const bytes = this.#copyOf(file)
    writeNumber(bytes, start - lengthBytes, end - start)
    return this.#readFrame(bytes, start - lengthBytes, end, false)
  }

  #readFrame(bytes: Buffer, from: number, end: number, isStored: boolean): boolean {
    if (!areRecords(bytes, from, end, (at, recordEnd) => isWholeRecord(bytes, at, recordEnd))) return false
    const part = this.recovered.partOf(bytes, from - frameBytes, end, isStored)
    let isUnderstood = true
    for (const at of recordsIn(bytes, from, end)) if (!this.#read(bytes, at, part)) isUnderstood = false
    return isUnderstood
  }

  /** @returns false for the record of a job that can't be made of it */
  #read(bytes: Buffer, start: number, part: RecoveredPart): boolean {
    const kind = bytes[start]
    if (kind === RecordKind.put) return this.#put(bytes, start, part)
    if (kind === RecordKind.start) this.#start(bytes.readDoubleLE(start + 1))
    else if (kind === RecordKind.remove) this.#remove(bytes.readDoubleLE(start + 1))
    return true
  }

  #put(bytes: Buffer, start: number, { block, from }: RecoveredPart): boolean {
    const sequence = sequenceOf(bytes, start)
    const isAsleep = maySleep(bytes, start)
    const job = isAsleep ? undefined : restored(bytes, start)
    if (!isAsleep && job === undefined) return false
    const known = sequence < this.nextSequence ? this.#jobs.peek(sequence) : undefined
    if (known !== undefined) this.#records.letGo(known)
    if (job === undefined) this.#jobs.sleep(sequence, block, start - from)
    else this.#jobs.set(job)
    this.#records.adopt(bytes, start)
    if (sequence >= this.nextSequence) this.nextSequence = sequence + 1
    return true
  }

  /** The file that is read may turn out to be corrupt, and is saved as it is then. */
  #copyOf(file: Buffer): Buffer {
    if (this.#copied?.file !== file) this.#copied = { file, copy: Buffer.from(file) }
    return this.#copied.copy
  }

  #start(sequence: number): void {
    const job = this.#jobs.get(sequence)
    if (job === undefined) return
    if (job.state === JobState.active) job.recoveries++
    job.state = JobState.active
    job.attempts++
  }

  #remove(sequence: number): void {
    const job = this.#jobs.peek(sequence)
    if (job === undefined) return
    this.#records.letGo(job)
    this.#jobs.delete(sequence)
  }
}

/** The job of a record; undefined when the texts that the engine itself reads are no JSON objects. */
function restored(bytes: Buffer, start: number): EngineJob | undefined {
  try {
    const job = restoreJob(bytes, start)
    const note: unknown = job.state === JobState.note ? job.data : undefined
    return [job.details, job.constraints, note].every((read) => read === undefined || isObject(read)) ? job : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
