import type { EngineJob } from '../engine_job.ts'
import type { NewEntry } from '../adding/entries.ts'
import { JobState } from '../job_state.ts'
import { packData } from './packed_data.ts'
import type { Slab } from './slab.ts'
import { unpackData } from './unpacked_data.ts'
import { writeNames, writeText } from './written_names.ts'

/** Kinds of journal records: the first byte of each. One of nothing stands where something wasn't written. */
export const RecordKind = { nothing: 0, put: 1, start: 2, remove: 3 } as const

/** How long the records are that have no texts. */
export const startBytes = 17
export const removeBytes = 9

/** The texts of a job's record that aren't among its fields. */
export interface RecordTexts {
  /** JSON text, or a value to be packed. */
  readonly data: string | object
  readonly customId: string | undefined
  /** JSON text of its constraints, when it has any. */
  readonly options: string | undefined
}

/** Which of the optional texts a `put` record carries, and whether its data are packed instead of JSON text. */
const PutFlag = { customId: 1, options: 2, details: 4, packed: 8 } as const
/** Where what stands in a `put` record before its texts is: kind, flags, state, recoveries, then numbers. */
const offsets = { flags: 1, state: 2, recoveries: 3, sequence: 4, createdAt: 12, runAt: 20, priority: 28, attempts: 32, texts: 36 } as const

/** The most bytes that the record of a new job can take; of data that aren't a text yet, the least. */
export function newRecordLimit(job: EngineJob, { data, customId, options }: RecordTexts): number {
  const names = job.queue.length + job.name.length + (customId?.length ?? 0) + (options?.length ?? 0)
  return offsets.texts + 24 + names * 3 + (typeof data === 'string' ? textLimit(data) : 2)
}

/** Writes the record of a new job.
 * @param longest the most bytes that its data may take
 * @returns where it ends, or -1 when its data can't be written as they are, or there is no room for them: they must be a text then */
export function writeNewRecord(slab: Slab, at: number, job: EngineJob, createdAt: number, texts: RecordTexts, longest: number): number {
  const { data, customId, options } = texts
  const isText = typeof data === 'string'
  const optional = (customId === undefined ? 0 : PutFlag.customId) | (options === undefined ? 0 : PutFlag.options)
  const flags = isText ? optional : optional | PutFlag.packed
  writeFields(slab, at, job, flags)
  slab.view.setFloat64(at + offsets.createdAt, createdAt, true)
  let end = writeText(slab, job.queue, at + offsets.texts)
  end = writeText(slab, job.name, end)
  const start = end
  end = isText ? writeText(slab, data, end) : writePacked(slab, data, end)
  if (end < 0 || end - start - 4 > longest) return -1
  // What stands behind data that aren't a text wasn't counted with them.
  const behind = isText ? 0 : 8 + ((customId?.length ?? 0) + (options?.length ?? 0)) * 3
  if (end + behind > slab.bytes.length) return -1
  if (customId !== undefined) end = writeText(slab, customId, end)
  if (options !== undefined) end = writeText(slab, options, end)
  return end
}

/** The most bytes that the record of a plain job can take; of data that aren't a text yet, the least. */
export function plainRecordLimit({ queue, name }: NewEntry, data: string | object): number {
  return offsets.texts + 12 + (queue.length + name.length) * 3 + (typeof data === 'string' ? textLimit(data) : 2)
}

/** Writes the record of a new job that is plain, see `isPlain`.
 * @param data JSON text, or a value to be packed
 * @param longest the most bytes that its data may take
 * @returns as {@link writeNewRecord} */
export function writePlainRecord(
  slab: Slab,
  at: number,
  sequence: number,
  runAt: number,
  { queue, name }: NewEntry,
  data: string | object,
  createdAt: number,
  longest: number,
): number {
  const { view } = slab
  const isText = typeof data === 'string'
  // Recoveries, priority and attempts are 0.
  const flags = isText ? 0 : PutFlag.packed
  view.setInt32(
    at,
    RecordKind.put | (flags << (8 * offsets.flags)) | ((runAt === 0 ? JobState.waiting : JobState.delayed) << (8 * offsets.state)),
    true,
  )
  view.setFloat64(at + offsets.sequence, sequence, true)
  view.setFloat64(at + offsets.createdAt, createdAt, true)
  view.setFloat64(at + offsets.runAt, runAt, true)
  view.setFloat64(at + offsets.priority, 0, true)
  const start = writeNames(slab, at + offsets.texts, queue, name)
  const end = isText ? writeText(slab, data, start) : writePacked(slab, data, start)
  return end < 0 || end - start - 4 > longest ? -1 : end
}

/** The most bytes that the record of a job can take when it is written again. */
export function rewrittenLimit(job: EngineJob, bodyBytes: number, data: string | undefined, details: string | undefined): number {
  return bodyBytes + 24 + job.queue.length * 3 + (data === undefined ? 0 : Buffer.byteLength(data)) + (details?.length ?? 0) * 3
}

/** Writes a job's record again, as it is now: what isn't among its fields is copied.
 * @returns where it ends */
export function rewriteRecord(slab: Slab, at: number, job: EngineJob, data: string | undefined, details: string | undefined): number {
  const { bytes } = slab
  const from = job.bytes
  const before = from[job.at + offsets.flags]!
  const kept = PutFlag.customId | PutFlag.options | (data === undefined ? PutFlag.packed : 0)
  const flags = (before & kept) | (details === undefined ? 0 : PutFlag.details)
  writeFields(slab, at, job, flags)
  slab.view.setFloat64(at + offsets.createdAt, createdAtOf(from, job.at), true)
  const nameStart = textEnd(from, job.at + offsets.texts)
  const dataStart = textEnd(from, nameStart)
  const dataEnd = textEnd(from, dataStart)
  let optionalEnd = dataEnd
  if (before & PutFlag.customId) optionalEnd = textEnd(from, optionalEnd)
  if (before & PutFlag.options) optionalEnd = textEnd(from, optionalEnd)
  let end = writeText(slab, job.queue, at + offsets.texts)
  if (data === undefined) end += from.copy(bytes, end, nameStart, optionalEnd)
  else {
    end += from.copy(bytes, end, nameStart, dataStart)
    end = writeText(slab, data, end)
    end += from.copy(bytes, end, dataEnd, optionalEnd)
  }
  return details === undefined ? end : writeText(slab, details, end)
}

/** What a `put` record says beside the job's fields. */
export interface PutRecord {
  readonly sequence: number
  readonly priority: number
  readonly runAt: number
  readonly state: number
  readonly recoveries: number
  readonly attempts: number
}

export function fieldsOf(bytes: Buffer, at: number): PutRecord {
  return {
    sequence: bytes.readDoubleLE(at + offsets.sequence),
    priority: bytes.readInt32LE(at + offsets.priority),
    runAt: bytes.readDoubleLE(at + offsets.runAt),
    state: bytes[at + offsets.state]!,
    recoveries: bytes[at + offsets.recoveries]!,
    attempts: bytes.readUInt32LE(at + offsets.attempts),
  }
}

/** The sequence number of the job of a `put` record. */
export function sequenceOf(bytes: Buffer, at: number): number {
  return bytes.readDoubleLE(at + offsets.sequence)
}

/** The state of the job of a `put` record. */
export function stateOf(bytes: Buffer, at: number): number {
  return bytes[at + offsets.state]!
}

/** When the job of a `put` record may run. */
export function runAtOf(bytes: Buffer, at: number): number {
  return bytes.readDoubleLE(at + offsets.runAt)
}

/** Whether a job has nothing that must be known before its turn or its time comes, for which it waits, and its `put` record says how it is.
 * @param state the job's, when it is more than its record */
export function maySleep(bytes: Buffer, at: number, state: number = bytes[at + offsets.state]!): boolean {
  if (bytes[at + offsets.state] !== state || (bytes[at + offsets.flags]! & ~PutFlag.packed) !== 0 || bytes[at + offsets.recoveries] !== 0)
    return false
  return state === JobState.delayed || (state === JobState.waiting && bytes.readInt32LE(at + offsets.priority) === 0)
}

/** Whether the `put` record of a job begins somewhere. */
export function isRecordOf(bytes: Buffer, at: number, sequence: number): boolean {
  return at + offsets.texts <= bytes.length && bytes[at] === RecordKind.put && sequenceOf(bytes, at) === sequence
}

export function createdAtOf(bytes: Buffer, at: number): number {
  return bytes.readDoubleLE(at + offsets.createdAt)
}

/** Where the names are: the queue's, then the class's. */
export function namesOf(bytes: Buffer, at: number): { queue: number; name: number; data: number } {
  const queue = at + offsets.texts
  const name = textEnd(bytes, queue)
  return { queue, name, data: textEnd(bytes, name) }
}

/** The data of a job. @throws SyntaxError when they can't be read */
export function dataOf(bytes: Buffer, at: number): unknown {
  const { data } = namesOf(bytes, at)
  return isPacked(bytes, at) ? unpackData(bytes, data + 4, textEnd(bytes, data)) : JSON.parse(readText(bytes, data))
}

/** Whether the data of a job are MessagePack; else they are JSON text. */
export function isPacked(bytes: Buffer, at: number): boolean {
  return (bytes[at + offsets.flags]! & PutFlag.packed) !== 0
}

export function customIdOf(bytes: Buffer, at: number): string | undefined {
  if (at === 0 || (bytes[at + offsets.flags]! & PutFlag.customId) === 0) return undefined
  return readText(bytes, textEnd(bytes, namesOf(bytes, at).data))
}

/** JSON texts of the constraints and the details of a job, where it has some. */
export function rareTextsOf(bytes: Buffer, at: number): { options: string | undefined; details: string | undefined } | undefined {
  const flags = bytes[at + offsets.flags]!
  if ((flags & (PutFlag.options | PutFlag.details)) === 0) return undefined
  let next = textEnd(bytes, namesOf(bytes, at).data)
  if (flags & PutFlag.customId) next = textEnd(bytes, next)
  const options = flags & PutFlag.options ? readText(bytes, next) : undefined
  if (flags & PutFlag.options) next = textEnd(bytes, next)
  return { options, details: flags & PutFlag.details ? readText(bytes, next) : undefined }
}

/** Whether a record ends where all that belongs to one of its kind does, and says what one may say. */
export function isWholeRecord(bytes: Buffer, at: number, end: number): boolean {
  const kind = bytes[at]
  if (kind === RecordKind.start) return end - at === startBytes && isSequence(bytes.readDoubleLE(at + 1))
  if (kind === RecordKind.remove) return end - at === removeBytes && isSequence(bytes.readDoubleLE(at + 1))
  if (kind !== RecordKind.put || end - at < offsets.texts || !hasSense(bytes, at)) return false
  const flags = bytes[at + offsets.flags]!
  let next = at + offsets.texts
  const texts = 3 + (flags & 1) + ((flags >> 1) & 1) + ((flags >> 2) & 1)
  for (let index = 0; index < texts; index++) {
    if (next + 4 > end) return false
    next = textEnd(bytes, next)
  }
  return next === end
}

function hasSense(bytes: Buffer, at: number): boolean {
  const isTimed = Number.isFinite(createdAtOf(bytes, at)) && Number.isFinite(runAtOf(bytes, at))
  return isTimed && isSequence(sequenceOf(bytes, at)) && stateOf(bytes, at) <= JobState.note
}

/** Jobs are numbered from 1, and never come so far. */
const mostSequence = 2 ** 52

/** Whether a number may be that of a job. */
export function isSequence(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number < mostSequence
}

/** Reads a text: its length in bytes, then UTF-8. */
export function readText(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 4, textEnd(bytes, at))
}

function textEnd(bytes: Buffer, at: number): number {
  return at + 4 + bytes.readUInt32LE(at)
}

function writeFields({ bytes, view }: Slab, at: number, job: EngineJob, flags: number): void {
  bytes[at] = RecordKind.put
  bytes[at + offsets.flags] = flags
  bytes[at + offsets.state] = job.state
  bytes[at + offsets.recoveries] = Math.min(job.recoveries, 255)
  view.setFloat64(at + offsets.sequence, job.sequence, true)
  view.setFloat64(at + offsets.runAt, job.runAt, true)
  view.setInt32(at + offsets.priority, job.priority, true)
  view.setUint32(at + offsets.attempts, job.attempts, true)
}

function writePacked(slab: Slab, data: object, at: number): number {
  const end = packData(slab, at + 4, data)
  if (end >= 0) slab.view.setUint32(at, end - at - 4, true)
  return end
}

function textLimit(text: string): number {
  return text.length < 8192 ? text.length * 3 : Buffer.byteLength(text)
}
