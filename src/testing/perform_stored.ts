import type { Job, JobBackend, NewJob, RunnableJobClass, StoredJob } from '../jobs/index.ts'
import { UnknownJobClass } from '../jobs/index.ts'
import { didYouMean } from '../naming/index.ts'

/** Takes a job from the queue and performs it here, with its callbacks and handlers; a retry is enqueued again.
 *
 * @returns the job
 * @throws what it fails with; UnknownJobClass (REGAUGE_UNKNOWN_JOB_CLASS), and the job stays
 */
export async function performStored(backend: JobBackend, classes: ReadonlyMap<string, RunnableJobClass>, stored: StoredJob): Promise<Job> {
  const { id, name, attempts } = stored
  const jobClass = classes.get(name)
  if (jobClass === undefined) throw new UnknownJobClass({ name, suggestion: didYouMean(name, [...classes.keys()]) })
  const job = jobClass.restore(stored)
  job.providerJobId = id
  job.executions = Math.max(job.executions, attempts)
  const reservation: { retry: NewJob | undefined } = { retry: undefined }
  job.reservation = reservation
  // One that is unique until it is done keeps others of its kind out while it runs.
  const isKept = stored.constraints?.unique?.until === 'executed'
  if (!isKept) await backend.remove([id])
  try {
    await job.performNow()
  } finally {
    job.reservation = undefined
    if (isKept) await backend.remove([id])
  }
  if (reservation.retry !== undefined) await backend.add([reservation.retry])
  return job
}
