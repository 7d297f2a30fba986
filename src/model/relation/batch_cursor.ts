import { didYouMean } from '../../naming/index.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { readColumn } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Clause } from '../sql/clause.ts'
import { allOf, compare, eitherOf } from '../sql/comparison.ts'
import type { BatchOptions, Direction } from './batches.ts'

/** A column that batches are walked by, and which way. */
export interface CursorColumn {
  readonly column: Column
  readonly direction: Direction
}

/** The columns that some options say to walk by.
 * @throws UnknownColumn; InvalidArgument when several rows may have the same values, and for directions and ends that don't fit
 */
export function cursorOf(info: ModelInfo, { cursor, order = 'asc', start, finish }: BatchOptions): CursorColumn[] {
  const { schema, model } = info
  const directions = list(order)
  if (!directions.every((each) => each === 'asc' || each === 'desc'))
    throw new InvalidArgument({ reason: `order is 'asc', 'desc' or a list of them; it was given ${JSON.stringify(order)}.` })
  const columns = cursor === undefined ? schema.primaryKey : list(cursor).map((name) => columnNamed(info, String(name)))
  if (columns.length === 0) throw new InvalidArgument({ reason: `${model.name} has no key; say a cursor.` })
  if (!areUnique(info, columns))
    throw new InvalidArgument({ reason: `The cursor must include the key of ${model.name} or other columns that are unique together.` })
  for (const [name, value] of Object.entries({ start, finish }))
    if (value !== undefined && value !== null && list(value).length !== columns.length)
      throw new InvalidArgument({ reason: `${name} takes a value for each column of the cursor, which has ${columns.length}.` })
  return columns.map((column, place) => {
    const direction = Array.isArray(order) ? (order as readonly Direction[])[place] : (order as Direction)
    return { column, direction: direction ?? 'asc' }
  })
}

function areUnique({ schema }: ModelInfo, columns: readonly Column[]): boolean {
  const names = new Set(columns.map((column) => column.name))
  const { uniques, primaryKey, fields } = schema.metadata
  const keys = [
    ...(primaryKey.length > 0 ? [primaryKey] : []),
    ...uniques,
    ...fields.filter((field) => field.unique).map(({ name }) => [name]),
  ]
  return keys.some((key) => key.every((name) => names.has(name)))
}

function columnNamed(info: ModelInfo, name: string): Column {
  const { byName } = info.schema
  const column = byName.get(name)
  if (column === undefined) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
  return column
}

const operators = {
  start: { asc: ['gt', 'gte'], desc: ['lt', 'lte'] },
  finish: { asc: ['lt', 'lte'], desc: ['gt', 'gte'] },
  after: { asc: ['gt', 'gt'], desc: ['lt', 'lt'] },
} as const

/** The rows from, up to or after a place of the cursor: column by column, the earlier ones being equal. */
export function beyond(
  info: ModelInfo,
  cursor: readonly CursorColumn[],
  values: readonly unknown[],
  where: keyof typeof operators,
): Clause {
  const { table } = info.schema
  const ways = cursor.map(({ column, direction }, place) => {
    const isLast = place === cursor.length - 1
    const operator = operators[where][direction][isLast ? 1 : 0]
    const equal = cursor.slice(0, place).map((each, before) => compare({ path: '', table, column: each.column }, values[before]))
    return allOf([...equal, compare({ path: '', table, column }, { [operator]: values[place] })])
  })
  return ways.reduce(eitherOf)
}

/** The values of the cursor that a record has.
 * @throws InvalidArgument when it was selected without them
 */
export function valuesOf(record: ModelRecord, cursor: readonly CursorColumn[]): unknown[] {
  return cursor.map(({ column }) => {
    const value = readColumn(record, column)
    if (value === undefined || value === null)
      throw new InvalidArgument({ reason: `Batches need '${column.name}', which isn't among what select() names, or is null.` })
    return value
  })
}

/** Loaded records as batches would find them: between the ends, in the order of the cursor. */
export function walked(records: readonly ModelRecord[], cursor: readonly CursorColumn[], { start, finish }: BatchOptions): ModelRecord[] {
  const cast = (ends: unknown): unknown[] => list(ends).map((value, place) => cursor[place]!.column.type.cast(value))
  const isIn = (record: ModelRecord): boolean => {
    const values = valuesOf(record, cursor)
    if (start !== undefined && start !== null && compareValues(values, cast(start), cursor) < 0) return false
    return finish === undefined || finish === null || compareValues(values, cast(finish), cursor) <= 0
  }
  return records.filter(isIn).sort((one, other) => compareValues(valuesOf(one, cursor), valuesOf(other, cursor), cursor))
}

function compareValues(one: readonly unknown[], other: readonly unknown[], cursor: readonly CursorColumn[]): number {
  for (const [place, { direction }] of cursor.entries()) {
    const [a, b] = [one[place] as number, other[place] as number]
    if (a < b) return direction === 'asc' ? -1 : 1
    if (a > b) return direction === 'asc' ? 1 : -1
  }
  return 0
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}
