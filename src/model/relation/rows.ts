import { type AttributeType, readAnswer } from '../attributes/attribute_type.ts'
import type { ResultSet, SqlValue } from '../database.ts'
import type { ModelInfo } from '../model_info.ts'
import { guarded } from '../record/guarded.ts'
import type { Query } from '../sql/select.ts'
import { type Selection, typeOf } from '../sql/selection.ts'
import { connectionFor } from '../transactions/connection.ts'

/** Runs a query on the connection of the current transaction, or on any free one.
 * @param operation what those who listen to statements are told that it does: `Count`
 */
export async function rowsOf(
  info: ModelInfo,
  query: Query,
  operation: string,
  selections: readonly Selection[] = [],
): Promise<readonly (readonly SqlValue[])[]> {
  const result = await connectionFor(info.schema.binding, info.model, operation).query(query.sql, query.args)
  if (selections.length > 0) readExpressions(info, selections, result)
  return result.rows
}

/** The rows of what is plucked, and how each of their values is read: what SQL names like a column, as the column is. */
export async function pluckedRows(
  info: ModelInfo,
  query: Query,
  selections: readonly Selection[],
): Promise<{ rows: readonly (readonly SqlValue[])[]; types: readonly (AttributeType | undefined)[] }> {
  const { schema, model } = info
  const result = await connectionFor(schema.binding, model, 'Pluck').query(query.sql, query.args)
  const places = spreadOver(selections, result.columns.length)
  const named = places.map((place, index) =>
    place.column === undefined && typeOf(place) === undefined && !place.isSummed
      ? schema.columns.find(({ column }) => column === result.columns[index])?.type
      : undefined,
  )
  const others = places.map((place, index) => (named[index] === undefined ? place : undefined))
  readExpressions(info, others, result)
  return { rows: result.rows, types: places.map((place, index) => named[index] ?? typeOf(place)) }
}

/** What was selected, a place for each column of the answer: SQL may name several, which the first of it is taken to do. */
function spreadOver(selections: readonly Selection[], columns: number): readonly Selection[] {
  const more = columns - selections.length
  const sql = selections.findIndex(({ column }) => column === undefined)
  if (more <= 0 || sql < 0) return selections
  return [...selections.slice(0, sql), ...Array<Selection>(more).fill(selections[sql]!), ...selections.slice(sql)]
}

/** Reads the values of expressions as the database says their types are: a day, a time, a decimal. Columns are read as their fields say. */
export function readExpressions({ schema }: ModelInfo, selections: readonly (Selection | undefined)[], result: ResultSet): void {
  const { types, columns, rows } = result
  const { database } = schema.binding
  if (types === undefined || database.typeOfAnswer === undefined) return
  for (const [place, type] of types.entries()) {
    const selection = selections[place]
    if (selection !== undefined && (typeOf(selection) !== undefined || selection.isSummed === true)) continue
    const kind = database.typeOfAnswer(type)
    if (kind === undefined || (selection === undefined && schema.columns.some(({ column }) => column === columns[place]))) continue
    const reader = schema.typeOfExpressions(kind)
    for (const row of rows as SqlValue[][]) row[place] = readAnswer(reader, row[place]) as SqlValue
  }
}

/** Runs a statement and answers how many rows it changed.
 * @throws NotNullViolation, ForeignKeyViolation and their kin
 */
export async function affectedBy(info: ModelInfo, query: Query, operation: string): Promise<number> {
  const connection = connectionFor(info.schema.binding, info.model, operation)
  const changes = await guarded(info.schema.table, () => connection.execute(query.sql, query.args))
  return changes.affected
}
