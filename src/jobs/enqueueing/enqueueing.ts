import { types } from 'node:util'
import { afterCommit, currentExecution, withExecution } from '../../context/index.ts'
import type { NewJob } from '../backend.ts'
import { runCallbacks } from '../performing/callback_chain.ts'
import { checkKeys, checkQueue, refusalOf } from '../declaring/checking.ts'
import { constraintsOf } from '../declaring/constraining.ts'
import { currentJobBackend } from '../current.ts'
import { declarationsOf } from '../declaring/declarations.ts'
import { type Duration, toSeconds } from '../duration.ts'
import { InvalidJobOption, MissingPerform, NoJobBackend } from '../errors.ts'
import type { Job } from '../job.ts'
import { observedEnqueue, observedEnqueueAll } from '../job_events.ts'
import { hasMiddleware, withMiddleware } from '../performing/middleware.ts'
import { type JobOutbox, outboxOfTransaction, writeToOutbox } from './outbox.ts'

/** When and where a job runs. What is null is not given. */
export interface EnqueueOptions {
  /** Seconds, or a duration, from now. */
  readonly wait?: number | Duration | null | undefined
  readonly waitUntil?: Date | null | undefined
  readonly queue?: string | null | undefined
  /** Smaller runs first. */
  readonly priority?: number | null | undefined
}

/** What `set` takes. */
export const optionNames = ['wait', 'waitUntil', 'queue', 'priority']

/** The last time that a Date can have. */
const lastTime = 8_640_000_000_000_000

/** Applies options to a job. `waitUntil` wins over `wait`, as in Active Job.
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function applyOptions(job: Job, options: EnqueueOptions): void {
  for (const name in options) if (!optionNames.includes(name)) checkKeys(refusalOf(job.constructor.name, 'set'), options, optionNames)
  const { wait, waitUntil, queue, priority } = options
  if (wait !== undefined && wait !== null) {
    const milliseconds = toSeconds(wait) * 1000
    if (!Number.isFinite(milliseconds))
      throw invalid(job, 'wait', 'must be a number of seconds or a duration', 'A duration is such as minutes(5).')
    // What would be no date any more would run at once.
    job.scheduledAt = new Date(Math.max(-lastTime, Math.min(Date.now() + milliseconds, lastTime)))
  }
  if (waitUntil !== undefined && waitUntil !== null) {
    if (!types.isDate(waitUntil) || Number.isNaN(waitUntil.getTime()))
      throw invalid(job, 'waitUntil', 'must be a Date', 'For a time from now there is wait.')
    job.scheduledAt = waitUntil
  }
  if (queue !== undefined && queue !== null) {
    checkQueue(refusalOf(job.constructor.name, 'queue'), queue)
    job.queueName = (job.constructor as typeof Job).queueNameFrom(queue)
  }
  if (priority !== undefined && priority !== null) job.priority = wholeNumber(job, priority)
}

/** Active Job's `set` takes digits as well. */
function wholeNumber(job: Job, given: unknown): number {
  const priority = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given
  if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) <= 2 ** 31 - 1) return priority
  throw invalid(job, 'priority', 'must be a whole number', 'Smaller runs first.')
}

function invalid(job: Job, option: string, reason: string, hint: string): InvalidJobOption {
  return new InvalidJobOption({ job: job.constructor.name, option, reason, hint })
}

/** Enqueues a job: within a transaction after its outermost commit, else at once. Arguments are checked at once in any case. With an outbox
 * a job of a transaction is enqueued at once, with its callbacks, but to the outbox.
 *
 * Most jobs have no callbacks and nobody listens: for them nothing is awaited but the backend.
 *
 * @returns the job, or false when a callback stopped it
 */
export function enqueueJob<J extends Job>(job: J): Promise<J | false> {
  if (waitsForCommit(job) && outboxOfTransaction() === undefined) return enqueueAfterCommit(job)
  job.isSuccessfullyEnqueued = false
  return observedEnqueue(job, () => enqueueNow(job))
}

/** Whether a job is to be enqueued when the open transaction is committed. */
export function waitsForCommit(job: Job): boolean {
  const isInTransaction = job.reservation === undefined && currentExecution()?.transaction !== undefined
  return isInTransaction && (job.constructor as typeof Job).enqueueAfterTransactionCommit
}

/** Stores a job, or does what is to be done instead. */
export type Delivery<J extends Job> = (job: J, entry: NewJob) => Promise<J | false>

/** Enqueues a job at once, within its middleware and callbacks. */
export function enqueueNow<J extends Job>(job: J, delivery: Delivery<J> = deliver): Promise<J | false> {
  if (job.reservation !== undefined || !hasMiddleware('enqueue')) return withCallbacks(job, delivery)
  return withMiddleware<J | false>('enqueue', job, () => withCallbacks(job, delivery), false)
}

/** Whether anything is put around the enqueuing of a job. */
export function isAround(job: Job): boolean {
  return hasMiddleware('enqueue') || hasEnqueueCallbacks(job)
}

function withCallbacks<J extends Job>(job: J, delivery: Delivery<J>): Promise<J | false> {
  return hasEnqueueCallbacks(job) ? betweenCallbacks(job, delivery) : delivery(job, entryOf(job))
}

async function betweenCallbacks<J extends Job>(job: J, delivery: Delivery<J>): Promise<J | false> {
  let stored: J | false = false
  const end = await runCallbacks(job, 'enqueue', async () => {
    stored = await delivery(job, entryOf(job))
    return stored
  })
  return end === 'done' && stored
}

async function enqueueAfterCommit<J extends Job>(job: J): Promise<J> {
  const entry = entryOf(job)
  requireBackend(job)
  job.isSuccessfullyEnqueued = true
  onCommit(() => {
    return observedEnqueue(job, () => (isAround(job) ? enqueueNow(job) : deliver(job, entry)))
  })
  return job
}

/** Does something after the commit, with the tags and fields of the log that are there now: the job takes them along. */
export function onCommit(work: () => Promise<unknown>): void {
  const { logFields, logTags } = currentExecution()!
  void afterCommit(async () => void (await withExecution({ logFields, logTags }, work)))
}

/** Enqueues several jobs in one go, without callbacks, as Active Job does. Within a transaction those whose class waits for the commit are
 * enqueued after it, the others at once. */
export async function enqueueAll(jobs: readonly Job[]): Promise<void> {
  const parent = jobs.find(({ awaited }) => awaited !== undefined)
  if (parent !== undefined)
    throw refusalOf(parent.constructor.name, 'performAllLater')(
      "can't take a job that waits for others",
      'Enqueue it by itself: job.enqueue().',
    )
  const waiting = jobs.filter(waitsForCommit)
  const immediate = waiting.length === 0 ? jobs : jobs.filter((job) => !waitsForCommit(job))
  const [entries, entriesOfWaiting] = [immediate.map(entryOf), waiting.map(entryOf)]
  if (immediate.length > 0) await enqueueTogether(immediate, entries)
  if (waiting.length === 0) return
  const outbox = outboxOfTransaction()
  if (outbox !== undefined) await enqueueTogether(waiting, entriesOfWaiting, outbox)
  else onCommit(() => enqueueTogether(waiting, entriesOfWaiting))
}

function enqueueTogether(jobs: readonly Job[], entries: readonly NewJob[], outbox?: JobOutbox): Promise<void> {
  const backend = requireBackend(jobs[0]!)
  return observedEnqueueAll(jobs, async () => {
    const accepted = hasMiddleware('enqueue') ? await acceptedByMiddleware(jobs) : jobs
    if (accepted.length === 0) return
    const wanted = accepted === jobs ? entries : accepted.map(entryOf)
    const ids = outbox === undefined ? await backend.add(wanted) : await writeToOutbox(outbox, wanted)
    accepted.forEach((job, index) => {
      job.providerJobId = ids[index] ?? undefined
      job.isSuccessfullyEnqueued = ids[index] !== null
    })
  })
}

/** Sends jobs through what is around their enqueuing, one after the other, before all are stored: Sidekiq's rule for `push_bulk`. */
async function acceptedByMiddleware(jobs: readonly Job[]): Promise<Job[]> {
  const accepted: Job[] = []
  for (const job of jobs) if (await withMiddleware('enqueue', job, async () => true, false)) accepted.push(job)
  return accepted
}

function hasEnqueueCallbacks(job: Job): boolean {
  const { callbacks } = declarationsOf(job.constructor)
  return callbacks.length > 0 && callbacks.some(({ event }) => event === 'enqueue')
}

function deliver<J extends Job>(job: J, entry: NewJob): Promise<J | false> {
  if (job.reservation !== undefined) {
    job.reservation.retry = entry
    job.isSuccessfullyEnqueued = true
    return Promise.resolve(job)
  }
  const backend = requireBackend(job)
  const outbox = waitsForCommit(job) ? outboxOfTransaction() : undefined
  if (outbox === undefined && backend.addOne !== undefined) return backend.addOne(entry, job, accepted<J>)
  const added = outbox === undefined ? backend.add([entry]) : writeToOutbox(outbox, [entry])
  return added.then(([id]) => accepted(job, id ?? null))
}

/** Notes on a job what became of it: null for an id says that it wasn't stored. */
export function accepted<J extends Job>(job: J, id: string | null | undefined): J | false {
  job.providerJobId = id ?? undefined
  job.isSuccessfullyEnqueued = id !== null
  return job.isSuccessfullyEnqueued && job
}

/** What a backend is given to store. */
export function entryOf(job: Job): NewJob {
  if (typeof job.perform !== 'function') throw new MissingPerform({ job: job.constructor.name })
  const data = job.payload()
  const constraints = constraintsOf(job, data.arguments)
  const entry = {
    queue: job.queueName,
    name: declarationsOf(job.constructor).name,
    data,
    priority: job.priority ?? undefined,
    runAt: job.scheduledAt?.getTime(),
  }
  return constraints === undefined ? entry : { ...entry, constraints }
}

/** The backend that a job is enqueued to. @throws NoJobBackend (REGAUGE_NO_JOB_BACKEND) */
export function requireBackend(job: Job) {
  const backend = currentJobBackend()
  if (backend === undefined) throw new NoJobBackend({ job: job.constructor.name })
  return backend
}
