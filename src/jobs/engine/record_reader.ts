import { crc32 } from 'node:zlib'
import { EngineJob, type JobDetails } from './engine_job.ts'
import type { JobStateCode } from './job_state.ts'
import { frameBytes, frameMagic, maxBodyBytes, PutFlag, RecordKind } from './record_writer.ts'

/** One record of the journal, decoded. */
export type JournalRecord =
  | { readonly kind: 'put'; readonly job: EngineJob; readonly bytes: number }
  | { readonly kind: 'start'; readonly sequence: number; readonly time: number }
  | { readonly kind: 'remove'; readonly sequence: number }

/** Where reading a segment went wrong. */
export interface Damage {
  readonly offset: number
  readonly bytes: number
  /** Nothing readable follows: the end of the file, as a crash leaves it. */
  readonly tail: boolean
}

/** Reads the records of one segment in order, handing each to `visit`; what can't be read is handed to `damaged`.
 *
 * A record whose checksum is wrong is passed over; when its length can't be trusted either, the next place where a record with a right
 * checksum begins is looked for.
 *
 * @param bytes the whole file
 * @param offset where the first record begins
 */
export function readRecords(
  bytes: Buffer,
  offset: number,
  salt: number,
  visit: (record: JournalRecord) => void,
  damaged: (damage: Damage) => void,
): void {
  let at = offset
  while (at < bytes.length) {
    const end = recordEnd(bytes, at, salt)
    const record = end === undefined ? undefined : decodeBody(bytes, at + frameBytes, end)
    if (end !== undefined && record !== undefined) {
      visit(record)
      at = end
      continue
    }
    const next = nextRecord(bytes, at + 1, salt)
    damaged({ offset: at, bytes: (next ?? bytes.length) - at, tail: next === undefined })
    at = next ?? bytes.length
  }
}

function recordEnd(bytes: Buffer, at: number, salt: number): number | undefined {
  if (at + frameBytes > bytes.length || bytes.readUInt16LE(at) !== frameMagic) return undefined
  const length = bytes.readUInt32LE(at + 2)
  const end = at + frameBytes + length
  if (length === 0 || length > maxBodyBytes || end > bytes.length) return undefined
  return crc32(bytes.subarray(at + frameBytes, end), salt) === bytes.readUInt32LE(at + 6) ? end : undefined
}

function nextRecord(bytes: Buffer, from: number, salt: number): number | undefined {
  const mark = Buffer.from([frameMagic & 255, frameMagic >> 8])
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    if (recordEnd(bytes, at, salt) !== undefined) return at
  }
  return undefined
}

function decodeBody(bytes: Buffer, at: number, end: number): JournalRecord | undefined {
  const kind = bytes[at]
  if (kind === RecordKind.put) return { kind: 'put', job: decodePut(bytes, at, end), bytes: end - at + frameBytes }
  if (kind === RecordKind.start) return { kind: 'start', sequence: bytes.readDoubleLE(at + 1), time: bytes.readDoubleLE(at + 9) }
  if (kind === RecordKind.remove) return { kind: 'remove', sequence: bytes.readDoubleLE(at + 1) }
  return undefined
}

/** Queue and class names repeat: one string for all jobs that carry it. */
const interned = new Map<string, string>()

function intern(text: string): string {
  const known = interned.get(text)
  if (known !== undefined) return known
  if (interned.size < 10_000) interned.set(text, text)
  return text
}

/** Where the next text of the record begins. Kept here, since a closure for each of a million records would cost a tenth of the start. */
let cursor = 0

function readText(bytes: Buffer, end: number): string {
  const from = cursor + 4
  cursor = Math.min(from + bytes.readUInt32LE(cursor), end)
  return bytes.toString('utf8', from, cursor)
}

function decodePut(bytes: Buffer, start: number, end: number): EngineJob {
  const flags = bytes[start + 1]!
  cursor = start + 36
  const queue = intern(readText(bytes, end))
  const name = intern(readText(bytes, end))
  const data = readText(bytes, end)
  const customId = flags & PutFlag.customId ? readText(bytes, end) : undefined
  const options = flags & PutFlag.options ? readText(bytes, end) : undefined
  const details = flags & PutFlag.details ? (JSON.parse(readText(bytes, end)) as JobDetails) : undefined
  const job = new EngineJob(
    bytes.readDoubleLE(start + 4),
    customId,
    name,
    queue,
    data,
    options,
    bytes.readInt32LE(start + 28),
    bytes.readDoubleLE(start + 12),
    bytes.readDoubleLE(start + 20),
  )
  job.state = bytes[start + 2] as JobStateCode
  job.recoveries = bytes[start + 3]!
  job.attempts = bytes.readUInt32LE(start + 32)
  job.details = details
  return job
}
