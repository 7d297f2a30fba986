import { RubyHash, RubyLambda, RubySymbol, type RubyValue } from '../../ruby/index.ts'
import type { Provider } from '../prisma.ts'
import { type DatabaseStructure, emptyStructure } from '../structure.ts'

/** Asks a database: rows by column position. */
export type CatalogueQuery = (sql: string) => Promise<readonly (readonly unknown[])[]>

/** The tables that belong to Rails, Prisma or us, and to no application. */
export const ownTables: ReadonlySet<string> = new Set(['schema_migrations', 'ar_internal_metadata', '_prisma_migrations'])

/** Options as `db/schema.rb` would give them; what is undefined is left out. */
export function optionsOf(options: Readonly<Record<string, RubyValue | undefined>>): RubyHash {
  return new RubyHash(
    Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[new RubySymbol(name), value] as const])),
  )
}

/** An expression of SQL where `db/schema.rb` has a lambda. */
export function sqlExpression(sql: string): RubyLambda {
  return new RubyLambda(sql)
}

/** An empty structure, to be filled from a database. */
export function emptyPull(provider: Provider): DatabaseStructure {
  return { ...emptyStructure(`a ${{ postgresql: 'PostgreSQL', mysql: 'MySQL', sqlite: 'SQLite' }[provider]} database`), isPulled: true }
}

/** Rows together that have the same value in their first column. */
export function grouped(rows: readonly (readonly unknown[])[]): Map<string, (readonly unknown[])[]> {
  const groups = new Map<string, (readonly unknown[])[]>()
  for (const row of rows) {
    const name = String(row[0])
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return groups
}

/** A text of the catalogue; undefined for null. */
export function textOrNothing(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
