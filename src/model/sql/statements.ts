import {
  createQueryId,
  type DefaultQueryCompiler,
  MysqlQueryCompiler,
  PostgresQueryCompiler,
  type RootOperationNode,
  SqliteQueryCompiler,
} from 'kysely'
import type { Dialect, SqlValue } from '../database.ts'

/** SQL text with the order in which the shape's binds go into its placeholders. */
export interface Statement {
  readonly sql: string
  /** Indexes into the shape's binds; undefined when they are used in their own order. */
  readonly order: readonly number[] | undefined
}

const capacity = 2000

/** Statements with long lists of values hardly come again, and thousands of them would fill the memory. */
const longest = 20_000

/** Compiles operation nodes to SQL and remembers the text by the shape's key. Bounded: the shape unused for longest is forgotten. */
export class Statements {
  readonly #compiler: DefaultQueryCompiler
  readonly #byShape = new Map<string, Statement>()

  constructor(dialect: Dialect) {
    this.#compiler =
      dialect === 'sqlite' ? new SqliteQueryCompiler() : dialect === 'postgres' ? new PostgresQueryCompiler() : new MysqlQueryCompiler()
  }

  /** The statement of a shape, compiled from `build()` when it isn't known. */
  of(shape: string, build: () => RootOperationNode): Statement {
    const known = this.#byShape.get(shape)
    if (known !== undefined) {
      if (this.#byShape.size > capacity / 2) {
        this.#byShape.delete(shape)
        this.#byShape.set(shape, known)
      }
      return known
    }
    const statement = this.compile(build())
    if (statement.sql.length > longest) return statement
    if (this.#byShape.size >= capacity) this.#byShape.delete(this.#byShape.keys().next().value!)
    this.#byShape.set(shape, statement)
    return statement
  }

  /** Compiles a node whose values are bind indexes. */
  compile(node: RootOperationNode): Statement {
    const { sql, parameters } = this.#compiler.compileQuery(node, createQueryId())
    const order = parameters as readonly number[]
    return { sql, order: order.every((bind, place) => bind === place) ? undefined : order }
  }

  /** How many shapes are remembered. */
  get size(): number {
    return this.#byShape.size
  }
}

/** The arguments of a statement in the order of its placeholders. */
export function argumentsFor(statement: Statement, binds: readonly SqlValue[]): readonly SqlValue[] {
  return statement.order === undefined ? binds : statement.order.map((index) => binds[index]!)
}
