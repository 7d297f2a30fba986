import { errorOf } from '../../errors/index.ts'
import { runCallbacks } from './callback_chain.ts'
import { JobInterrupt, resumeLater } from '../continuation/index.ts'
import { declarationsOf } from '../declaring/declarations.ts'
import type { Job } from '../job.ts'
import { observedPerform, tellStart } from '../job_events.ts'
import { noteInline } from './inline_jobs.ts'
import { hasMiddleware, withMiddleware } from './middleware.ts'
import { rescueWithHandler, runAfterDiscard } from './rescue.ts'
import { retryByInterval } from './retry_interval.ts'
import { withinTimeLimit } from './time_limit.ts'

/** Performs a job with its callbacks; an error goes to the handlers its class declares.
 *
 * @returns what `perform` returned, false when a callback aborted it, or the error when it was handled
 * @throws the error when nothing handles it, or what its handler threw
 */
export function performWithHandlers(job: Job): Promise<unknown> {
  job.executions++
  return observedPerform(job, () => performed(job))
}

/** Performs a job with its callbacks and leaves an error to the caller, whatever the class declares about it: no handler is asked, and nothing is
 * tried again, as in Sidekiq's `perform_inline`. What is around the enqueuing of all jobs is around this as well.
 *
 * @returns what `perform` returned; false when a callback aborted it; undefined when middleware kept it from running, or when a step asked for a run of
 * its own
 */
export async function performInline(job: Job): Promise<unknown> {
  job.executions++
  noteInline(job)
  const work = () => observedPerform(job, () => performedWithin(job))
  try {
    return await (hasMiddleware('enqueue') ? withMiddleware('enqueue', job, work, undefined) : work())
  } catch (thrown) {
    const error = errorOf(thrown)
    if (error instanceof JobInterrupt && (await resumeLater(job, error))) return undefined
    throw error
  }
}

async function performedWithin(job: Job): Promise<unknown> {
  return hasMiddleware('perform') ? withMiddleware('perform', job, () => performLoaded(job), undefined) : performLoaded(job)
}

async function performed(job: Job): Promise<unknown> {
  try {
    if (hasMiddleware('perform')) return await withMiddleware('perform', job, () => performLoaded(job), undefined)
    await job.loadArguments()
    tellStart(job)
    job.goOn()
    return await performWithCallbacks(job)
  } catch (thrown) {
    let error = errorOf(thrown)
    try {
      if (await resumeLater(job, error)) return error instanceof JobInterrupt ? undefined : error
    } catch (limit) {
      error = limit as Error
    }
    if (await rescueWithHandler(job, error)) return error
    if (await retryByInterval(job, error)) return error
    await runAfterDiscard(job, error)
    throw error
  }
}

/** Records are loaded inside of what is around all jobs: it may be what says whose they are. */
async function performLoaded(job: Job): Promise<unknown> {
  await job.loadArguments()
  tellStart(job)
  job.goOn()
  return performWithCallbacks(job)
}

async function performWithCallbacks(job: Job): Promise<unknown> {
  const perform = job.perform as (...args: unknown[]) => unknown
  const { callbacks, timeout } = declarationsOf(job.constructor)
  const work = () =>
    timeout === undefined ? perform.apply(job, job.arguments) : withinTimeLimit(job, () => perform.apply(job, job.arguments))
  if (callbacks.length === 0) return work()
  let result: unknown
  const end = await runCallbacks(job, 'perform', async () => {
    result = await work()
    return result
  })
  job.wasAborted = end !== 'done'
  // As Active Support's `run_callbacks` answers, and so `perform_now`.
  return end === 'aborted' ? false : result
}
