import type { Reflection } from '../associations/reflection.ts'
import type { Collection } from '../associations/collection.ts'
import { textOfKey } from '../associations/keys.ts'
import { associationClauses } from '../associations/query.ts'
import { loadedOf, loadedRecords, setLoaded } from '../associations/state.ts'
import type { Column } from '../attributes/column.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { readAttribute, readColumn } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Clause } from '../sql/clause.ts'
import { compare } from '../sql/comparison.ts'
import { isOwnerScoped, needsThrough, scopedClauses } from './association_scope.ts'
import type { IncludeTree } from './clauses.ts'
import { findByKeys, preloadComposite } from './composite_preloader.ts'

/** Keys a query asks for at once: below the smallest limit of bind variables. */
const keysAtOnce = 10_000

/** Loads a tree of associations of some records of one model, one query an association. */
export async function preload(info: ModelInfo, records: readonly ModelRecord[], tree: IncludeTree, isStrict = false): Promise<void> {
  if (records.length === 0) return
  for (const [name, nested] of tree) {
    const reflection = info.reflection(name)
    if (reflection.isPolymorphic) {
      await preloadPolymorphic(reflection, records, nested, isStrict)
      continue
    }
    if (records.every((record) => isLoaded(record, reflection))) {
      const known = records.flatMap((record) => loadedRecords(record, reflection))
      if (nested.size > 0) await preload(infoOf(reflection.target), known, nested, isStrict)
      continue
    }
    const loaded = await preloadOne(reflection, records)
    if (isStrict) for (const record of loaded) record.strictLoading()
    if (nested.size > 0) await preload(infoOf(reflection.target), loaded, nested, isStrict)
  }
}

function preloadOne(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  if (isOwnerScoped(reflection) || needsThrough(reflection)) return preloadEach(reflection, records)
  if (reflection.through !== undefined) return preloadThrough(reflection, records)
  return reflection.isComposite ? preloadComposite(reflection, records) : preloadDirect(reflection, records)
}

/** A query for each owner, whom the scope asks for, or the rows between. */
async function preloadEach(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const loaded: ModelRecord[] = []
  for (const record of records) {
    const theirs = await infoOf(reflection.target).relation(associationClauses(record, reflection)).toArray()
    setLoaded(record, reflection, theirs)
    loaded.push(...theirs)
  }
  return loaded
}

function isLoaded(record: ModelRecord, reflection: Reflection): boolean {
  const loaded = loadedOf(record, reflection)
  return reflection.isCollection ? (loaded as Collection | undefined)?.isLoaded() === true : loaded !== undefined
}

/** One query for each class that the records' type columns name. */
async function preloadPolymorphic(
  reflection: Reflection,
  records: readonly ModelRecord[],
  nested: IncludeTree,
  isStrict: boolean,
): Promise<void> {
  for (const [narrowed, owners] of groupBy(records, (record) => reflection.of(record))) {
    if (narrowed === undefined) {
      for (const owner of owners) setLoaded(owner, reflection, [])
      continue
    }
    const loaded = await preloadDirect(narrowed, owners)
    if (isStrict) for (const record of loaded) record.strictLoading()
    if (nested.size > 0) await preload(infoOf(narrowed.target), loaded, nested, isStrict)
  }
}

/** Items by key. Those of one key mostly come one after the other, so that they are taken together. */
function groupBy<T, K>(list: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  let from = 0
  while (from < list.length) {
    const key = keyOf(list[from]!)
    let to = from + 1
    while (to < list.length && keyOf(list[to]!) === key) to++
    const group = groups.get(key)
    if (group === undefined) groups.set(key, list.slice(from, to))
    else for (const item of list.slice(from, to)) group.push(item)
    from = to
  }
  return groups
}

async function preloadDirect(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const target = infoOf(reflection.target)
  const ownerKeys = records.map(reader(reflection.info, reflection.ownerKey))
  const keys = new Set(ownerKeys)
  // Owners of one row each have a list of their own.
  const isShared = keys.size < records.length
  keys.delete(null)
  keys.delete(undefined)
  const column = target.schema.byName.get(reflection.targetKey)!
  const found = await findBy(target, column, reflection, [...keys])
  const keyOf = reader(target, reflection.targetKey)
  const byKey = groupBy(found, (record) => identity(keyOf(record)))
  for (let place = 0; place < records.length; place++) {
    const theirs = byKey.get(identity(ownerKeys[place])) ?? []
    setLoaded(records[place]!, reflection, isShared ? theirs.slice() : theirs)
  }
  return found
}

/** Reads an attribute of many records of a model: of its column, where it is one and was selected. */
function reader(info: ModelInfo, name: string): (record: ModelRecord) => unknown {
  const column = info.schema.byName.get(name)
  if (column === undefined) return (record) => readAttribute(record, name)
  return (record) => readColumn(record, column) ?? readAttribute(record, name)
}

/** 1 and 1n are the same key: a column of another width may refer to it. Larger ones than numbers hold exactly stay apart. */
function identity(key: unknown): unknown {
  if (typeof key !== 'bigint') return key
  const number = Number(key)
  return Number.isSafeInteger(number) ? number : key
}

async function findBy(target: ModelInfo, column: Column, reflection: Reflection, keys: readonly unknown[]): Promise<ModelRecord[]> {
  const scoped = scopedClauses(reflection)
  const clauses = reflection.options.as === undefined ? scoped : scoped.and([ownerType(target, reflection)])
  const read = (some: readonly unknown[]) =>
    target.relation(clauses.and([compare({ path: '', table: target.schema.table, column }, some)])).toArray()
  if (keys.length > 0 && keys.length <= keysAtOnce) return read(keys)
  const found: ModelRecord[] = []
  for (let from = 0; from < keys.length; from += keysAtOnce) found.push(...(await read(keys.slice(from, from + keysAtOnce))))
  return found
}

/** That the rows belong to records of the association's class. */
function ownerType(target: ModelInfo, reflection: Reflection): Clause {
  const column = target.schema.byName.get(reflection.typeColumn!)!
  return compare({ path: '', table: target.schema.table, column }, reflection.info.polymorphicName)
}

/** Loads the records between, then theirs, and gives each owner what its own led to: in their order, unless the scope has one, and as often as
 * they led to it, unless the scope says `distinct`. */
async function preloadThrough(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const { source } = reflection
  const through = reflection.through!
  await preload(reflection.info, records, new Map([[through.name, new Map()]]))
  const betweenOf = (record: ModelRecord) => loadedRecords(record, through).filter((each) => leadsTo(source, each)) as ModelRecord[]
  await preload(infoOf(through.target), records.flatMap(betweenOf), new Map([[source.name, new Map()]]))
  const reached = records.map((record) => betweenOf(record).flatMap((each) => loadedRecords(each, source)) as ModelRecord[])
  const all = await narrowed(reflection, [...new Set(reached.flat())])
  for (const [place, record] of records.entries()) setLoaded(record, reflection, asScoped(reflection, reached[place]!, all))
  return all
}

/** Whether a record between leads to the class that `sourceType` names. */
function leadsTo(source: Reflection, between: ModelRecord): boolean {
  if (source.narrowedTo === undefined) return true
  return source.info.reflection(source.name).of(between) === source
}

function asScoped(reflection: Reflection, reached: readonly ModelRecord[], all: readonly ModelRecord[]): ModelRecord[] {
  if (!isNarrowed(reflection)) return [...reached]
  const { orders, distinct } = scopedClauses(reflection)
  const places = new Map(all.map((record, place) => [record, place]))
  const own = (distinct ? [...new Set(reached)] : reached).filter((record) => places.has(record))
  return orders.length === 0 ? own : own.sort((a, b) => places.get(a)! - places.get(b)!)
}

/** Whether a scope has its say about the records that are reached: the association's own, or an order of the source, whose records come from
 * several of those between. */
function isNarrowed(reflection: Reflection): boolean {
  return reflection.options.scope !== undefined || (reflection.through!.isCollection && scopedClauses(reflection).orders.length > 0)
}

/** Those of the records that the association's scope lets through, in its order. */
async function narrowed(reflection: Reflection, records: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const target = infoOf(reflection.target)
  const { key, primaryKey } = target.schema
  if (!isNarrowed(reflection) || records.length === 0 || primaryKey.length === 0) return [...records]
  if (key === undefined) {
    const byKeys = new Map(records.map((record) => [textOfKey(record.toKey()), record]))
    const found = await findByKeys(
      target,
      primaryKey,
      reflection,
      records.map((record) => record.toKey()),
    )
    return found.flatMap((record) => byKeys.get(textOfKey(record.toKey())) ?? [])
  }
  const byKey = new Map(records.map((record) => [readAttribute(record, key.name), record]))
  const found = await findBy(target, key, reflection, [...byKey.keys()])
  return found.flatMap((record) => byKey.get(readAttribute(record, key.name)) ?? [])
}
