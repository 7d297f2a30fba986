import { currentExecution } from './execution.ts'

/** The part of a database transaction that rooms other than `model` may know: that it is open, and how to wait for it. */
export interface OpenTransaction {
  /** Runs `work` after all transactions that are open here have committed, those on other databases too; never when one was rolled back. */
  afterAllCommits(work: () => void | Promise<void>): void
}

/** Runs `work` once what was written so far is durable: at once outside of a transaction, else after the outermost commit; of transactions on
 * several databases, after the last one. Rails' `after_all_transactions_commit`.
 *
 * @returns a promise of the work when it ran at once; undefined when it waits for the commit
 * @example await afterCommit(() => queue.add(job))
 */
export function afterCommit(work: () => void | Promise<void>): void | Promise<void> {
  const transaction = currentExecution()?.transaction
  if (transaction === undefined) return work()
  transaction.afterAllCommits(work)
}
