import { quoted, type SchemaSession } from '../session.ts'
import type { Change } from './changes.ts'

/** What changes would lose, and what the rows don't allow, in a sentence each. */
export async function feedbackOn(
  session: SchemaSession,
  changes: readonly Change[],
): Promise<{ warnings: string[]; unexecutable: string[] }> {
  const warnings: string[] = []
  const unexecutable: string[] = []
  for (const { drops, converts, requires } of changes) {
    if (drops) warnings.push(...(await dropping(session, drops)))
    if (converts) {
      const count = await rowsWith(session, converts.table, misfit(converts.column, converts.to))
      if (count > 0)
        warnings.push(`The column ${converts.table}.${converts.column} becomes ${converts.to}; its ${count} values may not fit.`)
    }
    if (requires) {
      const { table, column, isNew } = requires
      const count = await rowsWith(session, table, isNew ? 'TRUE' : `${name(column)} IS NULL`)
      if (count > 0) unexecutable.push(`The column ${table}.${column} must have a value, which ${count} rows don't have.`)
    }
  }
  return { warnings, unexecutable }
}

/** Which values a new type may not hold; of an enum, those that it doesn't list. */
function misfit(column: string, to: string): string {
  const members = /^enum\((.+)\)$/is.exec(to)?.[1]
  return members === undefined ? `${name(column)} IS NOT NULL` : `CAST(${name(column)} AS CHAR) NOT IN (${members})`
}

async function dropping(session: SchemaSession, { table, column }: NonNullable<Change['drops']>): Promise<string[]> {
  const count = await rowsWith(session, table, column === undefined ? 'TRUE' : `${name(column)} IS NOT NULL`)
  if (count === 0) return []
  return [
    column === undefined
      ? `The table ${table} is dropped, with ${count} rows.`
      : `The column ${table}.${column} is dropped, with ${count} values.`,
  ]
}

/** How many rows there are; 0 where the table or the column isn't in this database. */
async function rowsWith({ query }: SchemaSession, table: string, condition: string): Promise<number> {
  try {
    return Number((await query(`SELECT count(*) FROM ${name(table)} WHERE ${condition}`))[0]![0])
  } catch {
    return 0
  }
}

function name(text: string): string {
  return quoted(text, 'mysql')
}
