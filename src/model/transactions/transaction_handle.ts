import type { ActiveTransaction } from './active_transaction.ts'

type Work = () => void | Promise<void>

/** A transaction as what runs inside of it sees it: what `transaction` gives to its work, and what `Article.currentTransaction` answers.
 * @example
 * await Order.transaction(async (transaction) => {
 *   transaction.afterCommit(() => notifyWarehouse(order))
 *   await order.updateOrThrow({ status: 'paid' })
 * })
 */
export class TransactionHandle {
  readonly #transaction: ActiveTransaction | undefined

  /** @param transaction undefined where none is open */
  constructor(transaction: ActiveTransaction | undefined) {
    this.#transaction = transaction
  }

  /** Runs `work` after the outermost transaction has committed, and after the callbacks of its records; at once where none is open.
   * @returns a promise of the work when it ran at once
   */
  afterCommit(work: Work): void | Promise<void> {
    if (this.#transaction === undefined) return work()
    this.#transaction.afterCommit(work)
  }

  /** Runs `work` when the transaction, or one around it, was rolled back; never where none is open. */
  afterRollback(work: Work): void {
    this.#transaction?.afterRollback(work)
  }

  isOpen(): boolean {
    return this.#transaction?.isOpen === true
  }

  isClosed(): boolean {
    return !this.isOpen()
  }
}
