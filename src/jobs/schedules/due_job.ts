import { createHash } from 'node:crypto'
import type { ReservedJob } from '../backend.ts'
import { runCallbacks } from '../performing/callback_chain.ts'
import type { Job } from '../job.ts'
import { observedEnqueue } from '../job_events.ts'
import { withMiddleware } from '../performing/middleware.ts'

/** The schedule that put a job into the queue, while it hasn't run to the end of an attempt. */
export function scheduleOf({ data }: Pick<ReservedJob, 'data'>): string | undefined {
  const key = data['recurring']
  return typeof key === 'string' ? key : undefined
}

/** An id for a job of a schedule, the same each time that it is begun: schedules store jobs without ids. */
export function idOfDueJob(schedule: string, { id, createdAt }: Pick<ReservedJob, 'id' | 'createdAt'>): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([schedule, id, createdAt]))
    .digest()
    .subarray(0, 16)
  bytes[6] = (bytes[6]! & 15) | 64
  bytes[8] = (bytes[8]! & 63) | 128
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Does for a job of a schedule what is done for others when they are enqueued: middleware, callbacks and events. That is here, before it is performed,
 * as the process that keeps the schedules may be one without its class.
 *
 * @returns whether it is to be performed; false when a callback or middleware stopped it
 */
export async function enqueueDueJob(job: Job): Promise<boolean> {
  const isReadable = await job.loadArguments().then(
    () => true,
    () => false,
  )
  // To perform it says what is wrong with them, to whom its class says.
  if (!isReadable) return true
  const enqueued = await observedEnqueue(job, async () => {
    const callbacks = async () => {
      const end = await runCallbacks(job, 'enqueue', () => void (job.isSuccessfullyEnqueued = true))
      return end === 'done'
    }
    return (await withMiddleware('enqueue', job, callbacks, false)) && job
  })
  return enqueued !== false
}
