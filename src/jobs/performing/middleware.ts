import { aroundNext } from './callback_chain.ts'
import { printed, refusalOf } from '../declaring/checking.ts'
import type { Job } from '../job.ts'

/** Something around the enqueuing or performing of every job. What it writes to `job.context` travels with the job. Where several jobs are
 * enqueued at once, `next` resolves before they are stored.
 * Without calling `next` the job isn't enqueued, or counts as performed; where `next` is called and not awaited, it is waited for. */
export type JobMiddleware = (job: Job, next: () => Promise<unknown>) => unknown

const registered = { enqueue: [] as JobMiddleware[], perform: [] as JobMiddleware[] }

/** Puts something around the enqueuing of all jobs; what is added first is outermost.
 *
 * @returns a function that takes it away again
 * @example aroundEveryEnqueue(async (job, next) => { job.context['tenant'] = Current.tenant; await next() })
 */
export function aroundEveryEnqueue(middleware: JobMiddleware): () => void {
  return add('enqueue', middleware)
}

/** Puts something around the performing of all jobs; what is added first is outermost. The records among a job's arguments are loaded inside of
 * it: until then `job.arguments` are as they are stored.
 *
 * @returns a function that takes it away again
 * @example aroundEveryPerform((job, next) => withTenant(job.context['tenant'], next))
 */
export function aroundEveryPerform(middleware: JobMiddleware): () => void {
  return add('perform', middleware)
}

function add(phase: 'enqueue' | 'perform', middleware: JobMiddleware): () => void {
  if (typeof middleware !== 'function') {
    const name = phase === 'enqueue' ? 'aroundEveryEnqueue' : 'aroundEveryPerform'
    throw refusalOf('Job', name)(`can't take ${printed(middleware)}`, 'Pass a function of the job and of what comes next.')
  }
  const list = registered[phase]
  list.push(middleware)
  return () => {
    const index = list.indexOf(middleware)
    if (index >= 0) list.splice(index, 1)
  }
}

/** Whether anything is around this. */
export function hasMiddleware(phase: 'enqueue' | 'perform'): boolean {
  return registered[phase].length > 0
}

/** Runs `work` inside of all that is registered. @returns what it answers, or `without` when it wasn't come to */
export async function withMiddleware<T>(phase: 'enqueue' | 'perform', job: Job, work: () => Promise<T>, without: T): Promise<T> {
  const chain = [...registered[phase]]
  let result = without
  const step = async (index: number): Promise<T> => {
    const middleware = chain[index]
    if (middleware === undefined) result = await work()
    else
      await aroundNext(
        (next) => middleware(job, next),
        () => step(index + 1),
      )
    return result
  }
  await step(0)
  return result
}
