import { CallbackAborted } from '../errors/index.ts'
import { type Callback, type CallbackEvent, declarationsOf } from './declarations.ts'
import type { Job } from './job.ts'

/** Runs `work` within the callbacks a class declares for an event, in the order of declaration: what is declared later is further inside. What
 * is inside of an around callback answers to it what `work` does, or false when it was aborted, as in ActiveSupport.
 *
 * @returns whether `work` ran; false when a before callback aborted or an around callback didn't go on
 */
export async function runCallbacks(job: Job, event: CallbackEvent, work: () => unknown): Promise<boolean> {
  const { callbacks } = declarationsOf(job.constructor)
  const chain = callbacks.filter((callback) => callback.event === event)
  let isDone = false
  let isHalted = false
  let value: unknown
  const step = async (index: number): Promise<unknown> => {
    const callback = chain[index]
    if (callback === undefined) {
      value = await work()
      isDone = true
    } else if (callback.kind === 'around') {
      await callback.run(job, () => step(index + 1))
    } else if (callback.kind === 'before') {
      isHalted = await isAborted(callback, job)
      if (!isHalted) await step(index + 1)
    } else {
      await step(index + 1)
      if (!isHalted) await callback.run(job, noNext)
    }
    return isHalted ? false : value
  }
  await step(0)
  return isDone
}

async function isAborted(callback: Callback, job: Job): Promise<boolean> {
  try {
    await callback.run(job, noNext)
    return false
  } catch (error) {
    if (error instanceof CallbackAborted) return true
    throw error
  }
}

const noNext = (): Promise<unknown> => Promise.resolve()
