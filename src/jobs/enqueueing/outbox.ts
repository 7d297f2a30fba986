import { randomUUID } from 'node:crypto'
import { afterCommit, PerApplication } from '../../context/index.ts'
import type { NewJob } from '../backend.ts'

/** Keeps the jobs of a database transaction in its database, so that they are there exactly when the transaction is committed: the transactional
 * outbox. The application makes one when `config.jobs.outbox` asks for it. */
export interface JobOutbox {
  /** Whether a transaction of the outbox's database is open where we are. */
  readonly isInTransaction: boolean
  /** Writes jobs within the transaction that is open; each has an id of its own.
   *
   * @returns what hands them to the queue, to be called after the commit; it doesn't reject, since what can't be handed over now is handed over later
   */
  write(entries: readonly NewJob[]): Promise<() => Promise<void>>
}

const outboxes = new PerApplication<JobOutbox>()

/** Sets what keeps the jobs of transactions in an application, and outside of any. The application calls it at boot. */
export function useJobOutbox(outbox: JobOutbox | undefined, application?: object): void {
  outboxes.use(outbox, application)
}

/** Forgets what `useJobOutbox` set for an application that has stopped. */
export function releaseJobOutbox(application: object): void {
  outboxes.release(application)
}

/** The outbox, when there is one and a transaction is open for it to write in. */
export function outboxOfTransaction(): JobOutbox | undefined {
  const outbox = outboxes.current
  return outbox?.isInTransaction ? outbox : undefined
}

/** Writes jobs to the outbox, and hands them to the queue after the commit.
 * @returns their ids
 */
export async function writeToOutbox(outbox: JobOutbox, entries: readonly NewJob[]): Promise<string[]> {
  const identified = entries.map((entry) => ({ ...entry, id: entry.id ?? randomUUID() }))
  void afterCommit(await outbox.write(identified))
  return identified.map(({ id }) => id)
}
