import type { JobsOptions } from 'bullmq'
import type { QueueDirectory } from './queue_directory.ts'

/** A job that is to be a failed one. */
export interface FailedEntry {
  readonly queue: string
  readonly name: string
  readonly data: object
  readonly opts: JobsOptions & { readonly jobId: string }
}

/** The queue of the children whose failure makes their parents fail. */
const childQueue = 'regauge-failures'

/** Adds jobs that have failed already. BullMQ knows no such thing; but a job whose child has failed fails, without running, as soon as a worker
 * looks at it. */
export async function addFailed(directory: QueueDirectory, entries: readonly FailedEntry[]): Promise<void> {
  const flows = directory.flows()
  const worker = directory.worker(
    childQueue,
    async () => {
      throw new Error('It failed before it was moved here')
    },
    { concurrency: 10 },
  )
  worker.on('error', () => {})
  try {
    for (const { queue, name, data, opts } of entries) {
      const target = await directory.queue(queue)
      if ((await target.getJob(opts.jobId)) === undefined) {
        const child = {
          name: 'failure',
          queueName: directory.fullName(childQueue),
          opts: { failParentOnFailure: true, removeOnFail: true },
        }
        await flows.add({ name, queueName: target.name, data, opts, children: [child] })
      }
    }
    for (const { queue, opts } of entries) {
      const target = await directory.queue(queue)
      while ((await target.getJobState(opts.jobId)) === 'waiting-children') await new Promise((resolve) => setTimeout(resolve, 5))
    }
  } finally {
    await worker.close()
    await flows.close()
  }
}
