import { textOfKey, wholeKey } from '../associations/keys.ts'
import type { Reflection } from '../associations/reflection.ts'
import { setLoaded } from '../associations/state.ts'
import type { Column } from '../attributes/column.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { readAttribute, readColumn } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isOneOfRows } from '../sql/key_rows.ts'
import { scopedClauses } from './association_scope.ts'

/** Keys a query asks for at once: each is some bind variables, and may be a condition of its own. */
const keysAtOnce = 1_000

/** Loads an association by several columns. */
export async function preloadComposite(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const target = infoOf(reflection.target)
  const ownerKeys = records.map((record) => wholeKey(reflection.ownerKeys.map((name) => readAttribute(record, name))))
  const columns = reflection.targetKeys.map((name) => target.schema.byName.get(name)!)
  const found = await findByKeys(target, columns, reflection, ownerKeys)
  const byKey = new Map<string, ModelRecord[]>()
  for (const record of found) {
    const key = textOfKey(columns.map((column) => readColumn(record, column) ?? readAttribute(record, column.name)))
    const group = byKey.get(key)
    if (group === undefined) byKey.set(key, [record])
    else group.push(record)
  }
  for (const [place, record] of records.entries()) {
    const key = ownerKeys[place]
    // Owners of one key have a list each.
    setLoaded(record, reflection, key ? [...(byKey.get(textOfKey(key)) ?? [])] : [])
  }
  return found
}

/** The records of an association that have one of some keys of several columns. */
export async function findByKeys(
  target: ModelInfo,
  columns: readonly Column[],
  reflection: Reflection,
  keys: readonly (readonly unknown[] | null)[],
): Promise<ModelRecord[]> {
  const rows = [...new Map(keys.flatMap((key) => (key === null ? [] : [[textOfKey(key), key]]))).values()]
  const places = columns.map((column) => ({ path: '', table: target.schema.table, column }))
  const found: ModelRecord[] = []
  for (let from = 0; from < rows.length; from += keysAtOnce) {
    const some = isOneOfRows(places, rows.slice(from, from + keysAtOnce))
    found.push(...(await target.relation(scopedClauses(reflection).and([some])).toArray()))
  }
  return found
}
