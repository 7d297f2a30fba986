import {
  currentRecordLocator,
  failureOf,
  type Job,
  type JobBackend,
  type RunnableJobClass,
  type StoredJob,
  serializeArguments,
  UnknownJobClass,
} from '../jobs/index.ts'
import { didYouMean } from '../naming/index.ts'
import type { JobOutcome, TestFamilies } from './families.ts'

/** Where jobs of a test are, and which classes they are of. */
export interface TestQueue {
  readonly backend: JobBackend
  readonly classes: ReadonlyMap<string, RunnableJobClass>
  readonly families: TestFamilies
}

/** Takes a job from the queue and performs it here, with its callbacks and handlers; a retry is enqueued again.
 *
 * @returns the job
 * @throws what it fails with; UnknownJobClass (REGAUGE_UNKNOWN_JOB_CLASS), and the job stays
 */
export async function performStored({ backend, classes, families }: TestQueue, stored: StoredJob): Promise<Job> {
  const { id, name, attempts } = stored
  const jobClass = classes.get(name)
  if (jobClass === undefined) throw new UnknownJobClass({ name, suggestion: didYouMean(name, [...classes.keys()]) })
  const job = jobClass.restore(stored)
  job.providerJobId = id
  job.executions = Math.max(job.executions, attempts)
  const run = { isStopping: false, save() {}, children: () => Promise.resolve(families.childrenOf(id)) }
  const reservation: NonNullable<Job['reservation']> = { retry: undefined, run }
  job.reservation = reservation
  // One that is unique until it is done keeps others of its kind out while it runs.
  const isKept = stored.constraints?.unique?.until === 'executed'
  if (!isKept) await backend.remove([id])
  try {
    const result: unknown = await job.performNow()
    if (reservation.retry === undefined) families.end(stored, outcomeOf(result, reservation.isDiscarded ?? false))
  } catch (error) {
    if (reservation.retry === undefined) families.end(stored, { state: 'failed', error: failureOf(error) })
    throw error
  } finally {
    job.reservation = undefined
    if (isKept) await backend.remove([id])
    // Also where it failed after it asked for another run.
    if (reservation.retry !== undefined) {
      const [retry] = await backend.add([reservation.retry])
      if (typeof retry === 'string') families.replace(stored, retry)
    }
  }
  return job
}

function outcomeOf(result: unknown, isDiscarded: boolean): JobOutcome {
  return isDiscarded ? { state: 'completed', isDiscarded } : { state: 'completed', result: storedResult(result) }
}

/** A result as it is stored; undefined where it can't be. */
function storedResult(value: unknown): unknown {
  if (value === undefined) return undefined
  try {
    return serializeArguments([value], currentRecordLocator())[0]
  } catch {
    return undefined
  }
}
