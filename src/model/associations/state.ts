import type { ModelInfo } from '../model_info.ts'
import { infoOf } from '../model_info.ts'
import { infoOfRecord, isRecord, readColumn } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { ASSOCIATIONS } from '../record/record_state.ts'
import type { Collection } from './collection.ts'
import { readKey, textOfKey } from './keys.ts'
import { loadedAs, namesOfLoaded, withLoaded, withoutLoaded } from './loaded_associations.ts'
import type { Reflection } from './reflection.ts'

/** What a record has loaded or been given for an association; undefined when nothing, or when its foreign key changed since. */
export function loadedOf(record: AttributeRecord, reflection: Reflection): ModelRecord | Collection | null | undefined {
  const entry = loadedAs(record[ASSOCIATIONS], reflection.name)
  if (entry === undefined) return undefined
  const loaded = entry.value as ModelRecord | Collection | null
  if (reflection.kind === 'belongsTo' && isStale(record, reflection, loaded as ModelRecord | null)) {
    record[ASSOCIATIONS] = withoutLoaded(record[ASSOCIATIONS], reflection.name)
    return undefined
  }
  return loaded
}

function isStale(record: AttributeRecord, reflection: Reflection, loaded: ModelRecord | null): boolean {
  const key = readKey(record, reflection.ownerKeys)
  if (loaded === null) return key !== null
  if (loaded.isNewRecord()) return false
  const narrowed = reflection.of(record)
  if (
    narrowed === undefined ||
    (reflection.isPolymorphic && infoOfRecord(loaded).polymorphicName !== infoOf(narrowed.target).polymorphicName)
  )
    return true
  const target = readKey(loaded, narrowed.targetKeys)
  return key !== target && textOfKey(key) !== textOfKey(target)
}

/** Keeps what an association led to. */
export function setCached(record: AttributeRecord, reflection: Reflection, value: unknown): void {
  record[ASSOCIATIONS] = withLoaded(record[ASSOCIATIONS], reflection.name, value)
}

/** Keeps the records that were loaded for an association, and tells them their owner where they have an association back.
 * @param records becomes the collection's own
 */
export function setLoaded(record: AttributeRecord, reflection: Reflection, records: ModelRecord[]): void {
  if (reflection.isCollection) {
    collectionOf(record, reflection).setTarget(records)
    return
  }
  const [only] = records
  setCached(record, reflection, only ?? null)
  if (only !== undefined) setInverse(record, reflection, only)
}

/** Gives those records that belong to an owner their owner. */
export function adopt(owner: AttributeRecord, reflection: Reflection, records: readonly AttributeRecord[]): void {
  const key = textOfKey(readKey(owner, reflection.ownerKeys))
  const { byName } = infoOf(reflection.target).schema
  const columns = reflection.targetKeys.map((name) => byName.get(name)!)
  const keyOf = (record: AttributeRecord): unknown =>
    columns.length === 1 ? readColumn(record, columns[0]!) : columns.map((column) => readColumn(record, column))
  setInverses(
    owner,
    reflection,
    records.filter((record) => textOfKey(keyOf(record)) === key),
  )
}

/** Gives an associated record its owner, so that it need not load it. */
export function setInverse(owner: AttributeRecord, reflection: Reflection, record: AttributeRecord): void {
  const inverse = reflection.inverse
  if (inverse !== undefined && !inverse.isCollection) setCached(record, inverse, owner)
}

/** Gives records of a collection their owner. They share what says so. */
export function setInverses(owner: AttributeRecord, reflection: Reflection, records: readonly AttributeRecord[]): void {
  const { inverse } = reflection
  if (inverse === undefined || inverse.isCollection) return
  const { name } = inverse
  const owned = withLoaded(null, name, owner)
  for (const record of records) {
    const known = record[ASSOCIATIONS]
    record[ASSOCIATIONS] = known === null ? owned : withLoaded(known, name, owner)
  }
}

/** The collection of a record: one object as long as the record lives. */
export function collectionOf(record: AttributeRecord, reflection: Reflection): Collection {
  const known = loadedAs(record[ASSOCIATIONS], reflection.name)?.value
  if (known !== undefined) return known as Collection
  const collectionClass = infoOf(reflection.target).collectionClass as unknown as new (
    owner: AttributeRecord,
    reflection: Reflection,
  ) => Collection
  const collection = new collectionClass(record, reflection)
  const { extending } = reflection.options
  if (extending !== undefined)
    for (const [name, value] of Object.entries(extending))
      Object.defineProperty(collection, name, { configurable: true, writable: true, value })
  setCached(record, reflection, collection)
  return collection
}

/** The records that are loaded for an association. */
export function loadedRecords(record: AttributeRecord, reflection: Reflection): ModelRecord[] {
  const loaded = loadedAs(record[ASSOCIATIONS], reflection.name)?.value
  if (loaded === undefined || loaded === null) return []
  return isRecord(loaded) ? [loaded as ModelRecord] : [...(loaded as Collection).target]
}

/** Forgets what was loaded for one association. */
export function forgetAssociation(record: AttributeRecord, { name }: Reflection): void {
  record[ASSOCIATIONS] = withoutLoaded(record[ASSOCIATIONS], name)
}

/** Forgets what was loaded. */
export function forgetAssociations(record: AttributeRecord): void {
  record[ASSOCIATIONS] = null
}

/** The associations of a record that something was loaded for or assigned to. */
export function touchedReflections(record: AttributeRecord): Reflection[] {
  const associations = record[ASSOCIATIONS]
  if (associations === null) return []
  const info: ModelInfo = infoOfRecord(record)
  return namesOfLoaded(associations).flatMap((name) => info.reflections.get(name) ?? [])
}
