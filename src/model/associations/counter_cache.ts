import { camelize, pluralize, underscore } from '../../naming/index.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { infoOfRecord, readColumn } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { countVersion, settleNumber } from '../record/counted.ts'
import { FLAGS, Flag } from '../record/record_state.ts'
import { hasDestroyedRow } from '../transactions/record_states.ts'
import type { AssociationCallback } from './callbacks.ts'
import { keyConditions, readKey, textOfKey } from './keys.ts'
import type { Reflection } from './reflection.ts'
import { formerly, ownerChange } from './touch.ts'
import { loadedOf } from './state.ts'

/** Keeps the counter column of the owner: one more on create, one less on destroy, moved when the owner changes. */
export function counterCallbacks(reflection: Reflection): AssociationCallback[] {
  if (reflection.kind !== 'belongsTo' || !reflection.options.counterCache) return []
  return [
    { event: 'create', position: 'after', work: (record) => count(reflection, record, readKey(record, reflection.ownerKeys), 1) },
    { event: 'destroy', position: 'after', work: (record) => discount(reflection, record) },
    { event: 'update', position: 'after', work: (record) => move(reflection, record) },
  ]
}

/** The counter of an owner that is being destroyed goes with it; a row that was gone already was discounted then. */
async function discount(reflection: Reflection, record: ModelRecord): Promise<void> {
  if (!hasDestroyedRow(record)) return
  const owner = loadedOf(record, reflection) as ModelRecord | null | undefined
  if (owner && (owner[FLAGS] & Flag.destroying) !== 0) return
  await count(reflection, record, readKey(record, reflection.ownerKeys), -1)
}

/** After rows of a collection were deleted or lost their owner without callbacks. */
export async function discountMany(owner: AttributeRecord, reflection: Reflection, by: number): Promise<void> {
  const { inverse } = reflection
  const name = inverse === undefined ? undefined : counterOf(inverse)
  if (name === undefined || by === 0) return
  const { schema, unscopedClauses } = reflection.info
  const key = readKey(owner, reflection.ownerKeys)
  const rows = reflection.info.relation(unscopedClauses.and(keyConditions(reflection.info, reflection.ownerKeys, key)))
  await rows.updateCounters({ [name]: -by })
  const counter = schema.byName.get(name)
  if (counter === undefined) return
  settleNumber(owner, counter, Number(readColumn(owner, counter) ?? 0) - by)
  countVersion(owner)
}

async function move(reflection: Reflection, record: ModelRecord): Promise<void> {
  const change = ownerChange(reflection, record)
  if (change === undefined) return
  await count(reflection, record, change[1], 1)
  await count(reflection, record, change[0], -1, formerly(reflection, record))
}

async function count(
  reflection: Reflection,
  record: ModelRecord,
  key: unknown,
  by: 1 | -1,
  narrowed: Reflection | undefined = reflection.of(record),
): Promise<void> {
  if (key === null || key === undefined || narrowed === undefined) return
  const owner = infoOf(narrowed.target)
  const name = counterOf(narrowed)!
  const rows = owner.relation(owner.unscopedClauses.and(keyConditions(owner, narrowed.targetKeys, key)))
  await rows.updateCounters({ [name]: by })
  const loaded = loadedOf(record, reflection) as ModelRecord | null | undefined
  const counter = owner.schema.byName.get(name)
  const isCounted =
    loaded && infoOfRecord(loaded).schema === owner.schema && textOfKey(readKey(loaded, narrowed.targetKeys)) === textOfKey(key)
  if (!isCounted || counter === undefined) return
  settleNumber(loaded, counter, Number(readColumn(loaded, counter) ?? 0) + by)
  countVersion(loaded)
}

/** The column of the owner that has the size of a collection, so that it need not be counted; undefined when none does. */
export function counterOfCollection(reflection: Reflection): string | undefined {
  const { info, name, options, through, kind } = reflection
  if (kind !== 'hasMany' || through !== undefined) return undefined
  const given = typeof options.counterCache === 'string' ? options.counterCache : undefined
  const column = given ?? [`${name}_count`, `${camelize(name, 'lower')}Count`].find((each) => info.schema.byName.has(each))
  if (column === undefined || !info.schema.byName.has(column)) return undefined
  if (options.counterCache) return column
  const candidates = reflection.inverse === undefined ? [...infoOf(reflection.target).reflections.values()] : [reflection.inverse]
  const isCounting = (each: Reflection): boolean =>
    each.kind === 'belongsTo' && (each.isPolymorphic || infoOf(each.target).schema === info.schema) && counterOf(each, info) === column
  return candidates.some(isCounting) ? column : undefined
}

/** The column of the owner that counts the records of a belongsTo; undefined when none does. */
export function counterOf(reflection: Reflection, owner?: ModelInfo): string | undefined {
  const { counterCache } = reflection.options
  if (!counterCache) return undefined
  return typeof counterCache === 'string' ? counterCache : counterName(reflection, owner ?? infoOf(reflection.target))
}

/** `favorites_count` after the class, as in Rails; `favoritesCount`, or the name after the table, where the schema is written so. */
function counterName(reflection: Reflection, owner: ModelInfo): string {
  const { byName } = owner.schema
  const { name, table } = reflection.info.schema
  const plural = pluralize(name)
  const names = [`${underscore(plural)}_count`, `${camelize(plural, 'lower')}Count`, `${table}_count`, `${table}Count`]
  return names.find((each) => byName.has(each)) ?? names[0]!
}
