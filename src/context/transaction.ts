import { currentExecution } from './execution.ts'

/** The part of a database transaction that rooms other than `model` may know: that it is open, and how to wait for it. */
export interface OpenTransaction {
  /** Runs `work` after the outermost transaction has committed, in the order of the calls; never after a rollback. */
  afterCommit(work: () => void | Promise<void>): void
}

/** Runs `work` once what was written so far is durable: at once outside of a transaction, else after the outermost commit.
 *
 * @returns a promise of the work when it ran at once; undefined when it waits for the commit
 * @example await afterCommit(() => queue.add(job))
 */
export function afterCommit(work: () => void | Promise<void>): void | Promise<void> {
  const transaction = currentExecution()?.transaction
  if (transaction === undefined) return work()
  transaction.afterCommit(work)
}
