import { InvalidArgument } from '../../errors.ts'
import { isBlank } from '../../../values/index.ts'
import { errorOptions, resolve, type ValidatorFactory } from '../validator.ts'

type Comparison = (order: number) => boolean

/** The comparisons by option, with the type of the error each adds. */
export const comparisons: Readonly<Record<string, { type: string; passes: Comparison }>> = {
  greaterThan: { type: 'greater_than', passes: (order) => order > 0 },
  greaterThanOrEqualTo: { type: 'greater_than_or_equal_to', passes: (order) => order >= 0 },
  equalTo: { type: 'equal_to', passes: (order) => order === 0 },
  lessThan: { type: 'less_than', passes: (order) => order < 0 },
  lessThanOrEqualTo: { type: 'less_than_or_equal_to', passes: (order) => order <= 0 },
  otherThan: { type: 'other_than', passes: (order) => order !== 0 },
}

/** The value compares as wanted with another: of any type that has an order. */
export const comparison: ValidatorFactory = (options, info) => {
  const wanted = Object.entries(comparisons).filter(([option]) => options[option] !== undefined)
  if (wanted.length === 0)
    throw new InvalidArgument({ reason: `A comparison validation needs one of ${Object.keys(comparisons).join(', ')}.` })
  return (record, attribute, value) => {
    for (const [option, { type, passes }] of wanted) {
      const limit = resolve(options[option], record)
      // A day is compared with days, and written as one.
      const column = info.schema.byName.get(attribute)?.type
      const other = column?.name === 'date' ? (column.cast(limit) ?? limit) : limit
      if (isBlank(value)) {
        record.errors.add(attribute, 'blank', errorOptions(options, { value, count: other }))
        return
      }
      const order = compareValues(value, other)
      if (order === undefined) {
        record.errors.add(attribute, `comparison of ${nameOf(value)} with ${nameOf(other)} failed`)
        return
      }
      if (!passes(order)) record.errors.add(attribute, type, errorOptions(options, { value, count: other }))
    }
  }
}

/** Negative, zero or positive; undefined when the two have no order. */
export function compareValues(left: unknown, right: unknown): number | undefined {
  const [a, b] = [comparable(left), comparable(right)]
  if (typeof a === 'number' && typeof b === 'string') return compareValues(a, Number(b))
  if (typeof a === 'string' && typeof b === 'number') return compareValues(Number(a), b)
  if (a === null || a === undefined || b === null || b === undefined || typeof a !== typeof b) return undefined
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined
  return a < b ? -1 : a > b ? 1 : 0
}

function comparable(value: unknown): string | number | null | undefined {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function nameOf(value: unknown): string {
  return value === null || value === undefined
    ? 'null'
    : typeof value === 'number'
      ? String(value)
      : (Object(value) as object).constructor.name
}
