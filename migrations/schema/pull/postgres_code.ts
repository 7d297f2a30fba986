import type { DatabaseStructure } from '../structure.ts'
import { textOf } from '../../ruby/index.ts'
import { RubyLambda } from '../../ruby/index.ts'
import type { CatalogueQuery } from './catalogue.ts'

const EXTENSIONS = `SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`

const FUNCTIONS = `SELECT proname::text, pg_get_functiondef(code.oid) FROM pg_proc AS code
  WHERE code.pronamespace = current_schema()::regnamespace AND code.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = code.oid AND deptype = 'e') ORDER BY code.oid`

const VIEWS = `SELECT relation.relname::text, relation.relkind::text, pg_get_viewdef(relation.oid) FROM pg_class AS relation
  WHERE relation.relnamespace = current_schema()::regnamespace AND relation.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = relation.oid AND deptype = 'e') ORDER BY relation.oid`

const TRIGGERS = `SELECT found.tgname::text, pg_get_triggerdef(found.oid) FROM pg_trigger AS found JOIN pg_class AS relation ON relation.oid = found.tgrelid
  WHERE relation.relnamespace = current_schema()::regnamespace AND NOT found.tgisinternal ORDER BY found.oid`

/** Adds extensions, functions, views and triggers: what only `db/structure.sql` has of a Rails application. */
export async function addPostgresCode(query: CatalogueQuery, structure: DatabaseStructure): Promise<void> {
  const add = (construct: string, sql: string, before = false) =>
    structure.extras.push({ construct, sql: `${sql.trim().replace(/;$/, '')};`, before, ruby: '', line: before ? 0 : 1 })
  for (const [name] of await query(EXTENSIONS)) add(`extension ${name}`, `CREATE EXTENSION IF NOT EXISTS "${name}"`, true)
  const expressions = expressionsOf(structure)
  for (const [name, sql] of await query(FUNCTIONS)) {
    const isNeeded = expressions.some((expression) => expression.includes(`${name}(`))
    add(`function ${name}`, String(sql).replace(/\n$/, ''), isNeeded)
  }
  for (const [name, kind, sql] of await query(VIEWS)) {
    add(`view ${name}`, `CREATE ${kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'} "${name}" AS\n${String(sql).trim().replace(/;$/, '')}`)
  }
  for (const [name, sql] of await query(TRIGGERS)) add(`trigger ${name}`, String(sql))
}

/** The SQL in the tables, which must find its functions when they are made. */
function expressionsOf({ tables }: DatabaseStructure): string[] {
  return tables.flatMap(({ columns, constraints, indexes }) => [
    ...columns.flatMap(({ options }) => {
      const value = options.get('default')
      return [textOf(options.get('as')) ?? '', value instanceof RubyLambda ? (textOf(value.result) ?? '') : '']
    }),
    ...constraints.map(({ sql }) => sql),
    ...indexes.map(({ expression, options }) => `${expression ?? ''} ${textOf(options.get('where')) ?? ''}`),
  ])
}
