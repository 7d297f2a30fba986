import { castString } from './attributes/casting.ts'
import { type Decimal, decimalText } from './attributes/decimal_text.ts'

/** Values between two bounds; a bound that is null is open. Made by {@link range}. */
export class Range<T> {
  readonly begin: T | null
  readonly end: T | null
  readonly excludesEnd: boolean

  constructor(begin: T | null, end: T | null, excludesEnd = false) {
    this.begin = begin
    this.end = end
    this.excludesEnd = excludesEnd
  }

  /** Whether a value lies between the bounds. */
  includes(value: T): boolean {
    const { begin, end } = this
    if (begin !== null && value < begin!) return false
    if (end === null) return true
    return this.excludesEnd ? value < end! : value <= end!
  }

  /** As Ruby writes it: `1..5`. */
  toString(): string {
    return `${boundText(this.begin)}${this.excludesEnd ? '...' : '..'}${boundText(this.end)}`
  }

  toJSON(): string {
    return this.toString()
  }
}

function boundText(bound: unknown): string {
  if (bound === null || bound === undefined) return ''
  if (bound instanceof Date) return castString(bound)!
  const isDecimal = typeof bound === 'object' && 'toFixed' in bound
  return isDecimal ? decimalText(bound as Decimal) : String(bound)
}

/** Ruby's `a..b`: both bounds included; null leaves a side open.
 * @example Article.where({ views: range(10, null) })
 */
export function range<T>(begin: T | null, end: T | null, options?: { excludesEnd?: boolean }): Range<T> {
  return new Range(begin, end, options?.excludesEnd ?? false)
}
