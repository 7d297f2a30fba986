import { currentExecution, type Runtimes, withExecution } from '../context/index.ts'
import { type Channel, channel } from '../notifications/index.ts'
import { currentJobBackend } from './current.ts'
import type { Job } from './job.ts'

const enqueue = channel('enqueue.active_job')
const enqueueAt = channel('enqueue_at.active_job')
const bulk = channel('enqueue_all.active_job')
const starts = channel('perform_start.active_job')
const performs = channel('perform.active_job')
const retries = channel('enqueue_retry.active_job')
const stops = channel('retry_stopped.active_job')
const discards = channel('discard.active_job')

/** Enqueues as Rails' events `enqueue` or `enqueue_at`: `aborted` when a callback stopped it. */
export function observedEnqueue<T>(job: Job, work: () => Promise<T | false>): Promise<T | false> {
  const events = job.scheduledAt === undefined || job.scheduledAt === null ? enqueue : enqueueAt
  if (!events.isOn) return work()
  return events.instrument(payloadOf(job), async (payload) => {
    const enqueued = await work()
    if (enqueued === false) payload['aborted'] = true
    return enqueued
  })
}

/** Enqueues several as the event `enqueue_all`. */
export function observedEnqueueAll(jobs: readonly Job[], work: () => Promise<void>): Promise<void> {
  if (!bulk.isOn) return work()
  return bulk.instrument({ adapter: currentJobBackend(), jobs }, async (payload) => {
    await work()
    payload['enqueued_count'] = jobs.filter((job) => job.isSuccessfullyEnqueued).length
  })
}

/** Tells that a job begins, with its arguments. */
export function tellStart(job: Job): void {
  if (starts.isOn) starts.publish(payloadOf(job))
}

/** Performs as the event `perform`. */
export function observedPerform(job: Job, work: () => Promise<unknown>): Promise<unknown> {
  if (!performs.isOn && !starts.isOn) return work()
  const runtimes: Runtimes = { view: undefined, database: 0, queries: 0, cachedQueries: 0 }
  return withExecution({ runtimes, logTags: tagsOf(job) }, () =>
    performs.instrument(payloadOf(job), async (payload) => {
      const result = await work()
      Object.assign(payload, { db_runtime: runtimes.database, aborted: job.wasAborted ? true : null })
      return result
    }),
  )
}

function tagsOf(job: Job): string[] {
  const before = currentExecution()?.logTags ?? []
  return [...before, ...(before.includes('ActiveJob') ? [] : ['ActiveJob']), job.constructor.name, job.jobId]
}

/** Tells that a job will be tried again, `wait` in seconds. */
export function observedRetry(job: Job, error: Error, wait: number, work: () => Promise<void>): Promise<void> {
  return observedOutcome(retries, job, { error, wait }, work)
}

/** Tells that a job has used up its attempts. */
export function observedStop<T>(job: Job, error: Error, work: () => Promise<T>): Promise<T> {
  return observedOutcome(stops, job, { error }, work)
}

/** Tells that a job was discarded. */
export function observedDiscard<T>(job: Job, error: Error, work: () => Promise<T>): Promise<T> {
  return observedOutcome(discards, job, { error }, work)
}

function observedOutcome<T>(events: Channel, job: Job, more: Record<string, unknown>, work: () => Promise<T>): Promise<T> {
  return events.isOn ? events.instrument({ ...more, ...payloadOf(job) }, work) : work()
}

function payloadOf(job: Job): Record<string, unknown> {
  return { job, adapter: currentJobBackend() }
}
