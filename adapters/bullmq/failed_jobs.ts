import type { FlowJob, FlowProducer, Queue } from 'bullmq'
import { encodeName, type QueueDirectory } from './queue_directory.ts'

/** Where a job is. */
export interface FlowPlace {
  readonly queue: string
  readonly id: string
}

/** The queue of the children whose failure makes their parents fail. */
export const failureQueue = 'regauge-failures'

/** What a job is given as a child that is to be a failed one. BullMQ knows no such thing; but a job whose child has failed fails, without running, as
 * soon as a worker looks at it. */
export function failureBelow(directory: QueueDirectory, place: FlowPlace): FlowJob {
  const opts = { jobId: failureId(place), failParentOnFailure: true, removeOnComplete: true }
  return { name: 'failure', queueName: directory.fullName(failureQueue), opts }
}

/** Adds jobs with all that they wait for, each of them wholly or not at all; those that are there stay as they are.
 * @param failing those among them that have a failure below them: they fail */
export async function addFlows(
  directory: QueueDirectory,
  flows: FlowProducer,
  roots: readonly (FlowPlace & { readonly flow: FlowJob })[],
  failing: readonly FlowPlace[],
): Promise<void> {
  for (const { queue, id, flow } of roots) {
    const target = await directory.queue(queue)
    if ((await target.getJob(id)) !== undefined) continue
    await flows.add(flow)
    if ((await target.getJob(id)) === undefined) throw new Error(`BullMQ has not stored ${flow.name} and the jobs that it waits for`)
  }
  if (failing.length > 0) await letFail(directory, failing)
}

/** Lets jobs fail by what is below them. That is done with success the second time: no job could be completed that has a failed child. */
async function letFail(directory: QueueDirectory, places: readonly FlowPlace[]): Promise<void> {
  const queue = directory.open(failureQueue)
  const failOnce = async ({ attemptsMade }: { readonly attemptsMade: number }) => {
    if (attemptsMade === 0) throw new Error('It failed before it was moved here')
  }
  const worker = directory.worker(failureQueue, failOnce, { concurrency: 10 })
  worker.on('error', () => {})
  try {
    await Promise.all(places.map((place) => succeed(queue, failureId(place))))
  } finally {
    await worker.close()
    await queue.close()
  }
}

async function succeed(queue: Queue, id: string): Promise<void> {
  for (let failure = await queue.getJob(id); failure !== undefined; failure = await queue.getJob(id)) {
    if (await failure.isFailed()) await failure.retry('failed')
    else await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function failureId({ queue, id }: FlowPlace): string {
  return `failure-${encodeName(queue)}-${encodeName(id)}`
}
