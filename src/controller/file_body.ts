import { randomUUID } from 'node:crypto'
import { close, closeSync, createReadStream, fstatSync, openSync, read } from 'node:fs'
import { Readable } from 'node:stream'
import type { ByteRange } from './byte_ranges.ts'
import { FileChanged, MissingFile } from './errors.ts'

/** A file that is open for sending. Whoever opens it sends it, or closes it. */
export interface OpenFile {
  readonly descriptor: number
  readonly size: number
  readonly modified: Date
}

/** Opens a file for reading: what is sent is the file that was looked at, even when it is replaced meanwhile.
 * @throws MissingFile (REGAUGE_MISSING_FILE) when there is none, it is a folder, or it can't be read
 */
export function openFile(path: string): OpenFile {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    const stat = fstatSync(descriptor)
    if (stat.isFile()) return { descriptor, size: stat.size, modified: stat.mtime }
  } catch (error) {
    throw new MissingFile({ path }, { cause: error })
  }
  closeSync(descriptor)
  throw new MissingFile({ path })
}

/** The whole file as it was looked at, or one part: what is written to it meanwhile isn't sent, since its length has been.
 * It fails with FileChanged (REGAUGE_FILE_CHANGED) when the file has become shorter: a client would take the next answer for the rest. */
export function fileStream(file: OpenFile, range: ByteRange = { start: 0, end: file.size - 1 }): Readable {
  if (range.end < range.start) return nothingOf(file)
  return partOf(file, range, true)
}

function nothingOf({ descriptor }: OpenFile): Readable {
  return Readable.from([]).once('close', () => closeSync(descriptor))
}

function partOf({ descriptor }: OpenFile, { start, end }: ByteRange, autoClose: boolean): Readable {
  return createReadStream('', { fd: descriptor, fs: readingAll, start, end, autoClose })
}

/** Never asked for more than is left of a part: where it finds nothing there is something missing. */
const readingAll = { close, read: readSome as typeof read }

type Done = (error: Error | null, count: number, buffer: Buffer) => void

function readSome(descriptor: number, buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
  read(descriptor, buffer, offset, length, position, (error, count, bytes) => {
    done(error ?? (count === 0 ? new FileChanged({}) : null), count, bytes)
  })
}

/** Several parts in one body, each with a head of its own.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.6
 */
export function multipartRanges(
  file: OpenFile,
  ranges: readonly ByteRange[],
  type: string,
): { boundary: string; length: number; body: Readable } {
  const boundary = randomUUID()
  const heads = ranges.map(
    ({ start, end }) => `\r\n--${boundary}\r\ncontent-type: ${type}\r\ncontent-range: bytes ${start}-${end}/${file.size}\r\n\r\n`,
  )
  const tail = `\r\n--${boundary}--\r\n`
  const length = ranges.reduce((sum, { start, end }, index) => sum + Buffer.byteLength(heads[index]!) + end - start + 1, tail.length)
  const body = Readable.from(parts(file, ranges, heads, tail), { objectMode: false })
  // A generator that hasn't begun has no `finally` that would run.
  body.once('close', () => closeSync(file.descriptor))
  return { boundary, length, body }
}

async function* parts(file: OpenFile, ranges: readonly ByteRange[], heads: readonly string[], tail: string): AsyncGenerator<Buffer> {
  for (const [index, range] of ranges.entries()) {
    yield Buffer.from(heads[index]!)
    yield* partOf(file, range, false) as AsyncIterable<Buffer>
  }
  yield Buffer.from(tail)
}
