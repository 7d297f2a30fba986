import { type SchemaSession, sqlText } from '../session.ts'
import { statementsOf } from '../statements.ts'

/** The statements of a script that have something to do: MySQL has no `IF NOT EXISTS` for constraints and computed columns. */
export async function statementsToRun(session: SchemaSession, script: string): Promise<string[]> {
  const left: string[] = []
  for (const statement of statementsOf(script)) {
    const question = questionOf(statement)
    if (question === undefined || (await session.query(question)).length === 0) left.push(statement)
  }
  return left
}

const constraint = /^ALTER TABLE `([^`]+)` ADD CONSTRAINT `([^`]+)`/
const computed = /^ALTER TABLE `([^`]+)` DROP COLUMN `([^`]+)`, ADD COLUMN `\2` .*\bGENERATED ALWAYS AS\b/s

/** Asks whether a statement's work is done; undefined for those that may run again. */
function questionOf(statement: string): string | undefined {
  const [, table, name] = constraint.exec(statement) ?? []
  if (table !== undefined && name !== undefined)
    return `SELECT 1 FROM information_schema.table_constraints WHERE table_schema = database() AND table_name = ${text(table)} AND constraint_name = ${text(name)}`
  const [, owner, column] = computed.exec(statement) ?? []
  if (owner === undefined || column === undefined) return undefined
  return `SELECT 1 FROM information_schema.columns WHERE table_schema = database() AND table_name = ${text(owner)} AND column_name = ${text(column)} AND generation_expression <> ''`
}

function text(value: string): string {
  return sqlText(value, 'mysql')
}
