/** A part of a file, both ends included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const maximumRanges = 100

/** The parts that a Range header asks for, as Rack reads it.
 *
 * @returns undefined when it asks for none, or isn't well-formed, so that all is sent; empty when there are no such parts (416), or they overlap
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function byteRanges(header: string | undefined, size: number): ByteRange[] | undefined {
  const specs = header === undefined || size === 0 ? undefined : /^bytes=([^;]+)/.exec(header)?.[1]?.split(/,[ \t]*/)
  if (specs === undefined || specs.length > maximumRanges) return undefined
  const ranges: ByteRange[] = []
  for (const spec of specs) {
    const range = byteRange(spec, size)
    if (range === undefined) return undefined
    if (range.start <= range.end) ranges.push(range)
  }
  const total = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0)
  return total > size ? [] : ranges
}

function byteRange(spec: string, size: number): ByteRange | undefined {
  const match = /^(\d{0,15})-(\d{0,15})$/.exec(spec.trim())
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const [, first, last] = match
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size - 1 }
  if (last === '') return { start: Number(first), end: size - 1 }
  if (Number(last) < Number(first)) return undefined
  return { start: Number(first), end: Math.min(Number(last), size - 1) }
}
