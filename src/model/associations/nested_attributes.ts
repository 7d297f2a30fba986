import { isBlank } from '../../values/index.ts'
import type { NestedOptions } from './declaration.ts'
import { InvalidArgument, RecordNotFound, TooManyRecords } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { extraOf, isRecord } from '../record/attribute_access.ts'
import { plainAttributes } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { EXTRA, type NestedAttributes } from '../record/record_state.ts'
import { isKey } from '../sql/keys.ts'
import type { Collection } from './collection.ts'
import { readKey, textOfKey } from './keys.ts'
import type { Reflection } from './reflection.ts'
import { collectionOf, loadedOf } from './state.ts'

/** Members of the attributes that say which record is meant, and what becomes of it. */
const unassignable = new Set(['id', '_destroy'])

/** Takes attributes of associated records, as `comments_attributes = […]`. New records are built at once; which of the others are meant is known
 * when they are loaded: before the record is validated or saved.
 *
 * @throws InvalidArgument when it is no list or object
 * @throws TooManyRecords beyond the limit
 */
export function assignNested(record: ModelRecord, reflection: Reflection, options: NestedOptions, given: unknown): void {
  const list = reflection.isCollection ? listOf(record, reflection, options, given) : [attributesOf(record, reflection, given, 'Hash')]
  const isKnown = reflection.isCollection
    ? collectionOf(record, reflection).isLoaded()
    : record.isNewRecord() || loadedOf(record, reflection) !== undefined
  const isWaiting = record[EXTRA]?.nested?.has(reflection.name) === true
  if (!isWaiting && (isKnown || (reflection.isCollection && list.every((attributes) => isBlank(attributes['id']))))) {
    if (reflection.isCollection) assignToCollection(record, reflection, options, list, collectionOf(record, reflection).target)
    else assignToOne(record, reflection, options, list[0]!)
    return
  }
  const extra = extraOf(record)
  extra.nested ??= new Map()
  extra.nested.set(reflection.name, [...(extra.nested.get(reflection.name) ?? []), ...list])
}

/** Gives the records that were meant their attributes, and loads them for it.
 * @throws RecordNotFound when one isn't among those of the association
 */
export async function applyNested(record: ModelRecord, optionsOf: (association: string) => NestedOptions): Promise<void> {
  const waiting = record[EXTRA]?.nested
  if (waiting === undefined) return
  extraOf(record).nested = undefined
  for (const [name, list] of waiting) {
    const reflection = infoOf(record.constructor as never).reflection(name)
    if (!reflection.isCollection) {
      await (Reflect.get(record, name) as PromiseLike<unknown> | ModelRecord | null)
      for (const attributes of list) assignToOne(record, reflection, optionsOf(name), attributes)
      continue
    }
    const collection = collectionOf(record, reflection)
    const keys = list.map((attributes) => attributes['id']).filter((id) => !isBlank(id))
    const known = collection.isLoaded() ? collection.target : await meant(collection, keys)
    assignToCollection(record, reflection, optionsOf(name), list, known)
  }
}

/** The records of a collection with these keys: those in memory, else loaded. */
async function meant(collection: Collection, keys: readonly unknown[]): Promise<readonly ModelRecord[]> {
  if (keys.length === 0) return []
  const { key, primaryKey } = collection.info.schema
  const rows = collection.info.relation(collection.clauses)
  const isWhole = (given: unknown): boolean => Array.isArray(given) && given.length === primaryKey.length && given.every(isKey)
  const names = primaryKey.map(({ name }) => name)
  const found = await (key === undefined ? rows.where(names, keys.filter(isWhole)) : rows.where({ [key.name]: keys }))
  return found.map((record) => collection.target.find((each) => each.equals(record)) ?? record)
}

function assignToCollection(
  owner: ModelRecord,
  reflection: Reflection,
  options: NestedOptions,
  list: readonly NestedAttributes[],
  known: readonly ModelRecord[],
): void {
  const collection = collectionOf(owner, reflection)
  for (const attributes of list) {
    if (isBlank(attributes['id'])) {
      if (!isRejectedNew(owner, options, attributes)) collection.new(assignable(attributes))
      continue
    }
    const child = known.find((each) => keyOf(each) === textOfKey(attributes['id']))
    if (child === undefined) throw notFound(owner, reflection, attributes['id'])
    if (isRejected(owner, options, attributes)) continue
    collection.addToTarget(child)
    assignOrMark(child, attributes, options)
  }
}

function assignToOne(owner: ModelRecord, reflection: Reflection, options: NestedOptions, attributes: NestedAttributes): void {
  const loaded = loadedOf(owner, reflection)
  const existing = isRecord(loaded) ? (loaded as ModelRecord) : undefined
  const hasKey = !isBlank(attributes['id'])
  if ((options.updateOnly || hasKey) && existing !== undefined && (options.updateOnly || keyOf(existing) === textOfKey(attributes['id']))) {
    if (!isRejected(owner, options, attributes)) assignOrMark(existing, attributes, options)
  } else if (hasKey) throw notFound(owner, reflection, attributes['id'])
  else if (isRejectedNew(owner, options, attributes)) return
  else if (existing?.isNewRecord()) existing.assign(assignable(attributes))
  else if (reflection.isPolymorphic)
    throw new InvalidArgument({ reason: `The class of '${reflection.name}' isn't known, so that its attributes can't be taken.` })
  else Reflect.set(owner, reflection.name, new reflection.target(assignable(attributes)))
}

function assignOrMark(record: ModelRecord, attributes: NestedAttributes, { allowDestroy }: NestedOptions): void {
  record.assign(assignable(attributes))
  if (allowDestroy === true && hasDestroyFlag(attributes)) record.markForDestruction()
}

function listOf(record: ModelRecord, reflection: Reflection, options: NestedOptions, given: unknown): NestedAttributes[] {
  const isList = Array.isArray(given)
  const plain = isList ? undefined : attributesOf(record, reflection, given, 'Hash or Array')
  // Forms number their records: `{ "0": { … }, "1": { … } }`.
  const list: unknown[] = isList ? given : plain === undefined ? [] : 'id' in plain ? [plain] : Object.values(plain)
  const limit = limitOf(record, options.limit)
  if (limit !== undefined && list.length > limit) throw new TooManyRecords({ limit, given: list.length })
  return list.map((each) => attributesOf(record, reflection, each, 'Hash'))
}

function attributesOf(record: ModelRecord, reflection: Reflection, given: unknown, wanted: string): NestedAttributes {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return plainAttributes(record.constructor.name, given)
  throw new InvalidArgument({ reason: `${wanted} expected for \`${reflection.name}\` attributes, got ${nameOf(given)}` })
}

function nameOf(value: unknown): string {
  return value === null || value === undefined ? 'null' : (Object(value) as object).constructor.name
}

function limitOf(record: ModelRecord, limit: NestedOptions['limit']): number | undefined {
  if (typeof limit === 'function') return limit.call(record)
  return typeof limit === 'string' ? Number((Reflect.get(record, limit) as () => unknown).call(record)) : limit
}

function isRejectedNew(owner: ModelRecord, options: NestedOptions, attributes: NestedAttributes): boolean {
  return (options.allowDestroy === true && hasDestroyFlag(attributes)) || isRejected(owner, options, attributes)
}

function isRejected(owner: ModelRecord, { rejectIf, allowDestroy }: NestedOptions, attributes: NestedAttributes): boolean {
  if (rejectIf === undefined || (allowDestroy === true && hasDestroyFlag(attributes))) return false
  if (rejectIf === 'allBlank') return Object.entries(attributes).every(([name, value]) => name === '_destroy' || isBlank(value))
  if (typeof rejectIf === 'function') return Boolean(rejectIf.call(owner, attributes))
  return Boolean((Reflect.get(owner, rejectIf) as (attributes: NestedAttributes) => unknown).call(owner, attributes))
}

const falseFlags: ReadonlySet<unknown> = new Set([false, 0, '', '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF', null, undefined])

function hasDestroyFlag(attributes: NestedAttributes): boolean {
  return !falseFlags.has(attributes['_destroy'])
}

function assignable(attributes: NestedAttributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !unassignable.has(name)))
}

function keyOf(record: ModelRecord): string | undefined {
  const { primaryKey } = infoOf(record.constructor as never).schema
  const names = primaryKey.map(({ name }) => name)
  return names.length === 0 ? undefined : textOfKey(readKey(record, names))
}

function notFound(owner: ModelRecord, reflection: Reflection, id: unknown): RecordNotFound {
  const { name } = infoOf(reflection.target).model
  return new RecordNotFound({ model: name, condition: `ID=${String(id)} for ${owner.constructor.name} with ID=${keyOf(owner) ?? ''}`, id })
}
