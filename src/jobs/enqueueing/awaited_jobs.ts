import { deserializeArguments } from '../arguments/deserialize.ts'
import type { JobFailure, StoredJob } from '../backend.ts'
import { checkKeys, checkWord, printed, refusalOf } from '../declaring/checking.ts'
import type { ChildFailure } from '../engine/index.ts'
import { currentRecordLocator } from '../current.ts'
import type { Job } from '../job.ts'

/** What becomes of a job when one that it waits for is given up: it failed and nothing tries it again, or its class discarded it. */
export interface AfterOptions {
  /** `wait`: it waits until somebody runs the failed job again and that is done, or removes it (default). `fail`: it fails as well.
   * `run`: it runs all the same. */
  readonly onFailure?: ChildFailure | undefined
}

/** The jobs that a job waits for. */
export interface AwaitedJobs {
  readonly jobs: readonly Job[]
  readonly onFailure: ChildFailure
}

/** A job that another one waited for, and what came of it. */
export interface ChildJob {
  readonly id: string
  /** The name of its class. */
  readonly name: string
  /** `discarded` when its class gave it up; with `onFailure: 'run'` also `failed`. */
  readonly state: 'completed' | 'discarded' | StoredJob['state']
  /** What its `perform` answered. */
  readonly result: unknown
  readonly error: JobFailure | undefined
}

/** So many levels of jobs may wait for each other. */
const mostLevels = 1000

/** What a job waits for, checked.
 * @param isJob whether a value is a job
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function awaitedJobs(job: Job, jobs: readonly Job[], options: AfterOptions, isJob: (value: unknown) => boolean): AwaitedJobs {
  const refusal = refusalOf(job.constructor.name, 'after')
  const list: readonly unknown[] = Array.isArray(jobs) ? jobs : [jobs]
  const wrong = list.find((one) => !isJob(one))
  if (!Array.isArray(jobs) || wrong !== undefined) throw refusal(`can't take ${printed(wrong ?? jobs)}`, jobsHint)
  checkKeys(refusal, options, ['onFailure'])
  checkWord(refusal, 'onFailure', options.onFailure, ['wait', 'fail', 'run'])
  if (job.reservation !== undefined) throw refusal('is too late for a job that runs', 'Enqueue a new job that waits for others.')
  if (job.awaited !== undefined) throw refusal('was called before', 'Pass all jobs at once.')
  return { jobs: [...jobs], onFailure: options.onFailure ?? 'wait' }
}

const jobsHint = 'It takes a list of jobs made with new: [new ImportRow(1), new ImportRow(2)].'

/** All jobs that a job waits for, and that those do. @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function checkAwaited(root: Job): readonly Job[] {
  const refusal = refusalOf(root.constructor.name, 'after')
  const seen = new Set<Job>([root])
  let level: readonly Job[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) throw refusal(`has more than ${mostLevels} levels of jobs below it`, 'Let a job enqueue the next ones.')
    level = level.flatMap(({ awaited }) => awaited?.jobs ?? [])
    for (const job of level) {
      if (seen.has(job))
        throw refusal(`has the same ${job.constructor.name} twice`, 'Each job is waited for by one other; make another one with new.')
      seen.add(job)
    }
  }
  return [...seen]
}

/** What came of jobs, for the one that waited for them. @throws DeserializationError when what one answered can't be read back */
export async function childJobs(stored: readonly StoredJob[]): Promise<ChildJob[]> {
  const results = await deserializeArguments(
    stored.map(({ result }) => result ?? null),
    currentRecordLocator(),
  )
  return stored.map(({ id, name, state, isDiscarded, error }, index) => ({
    id,
    name,
    state: isDiscarded ? 'discarded' : state,
    result: results[index] ?? undefined,
    error,
  }))
}
