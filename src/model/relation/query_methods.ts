import { IncompatibleRelations, InvalidArgument } from '../errors.ts'
import { allOf, eitherOf, isPlainObject, negate, never } from '../sql/comparison.ts'
import { conditionsOf } from '../sql/conditions.ts'
import { joinsOf } from '../sql/joins.ts'
import { keyOrders, type OrderClause, ordersOf } from '../sql/order.ts'
import { selectionsOf } from '../sql/selection.ts'
import { type Clauses, everything, type IncludeTree } from './clauses.ts'
import { includeTree, joinIncluded, mergeTrees } from './includes.ts'
import { mergeClauses } from './merging.ts'
import { infoOfRecord, isRecord } from '../record/attribute_access.ts'
import { isSubquery } from '../sql/subquery.ts'
import { RelationBase } from './relation_base.ts'

/** The methods that make a relation of a relation. */
export class QueryMethods extends RelationBase {
  all(): this {
    return this.spawn(this.clauses)
  }

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
    if (other.info.schema.table !== this.info.schema.table)
      throw new IncompatibleRelations({ model: this.info.model.name, other: other.info.model.name })
    const differing = differences(this.clauses, other.clauses)
    if (differing.length > 0)
      throw new InvalidArgument({
        reason: `or() needs two relations that differ in their conditions alone; ${differing.join(', ')} differ.`,
      })
    const left = this.clauses.isNone ? never : allOf(this.clauses.wheres)
    const right = other.clauses.isNone ? never : allOf(other.clauses.wheres)
    return this.spawn(this.clauses.with({ wheres: [eitherOf(left, right)], isNone: false }))
  }

  and(other: RelationBase): this {
    return this.spawn(this.clauses.and(other.clauses.wheres))
  }

  /** Adds the conditions, joins and orders of another relation, also one of a joined model. */
  merge(other: RelationBase): this {
    return this.spawn(mergeClauses(this.info, this.clauses, other))
  }

  /** Sorts by columns, in the order in which they are named.
   * @example articles.order('title', { created_at: 'desc' })
   * @throws InvalidArgument without arguments
   */
  order(...items: readonly unknown[]): this {
    if (items.length === 0) throw new InvalidArgument({ reason: 'order() takes at least one column.' })
    return this.spawn(this.clauses.with({ orders: [...this.clauses.orders, ...ordersOf(this.info, items)] }))
  }

  reorder(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ orders: ordersOf(this.info, items) }))
  }

  /** The other way round; by descending key when no order was given. */
  reverseOrder(): this {
    return this.spawn(this.clauses.with({ orders: reversed(this.clauses, () => keyOrders(this.info, 'desc')) }))
  }

  limit(count: number | string | null): this {
    return this.spawn(this.clauses.with({ limit: wholeNumber('limit', count) }))
  }

  offset(count: number | string | null): this {
    return this.spawn(this.clauses.with({ offset: wholeNumber('offset', count) }))
  }

  /** Loads only some columns or expressions. */
  select(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ selections: [...(this.clauses.selections ?? []), ...selectionsOf(this.info, items)] }))
  }

  reselect(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ selections: selectionsOf(this.info, items) }))
  }

  distinct(distinct = true): this {
    return this.spawn(this.clauses.with({ distinct }))
  }

  /** Inner joins of associations. */
  joins(...trees: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ joins: [...this.clauses.joins, ...joinsOf(this.info, trees, 'InnerJoin')] }))
  }

  leftJoins(...trees: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ joins: [...this.clauses.joins, ...joinsOf(this.info, trees, 'LeftJoin')] }))
  }

  leftOuterJoins(...trees: readonly unknown[]): this {
    return this.leftJoins(...trees)
  }

  /** Loads associations with the records, one query an association; loaded collections are iterable without await. */
  includes(...trees: readonly unknown[]): this {
    const tree: IncludeTree = mergeTrees(this.clauses.includes, includeTree(this.info, trees))
    return this.spawn(this.clauses.with({ includes: tree }))
  }

  preload(...trees: readonly unknown[]): this {
    return this.includes(...trees)
  }

  eagerLoad(...trees: readonly unknown[]): this {
    return this.includes(...trees)
  }

  group(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ groups: [...this.clauses.groups, ...selectionsOf(this.info, items)] }))
  }

  having(condition: unknown, ...values: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ havings: [...this.clauses.havings, ...conditionsOf(this.info, condition, values)] }))
  }

  /** A relation that finds nothing and asks nobody. */
  none(): this {
    return this.spawn(this.clauses.with({ isNone: true }))
  }

  readonly(): this {
    return this.spawn(this.clauses.with({ isReadonly: true }))
  }

  /** Locks the rows until the transaction ends, where the database can. */
  lock(kind: boolean | string = true): this {
    return this.spawn(this.clauses.with({ lock: kind === false ? null : kind === true ? 'for update' : kind }))
  }

  /** The model's records without this relation's conditions and without default scopes. */
  unscoped(): this {
    return this.spawn(this.info.unscopedClauses)
  }

  /** Takes back parts of the query: `unscope('order')`, `unscope({ where: 'archived' })`. */
  unscope(...parts: readonly (keyof typeof emptyParts | { where: string | readonly string[] })[]): this {
    let relation = this
    for (const part of parts) {
      if (isPlainObject(part)) relation = relation.unscopeWhere([part['where'] as string | string[]].flat())
      else relation = relation.spawn(relation.clauses.with(emptyParts[part as keyof typeof emptyParts]()))
    }
    return relation
  }

  /** Without some records. */
  excluding(...records: readonly unknown[]): this {
    const { key } = this.info.schema
    const [only] = records
    if (records.length === 1 && isSubquery(only)) return this.not({ [key!.name]: only })
    for (const record of records.flat())
      if (!(record instanceof this.info.model) && !(isRecord(record) && infoOfRecord(record).schema.table === this.info.schema.table))
        throw new InvalidArgument({ reason: `excluding() takes records of ${this.info.model.name}.` })
    return this.not({ [key!.name]: records.flat() })
  }

  /** Another name of {@link excluding}. */
  without(...records: readonly unknown[]): this {
    return this.excluding(...records)
  }

  /** Attributes that records made on this relation start with. */
  createWith(attributes: Record<string, unknown>): this {
    return this.spawn(this.clauses.with({ attributes: { ...this.clauses.attributes, ...attributes } }))
  }

  /** Calls `work` with the relation and goes on with what it gives back: for conditional parts of a chain. */
  extending(work: (relation: this) => this | undefined | void): this {
    return work(this) ?? this
  }

  protected unscopeWhere(names: readonly string[]): this {
    const { schema } = this.info
    const attributes = new Set(names.map((name) => `${schema.table}.${schema.byName.get(name)?.column ?? name}`))
    const wheres = this.clauses.wheres.filter(({ attribute }) => attribute === undefined || !attributes.has(attribute))
    return this.spawn(this.clauses.with({ wheres }))
  }
}

const emptyParts = {
  where: () => ({ wheres: everything.wheres }),
  order: () => ({ orders: everything.orders }),
  limit: () => ({ limit: null }),
  offset: () => ({ offset: null }),
  joins: () => ({ joins: everything.joins }),
  includes: () => ({ includes: everything.includes }),
  select: () => ({ selections: null }),
  group: () => ({ groups: everything.groups }),
  having: () => ({ havings: everything.havings }),
  lock: () => ({ lock: null }),
}

/** The orders the other way round; `otherwise` when there are none.
 * @throws InvalidArgument for SQL written by hand
 */
export function reversed(clauses: Clauses, otherwise: () => OrderClause[]): OrderClause[] {
  if (clauses.orders.length === 0) return otherwise()
  return clauses.orders.map((order) => {
    if (order.reversed === undefined)
      throw new InvalidArgument({ reason: `An order written as SQL can't be reversed: ${order.key.slice(4)}` })
    return order.reversed()
  })
}

/** What two relations differ in beside their conditions. */
function differences(left: Clauses, right: Clauses): string[] {
  const shapes = (clauses: Clauses) => ({
    limit: clauses.limit,
    offset: clauses.offset,
    order: keysOf(clauses.orders),
    joins: keysOf(clauses.joins),
    group: keysOf(clauses.groups),
    distinct: clauses.distinct,
    lock: clauses.lock,
  })
  const [a, b] = [shapes(left), shapes(right)]
  return (Object.keys(a) as (keyof typeof a)[]).filter((name) => a[name] !== b[name])
}

function keysOf(clauses: readonly { readonly key: string }[]): string {
  return clauses.map(({ key }) => key).join()
}

function wholeNumber(name: string, value: number | string | null): number | null {
  if (value === null || value === undefined) return null
  const number = Number(value)
  if (!Number.isInteger(number))
    throw new InvalidArgument({ reason: `${name}() takes a whole number of rows; it was given ${JSON.stringify(value)}.` })
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(number, Number.MAX_SAFE_INTEGER))
}
