import type { DatabaseStructure } from '../structure.ts'
import type { CatalogueQuery } from './catalogue.ts'

/** Whether somebody made a thing, and no extension brought it along. */
const ownOf = (id: string) => `NOT EXISTS (SELECT FROM pg_depend WHERE objid = ${id} AND deptype = 'e')`
const IN_PATH = (column: string) => `${column} = current_schema()::regnamespace`

/** What may be made again as SQL. Each query answers rows of what it is called and of a statement that may run twice. */
const statements: readonly { readonly sql: string; readonly before?: boolean }[] = [
  {
    before: true,
    sql: `SELECT 'sequence ' || relation.relname, format('CREATE SEQUENCE IF NOT EXISTS %I AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s',
        relation.relname, format_type(found.seqtypid, NULL), found.seqstart, found.seqincrement, found.seqmin, found.seqmax)
      FROM pg_sequence AS found JOIN pg_class AS relation ON relation.oid = found.seqrelid
      WHERE ${IN_PATH('relation.relnamespace')} AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = relation.oid AND deptype IN ('a', 'i', 'e'))
      ORDER BY relation.relname`,
  },
  {
    // A sequence that has counted goes on where it is.
    sql: `SELECT 'start of the sequence ' || relation.relname, format('SELECT setval(%L, %s, false) FROM %I WHERE NOT is_called',
        quote_ident(relation.relname), found.seqstart, relation.relname)
      FROM pg_sequence AS found JOIN pg_class AS relation ON relation.oid = found.seqrelid
      WHERE ${IN_PATH('relation.relnamespace')} AND found.seqstart <> 1 AND EXISTS (SELECT FROM pg_depend WHERE objid = relation.oid AND deptype IN ('a', 'i'))
      ORDER BY relation.relname`,
  },
  {
    sql: `SELECT 'unlogged table ' || relation.relname, format('ALTER TABLE %I SET UNLOGGED', relation.relname)
      FROM pg_class AS relation WHERE ${IN_PATH('relation.relnamespace')} AND relation.relkind = 'r' AND relation.relpersistence = 'u' ORDER BY relation.relname`,
  },
  {
    sql: `SELECT 'storage of ' || relation.relname, format('ALTER %s %I SET (%s)',
        CASE WHEN relation.relkind = 'i' THEN 'INDEX' ELSE 'TABLE' END, relation.relname, array_to_string(relation.reloptions, ', '))
      FROM pg_class AS relation WHERE ${IN_PATH('relation.relnamespace')} AND relation.relkind IN ('r', 'i') AND relation.reloptions IS NOT NULL
      ORDER BY relation.relname`,
  },
  {
    sql: `SELECT 'statistics of ' || relation.relname || '.' || attribute.attname, format('ALTER %s %I ALTER COLUMN %s SET STATISTICS %s',
        CASE WHEN relation.relkind = 'i' THEN 'INDEX' ELSE 'TABLE' END, relation.relname,
        CASE WHEN relation.relkind = 'i' THEN attribute.attnum::text ELSE quote_ident(attribute.attname) END, attribute.attstattarget)
      FROM pg_attribute AS attribute JOIN pg_class AS relation ON relation.oid = attribute.attrelid
      WHERE ${IN_PATH('relation.relnamespace')} AND relation.relkind IN ('r', 'i') AND attribute.attnum > 0 AND attribute.attstattarget > 0
      ORDER BY relation.relname, attribute.attnum`,
  },
  {
    sql: `SELECT 'statistics ' || found.stxname, regexp_replace(pg_get_statisticsobjdef(found.oid), '^CREATE STATISTICS ', 'CREATE STATISTICS IF NOT EXISTS ')
      FROM pg_statistic_ext AS found WHERE ${IN_PATH('found.stxnamespace')} ORDER BY found.stxname`,
  },
  {
    sql: `SELECT 'operator ' || found.oprname,
      format(E'DO $$ BEGIN\\n  CREATE OPERATOR %s (FUNCTION = %s%s, RIGHTARG = %s);\\nEXCEPTION WHEN duplicate_function THEN NULL;\\nEND $$', found.oprname,
        found.oprcode::oid::regproc, CASE WHEN found.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(found.oprleft, NULL) END, format_type(found.oprright, NULL))
      FROM pg_operator AS found WHERE ${IN_PATH('found.oprnamespace')} AND ${ownOf('found.oid')} ORDER BY found.oprname`,
  },
]

/** What is told and left: the kind of a thing and its name. */
const LEFT = `SELECT kind, name FROM (
    SELECT 'aggregate' AS kind, proname::text AS name FROM pg_proc AS found WHERE ${IN_PATH('pronamespace')} AND prokind = 'a' AND ${ownOf('found.oid')}
    UNION ALL SELECT CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END, typname::text FROM pg_type AS found
      WHERE ${IN_PATH('typnamespace')} AND ${ownOf('found.oid')} AND (typtype IN ('d', 'r')
      OR (typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')))
    UNION ALL SELECT 'rule', rulename::text || ' on ' || relation.relname FROM pg_rewrite JOIN pg_class AS relation ON relation.oid = ev_class
      WHERE ${IN_PATH('relation.relnamespace')} AND rulename <> '_RETURN'
    UNION ALL SELECT 'policy', polname::text || ' on ' || relation.relname FROM pg_policy JOIN pg_class AS relation ON relation.oid = polrelid
      WHERE ${IN_PATH('relation.relnamespace')}
    UNION ALL SELECT 'row security', relname::text FROM pg_class WHERE ${IN_PATH('relnamespace')} AND relrowsecurity
    UNION ALL SELECT 'event trigger', evtname::text FROM pg_event_trigger AS found WHERE ${ownOf('found.oid')}
  ) AS found ORDER BY kind, name`

/** Adds what is neither a table nor code: sequences, storage, statistics and operators as SQL, and a word for all that is left. */
export async function addPostgresRest(query: CatalogueQuery, structure: DatabaseStructure): Promise<void> {
  for (const { sql, before = false } of statements) {
    for (const [construct, statement] of await query(sql))
      structure.extras.push({ construct: String(construct), sql: `${statement};`, before, ruby: '', line: before ? 0 : 3 })
  }
  for (const [kind, name] of await query(LEFT))
    structure.unknown.push({ ruby: `${kind} ${name}`, line: 0, reason: `make the ${kind} by hand, in a migration before the tables` })
}
