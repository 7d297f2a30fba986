import { currentExecution } from '../../context/index.ts'
import type { Binding } from '../binding.ts'
import type { Database, Transaction } from '../database.ts'
import { ActiveTransaction } from './active_transaction.ts'

/** Where statements of a binding run now: in the innermost open transaction on its database, or on any free connection. */
export function connectionFor(binding: Binding): Database | Transaction {
  const transaction = currentTransaction(binding)
  return transaction === undefined ? binding.database : transaction.port
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
