import { crc32 } from 'node:zlib'
import type { EngineJob } from './engine_job.ts'

/** One file of the journal. */
export interface Segment {
  readonly number: number
  readonly path: string
  /** Goes into every checksum of the file, so that no payload can look like a record. */
  readonly salt: number
  /** Bytes written so far, the header included. */
  bytes: number
  /** How many jobs have their latest full record here. */
  live: number
  /** The bytes of these records. */
  liveBytes: number
}

/** Notes that a job's latest full record is in `segment`, and no longer where it was. */
export function holdIn(segment: Segment, job: EngineJob, bytes: number): void {
  letGo(job)
  job.segment = segment
  job.journalBytes = bytes
  segment.live++
  segment.liveBytes += bytes
}

/** Notes that a job's record isn't needed any more. */
export function letGo(job: EngineJob): void {
  const { segment } = job
  if (segment === undefined) return
  segment.live--
  segment.liveBytes -= job.journalBytes
  job.segment = undefined
}

/** The version of the journal's format. A file of another version is refused, never guessed at. */
export const formatVersion = 1
/** Bytes of the header at the start of every segment. */
export const headerBytes = 40
const magic = Buffer.from('RGJOBS\r\n', 'latin1')

/** What the header of a segment says. */
export interface SegmentHeader {
  readonly version: number
  readonly number: number
  readonly salt: number
  /** The first sequence number that may be used from here on: ids are never used twice, even when all older segments are gone. */
  readonly nextSequence: number
}

/** The name of a segment's file. */
export function segmentFileName(number: number): string {
  return `${String(number).padStart(8, '0')}.journal`
}

/** Encodes a header: magic, version, number, salt, next sequence, checksum. */
export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  magic.copy(bytes)
  bytes.writeUInt16LE(header.version, 8)
  bytes.writeUInt32LE(header.number, 12)
  bytes.writeUInt32LE(header.salt, 16)
  bytes.writeDoubleLE(header.nextSequence, 20)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 36)), 36)
  return bytes
}

/** Decodes a header; undefined when it is torn or not one of ours. */
export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic)) return undefined
  if (bytes.readUInt32LE(36) !== crc32(bytes.subarray(0, 36))) return undefined
  return {
    version: bytes.readUInt16LE(8),
    number: bytes.readUInt32LE(12),
    salt: bytes.readUInt32LE(16),
    nextSequence: bytes.readDoubleLE(20),
  }
}
