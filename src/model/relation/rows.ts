import type { SqlValue } from '../database.ts'
import type { ModelInfo } from '../model_info.ts'
import { guarded } from '../record/guarded.ts'
import type { Query } from '../sql/select.ts'
import { connectionFor } from '../transactions/connection.ts'

/** Runs a query on the connection of the current transaction, or on any free one.
 * @param operation what those who listen to statements are told that it does: `Count`
 */
export async function rowsOf(info: ModelInfo, query: Query, operation: string): Promise<readonly (readonly SqlValue[])[]> {
  const result = await connectionFor(info.schema.binding, info.model, operation).query(query.sql, query.args)
  return result.rows
}

/** Runs a statement and answers how many rows it changed.
 * @throws NotNullViolation, ForeignKeyViolation and their kin
 */
export async function affectedBy(info: ModelInfo, query: Query, operation: string): Promise<number> {
  const connection = connectionFor(info.schema.binding, info.model, operation)
  const changes = await guarded(info.schema.table, () => connection.execute(query.sql, query.args))
  return changes.affected
}
