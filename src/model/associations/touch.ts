import type { Column } from '../attributes/column.ts'
import { infoOf } from '../model_info.ts'
import { readAttribute } from '../record/attribute_access.ts'
import { FLAGS, Flag, VALUES } from '../record/record_state.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { AssociationCallback } from './callbacks.ts'
import { keyConditions, readKey, wholeKey } from './keys.ts'
import type { Reflection } from './reflection.ts'
import { loadedOf } from './state.ts'
import { touchLater } from './touch_later.ts'

/** Writes the time to the owner when the record is created, changed, touched or destroyed. */
export function touchCallbacks(reflection: Reflection): AssociationCallback[] {
  const { touch } = reflection.options
  if (reflection.kind !== 'belongsTo' || !touch) return []
  const columns = typeof touch === 'string' ? [touch] : []
  const work = async (record: ModelRecord): Promise<void> => {
    await touchFormer(reflection, record, columns)
    const owner = (await Reflect.get(record, reflection.name)) as ModelRecord | null
    if (owner?.isPersisted() && (owner[FLAGS] & Flag.destroying) === 0) await touchLater(owner, columns)
  }
  const ifChanged = async (record: ModelRecord): Promise<void> => {
    if (record.hasSavedChanges()) await work(record)
  }
  const counted = (record: ModelRecord): Promise<void> => touchCounted(reflection, record, columns)
  const isCounted = Boolean(reflection.options.counterCache)
  const countedIfChanged = async (record: ModelRecord): Promise<void> => {
    const change = ownerChange(reflection, record)
    if (change === undefined) return ifChanged(record)
    const former = formerly(reflection, record)
    if (former !== undefined && change[0] !== null) await writeTimes(former, change[0], columns)
    await counted(record)
  }
  return (['create', 'update', 'touch', 'destroy'] as const).map((event) => ({
    event,
    position: 'after',
    work: isCounted
      ? { create: counted, update: countedIfChanged, touch: work, destroy: counted }[event]
      : event === 'update'
        ? ifChanged
        : work,
  }))
}

/** With a counter, the time is written as the counter is: beside the owner's transaction callbacks. Those of its touch run when it is in memory. */
async function touchCounted(reflection: Reflection, record: ModelRecord, names: readonly string[]): Promise<void> {
  const key = readKey(record, reflection.ownerKeys)
  const owner = loadedOf(record, reflection) as ModelRecord | null | undefined
  const narrowed = reflection.of(record)
  if (narrowed === undefined || key === null || key === undefined || (owner && (owner[FLAGS] & Flag.destroying) !== 0)) return
  const { columns, now } = await writeTimes(narrowed, key, names)
  if (!owner) return
  for (const column of columns) owner[VALUES][column.position] = now
  await infoOf(narrowed.target).callbacks.touch.after(owner)
}

/** Writes the time to the rows that a key leads to. */
async function writeTimes(reflection: Reflection, key: unknown, names: readonly string[]): Promise<{ columns: Column[]; now: Date }> {
  const target = infoOf(reflection.target)
  const { schema } = target
  const now = new Date()
  const columns = [schema.updatedAt, ...names.map((name) => schema.byName.get(name))].filter((column) => column !== undefined)
  const rows = target.relation(target.unscopedClauses.and(keyConditions(target, reflection.targetKeys, key)))
  if (columns.length > 0) await rows.updateAll(Object.fromEntries(columns.map((column) => [column.name, now])))
  return { columns, now }
}

/** The owner that a record was taken from. */
async function touchFormer(reflection: Reflection, record: ModelRecord, columns: readonly string[]): Promise<void> {
  const change = ownerChange(reflection, record)
  if (change === undefined || change[0] === null || record.isPreviouslyNewRecord()) return
  const narrowed = formerly(reflection, record)
  if (narrowed === undefined) return
  const target = infoOf(narrowed.target)
  const rows = target.relation(target.unscopedClauses.and(keyConditions(target, narrowed.targetKeys, change[0])))
  const former = (await rows.take()) as ModelRecord | null
  if (former !== null) await touchLater(former, columns)
}

/** From which key to which the last save changed the owner: the keys may be the same, and the class another. */
export function ownerChange(reflection: Reflection, record: ModelRecord): [unknown, unknown] | undefined {
  const { ownerKeys } = reflection
  if (ownerKeys.length > 1) return compositeChange(ownerKeys, record)
  const change = record.savedChangeTo(ownerKeys[0]!)
  if (change !== undefined || !reflection.isPolymorphic || !record.isSavedChangeTo(reflection.typeColumn!)) return change
  const key = readAttribute(record, ownerKeys[0]!)
  return [key, key]
}

function compositeChange(names: readonly string[], record: ModelRecord): [unknown, unknown] | undefined {
  const changes = names.map((name) => record.savedChangeTo(name))
  if (changes.every((change) => change === undefined)) return undefined
  const former = names.map((name, place) => (changes[place] === undefined ? readAttribute(record, name) : changes[place][0]))
  return [wholeKey(former), readKey(record, names)]
}

/** The association as it was before the last save. */
export function formerly(reflection: Reflection, record: ModelRecord): Reflection | undefined {
  const name = reflection.isPolymorphic ? record.savedChangeTo(reflection.typeColumn!)?.[0] : undefined
  return typeof name === 'string' ? reflection.towards(name) : reflection.of(record)
}
