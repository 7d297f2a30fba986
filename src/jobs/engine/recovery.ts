import fs from 'node:fs'
import { join } from 'node:path'
import { QueueUnreadable } from '../errors.ts'
import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'
import { type Damage, type JournalRecord, readRecords } from './record_reader.ts'
import { decodeHeader, formatVersion, headerBytes, holdIn, letGo, type Segment, type SegmentHeader } from './segment.ts'

/** What was found on disk. */
export interface Recovered {
  readonly jobs: Map<number, EngineJob>
  readonly segments: Segment[]
  readonly nextSequence: number
  readonly damages: readonly RecoveredDamage[]
}

/** A part of a file that couldn't be read. */
export interface RecoveredDamage extends Damage {
  readonly file: string
  /** Where the bytes were saved; a torn tail of the last segment isn't kept. */
  readonly quarantine: string | undefined
}

/** Reads all segments of a directory, oldest first, and puts together what the jobs' states were.
 *
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when a file is of a format version that this one doesn't know
 */
export function recoverJobs(directory: string): Recovered {
  const names = fs
    .readdirSync(directory)
    .filter((name) => /^\d{8,}\.journal$/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  const state = { jobs: new Map<number, EngineJob>(), segments: [] as Segment[], nextSequence: 1, damages: [] as RecoveredDamage[] }
  names.forEach((name, index) => {
    recoverSegment(directory, name, index === names.length - 1, state)
  })
  for (const job of state.jobs.values()) if (job.state === JobState.active) job.recoveries++
  return { ...state, jobs: inOrder(state.jobs) }
}

/** By age: compaction may have written older jobs again behind younger ones. */
function inOrder(jobs: Map<number, EngineJob>): Map<number, EngineJob> {
  let last = 0
  for (const sequence of jobs.keys()) {
    if (sequence < last) return new Map([...jobs].sort(([a], [b]) => a - b))
    last = sequence
  }
  return jobs
}

type Recovering = { jobs: Map<number, EngineJob>; segments: Segment[]; nextSequence: number; damages: RecoveredDamage[] }

function recoverSegment(directory: string, name: string, isLast: boolean, state: Recovering): void {
  const path = join(directory, name)
  const bytes = fs.readFileSync(path)
  const header = decodeHeader(bytes)
  const damaged = (damage: Damage): void => {
    const isTornTail = damage.tail && isLast
    const quarantine = isTornTail
      ? undefined
      : saveDamage(directory, name, bytes.subarray(damage.offset, damage.offset + damage.bytes), damage)
    if (isTornTail && damage.offset >= headerBytes) fs.truncateSync(path, damage.offset)
    state.damages.push({ ...damage, tail: isTornTail, file: name, quarantine })
  }
  if (header === undefined) {
    damaged({ offset: 0, bytes: bytes.length, tail: bytes.length <= headerBytes })
    fs.rmSync(path)
    return
  }
  if (header.version !== formatVersion) {
    throw new QueueUnreadable({
      file: path,
      reason: `its format is version ${header.version}, this package reads version ${formatVersion}`,
    })
  }
  readSegment(path, bytes, header, state, damaged)
}

function readSegment(path: string, bytes: Buffer, header: SegmentHeader, state: Recovering, damaged: (damage: Damage) => void): void {
  const segment: Segment = { number: header.number, path, salt: header.salt, bytes: bytes.length, live: 0, liveBytes: 0 }
  state.segments.push(segment)
  state.nextSequence = Math.max(state.nextSequence, header.nextSequence)
  readRecords(bytes, headerBytes, header.salt, (record) => apply(record, segment, state), damaged)
}

function apply(record: JournalRecord, segment: Segment, state: Recovering): void {
  if (record.kind === 'put') {
    const { job } = record
    const known = job.sequence < state.nextSequence ? state.jobs.get(job.sequence) : undefined
    if (known !== undefined) letGo(known)
    holdIn(segment, job, record.bytes)
    state.jobs.set(job.sequence, job)
    if (job.sequence >= state.nextSequence) state.nextSequence = job.sequence + 1
    return
  }
  const job = state.jobs.get(record.sequence)
  if (job === undefined) return
  if (record.kind === 'start') {
    if (job.state === JobState.active) job.recoveries++
    job.state = JobState.active
    job.attempts++
    return
  }
  letGo(job)
  state.jobs.delete(record.sequence)
}

function saveDamage(directory: string, name: string, bytes: Buffer, damage: Damage): string {
  const folder = join(directory, 'quarantine')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${name}.${damage.offset}`)
  fs.writeFileSync(file, bytes, { mode: 0o600 })
  return file
}
