import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/** What a journal holds, and how its files are told from others. */
export interface JournalFormat {
  /** The first eight bytes of each file, as Latin-1. */
  readonly magic: string
  /** A file of another version is refused, never guessed at. */
  readonly version: number
  /** The oldest version that is read as well, when its frames are the same. */
  readonly oldestVersion?: number
  /** How its files' names end, after the number: `journal`. */
  readonly extension: string
}

/** One file of a journal. */
export interface Segment {
  readonly number: number
  readonly path: string
  /** Goes into every checksum of the file. */
  readonly salt: number
  /** Bytes written so far, the header included. */
  bytes: number
  /** Open, as long as what this process wrote may be read back. */
  file?: number | undefined
  /** Whether there is something in it that can't be read and nobody has elsewhere: it goes into quarantine when it isn't needed any more. */
  isDamaged?: boolean
  /** Whether zeros may be behind what was written. */
  readonly isPrepared?: boolean | undefined
}

/** What the header of a segment says. */
export interface SegmentHeader {
  readonly version: number
  readonly number: number
  readonly salt: number
  /** A number that the journal's contents have come to, so that none is used twice even when all older segments are gone. */
  readonly counter: number
}

/** How a file begins. */
export interface SegmentStart {
  readonly number: number
  readonly counter: number
  readonly writesThrough: boolean
  readonly prepared?: number | undefined
}

/** Bytes of the header at the start of every segment. */
export const headerBytes = 40

/** Makes the file after the newest one, with its header on disk.
 * @param writesThrough whether a write to it returns when the data are on disk
 * @param prepared the file, open, where it was made in advance */
export function createSegment(
  directory: string,
  format: JournalFormat,
  { number, counter, writesThrough, prepared }: SegmentStart,
): { readonly segment: Segment; readonly file: number } {
  const path = segmentPath(directory, format, number)
  const salt = randomBytes(4).readUInt32LE() || 1
  const { O_CREAT, O_EXCL, O_RDWR, O_DSYNC } = fs.constants
  const file = prepared ?? fs.openSync(path, O_CREAT | O_EXCL | O_RDWR | (writesThrough ? O_DSYNC : 0), 0o600)
  try {
    fs.writeSync(file, encodeHeader(format, { version: format.version, number, salt, counter }), 0, headerBytes, 0)
    if (!writesThrough) fs.fsyncSync(file)
    if (prepared === undefined) syncDirectory(directory)
  } catch (error) {
    fs.closeSync(file)
    fs.rmSync(path, { force: true })
    throw error
  }
  return { segment: { number, path, salt, bytes: headerBytes, isPrepared: prepared !== undefined }, file }
}

/** Where the file of a number is. */
export function segmentPath(directory: string, { extension }: JournalFormat, number: number): string {
  return join(directory, `${String(number).padStart(8, '0')}.${extension}`)
}

export function closeForReading(segment: Segment): void {
  if (segment.file === undefined) return
  fs.closeSync(segment.file)
  segment.file = undefined
}

/** The files of a directory, oldest first. */
export function listSegments(directory: string, { extension }: JournalFormat): { readonly number: number; readonly path: string }[] {
  return fs
    .readdirSync(directory)
    .filter((name) => /^\d{8,}\.[a-z]+$/.test(name) && name.endsWith(`.${extension}`))
    .map((name) => ({ number: Number.parseInt(name, 10), path: join(directory, name) }))
    .sort((a, b) => a.number - b.number)
}

/** What the header says; undefined when it is torn, or of something else. */
export function decodeHeader({ magic }: JournalFormat, bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 8) !== magic) return undefined
  if (bytes.readUInt32LE(36) !== crc32(bytes.subarray(0, 36))) return undefined
  return {
    version: bytes.readUInt16LE(8),
    number: bytes.readUInt32LE(12),
    salt: bytes.readUInt32LE(16),
    counter: bytes.readDoubleLE(20),
  }
}

function encodeHeader({ magic }: JournalFormat, header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  bytes.write(magic, 'latin1')
  bytes.writeUInt16LE(header.version, 8)
  bytes.writeUInt32LE(header.number, 12)
  bytes.writeUInt32LE(header.salt, 16)
  bytes.writeDoubleLE(header.counter, 20)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 36)), 36)
  return bytes
}

export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const file = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}
