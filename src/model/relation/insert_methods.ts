import { didYouMean } from '../../naming/index.ts'
import { readAnswer } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import type { Changes, SqlValue } from '../database.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { guarded } from '../record/guarded.ts'
import { SqlFragment } from '../sql/fragment.ts'
import { type Conflict, type ConflictTarget, insertRowsStatement, type Returned } from '../sql/insert_rows.ts'
import { connectionFor } from '../transactions/connection.ts'
import { inTransaction } from '../transactions/transaction.ts'
import { AsyncCalculations } from './async_calculations.ts'
import { type UniqueBy, uniqueTarget } from './unique_indexes.ts'

/** How rows are inserted at once. */
export interface InsertOptions {
  /** The columns to answer of the inserted rows; the key by default, `false` for none; also expressions with `sql('name as label')`. MySQL answers none, MariaDB does. */
  readonly returning?: string | readonly (string | SqlFragment)[] | SqlFragment | false
  /** The columns of the unique index that decides what is a duplicate, or its name in the database, also as `{ index: 'by_name' }`. On MySQL all
   * unique indexes decide. */
  readonly uniqueBy?: UniqueBy
  /** False leaves `created_at` and `updated_at` to the database. */
  readonly recordTimestamps?: boolean
}

/** How rows are inserted or updated at once. */
export interface UpsertOptions extends InsertOptions {
  /** The columns that are updated; all given ones by default. */
  readonly updateOnly?: string | readonly string[]
  /** What happens to rows that are there: `update` (default), `skip`, or assignments written as SQL. */
  readonly onDuplicate?: 'update' | 'skip' | SqlFragment
}

/** The rows that an insert answered. */
export interface InsertResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Values that a statement may have: below the smallest limit of the databases. */
const valuesAtOnce = 30_000

/** The methods that write many rows with one statement, without making records: no callbacks, no validations. */
export class InsertMethods extends AsyncCalculations {
  /** Inserts a row, unless it is a duplicate. */
  insert(row: Record<string, unknown>, options?: InsertOptions): Promise<InsertResult> {
    return this.insertAll([row], options)
  }

  /** Inserts a row.
   * @throws RecordNotUnique for a duplicate
   */
  insertOrThrow(row: Record<string, unknown>, options?: Omit<InsertOptions, 'uniqueBy'>): Promise<InsertResult> {
    return this.insertAllOrThrow([row], options)
  }

  /** Inserts rows; duplicates are left out.
   * @param rows attributes of the rows, all with the same names
   * @example await Tag.insertAll([{ name: 'a' }, { name: 'b' }], { uniqueBy: 'name' })
   */
  async insertAll(rows: readonly Record<string, unknown>[], options: InsertOptions = {}): Promise<InsertResult> {
    return insertInto(this.info, this.#insertScope(), rows, options, { kind: 'skip' })
  }

  /** Inserts rows.
   * @throws RecordNotUnique when one is a duplicate; then none is inserted
   */
  async insertAllOrThrow(rows: readonly Record<string, unknown>[], options: Omit<InsertOptions, 'uniqueBy'> = {}): Promise<InsertResult> {
    return insertInto(this.info, this.#insertScope(), rows, options, undefined)
  }

  /** Inserts a row, or updates the one that is there. */
  upsert(row: Record<string, unknown>, options?: UpsertOptions): Promise<InsertResult> {
    return this.upsertAll([row], options)
  }

  /** Inserts rows, and updates those that are there.
   * @example await Price.upsertAll(rows, { uniqueBy: ['product_id', 'currency'], updateOnly: 'amount' })
   * @throws InvalidArgument for `updateOnly` beside SQL of one's own
   */
  async upsertAll(rows: readonly Record<string, unknown>[], options: UpsertOptions = {}): Promise<InsertResult> {
    const { onDuplicate = 'update', updateOnly } = options
    if (onDuplicate !== 'skip' && onDuplicate !== 'update' && !(onDuplicate instanceof SqlFragment))
      throw new InvalidArgument({ reason: "onDuplicate is 'update', 'skip' or assignments written with sql(`…`)." })
    if (onDuplicate instanceof SqlFragment && updateOnly !== undefined)
      throw new InvalidArgument({ reason: '`updateOnly` and SQL for `onDuplicate` both say what is updated: leave one out.' })
    if (onDuplicate === 'skip') return insertInto(this.info, this.#insertScope(), rows, options, { kind: 'skip' })
    const conflict =
      typeof onDuplicate === 'object' ? { kind: 'sql' as const, sql: onDuplicate } : { kind: 'update' as const, only: list(updateOnly) }
    return insertInto(this.info, this.#insertScope(), rows, options, conflict)
  }

  /** @throws InvalidArgument on a collection through another, whose rows between nobody would make */
  #insertScope(): Record<string, unknown> {
    const reflection = this.origin?.reflection
    if (reflection?.through !== undefined)
      throw new InvalidArgument({
        reason: `'${reflection.name}' goes through '${reflection.options.through}': rows aren't inserted there at once.`,
      })
    return this.scopeAttributes()
  }

  /** What the conditions fix, as attributes of a new record. */
  protected scopeAttributes(): Record<string, unknown> {
    const attributes: Record<string, unknown> = {}
    for (const where of this.clauses.wheres) {
      const fixed = (where as { equals?: { name: string; value: unknown } }).equals
      if (fixed !== undefined) attributes[fixed.name] = fixed.value
    }
    return { ...attributes, ...this.clauses.attributes }
  }
}

async function insertInto(
  info: ModelInfo,
  scopeAttributes: Record<string, unknown>,
  rows: readonly Record<string, unknown>[],
  options: InsertOptions,
  wanted: { kind: 'skip' } | { kind: 'sql'; sql: SqlFragment } | { kind: 'update'; only: readonly string[] } | undefined,
): Promise<InsertResult> {
  const { schema } = info
  const returning = returningOf(info, options.returning)
  if (rows.length === 0) return { columns: [], rows: [] }
  const completed = rows.map((given) => {
    const row = withoutAliases(info, given)
    return { ...scopeAttributes, ...row, ...timestampsOf(info, row, options) }
  })
  const columns = columnsOf(info, completed)
  const target = options.uniqueBy === undefined ? undefined : await uniqueTarget(info, options.uniqueBy)
  const conflict = wanted === undefined ? undefined : conflictOf(info, wanted, columns, target, options, rows[0]!)
  const rowsAtOnce = Math.max(1, Math.floor(valuesAtOnce / columns.length))
  const parts: Record<string, unknown>[][] = []
  for (let from = 0; from < completed.length; from += rowsAtOnce) parts.push(completed.slice(from, from + rowsAtOnce))
  const write = async (): Promise<InsertResult> => {
    const written: InsertResult[] = []
    for (const part of parts) written.push(await insertRows(info, columns, part, conflict, returning))
    return { columns: written[0]!.columns, rows: written.flatMap((part) => part.rows) }
  }
  return parts.length === 1 ? write() : (await inTransaction(schema.binding, write))!
}

/** A row by the names of its columns. */
function withoutAliases({ schema }: ModelInfo, row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [schema.byName.get(name)?.name ?? name, value]))
}

async function insertRows(
  info: ModelInfo,
  columns: readonly Column[],
  rows: readonly Record<string, unknown>[],
  conflict: Conflict | undefined,
  returning: readonly Returned[],
): Promise<InsertResult> {
  const { schema } = info
  const binds = rows.flatMap((row) => columns.map((column): SqlValue => column.type.serialize(column.type.cast(row[column.name]))))
  const { sql, args } = insertRowsStatement(info, columns, rows.length, binds, conflict, returning)
  const connection = connectionFor(schema.binding, info.model, 'Insert')
  if (returning.length === 0) {
    await guarded(schema.table, () => connection.execute(sql, args) as Changes | Promise<Changes>)
    return { columns: [], rows: [] }
  }
  const result = await guarded(schema.table, () => connection.query(sql, args))
  const answered = result.columns.map((name, place) => {
    const asked = returning.length === result.columns.length ? returning[place] : undefined
    return asked === undefined || asked instanceof SqlFragment ? schema.columns.find((column) => column.column === name) : asked
  })
  const read = (value: SqlValue, place: number) => (answered[place] === undefined ? value : readAnswer(answered[place].type, value))
  return {
    columns: result.columns.map((name, place) => answered[place]?.name ?? name),
    rows: result.rows.map((row) => row.map(read)),
  }
}

/** @throws InvalidArgument for columns asked of MySQL, which answers none: as in Rails there */
function returningOf(info: ModelInfo, given: InsertOptions['returning']): readonly Returned[] {
  const { primaryKey, binding } = info.schema
  const { hasReturning } = binding.database
  if (!hasReturning && given !== undefined && given !== false)
    throw new InvalidArgument({ reason: 'MySQL answers nothing of inserted rows: leave `returning` out.' })
  if (given === false || !hasReturning) return []
  if (given === undefined) return primaryKey
  return [given].flat().map((each) => (each instanceof SqlFragment ? each : columnNamed(info, each)))
}

function timestampsOf(info: ModelInfo, row: Record<string, unknown>, { recordTimestamps = true }: InsertOptions): Record<string, unknown> {
  if (!recordTimestamps) return {}
  const now = new Date()
  const missing = [...info.schema.createdColumns, ...info.schema.updatedColumns].filter(({ name }) => row[name] === undefined)
  return Object.fromEntries(missing.map((column) => [column.name, now]))
}

function columnsOf(info: ModelInfo, rows: readonly Record<string, unknown>[]): Column[] {
  const names = Object.keys(rows[0]!)
  if (names.length === 0) throw new InvalidArgument({ reason: 'Rows to insert need at least one attribute.' })
  const same = new Set(names)
  for (const row of rows) {
    const keys = Object.keys(row)
    if (keys.length !== names.length || keys.some((key) => !same.has(key)))
      throw new InvalidArgument({ reason: 'All rows that are inserted at once must have the same attributes.' })
  }
  return names.map((name) => columnNamed(info, name))
}

function columnNamed(info: ModelInfo, name: string): Column {
  const { byName } = info.schema
  const column = byName.get(name)
  if (column === undefined) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
  return column
}

function conflictOf(
  info: ModelInfo,
  wanted: { kind: 'skip' } | { kind: 'sql'; sql: SqlFragment } | { kind: 'update'; only: readonly string[] },
  columns: readonly Column[],
  target: ConflictTarget | undefined,
  { recordTimestamps = true }: InsertOptions,
  row: Record<string, unknown>,
): Conflict {
  const { primaryKey, createdAt, updatedAt } = info.schema
  if (wanted.kind === 'skip') return { kind: 'skip', target }
  const unique = target ?? { columns: primaryKey }
  if (wanted.kind === 'sql') return { kind: 'sql', target: unique, sql: wanted.sql }
  const fixed = new Set([...unique.columns, ...primaryKey, createdAt, ...info.readonlyColumns])
  const isStamped = recordTimestamps && updatedAt !== undefined && row[updatedAt.name] === undefined
  const updates =
    wanted.only.length > 0 ? wanted.only.map((name) => columnNamed(info, name)) : columns.filter((column) => !fixed.has(column))
  return {
    kind: 'update',
    target: unique,
    columns: updates.filter((column) => !(isStamped && column === updatedAt)),
    stamp: isStamped ? updatedAt : undefined,
  }
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}
