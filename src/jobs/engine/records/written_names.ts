import type { Slab } from './slab.ts'

/** No more names are kept: those of job classes and of queues are few, what else somebody calls a job may be anything. */
const mostNames = 1000
/** Longer names are written one by one. */
const longestName = 200

interface Written {
  readonly queue: string
  readonly name: string
  /** The bytes, four at a time. */
  readonly words: Int32Array
  readonly bytes: number
}

const known = new Map<string, Written>()
/** The names that were written last. */
let last: Written = { queue: '', name: '', words: new Int32Array(0), bytes: -1 }

/** Writes the names of a job's queue and class: each its length in bytes, then UTF-8. Those that were written before are copied.
 *
 * There must be room for three bytes a character, and twelve more.
 * @returns where they end */
export function writeNames(slab: Slab, at: number, queue: string, name: string): number {
  if (last.name !== name || last.queue !== queue || last.bytes < 0) {
    const written = known.get(name)
    if (written === undefined || written.queue !== queue) return writeNew(slab, at, queue, name, written === undefined)
    last = written
  }
  const { view } = slab
  const { words, bytes } = last
  for (let index = 0; index < words.length; index++) view.setInt32(at + index * 4, words[index]!, true)
  return at + bytes
}

function writeNew(slab: Slab, at: number, queue: string, name: string, isFirst: boolean): number {
  const end = writeText(slab, name, writeText(slab, queue, at))
  if (!isFirst || known.size >= mostNames || queue.length + name.length > longestName) return end
  known.set(name, { queue, name, words: wordsOf(slab, at, end), bytes: end - at })
  return end
}

/** What stands between two places, four bytes at a time: up to three more behind it may be in the last word. */
export function wordsOf({ view }: Slab, from: number, to: number): Int32Array {
  return Int32Array.from({ length: (to - from + 3) >> 2 }, (_, index) => view.getInt32(from + index * 4, true))
}

/** Writes a text: its length in bytes, then UTF-8.
 * @returns where it ends */
export function writeText({ bytes, view }: Slab, text: string, at: number): number {
  const length = text.length < 12 ? writeShortText(bytes, text, at + 4) : -1
  const written = length >= 0 ? length : bytes.write(text, at + 4, 'utf8')
  view.setUint32(at, written, true)
  return at + 4 + written
}

/** A loop beats the call into C++. Answers -1 when a character isn't ASCII. */
function writeShortText(bytes: Buffer, text: string, at: number): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return -1
    bytes[at + index] = code
  }
  return text.length
}
