import fs from 'node:fs'
import { basename, join } from 'node:path'
import { QueueUnreadable } from '../errors.ts'
import { emptyFrame, endOfWritten, type Gap, readFrames, saltOfFrame } from './frames.ts'
import { decodeHeader, headerBytes, type JournalFormat, listSegments, type Segment } from './segment.ts'

/** Bytes of a file that couldn't be read. */
export interface Damage extends Gap {
  readonly file: string
  /** A crash came before it was written, though what is behind it was: nobody was told that it is stored. */
  readonly isUnwritten: boolean
  /** Where they were saved; the torn end of the last file, which nobody was told is stored, isn't. */
  readonly quarantine: string | undefined
}

/** What takes in what the files say. */
export interface JournalReader {
  /** Whether two writes may have been under way at a time, and files were made in advance, full of zeros. It reads a frame of zeros then, which
   * says nothing. */
  readonly mayHaveGaps?: boolean
  /** Takes the body of a frame, between two offsets of its file, whose bytes stay as they are.
   * @param version of the file
   * @returns false when it can't be understood */
  read(bytes: Buffer, start: number, end: number, version: number): boolean
  /** Reads a file of a version before the present one.
   * @returns false when it is none */
  readOlder?(bytes: Buffer, damaged: (gap: Gap) => void): boolean
}

/** What was found on disk. */
export interface RecoveredSegments {
  readonly segments: Segment[]
  readonly damages: readonly Damage[]
  /** The highest counter of a header. */
  readonly counter: number
  /** Bytes that were read, zeros included. */
  readonly readBytes: number
}

/** So many zeros are no part of a frame: nothing was written there. */
const unwritten = Buffer.alloc(64)

/** Reads all segments of a directory, oldest first. What is corrupt is passed over and saved below `quarantine`; a torn end is cut off.
 *
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when a file is of a version that this package doesn't know
 */
export function recoverSegments(directory: string, format: JournalFormat, reader: JournalReader): RecoveredSegments {
  const segments: Segment[] = []
  const damages: Damage[] = []
  let counter = 0
  let readBytes = 0
  const files = listSegments(directory, format)
  if (reader.mayHaveGaps === true) removeUnused(files)
  for (const { number, path } of files) {
    const bytes = fs.readFileSync(path)
    const isLast = number === files.at(-1)?.number
    const gaps: Gap[] = []
    let length = bytes.length
    const damaged = (gap: Gap): void => {
      const written = reader.mayHaveGaps === true ? writtenBytes(bytes, gap) : gap.bytes
      const isTail = gap.isTail && isLast
      if (gap.isTail && gap.offset > 0 && (isLast || written === 0)) fs.truncateSync(path, (length = gap.offset))
      if (gap.isTail && written === 0) return
      const isUnwritten =
        isLast && !isTail && reader.mayHaveGaps === true && bytes.subarray(gap.offset, gap.offset + gap.bytes).includes(unwritten)
      if (isUnwritten) gaps.push(gap)
      const hit = gap.isTail ? { ...gap, bytes: written } : gap
      const quarantine = isTail ? undefined : saveBytes(directory, path, bytes, hit)
      damages.push({ ...hit, isTail, isUnwritten, file: basename(path), quarantine })
    }
    const opening = openSegment(path, bytes, format, reader, damaged)
    if (opening === undefined) {
      fs.rmSync(path)
      continue
    }
    counter = Math.max(counter, opening.counter)
    readBytes += bytes.length
    const { salt, version } = opening
    if (!opening.isRead) readFrames(bytes, headerBytes, salt, (start, end) => reader.read(bytes, start, end, version), damaged)
    if (gaps.length > 0) coverGaps(path, gaps, salt)
    segments.push({ number, path, salt, bytes: length })
  }
  return { segments, damages, counter, readBytes }
}

/** Removes the last file if it was made in advance, and its turn never came. */
function removeUnused(files: { readonly path: string }[]): void {
  const last = files.at(-1)
  if (last === undefined || !isEmpty(last.path)) return
  fs.rmSync(last.path)
  files.pop()
}

function isEmpty(path: string): boolean {
  const file = fs.openSync(path, 'r')
  try {
    const header = Buffer.alloc(headerBytes)
    fs.readSync(file, header, 0, headerBytes, 0)
    return endOfWritten(header) === 0 && endOfWritten(fs.readFileSync(path)) === 0
  } finally {
    fs.closeSync(file)
  }
}

/** How much of the end of a file was written; the rest is as it was made. */
function writtenBytes(bytes: Buffer, { offset, bytes: length, isTail }: Gap): number {
  return isTail ? Math.max(0, endOfWritten(bytes) - offset) : length
}

interface Opening {
  readonly salt: number
  readonly counter: number
  readonly version: number
  /** It was of an older version and has been read. */
  readonly isRead: boolean
}

/** Reads the header. Where only that is corrupt, the first frame tells the salt, and the frames are read all the same. */
function openSegment(
  path: string,
  bytes: Buffer,
  format: JournalFormat,
  reader: JournalReader,
  damaged: (gap: Gap) => void,
): Opening | undefined {
  const header = decodeHeader(format, bytes)
  if (header !== undefined) {
    const { version, salt, counter } = header
    if (version <= format.version && version >= (format.oldestVersion ?? format.version)) return { salt, counter, version, isRead: false }
    const reason = `its format is version ${version}, this package reads version ${format.version}`
    throw new QueueUnreadable({ file: path, reason })
  }
  if (reader.readOlder?.(bytes, damaged) === true) return { salt: 0, counter: 0, version: 1, isRead: true }
  const salt = saltOfFrame(bytes, headerBytes)
  damaged({ offset: 0, bytes: salt === undefined ? bytes.length : headerBytes, isTail: bytes.length <= headerBytes })
  return salt === undefined ? undefined : { salt, counter: 0, version: format.version, isRead: false }
}

/** Writes frames that say nothing, so that the gaps are no news to the next one who reads the file. */
function coverGaps(path: string, gaps: readonly Gap[], salt: number): void {
  const file = fs.openSync(path, 'r+')
  try {
    for (const { offset, bytes } of gaps) {
      const frame = emptyFrame(bytes, salt)
      if (frame !== undefined) fs.writeSync(file, frame, 0, bytes, offset)
    }
    fs.fdatasyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}

function saveBytes(directory: string, path: string, bytes: Buffer, { offset, bytes: length }: Gap): string {
  const folder = join(directory, 'quarantine')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${basename(path)}.${offset}`)
  fs.writeFileSync(file, bytes.subarray(offset, offset + length), { mode: 0o600 })
  return file
}
