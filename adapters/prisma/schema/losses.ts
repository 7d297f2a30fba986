import { quoted, type SchemaSession, sqlText } from './session.ts'
import { statementsOf } from './statements.ts'

/** What scripts that drop tables and columns would lose: one sentence for each that holds something. */
export async function lossesIn(session: SchemaSession, scripts: readonly string[]): Promise<string[]> {
  const losses: string[] = []
  for (const { table, column } of await droppedBy(scripts.map(statementsOf), session)) {
    const count = await countOf(session, table, column)
    if (count === 0) continue
    const rows = `${count} ${count === 1 ? 'row' : 'rows'}`
    losses.push(
      column === undefined
        ? `The table ${table} is dropped, with ${rows}.`
        : `The column ${table}.${column} is dropped, with ${rows} that have a value.`,
    )
  }
  return losses
}

interface Dropped {
  readonly table: string
  readonly column?: string
}

const name = '["`]?([\\w$]+)["`]?'
const table = `(?:"\\w+"\\.)?${name}`
const dropsTable = new RegExp(`^DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?${table}`, 'i')
const altersTable = new RegExp(`^ALTER\\s+TABLE\\s+(?:ONLY\\s+)?${table}\\s+([\\s\\S]*)$`, 'i')
const renamed = /^ALTER TABLE "new_(\w+)" RENAME TO "\1"/
const copied = /^INSERT INTO "new_(\w+)" \(([^)]*)\)/
const dropsColumn = new RegExp(`\\bDROP\\s+COLUMN\\s+(?:IF\\s+EXISTS\\s+)?${name}`, 'gi')

async function droppedBy(scripts: readonly (readonly string[])[], session: SchemaSession): Promise<Dropped[]> {
  const found: Dropped[] = []
  for (const statements of scripts) found.push(...dropped(statements), ...(await leftBehind(statements, session)))
  return found
}

function dropped(statements: readonly string[]): Dropped[] {
  const remade = new Set(statements.flatMap((statement) => renamed.exec(statement)?.[1] ?? []))
  return statements.flatMap((statement): Dropped[] => {
    const table = dropsTable.exec(statement)?.[1]
    if (table !== undefined) return remade.has(table) ? [] : [{ table }]
    const [, altered, rest] = altersTable.exec(statement) ?? []
    if (altered === undefined || rest === undefined) return []
    return [...rest.matchAll(dropsColumn)].map(([, column]) => ({ table: altered, column: column! }))
  })
}

/** The columns that SQLite doesn't take along when it makes a table anew. */
async function leftBehind(statements: readonly string[], { dialect, query }: SchemaSession): Promise<Dropped[]> {
  if (dialect !== 'sqlite') return []
  const left: Dropped[] = []
  for (const statement of statements) {
    const [, table, list] = copied.exec(statement) ?? []
    if (table === undefined || list === undefined) continue
    const kept = new Set(list.split(',').map((column) => column.trim().replaceAll('"', '')))
    for (const [column] of await query(`SELECT name FROM pragma_table_info(${sqlText(table, dialect)})`)) {
      if (!kept.has(String(column))) left.push({ table, column: String(column) })
    }
  }
  return left
}

/** How many rows a table has, or how many of them have a value in a column; 0 when there is no such table or column any more. */
async function countOf({ dialect, query }: SchemaSession, table: string, column: string | undefined): Promise<number> {
  const what = column === undefined ? '*' : quoted(column, dialect)
  try {
    const [row] = await query(`SELECT count(${what}) FROM ${quoted(table, dialect)}`)
    return Number(row![0])
  } catch {
    return 0
  }
}
