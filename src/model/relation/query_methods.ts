import { type ArelTable, arelTable } from '../arel/table.ts'
import { InvalidArgument } from '../errors.ts'
import { conditionsOf } from '../sql/conditions.ts'
import { joinsOf } from '../sql/joins.ts'
import { keyOrders, listedOrder, type OrderClause, ordersOf } from '../sql/order.ts'
import { groupsOf, selectionsOf } from '../sql/selection.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Clauses, IncludeTree } from './clauses.ts'
import { includeTree, joinIncludes, joinTables, mergeTrees } from './includes.ts'
import { ConditionMethods } from './condition_methods.ts'

/** What PostgreSQL and MySQL know of locks; it is written into the statement as it is. */
const lockClause =
  /^(?:for (?:(?:no key )?update|(?:key )?share)(?: of [a-z_]\w*(?:, [a-z_]\w*)*)?(?: nowait| skip locked)?|lock in share mode)$/i

/** The methods that make a relation of a relation. */
export class QueryMethods extends ConditionMethods {
  all(): this {
    return this.spawn(this.clauses)
  }

  /** The columns of the model's table as expressions of SQL: `arelTable.views.gt(10)`. */
  get arelTable(): ArelTable {
    return arelTable(this.info)
  }

  /** Sorts by columns, in the order in which they are named.
   * @example articles.order('title', { created_at: 'desc' })
   * @throws InvalidArgument without arguments
   */
  order(...items: readonly unknown[]): this {
    if (items.length === 0) throw new InvalidArgument({ reason: 'order() takes at least one column.' })
    return this.spawn(this.clauses.with({ orders: [...this.clauses.orders, ...ordersOf(this.info, items, aliasesIn(this.clauses))] }))
  }

  reorder(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ orders: ordersOf(this.info, items, aliasesIn(this.clauses)), isReordered: true }))
  }

  /** Sorts as the values of a column are listed; rows with other values are left out, or come last without `filter`.
   * @example Order.inOrderOf('status', ['paid', 'pending'])
   */
  inOrderOf(column: string, values: readonly unknown[], { filter = true }: { filter?: boolean } = {}): this {
    const listed = this.spawn(this.clauses.with({ orders: [...this.clauses.orders, listedOrder(this.info, column, values)] }))
    if (values.length === 0) return filter ? this.none() : this
    return filter ? listed.where({ [column]: values }) : listed
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

  /** Loads only some columns or expressions. With a function, the loaded records that pass it.
   * @example const stale = await Article.select((article) => article.isStale())
   */
  select(test: (record: ModelRecord) => unknown): Promise<ModelRecord[]>
  select(...items: readonly unknown[]): this
  select(...items: readonly unknown[]): this | Promise<ModelRecord[]> {
    const [test] = items
    if (typeof test === 'function') return this.toArray().then((records) => passing(records, test as (record: ModelRecord) => unknown))
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
    const clauses = this.clauses.with({ includes: tree })
    return this.spawn(clauses.isEager ? joinIncludes(clauses, this.info) : joinTables(clauses, this.info, clauses.referenced))
  }

  /** Loads associations with the records, always one query an association. */
  preload(...trees: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ preloads: mergeTrees(this.clauses.preloads, includeTree(this.info, trees)) }))
  }

  /** Loads associations with the same query, by joining them: conditions and orders may name their tables. */
  eagerLoad(...trees: readonly unknown[]): this {
    return this.spawn(joinIncludes(this.includes(...trees).clauses, this.info))
  }

  /** Joins those of the included associations whose tables are named here, for conditions and orders written as SQL.
   * @example Post.includes('author').where('users.name = ?', 'Ann').references('users')
   */
  references(...tables: readonly string[]): this {
    const clauses = this.clauses.with({ referenced: [...this.clauses.referenced, ...tables] })
    return this.spawn(joinTables(clauses, this.info, tables))
  }

  /** Loading an association of the records later is an error: they must be included.
   * @throws StrictLoadingViolation (at the access)
   */
  strictLoading(strict = true): this {
    return this.spawn(this.clauses.with({ strictLoading: strict }))
  }

  group(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ groups: [...this.clauses.groups, ...groupsOf(this.info, items)] }))
  }

  /** Groups by these instead. */
  regroup(...items: readonly unknown[]): this {
    return this.spawn(this.clauses.with({ groups: groupsOf(this.info, items) }))
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

  /** Locks the rows until the transaction ends, where the database can.
   * @param kind another lock than `for update`: `for share`, `for update nowait`, `for no key update skip locked`
   * @throws InvalidArgument for what is no lock
   */
  lock(kind: boolean | string = true): this {
    if (typeof kind === 'string' && !lockClause.test(kind))
      throw new InvalidArgument({ reason: `lock() takes 'for update', 'for share' and their like; it was given ${JSON.stringify(kind)}.` })
    return this.spawn(this.clauses.with({ lock: kind === false ? null : kind === true ? 'for update' : kind }))
  }

  /** Attributes that records made on this relation start with. */
  createWith(attributes: Record<string, unknown>): this {
    return this.spawn(this.clauses.with({ attributes: { ...this.clauses.attributes, ...attributes } }))
  }
}

async function passing(records: readonly ModelRecord[], test: (record: ModelRecord) => unknown): Promise<ModelRecord[]> {
  const found: ModelRecord[] = []
  for (const record of records) if (await test(record)) found.push(record)
  return found
}

/** What is selected under a name. */
function aliasesIn({ selections }: Clauses): ReadonlySet<string> {
  return selections === null ? none : new Set(selections.flatMap(({ alias }) => alias ?? []))
}

const none: ReadonlySet<string> = new Set()

/** The orders the other way round; `otherwise` when there are none.
 * @throws InvalidArgument for SQL written by hand
 */
export function reversed(clauses: Clauses, otherwise: () => OrderClause[]): OrderClause[] {
  if (clauses.orders.length === 0) return otherwise()
  return clauses.orders.map((order) => {
    if (order.reversed === undefined)
      throw new InvalidArgument({
        reason: `An order written as SQL can't be reversed${order.text === undefined ? '.' : `: ${order.text}`}`,
      })
    return order.reversed()
  })
}

function wholeNumber(name: string, value: number | string | null): number | null {
  if (value === null || value === undefined) return null
  const number = Number(value)
  if (!Number.isInteger(number))
    throw new InvalidArgument({ reason: `${name}() takes a whole number of rows; it was given ${JSON.stringify(value)}.` })
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(number, Number.MAX_SAFE_INTEGER))
}
