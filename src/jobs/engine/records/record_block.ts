import fs from 'node:fs'
import { QueueClosed, QueueUnreadable } from '../../errors.ts'
import { type Gap, readFrames, type Segment } from '../../journal/index.ts'

/** A part of a block, made of frames, and where in a file it was written. */
interface StoredPart {
  readonly from: number
  to: number
  readonly segment: Segment
  readonly position: number
}

/** What a disk loses is seldom less. */
const pageBytes = 4096
/** So many bytes that were read back stay in memory: 64 blocks, for as many queues whose jobs are taken by turns. */
const mostReadBack = 4 * 1024 * 1024
const readBack: { readonly block: RecordBlock; readonly bytes: number }[] = []
let readBackBytes = 0

/** Some records, one behind the other: in memory, or only where the journal wrote them, while nobody looks at any of their jobs. */
export class RecordBlock {
  #bytes: Buffer | undefined
  readonly #parts: StoredPart[] = []
  /** How many of its records and pieces aren't stored yet, or are stored and whoever added them doesn't know. */
  unsettled = 0
  /** Whether there are jobs that refer to its memory: nothing else may be written there then. */
  isReferredTo = false
  /** Whether its records are looked at often. */
  staysInMemory = false
  /** Whether what the disk doesn't give back of it is passed over, for the sake of the rest. */
  isSalvaged = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The file in which it begins. */
  get file(): string {
    return this.#parts[0]?.segment.path ?? ''
  }

  /** The files in which it is. */
  get segments(): readonly Segment[] {
    return this.#parts.map(({ segment }) => segment)
  }

  /** Its memory, which is read back where it was let go.
   * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE), QueueClosed (REGAUGE_QUEUE_CLOSED) */
  get bytes(): Buffer {
    return this.#bytes ?? this.#readBack()
  }

  /** Its memory, for a job that refers to it.
   * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) */
  refer(): Buffer {
    this.isReferredTo = true
    return this.bytes
  }

  /** Notes where a part of it was written. */
  stored(from: number, to: number, segment: Segment, position: number): void {
    const last = this.#parts.at(-1)
    if (last?.to === from && last.segment === segment && last.position + last.to - last.from === position) last.to = to
    else this.#parts.push({ from, to, segment, position })
  }

  /** Lets go of its memory, which the journal can bring back.
   * @returns whether something else may be written there */
  letGo(): boolean {
    if (this.staysInMemory) return false
    this.#bytes = undefined
    return !this.isReferredTo
  }

  #readBack(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.#parts.at(-1)?.to ?? 0)
    const there = this.#parts.filter(({ segment }) => segment.file !== undefined)
    if (there.length === 0) throw new QueueClosed({})
    // What was in a file that is gone was written again since, or nobody needs it.
    if (there.length < this.#parts.length) bytes.fill(0)
    for (const { from, to, segment, position } of there) readPart(segment, bytes.subarray(from, to), position, this.isSalvaged)
    this.#bytes = bytes
    readBack.push({ block: this, bytes: bytes.length })
    readBackBytes += bytes.length
    while (readBackBytes > mostReadBack && readBack.length > 1) {
      const oldest = readBack.shift()!
      readBackBytes -= oldest.bytes
      oldest.block.letGo()
    }
    return bytes
  }
}

/** What isn't any more what was written there is as if nothing was. */
function readPart({ path, file, salt }: Segment, bytes: Buffer, position: number, isSalvaged: boolean): void {
  if (isSalvaged) readPages(file!, bytes, position)
  else {
    let read: number
    try {
      read = fs.readSync(file!, bytes, 0, bytes.length, position)
    } catch (error) {
      throw new QueueUnreadable({ file: path, reason: (error as Error).message }, { cause: error })
    }
    if (read < bytes.length) throw new QueueUnreadable({ file: path, reason: 'it has become shorter' })
  }
  const gaps: Gap[] = []
  readFrames(
    bytes,
    0,
    salt,
    () => true,
    (gap) => gaps.push(gap),
  )
  for (const gap of gaps) bytes.fill(0, gap.offset, gap.offset + gap.bytes)
}

/** Reads a little at a time, as a disk loses it: zeros stand for what it doesn't give back. */
function readPages(file: number, bytes: Buffer, position: number): void {
  bytes.fill(0)
  for (let at = 0; at < bytes.length; at += pageBytes) {
    try {
      fs.readSync(file, bytes, at, Math.min(pageBytes, bytes.length - at), position + at)
    } catch {} // the checksum of what is there doesn't fit then
  }
}
