import { randomUUID } from 'node:crypto'
import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { ByteRange } from './byte_ranges.ts'
import { MissingFile } from './errors.ts'

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

/** The whole file, or one part. */
export function fileStream({ descriptor }: OpenFile, range?: ByteRange): Readable {
  return createReadStream('', { fd: descriptor, start: range?.start ?? 0, ...(range && { end: range.end }) })
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
  const length = ranges.reduce((sum, { start, end }, index) => sum + heads[index]!.length + end - start + 1, tail.length)
  const body = Readable.from(parts(file, ranges, heads, tail), { objectMode: false })
  // A generator that hasn't begun has no `finally` that would run.
  body.once('close', () => closeSync(file.descriptor))
  return { boundary, length, body }
}

async function* parts(file: OpenFile, ranges: readonly ByteRange[], heads: readonly string[], tail: string): AsyncGenerator<Buffer> {
  for (const [index, range] of ranges.entries()) {
    yield Buffer.from(heads[index]!)
    yield* createReadStream('', { fd: file.descriptor, start: range.start, end: range.end, autoClose: false }) as AsyncIterable<Buffer>
  }
  yield Buffer.from(tail)
}
