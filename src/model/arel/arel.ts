import { InvalidArgument } from '../errors.ts'
import type { Clause, Names, Seen } from '../sql/clause.ts'
import { unionOf } from '../sql/common_tables.ts'
import { CLAUSE, operandClause, SqlFragment, weave } from '../sql/fragment.ts'
import { tableAs } from '../sql/joins.ts'
import { shownValue } from '../sql/shown_value.ts'
import { SUBQUERY, type Subquery } from '../sql/subquery.ts'
import type { SubqueryLike } from '../types/conditions.ts'
import { CaseExpression } from './case.ts'
import { type Comparable, Condition, Expression, requireFragment, SqlLiteral } from './expression.ts'
import { aliased, sourceOf } from './table.ts'

/** Marks text as SQL that was written by hand and never from outside. Values go in as `?`, or by name as `:name`; other fragments and relations are values, too.
 * @example Article.order(sql('length(title)').desc())
 * @example Article.where(sql('views > ?', 10))
 */
export function sql<V = unknown>(text: string, ...values: readonly unknown[]): SqlLiteral<V> {
  return new SqlLiteral<V>(text, values)
}

/** What expressions of SQL are made of beside the columns of `arelTable`.
 * @example const posts = Post.arelTable
 * Post.where(Arel.exists(Comment.where(Comment.arelTable.post_id.eq(posts.id))))
 */
export const Arel = {
  sql,

  /** `*`, or all columns of a table. */
  star(table?: object): SqlFragment {
    return table === undefined ? new SqlFragment('*', []) : new SqlFragment(`${quotedName(sourceOf(table).name)}.*`, [])
  },

  /** A value as an expression. */
  quoted<V extends string | number | bigint | boolean | Date | null>(value: V): Expression<V> {
    return new Expression<V>(['', ''], [value])
  },

  /** A function of the database. */
  namedFunction<V = unknown>(name: string, args: readonly unknown[] = []): Expression<V> {
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/.test(name))
      throw new InvalidArgument({ reason: `${shownValue(name)} is no name of a function.` })
    if (!Array.isArray(args)) throw new InvalidArgument({ reason: `A function takes a list of values; it was given ${shownValue(args)}.` })
    if (args.length === 0) return new Expression<V>([`${name}()`], [])
    const given = Array.from(args as readonly unknown[])
    return new Expression<V>([`${name}(`, ...given.slice(1).map(() => ', '), ')'], given)
  },

  /** The first of some values that isn't null. */
  coalesce<V>(first: Expression<V>, ...others: readonly Comparable<V>[]): Expression<NonNullable<V>> {
    return new Expression<NonNullable<V>>(['coalesce(', ...others.map(() => ', '), ')'], [first, ...others], () => first.readAs)
  },

  /** Whether a query finds a row. It may refer to the tables of the query that it is a condition of. */
  exists(query: SubqueryLike): Condition {
    return new Condition(['exists ', ''], [whole(query)])
  },

  /** The rows that are found by either query, each once: for `in`. */
  union(...queries: readonly SubqueryLike[]): Union {
    return new Union(queries, false)
  },
  unionAll(...queries: readonly SubqueryLike[]): Union {
    return new Union(queries, true)
  },

  /** A value by the first condition that holds, or that an expression equals.
   * @example Arel.case().when(posts.views.gt(100), 'hot').else('cold')
   */
  case(of?: Expression): CaseExpression<never> {
    return new CaseExpression<never>(of, [])
  },

  /** A table under another name, so that a query can read it twice. */
  alias: aliased,

  /** An inner join with a table, for `joins`.
   * @example Post.joins(Arel.join(comments).on(comments.post_id.eq(posts.id)))
   */
  join: (table: object): JoinStart => new JoinStart('inner join ', table),
  /** A left join with a table. */
  outerJoin: (table: object): JoinStart => new JoinStart('left join ', table),
} as const

function quotedName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

interface WholeQuery extends Subquery {
  asQuery(): Clause
}

function queryOf(query: SubqueryLike): WholeQuery {
  if (typeof query === 'object' && query !== null && 'asQuery' in query) return query as unknown as WholeQuery
  throw new InvalidArgument({ reason: 'A relation was expected.' })
}

/** A query with all that it selects, rather than with one column. */
function whole(query: SubqueryLike): Subquery {
  const given = queryOf(query)
  return { [SUBQUERY]: () => given.asQuery() }
}

/** Several queries as one. */
class Union implements Subquery {
  readonly #queries: readonly SubqueryLike[]
  readonly #all: boolean

  constructor(queries: readonly SubqueryLike[], all: boolean) {
    this.#queries = queries
    this.#all = all
  }

  [SUBQUERY](names?: readonly string[]): Clause {
    return unionOf(
      this.#queries.map((query) => queryOf(query)[SUBQUERY](names)),
      this.#all,
    )
  }

  /** So that it stands where a relation may. */
  toQuery(): never {
    throw new InvalidArgument({ reason: 'A union is a part of a query; give it to in().' })
  }
}

/** A join that waits for its condition. */
class JoinStart {
  readonly #kind: string
  readonly #table: object

  constructor(kind: string, table: object) {
    this.#kind = kind
    this.#table = table
  }

  /** @throws InvalidArgument for what is no part of SQL */
  on(condition: SqlFragment): SqlFragment {
    requireFragment(condition)
    return new TableJoin(this.#kind, this.#table, condition)
  }
}

/** A join with a table on a condition. Conditions of a hash find the table under its name. */
class TableJoin extends SqlFragment {
  readonly #kind: string
  readonly #table: object
  readonly #condition: SqlFragment

  constructor(kind: string, table: object, condition: SqlFragment) {
    super('', [])
    this.#kind = kind
    this.#table = table
    this.#condition = condition
  }

  override get text(): string {
    const { info, name } = sourceOf(this.#table)
    return `${this.#kind}${quotedName(info.schema.table)} ${quotedName(name)} on ${this.#condition.text}`
  }
  override get values(): readonly unknown[] {
    return this.#condition.values
  }

  override [CLAUSE](seen: Seen): Clause {
    const { info, name } = sourceOf(this.#table)
    const { table } = info.schema
    const build = (names: Names) => {
      if (!names.tables.has(name)) names.tables.set(name, name)
      return tableAs(table, name)
    }
    const joined: Clause = { key: `${table} ${name}`, binds: [], build }
    return weave([this.#kind, ' on ', ''], [joined, operandClause(this.#condition, seen)])
  }
}
