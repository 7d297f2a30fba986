import { type ArelTable, arelTable } from '../arel/table.ts'
import { InvalidArgument, RecordNotFound } from '../errors.ts'
import { type HumanNameOptions, type ModelName, modelName } from '../model_name.ts'
import { infoOf } from '../model_info.ts'
import { type Binding, requireBinding } from '../binding.ts'
import { Connection } from '../connection.ts'
import type { ResultSet } from '../database.ts'
import type { Relation } from '../relation/relation.ts'
import { isScoped, startOf, withScope } from '../relation/scoping.ts'
import { withoutQueryCache, withQueryCache } from '../query_cache.ts'
import { requireCharacter } from '../sql/characters.ts'
import { isKey } from '../sql/keys.ts'
import { shownValue } from '../sql/shown_value.ts'
import { sanitized, sanitizedAssignment, sanitizedOrder, type SqlWithValues } from '../sql/sanitized.ts'
import { tellInstantiated } from '../sql_events.ts'
import type { SqlFragment } from '../sql/fragment.ts'
import { connectionFor } from '../transactions/connection.ts'
import { recordOfRow, recordOfSelection } from './hydration.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { humanAttributeName, humanModelName } from '../validations/translations.ts'
import { ColumnStatics } from './column_statics.ts'

const connections = new WeakMap<Binding, Connection>()

/** The class methods that query: those of relations, on all records of the class. */
export class QueryStatics extends ColumnStatics {
  /** All records, within the default scopes. */
  static all(): Relation {
    const info = infoOf(this as unknown as ModelClass)
    return info.relation(startOf(info))
  }

  /** The name of the key: `id`; an array for composite keys, null without one. */
  static get primaryKey(): string | string[] | null {
    const names = infoOf(this as unknown as ModelClass).schema.primaryKey.map((column) => column.name)
    return names.length < 2 ? (names[0] ?? null) : names
  }

  /** What the class is called in parameters, routes, caches and locale files. */
  static get modelName(): ModelName {
    return modelName(this.name, (count) => humanModelName(this, count))
  }

  /** What people call an attribute: its name in a locale file, else the name as words.
   * @example Article.humanAttributeName('comments.body', { count: 2 })
   */
  static humanAttributeName(attribute: string, options?: HumanNameOptions): string {
    return humanAttributeName(this, attribute, options)
  }

  static get tableName(): string {
    return infoOf(this as unknown as ModelClass).schema.table
  }

  /** The columns of the class's table as expressions of SQL: `arelTable.views.gt(10)`.
   * @throws UnknownColumn for a name that is no column
   */
  static get arelTable(): ArelTable {
    return arelTable(infoOf(this as unknown as ModelClass))
  }

  /** The database of the class, for SQL written by hand. */
  static get connection(): Connection {
    const binding = requireBinding(this)
    let connection = connections.get(binding)
    if (connection === undefined) {
      connection = new Connection(binding)
      connections.set(binding, connection)
    }
    return connection
  }

  /** Runs `work` with the answers of queries remembered: the same one is asked once, until something is written. It holds for all classes.
   * @example await Article.cache(() => report())
   */
  static cache<T>(work: () => T): T {
    return withQueryCache(work)
  }

  /** Runs `work` with every query asked anew, inside of `cache` or of a request whose queries are remembered. */
  static uncached<T>(work: () => T): T {
    return withoutQueryCache(work)
  }

  /** Whether the database has the table of the class. */
  static tableExists(): Promise<boolean> {
    return this.connection.tableExists(infoOf(this as unknown as ModelClass).schema.table)
  }

  /** The records that SQL written by hand finds. Columns by name become attributes, others too.
   * @example await Article.findBySql('select * from articles where author_id = ?', 7)
   */
  static async findBySql(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<ModelRecord[]> {
    const info = infoOf(this as unknown as ModelClass)
    const rows = await this.connection.selectAll(sql, ...values)
    const names = Object.keys(rows[0] ?? {})
    return rows.map((row) => recordOfSelection(info, [], names, Object.values(row)))
  }

  /** The number that SQL written by hand answers. */
  static async countBySql(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number> {
    return Number(await this.connection.selectValue(sql, ...values))
  }

  /** SQL with its values behind it as a fragment: for conditions, for other fragments, or quoted as a part of a text.
   * @example Article.where(Article.sanitizeSql(['views > ? and status in (?)', 10, ['draft', 'published']]))
   */
  static sanitizeSql(given: SqlWithValues | null): SqlFragment | null {
    return given === null ? null : sanitized(infoOf(this as unknown as ModelClass), given)
  }
  /** Another name of {@link sanitizeSql}. */
  static sanitizeSqlForConditions(given: SqlWithValues | null): SqlFragment | null {
    return this.sanitizeSql(given)
  }
  /** Another name of {@link sanitizeSql}. */
  static sanitizeSqlArray(given: SqlWithValues): SqlFragment {
    return sanitized(infoOf(this as unknown as ModelClass), given)
  }
  /** The assignments of an update as a fragment for `updateAll`. */
  static sanitizeSqlForAssignment(given: SqlWithValues | Readonly<Record<string, unknown>>): SqlFragment {
    return sanitizedAssignment(infoOf(this as unknown as ModelClass), given)
  }
  /** SQL with values to sort by: `order(sanitizeSqlForOrder([sql('abs(views - ?)'), 10]))`.
   * @throws InvalidArgument for a list whose SQL isn't marked as SQL
   */
  static sanitizeSqlForOrder<T extends SqlWithValues>(given: T): T | SqlFragment {
    return sanitizedOrder(infoOf(this as unknown as ModelClass), given)
  }

  /** A text as `like` takes it: `%` and `_` mean themselves.
   * @example Article.where('title like ?', `%${Article.sanitizeSqlLike(text)}%`)
   * @throws InvalidArgument for what is no text, and for more than one character to escape with
   */
  static sanitizeSqlLike(text: string, escapeWith = '\\'): string {
    if (typeof text !== 'string') throw new InvalidArgument({ reason: `sanitizeSqlLike() takes a text, not ${shownValue(text)}.` })
    requireCharacter(escapeWith)
    const special = new Set(['%', '_', escapeWith])
    return Array.from(text, (character) => (special.has(character) ? escapeWith + character : character)).join('')
  }

  /** Destroys the record with a key.
   * @throws RecordNotFound when it isn't there
   */
  static async destroy(id: unknown): Promise<ModelRecord | ModelRecord[]> {
    const found = await this.find(id)
    for (const record of [found].flat()) await record.destroy()
    return found
  }

  /** Deletes the rows with keys, without callbacks.
   * @returns how many there were
   */
  static async delete(id: unknown): Promise<number> {
    const { key, primaryKey } = infoOf(this as unknown as ModelClass).schema
    if (key === undefined) {
      const rows = Array.isArray(id) && id.every(Array.isArray) ? id : [id]
      const names = primaryKey.map((column) => column.name)
      return (this as unknown as ModelClass)
        .where(
          names,
          rows.filter((row) => Array.isArray(row) && row.every(isKey)),
        )
        .deleteAll()
    }
    const ids = [id].flat().filter((each) => each !== null && each !== undefined && isKey(each))
    return (this as unknown as ModelClass).where({ [key.name]: ids }).deleteAll()
  }

  /** All records, without default scopes; with `work`, what it gives back when all queries of the class start so.
   * @example await Product.unscoped(() => report())
   */
  static unscoped(): Relation
  static unscoped<V>(work: () => V): V
  static unscoped<V>(work?: () => V): Relation | V {
    const info = infoOf(this as unknown as ModelClass)
    const relation = info.relation(info.unscopedClauses)
    return work === undefined ? relation : withScope(relation, work)
  }

  /** The record with a key. The text of the query is made once a class, the row becomes the record.
   * @throws RecordNotFound when it isn't there
   */
  static find(id: unknown, ...more: readonly unknown[]): Promise<ModelRecord | ModelRecord[]> {
    const model = this as unknown as ModelClass
    const info = infoOf(model)
    const { findSql } = info
    const { key, binding } = info.schema
    if (findSql === undefined || more.length > 0 || typeof id === 'object' || id === undefined || isHuge(id) || isScoped(model))
      return model.all().find(id, ...more)
    try {
      const value = key!.type.serialize(key!.type.cast(id))
      const pending = connectionFor(binding, model, 'Load').query(findSql, [value, 1])
      if (pending instanceof Promise) return pending.then((result) => found(model, id, result))
      return Promise.resolve(found(model, id, pending as ResultSet))
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** Whether a number may be beyond what the key's column holds, which the careful way finds out. */
function isHuge(id: unknown): boolean {
  return typeof id === 'string' ? id.length > 9 : (typeof id === 'number' || typeof id === 'bigint') && id > 2_147_483_647
}

function found(model: ModelClass, id: unknown, result: ResultSet): ModelRecord {
  const row = result.rows[0]
  const info = infoOf(model)
  if (row !== undefined) {
    tellInstantiated(model.name, 1)
    return recordOfRow(info, row)
  }
  const key = info.schema.key!.name
  throw new RecordNotFound({ model: model.name, condition: `'${key}'=${String(id)}`, id, primaryKey: key })
}

/** The methods of relations that classes have too. */
const delegated = [
  'where',
  'not',
  'invertWhere',
  'associated',
  'missing',
  'rewhere',
  'or',
  'and',
  'merge',
  'order',
  'reorder',
  'inOrderOf',
  'reverseOrder',
  'limit',
  'offset',
  'select',
  'reselect',
  'distinct',
  'joins',
  'leftJoins',
  'leftOuterJoins',
  'includes',
  'preload',
  'eagerLoad',
  'references',
  'strictLoading',
  'readonly',
  'group',
  'regroup',
  'from',
  'fromSql',
  'with',
  'withRecursive',
  'annotate',
  'optimizerHints',
  'only',
  'except',
  'extractAssociated',
  'having',
  'none',
  'lock',
  'unscope',
  'excluding',
  'without',
  'createWith',
  'scoping',
  'extending',
  'findBy',
  'findByOrThrow',
  'take',
  'takeOrThrow',
  'first',
  'firstOrThrow',
  'last',
  'lastOrThrow',
  'second',
  'secondOrThrow',
  'third',
  'thirdOrThrow',
  'fourth',
  'fourthOrThrow',
  'fifth',
  'fifthOrThrow',
  'fortyTwo',
  'secondToLast',
  'thirdToLast',
  'sole',
  'findSoleBy',
  'exists',
  'isAny',
  'any',
  'isNone',
  'isEmpty',
  'isBlank',
  'isPresent',
  'include',
  'size',
  'many',
  'one',
  'count',
  'sum',
  'average',
  'minimum',
  'maximum',
  'calculate',
  'pluck',
  'pick',
  'ids',
  'asyncCount',
  'asyncSum',
  'asyncAverage',
  'asyncMinimum',
  'asyncMaximum',
  'asyncPluck',
  'asyncPick',
  'asyncIds',
  'findEach',
  'findInBatches',
  'inBatches',
  'updateAll',
  'updateCounters',
  'incrementCounter',
  'decrementCounter',
  'resetCounters',
  'update',
  'updateOrThrow',
  'insert',
  'insertOrThrow',
  'insertAll',
  'insertAllOrThrow',
  'upsert',
  'upsertAll',
  'touchAll',
  'deleteAll',
  'deleteBy',
  'destroyAll',
  'destroyBy',
  'create',
  'createOrThrow',
  'build',
  'firstOrCreate',
  'firstOrCreateOrThrow',
  'firstOrInitialize',
  'findOrInitializeBy',
  'findOrCreateBy',
  'findOrCreateByOrThrow',
  'createOrFindBy',
  'createOrFindByOrThrow',
  'toSql',
  'explain',
] as const

/** What {@link delegated} adds to the class. */
export type Delegated = Pick<Relation, (typeof delegated)[number]>

for (const name of delegated) {
  Object.defineProperty(QueryStatics, name, {
    configurable: true,
    writable: true,
    value: function (this: ModelClass, ...args: unknown[]) {
      const relation = this.all()
      return (relation[name] as (...args: unknown[]) => unknown).apply(relation, args)
    },
  })
}
