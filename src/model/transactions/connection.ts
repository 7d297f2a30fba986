import { currentExecution, type Execution } from '../../context/index.ts'
import type { Binding } from '../binding.ts'
import { databaseNow, preventsWritesIn } from '../connections/connecting.ts'
import { readingOnly } from '../connections/read_only.ts'
import type { Database } from '../database.ts'
import { cachingConnection } from '../query_cache.ts'
import { areStatementsObserved, type Connection, observedConnection, tellCached } from '../sql_events.ts'
import { ActiveTransaction } from './active_transaction.ts'

/** Where statements of a binding run now: on the database that the execution is connected to, in the innermost open transaction there, or on
 * any free connection.
 *
 * @param model with `operation` what those who listen to statements are told: `Order Load`; null for the operation alone
 * @throws ConnectionNotEstablished when the binding has no database for the role
 */
export function connectionFor(binding: Binding, model?: Function | null, operation?: string): Connection {
  const execution = currentExecution()
  const database = databaseNow(binding, execution)
  const transaction = transactionOn(database, execution)
  let connection: Connection = transaction === undefined ? database : transaction.port
  if (execution?.connecting !== undefined && preventsWritesIn(binding, execution)) connection = readingOnly(connection)
  const isObserved = areStatementsObserved()
  const name = isObserved ? nameOf(model, operation) : null
  if (isObserved) connection = observedConnection(connection, name, transaction)
  const cache = execution?.queryCache
  if (cache === undefined) return connection
  return cachingConnection(connection, database, cache, (sql, args, answer) => tellCached(sql, args, name, connection, answer))
}

function nameOf(model: Function | null | undefined, operation: string | undefined): string | null {
  if (operation === undefined) return null
  return model ? `${model.name} ${operation}` : operation
}

/** The innermost open transaction on the database where a binding's statements run now. */
export function currentTransaction(binding: Binding): ActiveTransaction | undefined {
  const execution = currentExecution()
  if (execution?.transaction === undefined) return undefined
  return transactionOn(databaseNow(binding, execution), execution)
}

function transactionOn(database: Database, execution: Execution | undefined): ActiveTransaction | undefined {
  let transaction: unknown = execution?.transaction
  while (transaction instanceof ActiveTransaction) {
    if (transaction.isOpen && transaction.database === database) return transaction
    transaction = transaction.parent
  }
  return undefined
}
