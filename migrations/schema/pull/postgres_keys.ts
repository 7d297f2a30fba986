import type { ForeignKey, Index, TableConstraint } from '../structure.ts'
import { type CatalogueQuery, grouped, optionsOf, textOrNothing } from './catalogue.ts'

const IN_PATH = `relation.relnamespace = current_schema()::regnamespace`

/** One row for each column of an index. */
const INDEXES = `SELECT kept.indexrelid::text, relation.relname::text, name.relname::text, kept.indisunique, method.amname::text,
  pg_get_expr(kept.indpred, kept.indrelid), kept.indkey[part.place - 1] = 0, pg_get_indexdef(kept.indexrelid, part.place::int, false),
  CASE WHEN operators.opcdefault THEN NULL ELSE operators.opcname::text END, kept.indoption[part.place - 1]::int, part.place > kept.indnkeyatts,
  pg_get_indexdef(kept.indexrelid) LIKE '% NULLS NOT DISTINCT%'
  FROM pg_index AS kept JOIN pg_class AS relation ON relation.oid = kept.indrelid JOIN pg_class AS name ON name.oid = kept.indexrelid
  JOIN pg_am AS method ON method.oid = name.relam CROSS JOIN LATERAL generate_series(1, kept.indnatts) AS part (place)
  LEFT JOIN pg_opclass AS operators ON part.place <= kept.indnkeyatts AND operators.oid = kept.indclass[part.place - 1]
  WHERE ${IN_PATH} AND relation.relkind IN ('r', 'p', 'm') AND NOT relation.relispartition AND NOT kept.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = kept.indexrelid AND contype IN ('u', 'x'))
  ORDER BY relation.relname, name.relname, part.place`

const CONSTRAINTS = `SELECT relation.relname::text, found.conname::text, found.contype::text, pg_get_constraintdef(found.oid), found.convalidated,
  (SELECT string_agg(attribute.attname, ', ' ORDER BY part.place) FROM unnest(found.conkey) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute AS attribute ON attribute.attrelid = found.conrelid AND attribute.attnum = part.number)
  FROM pg_constraint AS found JOIN pg_class AS relation ON relation.oid = found.conrelid
  WHERE ${IN_PATH} AND found.contype IN ('c', 'u', 'x') AND NOT relation.relispartition ORDER BY relation.relname, found.conname`

const FOREIGN_KEYS = `SELECT found.oid::text, relation.relname::text, found.conname::text, parent.relname::text, own.attname::text, other.attname::text,
  found.confdeltype::text, found.confupdtype::text, found.condeferrable, found.condeferred, found.convalidated
  FROM pg_constraint AS found JOIN pg_class AS relation ON relation.oid = found.conrelid JOIN pg_class AS parent ON parent.oid = found.confrelid
  CROSS JOIN LATERAL generate_subscripts(found.conkey, 1) AS place
  JOIN pg_attribute AS own ON own.attrelid = relation.oid AND own.attnum = found.conkey[place]
  JOIN pg_attribute AS other ON other.attrelid = parent.oid AND other.attnum = found.confkey[place]
  WHERE ${IN_PATH} AND found.contype = 'f' AND NOT relation.relispartition ORDER BY relation.relname, found.conname, place`

/** The indexes of tables and materialized views, without those of keys and constraints. */
export async function indexesOf(query: CatalogueQuery): Promise<{ table: string; index: Index }[]> {
  return [...grouped(await query(INDEXES)).values()].map((rows) => {
    const [, table, name, unique, method, where] = rows[0]!
    const keys = rows.filter(([, , , , , , , , , , included]) => included !== true).map(keyOf)
    const included = rows.filter(([, , , , , , , , , , isIncluded]) => isIncluded === true).map((row) => unquoted(String(row[7])))
    const isExpression = keys.some((key) => key.isExpression)
    const options = optionsOf({
      name: String(name),
      unique: unique === true ? true : undefined,
      using: method === 'btree' ? undefined : String(method),
      where: textOrNothing(where),
      order: isExpression ? undefined : perColumn(keys, (key) => key.order),
      opclass: isExpression ? undefined : perColumn(keys, (key) => key.operators),
      include: included.length > 0 ? included : undefined,
      nulls_not_distinct: rows[0]![11] === true ? true : undefined,
    })
    const expression = keys.map(({ sql, operators, order }) => [sql, operators, order?.toUpperCase()].filter(Boolean).join(' ')).join(', ')
    const index: Index = isExpression
      ? { columns: [], expression, options, line: 0 }
      : { columns: keys.map(({ column }) => column), options, line: 0 }
    return { table: String(table), index }
  })
}

function keyOf([, , , , , , isExpression, sql, operators, option]: readonly unknown[]) {
  return {
    column: unquoted(String(sql)),
    sql: String(sql),
    isExpression: isExpression === true,
    operators: textOrNothing(operators),
    order: orders[Number(option)],
  }
}

/** The bits of `indoption`: 1 for descending, 2 for nulls first. Descending with nulls first is what `DESC` alone says. */
const orders: Record<number, string | undefined> = { 0: undefined, 1: 'desc nulls last', 2: 'asc nulls first', 3: 'desc' }

function perColumn<K extends { column: string }>(keys: readonly K[], part: (key: K) => string | undefined) {
  const given = Object.fromEntries(keys.flatMap((key) => (part(key) === undefined ? [] : [[key.column, part(key)]])))
  return Object.keys(given).length > 0 ? optionsOf(given) : undefined
}

function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name
}

/** Checks, exclusions and unique constraints. */
export async function constraintsOf(query: CatalogueQuery): Promise<{ table: string; constraint: TableConstraint }[]> {
  return (await query(CONSTRAINTS)).map(([table, name, kind, definition, validated, columns]) => {
    const sql = String(definition)
    const options = { name: String(name), validate: validated === true ? undefined : false }
    const made = (constraint: Pick<TableConstraint, 'kind' | 'sql'>, more = {}) => ({
      table: String(table),
      constraint: { ...constraint, options: optionsOf({ ...options, ...more }), line: 0 },
    })
    if (kind === 'u') {
      const deferrable = /DEFERRABLE(?: INITIALLY (DEFERRED))?/.exec(sql)
      return made({ kind: 'unique', sql: String(columns) }, deferrable ? { deferrable: deferrable[1] ? 'deferred' : 'immediate' } : {})
    }
    if (kind === 'c') return made({ kind: 'check', sql: /^CHECK \((.*)\)(?: NOT VALID)?$/s.exec(sql)?.[1] ?? sql })
    const [, using, inner] = /^EXCLUDE USING (\w+) \((.*)\)$/s.exec(sql.replace(/ DEFERRABLE.*$/, '')) ?? []
    return made({ kind: 'exclude', sql: inner ?? sql }, { using })
  })
}

const actions: Record<string, string> = { c: 'cascade', n: 'nullify', r: 'restrict', d: 'set_default' }

/** The foreign keys of tables. */
export async function foreignKeyOf(query: CatalogueQuery): Promise<ForeignKey[]> {
  return [...grouped(await query(FOREIGN_KEYS)).values()].map((rows) => {
    const [, from, name, to, , , onDelete, onUpdate, deferrable, deferred, validated] = rows[0]!
    return {
      from: String(from),
      to: String(to),
      columns: rows.map((row) => String(row[4])),
      primaryKey: rows.map((row) => String(row[5])),
      options: optionsOf({
        name: String(name),
        on_delete: actions[String(onDelete)],
        on_update: actions[String(onUpdate)],
        deferrable: deferrable === true ? (deferred === true ? 'deferred' : 'immediate') : undefined,
        validate: validated === true ? undefined : false,
      }),
      line: 0,
    }
  })
}
