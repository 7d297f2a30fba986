import { isDeepStrictEqual } from 'node:util'
import { JsonText } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { StoredValue } from '../attributes/custom_type.ts'
import { Ciphertext } from '../encryption/encrypted_type.ts'
import { extraOf, infoOfRecord, readColumn } from './attribute_access.ts'
import type { AttributeRecord } from './attribute_record.ts'
import { EXTRA, ORIGINAL, VALUES } from './record_state.ts'
import { changedVirtuals, virtualChange } from './virtual_attributes.ts'

/** A value before and after it changed. */
export type Change = [unknown, unknown]

/** From what to what an attribute must have changed. */
export interface ChangeOptions {
  readonly from?: unknown
  readonly to?: unknown
}

/** The columns with unsaved changes. */
export function changedColumns(record: AttributeRecord): Column[] {
  return record[ORIGINAL] === null ? [] : infoOfRecord(record).schema.columns.filter((column) => isColumnChanged(record, column))
}

function isColumnChanged(record: AttributeRecord, column: Column): boolean {
  const original = record[ORIGINAL]
  if (original === null) return false
  const before = original[column.position]
  const after = record[VALUES][column.position]
  if (after === undefined) return false
  if (record[EXTRA]?.forcedChanges?.has(column.name)) return true
  return before !== after && !column.type.equals(cast(column, before ?? null), readColumn(record, column))
}

/** The names of all attributes with unsaved changes. */
export function changedNames(record: AttributeRecord): string[] {
  const columns = changedColumns(record).map(({ name }) => name)
  return record[EXTRA]?.virtualBefore === undefined ? columns : [...columns, ...changedVirtuals(record)]
}

/** The unsaved change of an attribute, or of a key that is kept inside of one; undefined when there is none. */
export function changeOf(record: AttributeRecord, name: string): Change | undefined {
  const { schema, virtual, stored } = infoOfRecord(record)
  const column = schema.byName.get(name)
  if (column !== undefined) return isColumnChanged(record, column) ? [originalOf(record, column), readColumn(record, column)] : undefined
  if (virtual.has(name)) return virtualChange(record, name)
  const place = stored.get(name)
  return place === undefined ? undefined : changeInside(changeOf(record, place.attribute), place.key)
}

/** The change that the last save made to an attribute; undefined when it made none. */
export function savedChangeOf(record: AttributeRecord, name: string): Change | undefined {
  const saved = record[EXTRA]?.savedChanges
  if (saved === undefined) return undefined
  const { schema, stored } = infoOfRecord(record)
  const place = stored.get(name)
  if (place !== undefined) return changeInside(saved.get(place.attribute), place.key)
  return saved.get(schema.byName.get(name)?.name ?? name)
}

function changeInside(change: Change | undefined, key: string): Change | undefined {
  if (change === undefined) return undefined
  const [before, after] = change.map((kept) => insideOf(kept, key))
  return isDeepStrictEqual(before, after) ? undefined : [before, after]
}

function insideOf(kept: unknown, key: string): unknown {
  return typeof kept === 'object' && kept !== null && Object.hasOwn(kept, key) ? Reflect.get(kept, key) : null
}

/** Whether there is a change, from and to what is asked: values are cast as those that are assigned. */
export function matches(record: AttributeRecord, name: string, change: Change | undefined, options: ChangeOptions): boolean {
  if (change === undefined) return false
  const isSame = comparisonOf(record, name)
  if ('from' in options && !isSame(change[0], options.from)) return false
  return !('to' in options) || isSame(change[1], options.to)
}

function comparisonOf(record: AttributeRecord, name: string): (value: unknown, wanted: unknown) => boolean {
  const { schema, virtual } = infoOfRecord(record)
  const column = schema.byName.get(name)
  if (column?.enumeration !== undefined) {
    const { enumeration } = column
    return (value, wanted) => value === wanted || (typeof value === 'string' && enumeration.get(value) === wanted)
  }
  const { cast: castWanted, equals } = column?.type ?? virtual.get(name) ?? { cast: (value: unknown) => value, equals: isDeepStrictEqual }
  return (value, wanted) => equals(value, castWanted(wanted))
}

/** Moves the unsaved changes to the saved ones. */
export function changesApplied(record: AttributeRecord, columns: readonly Column[]): void {
  if (columns.length > 0 || record[EXTRA] !== null) {
    const extra = extraOf(record)
    const saved = new Map<string, Change>(columns.map((column) => [column.name, [originalOf(record, column), readColumn(record, column)]]))
    for (const name of changedVirtuals(record)) saved.set(name, virtualChange(record, name)!)
    extra.savedChanges = saved
    extra.beforeCast = undefined
    extra.forcedChanges = undefined
    extra.virtualBefore = undefined
  }
  forgetAssignments(record)
}

/** Takes the present values for those of the row. */
export function forgetAssignments(record: AttributeRecord): void {
  record[ORIGINAL] = null
  const values = record[VALUES]
  for (const column of infoOfRecord(record).wrappedColumns) values[column.position] = asStored(column.type, values[column.position])
}

/** What a row would be read as: an object that may be changed from inside is read from it anew, so that such changes are seen. */
export function asStored({ wrap, serialize }: Column['type'], value: unknown): unknown {
  if (wrap === undefined || typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof JsonText || value instanceof StoredValue || value instanceof Ciphertext) return value
  return wrap(serialize(value))
}

/** The value of a column before its unsaved change. */
export function originalOf(record: AttributeRecord, column: Column): unknown {
  const original = record[ORIGINAL]
  return original === null ? readColumn(record, column) : cast(column, original[column.position] ?? null)
}

function cast(column: Column, value: unknown): unknown {
  const { deserialize } = column.type
  return deserialize === undefined || value === null ? value : deserialize(value)
}
