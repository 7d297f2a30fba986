import { runCallbacks } from './callback_chain.ts'
import { declarationsOf } from './declarations.ts'
import type { Job } from './job.ts'
import { observedPerform, tellStart } from './job_events.ts'
import { rescueWithHandler, runAfterDiscard } from './rescue.ts'

/** Performs a job with its callbacks; an error goes to the handlers its class declares.
 *
 * @returns what `perform` returned, or the error when it was handled
 * @throws the error when nothing handles it, or what its handler threw
 */
export function performWithHandlers(job: Job): Promise<unknown> {
  job.executions++
  return observedPerform(job, () => performed(job))
}

async function performed(job: Job): Promise<unknown> {
  try {
    await job.loadArguments()
    tellStart(job)
    return await performWithCallbacks(job)
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
    if (await rescueWithHandler(job, error)) return error
    await runAfterDiscard(job, error)
    throw error
  }
}

async function performWithCallbacks(job: Job): Promise<unknown> {
  const perform = job.perform as (...args: unknown[]) => unknown
  if (declarationsOf(job.constructor).callbacks.length === 0) return perform.apply(job, job.arguments)
  let result: unknown
  job.wasAborted = !(await runCallbacks(job, 'perform', async () => {
    result = await perform.apply(job, job.arguments)
  }))
  return result
}
