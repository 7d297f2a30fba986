import { CallbackAborted } from '../../errors/index.ts'
import { type Callback, type CallbackEvent, declarationsOf } from '../declaring/declarations.ts'
import type { Job } from '../job.ts'

/** What became of the work that callbacks are around: a before callback aborted it, or an around callback didn't go on. */
export type CallbacksEnd = 'done' | 'aborted' | 'passed over'

/** Runs `work` within the callbacks a class declares for an event, in the order of declaration: what is declared later is further inside. What
 * is inside of an around callback answers to it what `work` does, or false when it was aborted, as in ActiveSupport.
 *
 * @returns what became of `work`
 */
export async function runCallbacks(job: Job, event: CallbackEvent, work: () => unknown): Promise<CallbacksEnd> {
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
      await aroundNext(
        (next) => callback.run(job, next),
        () => step(index + 1),
      )
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
  if (isHalted) return 'aborted'
  return isDone ? 'done' : 'passed over'
}

/** Runs what is around something, and waits for what follows from its `next` also where that isn't awaited: it would go on after the job is done.
 * @throws what is around, or what nobody waited for */
export async function aroundNext(around: (next: () => Promise<unknown>) => unknown, work: () => Promise<unknown>): Promise<void> {
  const begun: Followed[] = []
  try {
    await around(() => new Begun(work(), begun))
  } catch (error) {
    await Promise.allSettled(begun.filter(({ isAwaited }) => !isAwaited).map(({ outcome }) => outcome))
    throw error
  }
  for (const { isAwaited, outcome } of begun) if (!isAwaited) await outcome
}

interface Followed {
  readonly outcome: Promise<unknown>
  readonly isAwaited: boolean
}

/** A promise that knows whether anybody waits for it, as those that follow from it do. */
class Begun<T> extends Promise<T> implements Followed {
  static override get [Symbol.species]() {
    return Promise
  }
  readonly outcome: Promise<T>
  isAwaited = false
  readonly #all: Followed[]

  constructor(outcome: Promise<T>, all: Followed[]) {
    super((resolve) => resolve(outcome))
    this.outcome = outcome
    this.#all = all
    all.push(this)
    // Where nobody waits for it, `aroundNext` does.
    super.then(undefined, () => {})
  }

  override then<Done = T, Failed = never>(
    done?: ((value: T) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    this.isAwaited = true
    return new Begun(super.then(done, failed), this.#all)
  }
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
