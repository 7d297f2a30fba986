import fs from 'node:fs'
import type { Segment } from '../../journal/index.ts'
import { JobState } from '../job_state.ts'
import type { JobTable } from '../job_table.ts'
import { stateOf } from './put_record.ts'
import { RecordBlock } from './record_block.ts'
import { RecordCopies } from './record_copies.ts'
import { recordBytes } from './record_frames.ts'

/** So much is read back at once, where no frame is longer. */
const partBytes = 64 * 1024
/** Where the salt of a file is in its header. */
const saltOffset = 16
/** When more than this of what was read is needed in memory, all of it stays there. */
const mostlyNeeded = 0.75

/** Some frames of a file, one behind the other. */
export interface RecoveredPart {
  readonly file: Buffer
  readonly block: RecordBlock
  readonly from: number
  to: number
  /** Whether they are on disk as they are here. */
  readonly isStored: boolean
}

/** The records of a journal that is read: in memory, until all of it is known. From then on those of jobs that wait for their turn are where they were
 * read from alone, as if this process had written them there. */
export class RecoveredRecords {
  readonly #parts: RecoveredPart[] = []

  /** The part that a frame belongs to.
   * @param start where it begins in the file
   * @param isStored whether the file on disk holds the same */
  partOf(file: Buffer, start: number, end: number, isStored: boolean): RecoveredPart {
    const last = this.#parts.at(-1)
    if (last?.file === file && (last.to === start || !isStored) && end - last.from <= partBytes) {
      last.to = end
      return last
    }
    const part = { file, block: new RecordBlock(file.subarray(start)), from: start, to: end, isStored }
    this.#parts.push(part)
    return part
  }

  /** Lets go of what was read, but for what is needed in memory; of nothing where the files can't all be kept open.
   * @param segments the files, opened for reading if there are jobs that wait in them
   * @param readBytes how large they are */
  letGo(jobs: JobTable, segments: readonly Segment[], readBytes: number): void {
    const inMemoryOnly = new Set<Buffer>()
    const files = segmentsOf(this.#parts, segments)
    for (const { file, block, from, to } of this.#parts) {
      const segment = files.get(file)
      block.staysInMemory = segment === undefined
      if (segment === undefined) inMemoryOnly.add(block.bytes)
      else block.stored(0, to - from, segment, from)
    }
    const isNeeded = (bytes: Buffer, at: number) => stateOf(bytes, at) === JobState.delayed || inMemoryOnly.has(bytes)
    if (bytesNeeded(jobs, isNeeded) > mostlyNeeded * readBytes) return
    if (!openForReading([...files.values()])) return
    copyNeeded(jobs, isNeeded)
    for (const { block } of this.#parts) block.letGo()
  }
}

/** The segments that were read, but for those whose bytes on disk are others. */
function segmentsOf(parts: readonly RecoveredPart[], segments: readonly Segment[]): Map<Buffer, Segment> {
  const found = new Map<Buffer, Segment>()
  let next = 0
  for (const { file, isStored } of parts) {
    if (!isStored || found.has(file)) continue
    const salt = file.readUInt32LE(saltOffset)
    const index = segments.findIndex((segment, at) => at >= next && segment.salt === salt)
    if (index < 0) continue
    found.set(file, segments[index]!)
    next = index + 1
  }
  return found
}

/** Opens files, or none of them. */
function openForReading(segments: readonly Segment[]): boolean {
  const files: number[] = []
  try {
    for (const { path } of segments) files.push(fs.openSync(path, 'r'))
  } catch {
    for (const file of files) fs.closeSync(file)
    return false
  }
  for (const [index, segment] of segments.entries()) segment.file = files[index]
  return true
}

type IsNeeded = (bytes: Buffer, at: number) => boolean

/** Bytes of records that are needed in memory. */
function bytesNeeded(jobs: JobTable, isNeeded: IsNeeded): number {
  let sum = 0
  jobs.forEach(
    ({ bytes, at }) => {
      sum += recordBytes(bytes, at)
    },
    (_, bytes, at) => {
      if (isNeeded(bytes, at)) sum += recordBytes(bytes, at)
    },
  )
  return sum
}

function copyNeeded(jobs: JobTable, isNeeded: IsNeeded): void {
  const copies = new RecordCopies()
  jobs.forEach(
    (job) => {
      job.at = copies.add(job.bytes, job.at)
      job.bytes = copies.block.bytes
    },
    (sequence, bytes, at) => {
      if (!isNeeded(bytes, at)) return
      const copy = copies.add(bytes, at)
      jobs.sleep(sequence, copies.block, copy)
    },
  )
}
