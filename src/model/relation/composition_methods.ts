import { AliasNode, IdentifierNode, ParensNode } from 'kysely'
import { didYouMean } from '../../naming/index.ts'
import { InvalidArgument } from '../errors.ts'
import { isPlainObject } from '../../values/index.ts'
import type { Clause, Seen } from '../sql/clause.ts'
import { type CommonTable, unionOf } from '../sql/common_tables.ts'
import { fragmentClause, SqlFragment } from '../sql/fragment.ts'
import { everything } from './clauses.ts'
import { extensionsOf } from './extensions.ts'
import { mergeClauses } from './merging.ts'
import { QueryMethods } from './query_methods.ts'
import { RelationBase } from './relation_base.ts'
import { withScope } from './scoping.ts'

/** The methods that put parts of queries together, or take them away. */
export class CompositionMethods extends QueryMethods {
  /** Adds the conditions, joins and orders of another relation, also one of a joined model; or parts by name:
   * `merge({ where: { author_id: 1 }, limit: 5 })`. */
  merge(other: RelationBase | Record<string, unknown>): this {
    if (isPlainObject(other)) return mergeParts(this, other)
    const merged = this.spawn(mergeClauses(this.info, this.clauses, other))
    const { extensions } = other as this
    return extensions === undefined ? merged : merged.extendedBy([...(this.extensions ?? []), ...extensions])
  }

  /** The model's records without this relation's conditions and without default scopes; with `work`, what it gives back when all queries of the class
   * start so.
   */
  unscoped(): this
  unscoped<V>(work: () => V): V
  unscoped<V>(work?: () => V): this | V {
    const relation = this.spawn(this.info.unscopedClauses)
    return work === undefined ? relation : withScope(relation, work)
  }

  /** The query with nothing but these parts.
   * @example articles.where({ status: 1 }).order('id').only('where')
   */
  only(...parts: readonly Part[]): this {
    const kept = new Set<string>(parts.map(partNamed))
    return this.except(...(Object.keys(emptyParts) as Part[]).filter((part) => !kept.has(part)))
  }

  /** The query without these parts. */
  except(...parts: readonly Part[]): this {
    return this.unscope(...parts)
  }

  /** Reads from a subquery or from SQL instead of the model's table.
   * @param source a relation, or SQL with its alias: `sql('recent_posts as posts')`
   * @param alias the name of a subquery; the table's name by default, so that conditions find it
   * @example Post.from(Post.published(), 'posts').where({ author_id: 1 })
   */
  from(source: RelationBase | SqlFragment | string, alias?: string): this {
    return this.spawn(this.clauses.with({ source: sourceOf(this.info.schema, source, alias) }))
  }

  /** Reads from rows that SQL finds, with its values, instead of those of the model's table: unions, functions, what another tool wrote.
   * @example Post.fromSql('select * from posts where id = ? union select * from archived_posts', 1).where({ author_id: 1 }).order('id')
   */
  fromSql(text: string | SqlFragment, ...values: readonly unknown[]): this {
    const { schema } = this.info
    const rows = fragmentClause(typeof text === 'string' ? new SqlFragment(text, values) : text, false, schema)
    const build: Clause['build'] = (names) => AliasNode.create(ParensNode.create(rows.build(names)), IdentifierNode.create(schema.table))
    return this.spawn(this.clauses.with({ source: { key: `(${rows.key})`, binds: rows.binds, build } }))
  }

  /** Names subqueries that the query and its conditions may read from. Of a list, the rows of all come one after the other.
   * @param options with `materialized`, the database makes the rows once (or, for false, each time)
   * @example Post.with({ popular: Post.where('views > ?', 100) }).from(sql('popular as posts'))
   */
  with(queries: Record<string, NamedQuery>, options: CommonTableOptions = {}): this {
    return this.spawn(
      this.clauses.with({ commonTables: [...this.clauses.commonTables, ...commonTables(this.info.schema, queries, false, options)] }),
    )
  }

  /** As {@link with}, of subqueries that read from themselves: a list of where to begin, and of what follows from the rows so far.
   * @example Comment.withRecursive({ thread: [Comment.where({ id: 1 }), Comment.joins(sql('join thread on comments.parent_id = thread.id'))] })
   *   .from('thread', 'comments')
   */
  withRecursive(queries: Record<string, NamedQuery>, options: CommonTableOptions = {}): this {
    return this.spawn(
      this.clauses.with({ commonTables: [...this.clauses.commonTables, ...commonTables(this.info.schema, queries, true, options)] }),
    )
  }

  /** Writes comments behind the query, for those who read the database's log. */
  annotate(...comments: readonly string[]): this {
    return this.spawn(this.clauses.with({ comments: [...this.clauses.comments, ...comments] }))
  }

  /** Tells the planner of the database how to run the query, where it takes hints: MySQL, MariaDB, and PostgreSQL with pg_hint_plan.
   * @example Post.optimizerHints('MAX_EXECUTION_TIME(500)', 'NO_INDEX_MERGE(posts)')
   */
  optimizerHints(...hints: readonly string[]): this {
    return this.spawn(this.clauses.with({ hints: [...this.clauses.hints, ...hints] }))
  }

  /** What an association of each of these records leads to, in their order: a record or null where it leads to one, as often as there are records
   * that lead there; a loaded collection where it leads to many.
   * @example await Order.where({ status: 'paid' }).extractAssociated('customer')
   */
  async extractAssociated(name: string): Promise<unknown[]> {
    const records = await this.preload(name)
    return records.map((record) => Reflect.get(record, name) as unknown)
  }

  /** Takes back parts of the query: `unscope('order')`, `unscope({ where: 'archived' })`. */
  unscope(...parts: readonly (keyof typeof emptyParts | { where: string | readonly string[] })[]): this {
    let relation = this
    for (const part of parts) {
      if (isPlainObject(part)) relation = relation.unscopeWhere([part['where'] as string | string[]].flat())
      else relation = relation.spawn(relation.clauses.with(emptyParts[partNamed(part as string)]()))
    }
    return relation
  }

  /** Calls `work` with the relation and goes on with what it gives back: for conditional parts of a chain. Objects give the relation, and those
   * made of it, their methods.
   * @example Article.extending({ page(number: number) { return this.limit(20).offset(20 * (number - 1)) } }).where({ author_id: 1 }).page(2)
   */
  extending(work: (relation: this) => this | undefined | void): this
  extending(...methods: readonly object[]): this
  extending(...given: readonly unknown[]): this {
    const [work] = given
    if (typeof work === 'function') return (work as (relation: this) => this | undefined)(this) ?? this
    const extensions = extensionsOf(given)
    return this.spawn(this.clauses).extendedBy([...(this.extensions ?? []), ...extensions])
  }

  /** Runs `work` with all queries of the class, and of those below it, starting with this relation. It holds across awaits, and for this work alone.
   * @example await Article.where({ tenant_id: 7 }).scoping(() => Article.count())
   */
  scoping<V>(work: () => V): V {
    return withScope(this, work)
  }
}

function mergeParts<R extends RelationBase>(first: R, parts: Record<string, unknown>): R {
  return Object.entries(parts).reduce<R>((relation, [part, value]) => {
    const method: unknown = mergeable.has(part) ? Reflect.get(relation, part) : undefined
    if (typeof method !== 'function')
      throw new InvalidArgument({ reason: `merge() knows no part '${part}': ${[...mergeable].join(', ')}.` })
    return method.apply(relation, Array.isArray(value) ? value : [value]) as R
  }, first)
}

const mergeable = new Set([
  'where',
  'order',
  'joins',
  'leftJoins',
  'includes',
  'preload',
  'limit',
  'offset',
  'group',
  'select',
  'distinct',
  'lock',
])

/** A part of a query by name. */
export type Part = keyof typeof emptyParts

const emptyParts = {
  where: () => ({ wheres: everything.wheres }),
  order: () => ({ orders: everything.orders }),
  limit: () => ({ limit: null }),
  offset: () => ({ offset: null }),
  joins: () => ({ joins: everything.joins }),
  includes: () => ({ includes: everything.includes, isEager: false }),
  preload: () => ({ preloads: everything.preloads }),
  select: () => ({ selections: null }),
  group: () => ({ groups: everything.groups }),
  having: () => ({ havings: everything.havings }),
  lock: () => ({ lock: null }),
  optimizerHints: () => ({ hints: everything.hints }),
}

/** @throws InvalidArgument when there is no such part, with a suggestion */
function partNamed(name: string): Part {
  if (Object.hasOwn(emptyParts, name)) return name as Part
  const suggestion = didYouMean(String(name), Object.keys(emptyParts))
  throw new InvalidArgument({
    reason: `'${String(name)}' is no part of a query${suggestion === undefined ? '' : `; did you mean '${suggestion}'?`} There are ${Object.keys(emptyParts).join(', ')}.`,
  })
}

function sourceOf(seen: Seen, source: RelationBase | SqlFragment | string, alias: string | undefined): Clause {
  if (source instanceof RelationBase) return source.asSource(tableName(alias ?? seen.table))
  if (source instanceof SqlFragment) return fragmentClause(source, false, seen)
  const [name, other = alias ?? seen.table] = source.split(/\s+as\s+|\s+/i)
  return fragmentClause(new SqlFragment(`${tableName(name!)} as ${tableName(other)}`, []), false, seen)
}

/** What a name of `with` stands for: a query, or the rows of several. */
export type NamedQuery = RelationBase | SqlFragment | readonly (RelationBase | SqlFragment)[]

/** How named subqueries are made. */
export interface CommonTableOptions {
  readonly materialized?: boolean
}

function commonTables(
  seen: Seen,
  queries: Record<string, NamedQuery>,
  isRecursive: boolean,
  { materialized }: CommonTableOptions,
): CommonTable[] {
  return Object.entries(queries).map(([name, query]) => ({
    name: tableName(name),
    query: unionOf(
      [query].flat().map((each) => (each instanceof RelationBase ? each.asQuery() : fragmentClause(each as SqlFragment, false, seen))),
    ),
    isRecursive,
    materialized,
  }))
}

/** A name that may be written into SQL as it is.
 * @throws InvalidArgument for anything else
 */
function tableName(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new InvalidArgument({ reason: `'${name}' is no name of a table; pass SQL with sql(`.concat('`…`).') })
  return name
}
