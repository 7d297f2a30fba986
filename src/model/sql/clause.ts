import { ColumnNode, type OperationNode, ReferenceNode, TableNode, ValueNode } from 'kysely'
import type { Dialect, SqlValue } from '../database.ts'
import { MissingJoin } from '../errors.ts'

/** A piece of a query: `key` says its shape without its values, `binds` are the values, `build` makes the nodes and
 * asks `names` for exactly one placeholder a bind, in the same order. */
export interface Clause {
  readonly key: string
  readonly binds: readonly SqlValue[]
  /** `path.column` when the clause is a condition on this column alone: what `rewhere`, `unscope` and `merge` replace it by. */
  readonly attribute?: string
  build(names: Names): OperationNode
}

/** The query that an expression is seen from: what its own columns belong to, and what its database speaks. */
export interface Seen {
  readonly table: string
  readonly dialect: Dialect
}

/** What a clause may refer to while a query is compiled: the aliases of its tables and the numbering of its binds. */
export class Names {
  readonly model: string
  /** The alias of the table that the empty path means. */
  readonly base: string
  /** Association path → alias. */
  readonly paths: Map<string, string>
  /** Table → alias of its first use. */
  readonly tables: Map<string, string>
  readonly counter: { next: number }

  constructor(model: string, base: string, counter: { next: number } = { next: 0 }) {
    this.model = model
    this.base = base
    this.paths = new Map()
    this.tables = new Map([[base, base]])
    this.counter = counter
  }

  /** The next placeholder. */
  bind(): OperationNode {
    return ValueNode.create(this.counter.next++)
  }

  /** A column of the table at a path; `table` is where to look when nothing was joined under that path. */
  column(path: string, table: string, column: string): OperationNode {
    const alias = path === '' ? this.base : (this.paths.get(path) ?? this.tables.get(table))
    if (alias === undefined) throw new MissingJoin({ model: this.model, path: path.replace('@', '') || table })
    return reference(alias, column)
  }

  /** A column of a table that the query, or one around it, reads under its own name, when nothing was joined. */
  outerColumn(path: string, table: string, column: string): OperationNode {
    return reference(path === '' ? this.base : (this.tables.get(table) ?? table), column)
  }

  /** The same names seen from another table. */
  from(alias: string): Names {
    const names = new Names(this.model, alias, this.counter)
    for (const [table, known] of this.tables) if (!names.tables.has(table)) names.tables.set(table, known)
    return names
  }

  /** An alias nobody uses yet, remembered for the path. */
  claim(table: string, path: string): string {
    const used = new Set(this.tables.values())
    let alias = table
    for (let count = 2; used.has(alias); count++) alias = `${path.replaceAll('.', '_')}_${table}${count === 2 ? '' : `_${count}`}`
    this.tables.set(this.tables.has(table) ? alias : table, alias)
    this.paths.set(path, alias)
    return alias
  }
}

/** `"alias"."column"`. */
export function reference(alias: string, column: string): OperationNode {
  return ReferenceNode.create(ColumnNode.create(column), TableNode.create(alias))
}
