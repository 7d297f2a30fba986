import type { Binding } from './binding.ts'
import type { Dialect, SqlValue } from './database.ts'
import { Names } from './sql/clause.ts'
import { fragmentClause, SqlFragment } from './sql/fragment.ts'
import { literal } from './sql/literal.ts'
import { plainValue } from './sql/plain_value.ts'
import { quotedName, requireName } from './sql/quoted_name.ts'
import { argumentsFor } from './sql/statements.ts'
import { connectionFor } from './transactions/connection.ts'

const tableQueries: Readonly<Record<Dialect, string>> = {
  sqlite: "select 1 from sqlite_master where type in ('table', 'view') and name = ?",
  postgres: 'select 1 where to_regclass(?) is not null',
  mysql: 'select 1 from information_schema.tables where table_schema = database() and table_name = ?',
}

/** The database of a model, for SQL written by hand. Inside of a transaction statements run in it.
 *
 * SQL takes its values as `?`, or by name as `:name`.
 * @example await Article.connection.selectValue('select count(*) from articles where author_id = ?', author.id)
 */
export class Connection {
  readonly #binding: Binding
  readonly #tables = new Set<string>()

  constructor(binding: Binding) {
    this.#binding = binding
  }

  /** The rows as objects by column. */
  async selectAll(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Record<string, SqlValue>[]> {
    const { columns, rows } = await this.#query(sql, values)
    return rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place]!])))
  }

  /** The first row as an object; null without rows. */
  async selectOne(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Record<string, SqlValue> | null> {
    return (await this.selectAll(sql, ...values))[0] ?? null
  }

  /** The rows as arrays. */
  async selectRows(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<readonly (readonly SqlValue[])[]> {
    return (await this.#query(sql, values)).rows
  }

  /** The first column of the rows. */
  async selectValues(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<SqlValue[]> {
    return (await this.selectRows(sql, ...values)).map((row) => row[0]!)
  }

  /** The first column of the first row; null without rows. */
  async selectValue(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<SqlValue> {
    return (await this.selectValues(sql, ...values))[0] ?? null
  }

  /** Runs a statement that answers no rows.
   * @returns how many rows it changed
   */
  async execute(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number> {
    const { text, args } = this.#compiled(sql, values)
    return (await connectionFor(this.#binding).execute(text, args)).affected
  }

  /** Whether the database has a table. One that was there once isn't asked for again. */
  async tableExists(name: string): Promise<boolean> {
    if (this.#tables.has(name)) return true
    const { text, args } = this.#compiled(tableQueries[this.#binding.database.dialect], [this.#nameToFind(name)])
    // As Rails calls what it asks of the schema.
    const { rows } = await connectionFor(this.#binding, null, 'SCHEMA').query(text, args)
    if (rows.length > 0) this.#tables.add(name)
    return rows.length > 0
  }

  /** PostgreSQL looks a name up as it is written. */
  #nameToFind(name: string): string {
    return this.#binding.database.dialect === 'postgres' ? this.quoteTableName(name) : name
  }

  /** A value as SQL writes it, for text that nothing else can make: values that queries get apart are safe without it.
   * @throws InvalidArgument for what is no single value
   */
  quote(value: unknown): string {
    return literal(plainValue(value), this.#binding.database.dialect)
  }

  /** A column's name as SQL writes it. */
  quoteColumnName(name: string): string {
    return quotedName(name, this.#binding.database.dialect)
  }

  /** A table's name as SQL writes it, with its schema before the point. */
  quoteTableName(name: string): string {
    requireName(name)
    return name
      .split('.')
      .map((part) => this.quoteColumnName(part))
      .join('.')
  }

  async #query(sql: string | SqlFragment, values: readonly unknown[]) {
    const { text, args } = this.#compiled(sql, values)
    return connectionFor(this.#binding).query(text, args)
  }

  #compiled(sql: string | SqlFragment, values: readonly unknown[]): { text: string; args: readonly SqlValue[] } {
    const seen = { table: '', dialect: this.#binding.database.dialect }
    const clause = fragmentClause(typeof sql === 'string' ? new SqlFragment(sql, values) : sql, false, seen)
    const statement = this.#binding.statements.compile(clause.build(new Names('connection', '')) as never)
    return { text: statement.sql, args: argumentsFor(statement, clause.binds) }
  }
}
