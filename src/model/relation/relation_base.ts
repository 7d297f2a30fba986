import { AliasNode, IdentifierNode, type OperationNode, ParensNode, RawNode } from 'kysely'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { FLAGS, Flag } from '../record/record_state.ts'
import { recordOfRow, recordOfSelection } from '../record/hydration.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Clause } from '../sql/clause.ts'
import { never } from '../sql/comparison.ts'
import { queryText } from '../sql/literal.ts'
import { type Query, selectNode, selectQuery, selectShape } from '../sql/select.ts'
import { columnSelection, type Selection } from '../sql/selection.ts'
import { SUBQUERY } from '../sql/subquery.ts'
import { connectionFor } from '../transactions/connection.ts'
import { noteTogether } from '../associations/repeated_loading.ts'
import { adopt } from '../associations/state.ts'
import type { Reflection } from '../associations/reflection.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import { readJoined } from './eager_loading.ts'
import { extend } from './extensions.ts'
import { preload } from './preloader.ts'
import type { Clauses } from './clauses.ts'
import { tellInstantiated } from '../sql_events.ts'
import { readExpressions, rowsOf } from './rows.ts'

const explainOptions = ['analyze', 'verbose', 'buffers'] as const
type ExplainOption = (typeof explainOptions)[number]

/** A query of a model that runs when it is awaited, iterated or asked for a result. Never changed once made. */
export class RelationBase implements PromiseLike<ModelRecord[]>, AsyncIterable<ModelRecord> {
  readonly info: ModelInfo
  readonly #clauses: Clauses
  #loading: Promise<ModelRecord[]> | undefined
  #records: ModelRecord[] | undefined

  /** The collection that the relation was narrowed from: what is made on it is the owner's, and so is what it finds, which need not load the owner. */
  protected origin: { readonly owner: AttributeRecord; readonly reflection: Reflection } | undefined

  /** Objects whose methods it has: those of `extending`. */
  protected extensions: readonly object[] | undefined

  constructor(info: ModelInfo, clauses: Clauses) {
    this.info = info
    this.#clauses = clauses
  }

  /** The parts of the query. */
  get clauses(): Clauses {
    return this.#clauses
  }

  /** The class whose records it finds. */
  get model(): ModelInfo['model'] {
    return this.info.model
  }

  /** A relation of the same model with other clauses. */
  protected spawn(clauses: Clauses): this {
    const relation = this.info.relation(clauses) as unknown as this
    if (this.origin !== undefined) relation.origin = this.origin
    return this.extensions === undefined ? relation : relation.extendedBy(this.extensions)
  }

  /** The relation with the methods of some objects, which relations made of it have too. */
  protected extendedBy(extensions: readonly object[]): this {
    this.extensions = extensions
    extend(this, extensions)
    return this
  }

  then<A = ModelRecord[], B = never>(
    fulfilled?: ((records: ModelRecord[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.toArray().then(fulfilled, rejected)
  }

  catch<B>(rejected: (reason: unknown) => B | PromiseLike<B>): Promise<ModelRecord[] | B> {
    return this.toArray().catch(rejected)
  }

  finally(work: () => void): Promise<ModelRecord[]> {
    return this.toArray().finally(work)
  }

  /** The records; the query runs once for a relation. */
  toArray(): Promise<ModelRecord[]> {
    this.#loading ??= this.fetch().then((records) => {
      this.#records = records
      return records
    })
    return this.#loading
  }

  /** Runs the query, if it hasn't run. */
  async load(): Promise<void> {
    await this.toArray()
  }

  /** Runs the query now, without waiting for it: what awaits the relation later waits for what is left of it, or gets the error that came of it.
   * @example const posts = Post.recent().loadAsync()
   * const weather = await fetchWeather()
   * render({ posts: await posts, weather })
   */
  loadAsync(): this {
    this.toArray().catch(() => {})
    return this
  }

  /** Whether the query runs now. */
  isScheduled(): boolean {
    return this.#loading !== undefined && !this.isLoaded()
  }

  /** Takes records that were read already as what the query found. */
  takeRecords(records: ModelRecord[]): void {
    this.#records = records
    this.#loading = Promise.resolve(records)
  }

  /** Runs the query again. */
  reload(): Promise<ModelRecord[]> {
    this.#loading = undefined
    this.#records = undefined
    return this.toArray()
  }

  isLoaded(): boolean {
    return this.#records !== undefined
  }

  async *[Symbol.asyncIterator](): AsyncIterator<ModelRecord> {
    yield* await this.toArray()
  }

  /** The text of the query, with its values written into it. */
  toSql(): string {
    return queryText(this.toQuery(), this.info.schema.dialect)
  }

  /** The text of the query and its values apart. */
  toQuery(): Query {
    return selectQuery(this.info, asSaid(this.clauses), this.clauses.selections)
  }

  /** What the database says of how it would run the query, a line a step. SQLite's words are those of its `explain query plan`.
   * @param options as the database takes them: `analyze`, `verbose`
   */
  async explain(...options: readonly ExplainOption[]): Promise<string> {
    for (const option of options)
      if (!explainOptions.includes(option))
        throw new InvalidArgument({ reason: `explain() takes ${explainOptions.join(', ')}; it was given ${JSON.stringify(option)}.` })
    const { sql, args } = this.toQuery()
    const { dialect } = this.info.schema.binding.database
    const how =
      dialect === 'sqlite' ? ' query plan' : options.length === 0 ? '' : dialect === 'mysql' ? ` ${options[0]}` : ` (${options.join(', ')})`
    const { columns, rows } = await connectionFor(this.info.schema.binding).query(`explain${how} ${sql}`, args)
    const shown = columns.indexOf('detail')
    return rows.map((row) => (shown < 0 ? row.join(' | ') : String(row[shown]))).join('\n')
  }

  /** The query as a subquery: of what it selects, or of the columns that are asked for, or of its key. */
  [SUBQUERY](asked?: readonly string[]): Clause {
    const { info } = this
    const { byName, key } = info.schema
    const clauses = asSaid(this.clauses)
    const columns = asked?.map((name) => byName.get(name)!) ?? (key === undefined ? [] : [key])
    const selections = clauses.selections ?? columns.map((column) => columnSelection(info, column))
    const count = asked?.length ?? 1
    if (selections.length !== count) {
      const wanted = count === 1 ? 'one column' : `the ${count} columns ${asked!.join(', ')}`
      throw new InvalidArgument({ reason: `A subquery on ${info.model.name} must select ${wanted}.` })
    }
    const shape = selectShape(info, clauses, selections)
    const build: Clause['build'] = (names) => selectNode(info, clauses, selections, names.counter)
    const isLimited = info.schema.binding.database.dialect === 'mysql' && (clauses.limit ?? clauses.offset) !== null
    return { ...shape, build: isLimited ? (names) => putTogether(build(names)) : build }
  }

  /** The query as one of a named subquery, which puts it between its own parentheses. */
  asQuery(): Clause {
    const { info } = this
    const clauses = asSaid(this.clauses)
    const { selections } = clauses
    return { ...selectShape(info, clauses, selections), build: (names) => selectNode(info, clauses, selections, names.counter) }
  }

  /** The query as a source that another reads from, under a name when it has one. */
  asSource(alias?: string): Clause {
    const { info } = this
    const clauses = asSaid(this.clauses)
    const { selections } = clauses
    const shape = selectShape(info, clauses, selections)
    return {
      ...shape,
      key: `(${shape.key})${alias ?? ''}`,
      build: (names) => {
        const query = ParensNode.create(selectNode(info, clauses, selections, names.counter))
        return alias === undefined ? query : AliasNode.create(query, IdentifierNode.create(alias))
      },
    }
  }

  /** Runs the query anew and makes its records. */
  protected async fetch(clauses: Clauses = this.clauses): Promise<ModelRecord[]> {
    if (clauses.findsNothing) return []
    const { info } = this
    const { selections } = clauses
    if (clauses.isEager && selections === null) {
      const joined = await readJoined(info, clauses, (columns, part) => this.rows(columns, part, 'Eager Load'))
      this.noteLoaded(joined, clauses)
      await this.preloadFor(joined, clauses)
      return joined
    }
    const query = selectQuery(info, clauses, selections)
    const pending = connectionFor(info.schema.binding, info.model, 'Load').query(query.sql, query.args)
    const result = 'then' in pending ? await pending : pending
    if (selections !== null) readExpressions(info, selections, result)
    const records =
      selections === null
        ? result.rows.map((row) => recordOfRow(info, row))
        : result.rows.map((row) => recordOfSelection(info, selections, result.columns, row))
    this.noteLoaded(records, clauses)
    if (clauses.includes.size > 0 || clauses.preloads.size > 0) await this.preloadFor(records, clauses)
    return records
  }

  /** What is done with records that were read, before their associations are. */
  private noteLoaded(records: ModelRecord[], clauses: Clauses): void {
    const { info } = this
    tellInstantiated(info.model.name, records.length)
    noteTogether(records)
    if (clauses.strictLoading) for (const record of records) record[FLAGS] |= Flag.strictLoading
    if (clauses.isReadonly) for (const record of records) record[FLAGS] |= Flag.readonly
    if (this.origin?.reflection.through === undefined && this.origin !== undefined)
      adopt(this.origin.owner, this.origin.reflection, records)
  }

  private async preloadFor(records: ModelRecord[], clauses: Clauses): Promise<void> {
    const { info } = this
    if (clauses.includes.size > 0) await preload(info, records, clauses.includes, clauses.strictLoading)
    if (clauses.preloads.size > 0) await preload(info, records, clauses.preloads, clauses.strictLoading)
  }

  /** The rows of some expressions. */
  protected async rows(selections: readonly Selection[], clauses: Clauses, operation: string): Promise<readonly (readonly SqlValue[])[]> {
    if (clauses.findsNothing) return []
    return rowsOf(this.info, selectQuery(this.info, clauses, selections), operation, selections)
  }
}

/** MySQL takes no limit in a subquery that is compared with, unless its rows are put together in a table of their own. */
function putTogether(query: OperationNode): OperationNode {
  return RawNode.create(['(select * from ', ' as limited_rows)'], [query])
}

/** The clauses as text: a relation of nothing says so there, since nobody sees that it needn't be asked. */
function asSaid(clauses: Clauses): Clauses {
  return clauses.isNone ? clauses.with({ isNone: false }).and([never]) : clauses
}
