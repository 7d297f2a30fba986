import { didYouMean } from '../../naming/index.ts'
import type { Reflection } from '../associations/reflection.ts'
import { chainOf } from '../associations/chain.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { modelOfTable } from '../tables.ts'
import { plainAttributes } from '../record/attribute_record.ts'
import { infoOfRecord, isRecord, readAttribute } from '../record/attribute_access.ts'
import type { Clause } from './clause.ts'
import { allOf, anyOf, compare, eitherOf, type EqualityClause, isLiteral, never, objectGiven, type Place } from './comparison.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'
import { isPlainObject } from '../../values/index.ts'
import { isOneFoundBy, isOneOfRows } from './key_rows.ts'
import { isKey } from './keys.ts'
import { isSubquery, selecting, SUBQUERY, type Subquery } from './subquery.ts'

/** The clauses that the arguments of `where` mean: a hash, SQL text with its values, or a fragment.
 * @throws UnknownColumn with a suggestion
 */
export function conditionsOf(info: ModelInfo, condition: unknown, values: readonly unknown[]): Clause[] {
  if (condition instanceof SqlFragment) return [fragmentClause(condition, true, info.schema)]
  if (typeof condition === 'string')
    return condition.trim() === '' ? [] : [fragmentClause(new SqlFragment(condition, values), true, info.schema)]
  if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) {
    return hashConditions(info, '', plainAttributes(info.model.name, condition))
  }
  if (Array.isArray(condition)) return [tuples(info, condition, values[0])]
  throw new InvalidArgument({ reason: `where() takes an object, or SQL text with its values; it was given ${JSON.stringify(condition)}.` })
}

function hashConditions(info: ModelInfo, path: string, hash: object): Clause[] {
  return Object.entries(hash).flatMap(([key, value]) => {
    const column = info.schema.byName.get(key)
    if (column !== undefined) return [compare({ path, table: info.schema.table, column }, value)]
    if (isPlainObject(value) && isLiteral(hash) && !isLiteral(value)) throw objectGiven(key)
    const reflection = info.reflections.get(key)
    if (reflection !== undefined) return associationCondition(reflection, path, value)
    const dot = key.indexOf('.')
    if (dot > 0) return tableConditions(info, key.slice(0, dot), { [key.slice(dot + 1)]: value }, key)
    return tableConditions(info, key, value, key)
  })
}

function associationCondition(reflection: Reflection, path: string, value: unknown): Clause[] {
  if (reflection.isPolymorphic) return [polymorphicCondition(reflection, path, value)]
  const target = infoOf(reflection.target)
  if (isPlainObject(value)) {
    const conditions = hashConditions(target, path === '' ? reflection.name : `${path}.${reflection.name}`, value)
    return conditions.length === 0 ? [never] : conditions
  }
  if (reflection.kind === 'belongsTo') {
    if (reflection.isComposite) return compositeConditions(reflection, path, value)
    const column = reflection.info.schema.byName.get(reflection.ownerKey)!
    return [foreignKeyCondition(reflection, path, reflection.info, column.name, value)]
  }
  const last = chainOf(reflection).at(-1)!
  const { key, primaryKey } = target.schema
  const joined = path === '' ? reflection.name : `${path}.${reflection.name}`
  if (key === undefined) {
    const places = primaryKey.map((column) => ({ path: joined, table: last.to.schema.table, column }))
    const names = primaryKey.map(({ name }) => name)
    return keyOfSeveral(reflection, places, names, value)
  }
  return [compare({ path: joined, table: last.to.schema.table, column: key }, keysOf(value, key.name))]
}

/** The key of a belongsTo by several columns is that of a record, of any of some records, or of none. */
function compositeConditions(reflection: Reflection, path: string, value: unknown): Clause[] {
  const { schema } = reflection.info
  const places = reflection.ownerKeys.map((name) => ({ path, table: schema.table, column: schema.byName.get(name)! }))
  return keyOfSeveral(reflection, places, reflection.targetKeys, value)
}

/** @param names the attributes of the records that the columns are compared with */
function keyOfSeveral({ name, info }: Reflection, places: readonly Place[], names: readonly string[], value: unknown): Clause[] {
  if (value === null || value === undefined) return [anyOf(places.map((place) => compare(place, null)))]
  if (isSubquery(value)) return [isOneFoundBy(places, value[SUBQUERY](names))]
  const rowOf = (each: unknown): readonly unknown[] => {
    if (isRecord(each)) return names.map((key) => readAttribute(each, key))
    if (Array.isArray(each) && each.length === names.length && each.every(isKey)) return each
    const reason = `'${name}' of ${info.model.name} has a key of several columns and is compared with records, a relation, or lists of [${names.join(', ')}].`
    throw new InvalidArgument({ reason })
  }
  if (!Array.isArray(value)) {
    const row = rowOf(value)
    return places.map((place, each) => compare(place, row[each]))
  }
  const found = isOneOfRows(places, value.filter((each) => each !== null).map(rowOf))
  return [value.includes(null) ? eitherOf(found, anyOf(places.map((place) => compare(place, null)))) : found]
}

/** The key and the class of a record, of any of some records, or of none. */
function polymorphicCondition(reflection: Reflection, path: string, value: unknown): Clause {
  const { schema } = reflection.info
  const place = (name: string) => ({ path, table: schema.table, column: schema.byName.get(name)! })
  const one = (record: unknown): Clause => {
    if (isRelation(record)) return foundBy(reflection, place, record)
    if (record !== null && !isRecord(record))
      throw new InvalidArgument({
        reason: `'${reflection.name}' is polymorphic and is compared with records or relations, not with ${typeof record}.`,
      })
    const type = record === null ? null : infoOfRecord(record).polymorphicName
    const key = record === null ? null : readAttribute(record, reflection.towards(type!).targetKey)
    return allOf([compare(place(reflection.typeColumn!), type), compare(place(reflection.ownerKey), key)])
  }
  if (!Array.isArray(value)) return one(value ?? null)
  return value.length === 0 ? never : value.map(one).reduce(eitherOf)
}

/** A relation knows its model, which a subquery alone doesn't. */
interface OfModel extends Subquery {
  readonly info: ModelInfo
}

function isRelation(value: unknown): value is OfModel {
  return isSubquery(value) && 'info' in value
}

/** The class is that of a relation's records, and the key among theirs. */
function foundBy(reflection: Reflection, place: (name: string) => Place, relation: OfModel): Clause {
  const type = relation.info.polymorphicName
  const keys = selecting(relation, [reflection.towards(type).targetKey])
  return allOf([compare(place(reflection.typeColumn!), type), compare(place(reflection.ownerKey), keys)])
}

function foreignKeyCondition(reflection: Reflection, path: string, info: ModelInfo, name: string, value: unknown): EqualityClause {
  const place = { path, table: info.schema.table, column: info.schema.byName.get(name)! }
  return compare(place, keysOf(value, reflection.targetKey))
}

function keysOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((each) => keysOf(each, key))
  if (isSubquery(value)) return selecting(value, [key])
  return isRecord(value) ? readAttribute(value, key) : value
}

/** `where({ users: { … } })` by the table's name, as Rails takes it. */
function tableConditions(info: ModelInfo, table: string, value: unknown, key: string): Clause[] {
  const other = modelOfTable(info, table)
  if (other === undefined || !isPlainObject(value)) {
    throw new UnknownColumn({
      model: info.model.name,
      column: key,
      suggestion: didYouMean(key, [...info.schema.byName.keys(), ...info.reflections.keys()]),
    })
  }
  if (other.schema.table === info.schema.table) return hashConditions(info, '', value)
  return hashConditions(other, `@${table}`, value)
}

/** Several columns that have one of some rows of values: `where(['user_id', 'status'], [[1, 'draft'], [2, 'published']])`. */
function tuples(info: ModelInfo, names: readonly unknown[], rows: unknown): Clause {
  const isRow = (row: unknown): row is readonly unknown[] => Array.isArray(row) && row.length === names.length
  if (names.length === 0 || !names.every((name) => typeof name === 'string') || !Array.isArray(rows) || !rows.every(isRow))
    throw new InvalidArgument({ reason: 'where() of several columns takes their names, and rows with a value for each.' })
  const ways = rows.map((row) => allOf(names.flatMap((name, place) => hashConditions(info, '', { [name]: row[place] }))))
  return anyOf(ways)
}
