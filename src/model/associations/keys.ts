import type { ModelInfo } from '../model_info.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { Clause } from '../sql/clause.ts'
import { compare } from '../sql/comparison.ts'
import type { Reflection } from './reflection.ts'

/** The value of a key: that of its column, or a list of those of several; null while one of several is missing. */
export function readKey(record: AttributeRecord, names: readonly string[]): unknown {
  if (names.length === 1) return readAttribute(record, names[0]!)
  return wholeKey(names.map((name) => readAttribute(record, name)))
}

/** The values of several columns as a key, of which none may be missing. */
export function wholeKey(values: readonly unknown[]): readonly unknown[] | null {
  return values.some((value) => value === null || value === undefined) ? null : values
}

/** A key as a text: 1, 1n and '1' are the same, whatever the columns are that refer to it. */
export function textOfKey(key: unknown): string {
  if (Array.isArray(key)) return key.map(textOfKey).join('\0')
  return key instanceof Date ? String(key.getTime()) : String(key)
}

/** That rows have a key. */
export function keyConditions({ schema }: ModelInfo, names: readonly string[], key: unknown, path = ''): Clause[] {
  return names.map((name, place) =>
    compare({ path, table: schema.table, column: schema.byName.get(name)! }, names.length === 1 ? key : (key as readonly unknown[])[place]),
  )
}

/** Attributes with a record, or null, for a belongsTo by several columns as the values of these. */
export function withKeyColumns(reflections: ReadonlyMap<string, Reflection>, attributes: Record<string, unknown>): [string, unknown][] {
  return Object.entries(attributes).flatMap(([name, value]): [string, unknown][] => {
    const reflection = reflections.get(name)
    if (reflection?.kind !== 'belongsTo' || !reflection.isComposite || !(value === null || isRecord(value))) return [[name, value]]
    const { ownerKeys, targetKeys } = reflection
    return ownerKeys.map((key, place) => [key, value === null ? null : readAttribute(value, targetKeys[place]!)])
  })
}
