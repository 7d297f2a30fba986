import { IncompatibleRelations, InvalidArgument } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { infoOfRecord, isRecord, readColumn } from '../record/attribute_access.ts'
import type { Clause } from '../sql/clause.ts'
import { allOf, compare, eitherOf, negate, never, type Place } from '../sql/comparison.ts'
import { conditionsOf } from '../sql/conditions.ts'
import { joinsOf } from '../sql/joins.ts'
import { isOneFoundBy, isOneOfRows } from '../sql/key_rows.ts'
import { SUBQUERY } from '../sql/subquery.ts'
import type { Clauses } from './clauses.ts'
import { joinIncluded } from './includes.ts'
import { RelationBase } from './relation_base.ts'

/** The methods that say which rows. */
export class ConditionMethods extends RelationBase {
  /** Rows that meet all conditions.
   * @example articles.where({ author_id: [1, 2], views: range(10, null) })
   * @example articles.where('views > ?', 10)
   */
  where(condition: unknown, ...values: readonly unknown[]): this {
    const conditions = conditionsOf(this.info, condition, values)
    return this.spawn(joinIncluded(this.clauses.and(conditions), this.info, condition))
  }

  /** Rows that don't meet the conditions together. */
  not(condition: unknown, ...values: readonly unknown[]): this {
    const conditions = conditionsOf(this.info, condition, values)
    return this.spawn(joinIncluded(this.clauses.and([negate(allOf(conditions))]), this.info, condition))
  }

  /** Replaces the conditions on the named columns. */
  rewhere(condition: Record<string, unknown>): this {
    return this.unscopeWhere(Object.keys(condition)).where(condition)
  }

  /** Rows of this relation or of the other.
   * @throws IncompatibleRelations when the models differ
   * @throws InvalidArgument when something beside their conditions differs
   */
  or(other: RelationBase): this {
    requireCompatible('or', this, other)
    const left = this.clauses.isNone ? never : allOf(this.clauses.wheres)
    const right = other.clauses.isNone ? never : allOf(other.clauses.wheres)
    return this.spawn(this.clauses.with({ wheres: [eitherOf(left, right)], isNone: false }))
  }

  /** Rows of this relation and of the other, which differ in their conditions alone.
   * @throws IncompatibleRelations when the models differ
   * @throws InvalidArgument when something beside their conditions differs
   */
  and(other: RelationBase): this {
    requireCompatible('and', this, other)
    const clauses = this.clauses.and(other.clauses.wheres)
    return this.spawn(other.clauses.isNone ? clauses.with({ isNone: true }) : clauses)
  }

  /** Whether `or` and `and` take the other relation. */
  isStructurallyCompatible(other: RelationBase): boolean {
    return isOfSameTable(this, other) && differences(this.clauses, other.clauses).length === 0
  }

  /** The conditions turned round: rows that don't meet them together. */
  invertWhere(): this {
    const { wheres } = this.clauses
    return this.spawn(this.clauses.with({ wheres: wheres.length === 0 ? wheres : [negate(allOf(wheres))] }))
  }

  /** Rows that have a record for each of these associations: an inner join, so a row comes once for each record.
   * @example Post.associated('author').where({ status: 'published' })
   */
  associated(...names: readonly string[]): this {
    return names.reduce<this>((relation, name) => ConditionMethods.#joined(relation, name, 'InnerJoin', false), this)
  }

  /** Rows that have no record for any of these associations.
   * @example Post.missing('comments')
   */
  missing(...names: readonly string[]): this {
    return names.reduce<this>((relation, name) => ConditionMethods.#joined(relation, name, 'LeftJoin', true), this)
  }

  /** Without some records, or those that a relation finds.
   * @throws InvalidArgument for records of another model
   */
  excluding(...records: readonly unknown[]): this {
    const { model, schema } = this.info
    const places = schema.primaryKey.map((column) => ({ path: '', table: schema.table, column }))
    const rows: unknown[][] = []
    const conditions: Clause[] = []
    for (const each of records.flat()) {
      if (each === null || each === undefined) continue
      if (isRecord(each) && infoOfRecord(each).schema.table === schema.table)
        rows.push(schema.primaryKey.map((column) => readColumn(each, column)))
      else if (each instanceof RelationBase && each.info.schema.table === schema.table) conditions.push(foundBy(places, each))
      else throw new InvalidArgument({ reason: `excluding() takes records of ${model.name}.` })
    }
    if (rows.length > 0) conditions.push(isOneOfRows(places, rows))
    return this.spawn(this.clauses.and(conditions.map(negate)))
  }

  /** Another name of {@link excluding}. */
  without(...records: readonly unknown[]): this {
    return this.excluding(...records)
  }

  static #joined<R extends ConditionMethods>(relation: R, name: string, kind: 'InnerJoin' | 'LeftJoin', isMissing: boolean): R {
    const { info, clauses } = relation
    const target = infoOf(info.reflection(name).target)
    const column = target.schema.primaryKey[0] ?? target.schema.columns[0]!
    const isNull = compare({ path: name, table: target.schema.table, column }, null)
    const joined = clauses.with({ joins: [...clauses.joins, ...joinsOf(info, name, kind)] })
    return relation.spawn(joined.and([isMissing ? isNull : negate(isNull)]))
  }

  protected unscopeWhere(names: readonly string[]): this {
    const { schema } = this.info
    const attributes = new Set(names.map((name) => `${schema.table}.${schema.byName.get(name)?.column ?? name}`))
    const wheres = this.clauses.wheres.filter(({ attribute }) => attribute === undefined || !attributes.has(attribute))
    return this.spawn(this.clauses.with({ wheres }))
  }
}

function requireCompatible(method: 'or' | 'and', relation: RelationBase, other: unknown): asserts other is RelationBase {
  if (!(other instanceof RelationBase)) throw new InvalidArgument({ reason: `${method}() takes a relation; it was given ${typeof other}.` })
  if (!isOfSameTable(relation, other)) throw new IncompatibleRelations({ model: relation.info.model.name, other: other.info.model.name })
  const differing = differences(relation.clauses, other.clauses)
  if (differing.length > 0)
    throw new InvalidArgument({
      reason: `${method}() needs two relations that differ in their conditions alone; ${differing.join(', ')} differ.`,
    })
}

function isOfSameTable(relation: RelationBase, other: RelationBase): boolean {
  return other.info.schema.table === relation.info.schema.table
}

/** That a row is one of those that a relation finds. */
function foundBy(places: readonly Place[], relation: RelationBase): Clause {
  const [only] = places
  if (places.length === 1) return compare(only!, relation)
  return isOneFoundBy(places, relation[SUBQUERY](places.map(({ column }) => column.name)))
}

/** What two relations differ in beside their conditions. What only the first has of joins, orders and groups stays, as in Rails. */
function differences(left: Clauses, right: Clauses): string[] {
  const values = (['limit', 'offset', 'distinct', 'lock'] as const).filter((name) => left[name] !== right[name])
  const lists = (['joins', 'orders', 'groups'] as const).filter((name) => {
    const theirs = keysOf(right[name])
    return keysOf(left[name]) !== theirs && (theirs !== '' || left[name].length === 0)
  })
  return [...values, ...lists]
}

function keysOf(clauses: readonly { readonly key: string }[]): string {
  return clauses.map(({ key }) => key).join()
}
