import type { DatabaseLocation } from '../url.ts'

/** What Rails keeps beside an application's tables: left as it is, so that Rails can still read its own state. */
export const RAILS_TABLES = ['schema_migrations', 'ar_internal_metadata'] as const

/** What the engine doesn't touch. It wants names with their schema where the database has schemas. */
export function filtersFor(location: DatabaseLocation): { externalTables: string[]; externalEnums: string[] } {
  const prefix = location.dialect === 'postgres' ? `${schemaOf(location)}.` : ''
  return { externalTables: RAILS_TABLES.map((table) => prefix + table), externalEnums: [] }
}

/** The schema of PostgreSQL that a URL names. */
export function schemaOf({ url }: { url: string }): string {
  return new URL(url).searchParams.get('schema') ?? 'public'
}
