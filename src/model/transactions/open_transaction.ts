import { currentExecution } from '../../context/index.ts'
import type { Database, Transaction } from '../database.ts'
import { ActiveTransaction } from './active_transaction.ts'

/** The connection of the innermost open transaction on a database, for SQL that is part of it; undefined when there is none. */
export function openTransactionOn(database: Database): Transaction | undefined {
  let transaction: unknown = currentExecution()?.transaction
  while (transaction instanceof ActiveTransaction) {
    if (transaction.isOpen && transaction.database === database) return transaction.port
    transaction = transaction.parent
  }
  return undefined
}
