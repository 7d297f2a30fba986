import { crc32 } from 'node:zlib'
import type { EngineJob } from './engine_job.ts'

/** Kinds of journal records. */
export const RecordKind = { put: 1, start: 2, remove: 3 } as const
/** Bytes before the body of a record: two magic bytes, length, checksum. */
export const frameBytes = 10
/** Two bytes that no UTF-8 text contains, so that the search for the next record stops at few false places. */
export const frameMagic = 0xfbf7
/** No record is longer; what claims to be is corrupt. */
export const maxBodyBytes = 64 * 1024 * 1024
/** Which of the optional strings a `put` record carries. */
export const PutFlag = { customId: 1, options: 2, details: 4 } as const

/** Collects records, ready to be written in one go. The checksums are set by `seal`, when the segment (and so its salt) is known. */
export class RecordWriter {
  bytes: Buffer
  length = 0
  #frames: number[] = []

  constructor(capacity = 64 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  get count(): number {
    return this.#frames.length
  }

  /** Appends the whole state of a job; answers how many bytes that took. */
  put(job: EngineJob): number {
    const start = this.length
    const details = job.details === undefined ? undefined : JSON.stringify(job.details)
    const flags =
      (job.customId === undefined ? 0 : PutFlag.customId) |
      (job.options === undefined ? 0 : PutFlag.options) |
      (details === undefined ? 0 : PutFlag.details)
    const characters =
      job.queue.length +
      job.name.length +
      job.data.length +
      (job.customId?.length ?? 0) +
      (job.options?.length ?? 0) +
      (details?.length ?? 0)
    this.#begin(64 + characters * 3)
    const bytes = this.bytes
    let at = this.length
    bytes[at] = RecordKind.put
    bytes[at + 1] = flags
    bytes[at + 2] = job.state
    bytes[at + 3] = Math.min(job.recoveries, 255)
    bytes.writeDoubleLE(job.sequence, at + 4)
    bytes.writeDoubleLE(job.createdAt, at + 12)
    bytes.writeDoubleLE(job.runAt, at + 20)
    bytes.writeInt32LE(job.priority, at + 28)
    bytes.writeUInt32LE(job.attempts, at + 32)
    at = writeText(bytes, job.queue, at + 36)
    at = writeText(bytes, job.name, at)
    at = writeText(bytes, job.data, at)
    if (job.customId !== undefined) at = writeText(bytes, job.customId, at)
    if (job.options !== undefined) at = writeText(bytes, job.options, at)
    if (details !== undefined) at = writeText(bytes, details, at)
    this.#end(at)
    return at - start
  }

  /** Appends that a job was started. */
  start(sequence: number, time: number): void {
    this.#begin(17)
    const at = this.length
    this.bytes[at] = RecordKind.start
    this.bytes.writeDoubleLE(sequence, at + 1)
    this.bytes.writeDoubleLE(time, at + 9)
    this.#end(at + 17)
  }

  /** Appends that a job is gone. */
  remove(sequence: number): void {
    this.#begin(9)
    const at = this.length
    this.bytes[at] = RecordKind.remove
    this.bytes.writeDoubleLE(sequence, at + 1)
    this.#end(at + 9)
  }

  /** Takes over the records of `other` whose index isn't in `dropped`. */
  append(other: RecordWriter, dropped: ReadonlySet<number>): void {
    for (let index = 0; index < other.#frames.length; index++) {
      if (dropped.has(index)) continue
      const start = other.#frames[index]!
      const end = other.#frames[index + 1] ?? other.length
      this.#begin(end - start)
      const at = this.length
      other.bytes.copy(this.bytes, at, start + frameBytes, end)
      this.#end(at + end - start - frameBytes)
    }
  }

  /** Writes the checksums. */
  seal(salt: number): void {
    const frames = this.#frames
    for (let index = 0; index < frames.length; index++) {
      const start = frames[index]!
      const end = index + 1 < frames.length ? frames[index + 1]! : this.length
      this.bytes.writeUInt32LE(crc32(this.bytes.subarray(start + frameBytes, end), salt), start + 6)
    }
  }

  clear(): void {
    this.length = 0
    this.#frames = []
    if (this.bytes.length > 4 * 1024 * 1024) this.bytes = Buffer.allocUnsafeSlow(64 * 1024)
  }

  #begin(bodyLimit: number): void {
    const needed = this.length + frameBytes + bodyLimit
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
      this.bytes.copy(larger, 0, 0, this.length)
      this.bytes = larger
    }
    this.#frames.push(this.length)
    this.bytes.writeUInt16LE(frameMagic, this.length)
    this.length += frameBytes
  }

  #end(end: number): void {
    this.bytes.writeUInt32LE(end - this.length, this.length - frameBytes + 2)
    this.length = end
  }
}

function writeText(bytes: Buffer, text: string, at: number): number {
  const length = text.length < 24 ? writeShortText(bytes, text, at + 4) : -1
  const written = length >= 0 ? length : bytes.write(text, at + 4, 'utf8')
  bytes.writeUInt32LE(written, at)
  return at + 4 + written
}

/** Names are short and ASCII: a loop beats the call into C++. Answers -1 when a character isn't ASCII. */
function writeShortText(bytes: Buffer, text: string, at: number): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return -1
    bytes[at + index] = code
  }
  return text.length
}
