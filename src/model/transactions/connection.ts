import { currentExecution } from '../../context/index.ts'
import type { Binding } from '../binding.ts'
import { areStatementsObserved, type Connection, observedConnection } from '../sql_events.ts'
import { ActiveTransaction } from './active_transaction.ts'

/** Where statements of a binding run now: in the innermost open transaction on its database, or on any free connection.
 *
 * @param model with `operation` what those who listen to statements are told: `Order Load`
 */
export function connectionFor(binding: Binding, model?: Function, operation?: string): Connection {
  const transaction = currentTransaction(binding)
  const connection = transaction === undefined ? binding.database : transaction.port
  if (!areStatementsObserved()) return connection
  return observedConnection(connection, model === undefined ? null : `${model.name} ${operation}`, transaction)
}

/** The innermost open transaction on a binding's database. */
export function currentTransaction(binding: Binding): ActiveTransaction | undefined {
  let transaction: unknown = currentExecution()?.transaction
  while (transaction instanceof ActiveTransaction) {
    if (transaction.isOpen && transaction.binding.database === binding.database) return transaction
    transaction = transaction.parent
  }
  return undefined
}
