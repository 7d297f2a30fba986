import { turn } from './connection.ts'
import { dropJob } from './operations/removal.ts'
import type { QueueState } from './state/queue_state.ts'

/** Waits until jobs that were just added are on disk.
 * @throws QueueWriteFailed (REGAUGE_QUEUE_WRITE_FAILED) */
export async function storeAdded(added: readonly { readonly queue: QueueState; readonly id: string }[]): Promise<void> {
  try {
    await (added[0]?.queue.store.stored() ?? turn())
  } catch (error) {
    for (const { queue, id } of added) takeBack(queue, id)
    throw error
  }
}

/** Removes a job that couldn't be written, unless it runs already. */
export function takeBack(queue: QueueState, id: string): void {
  const job = queue.jobs.get(id)
  if (job !== undefined && !job.isStored && job.state !== 'active') dropJob(queue, job, false, true)
}
