import { abort } from '../../../src/errors/index.ts'
import { DeserializationError, Duration, type ErrorClass, Job, type RunnableJobClass } from '../../../src/jobs/index.ts'

/** Something a recorded callback, handler or `perform` does. */
export type Operation = [string, ...unknown[]]

/** How a recorded job class was declared. */
export interface JobSpec {
  decl?: [string, ...unknown[]][]
  outcomes?: (string | null | Operation[])[]
  always?: string
  queue?: string
  jitter?: number
}

class ErrA extends Error {}
class ErrB extends ErrA {}
class ErrC extends Error {}
const errorClasses: Record<string, new (message: string) => Error> = { ErrA, ErrB, ErrC, ErrFatal: class ErrFatal extends Error {} }

/** A job class as recorded, writing what happens to `log`. */
export function buildJobClass(spec: JobSpec, log: string[]): (new () => Job) & RunnableJobClass {
  class Recorded extends Job {
    async perform(): Promise<void> {
      log.push(`perform ${this.executions}`)
      const outcome = spec.outcomes?.[this.executions - 1] ?? spec.always ?? null
      if (Array.isArray(outcome)) await runOperations(this, outcome, log)
      else if (outcome !== null) throw new errorClasses[outcome]!(`boom ${this.executions}`)
    }
  }
  Recorded.retryJitter = spec.jitter ?? 0
  if (spec.queue !== undefined) Recorded.queueAs(spec.queue)
  for (const [macro, ...args] of spec.decl ?? []) declare(Recorded, macro, args, log)
  return Recorded
}

function declare(jobClass: typeof Job & (new () => Job), macro: string, args: unknown[], log: string[]): void {
  const handler = (operations: unknown) => (job: Job, error: Error) => runOperations(job, operations as Operation[], log, undefined, error)
  if (macro === 'retry_on' || macro === 'discard_on') {
    const errors = (args[0] as string[]).map(errorClass)
    const handlers = args[2] === undefined ? [] : [handler(args[2])]
    if (macro === 'retry_on') jobClass.retryOn(...errors, retryOptions(args[1] as object | undefined), ...(handlers as [never]))
    else jobClass.discardOn(...errors, ...(handlers as [never]))
  } else if (macro === 'rescue_from') jobClass.rescueFrom(...(args[0] as string[]).map(errorClass), handler(args[1]))
  else if (macro === 'after_discard') jobClass.afterDiscard(handler(args[0]))
  else {
    const name = macro.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase()) as 'aroundPerform'
    const options = args[1] as { prepend?: boolean } | undefined
    jobClass[name]((job: Job, next: () => Promise<unknown>) => runOperations(job, args[0] as Operation[], log, next), options)
  }
}

function errorClass(name: string): ErrorClass {
  if (name === 'StandardError') return Error
  return name === 'ActiveJob::DeserializationError' ? DeserializationError : (errorClasses[name] ?? name)
}

function retryOptions(recorded: object = {}): object {
  const value = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item
    const { $sym, $duration, $lambda } = item as Record<string, unknown>
    if ($duration !== undefined) return new Duration([['seconds', Number($duration)]])
    if ($lambda !== undefined) return lambda(String($lambda))
    return $sym
  }
  return Object.fromEntries(Object.entries(recorded).map(([key, item]) => [key, value(item)]))
}

function lambda(ruby: string): (executions: number) => number {
  const [, body = ''] = /\{ (.*) \}/.exec(ruby) ?? []
  const [, factor] = /^\w+ \* (\d+)$/.exec(body) ?? []
  return factor === undefined ? () => Number(body) : (executions) => executions * Number(factor)
}

async function runOperations(
  job: Job,
  operations: readonly Operation[],
  log: string[],
  next?: (() => Promise<unknown>) | undefined,
  error?: Error,
): Promise<void> {
  for (const [name, first, second] of operations) {
    if (name === 'log') log.push(first as string)
    else if (name === 'abort') abort()
    else if (name === 'raise') throw new errorClasses[first as string]!((second as string | undefined) ?? 'msg')
    else if (name === 'yield') await next?.()
    else if (name === 'log_error') log.push(`error=${error?.constructor.name}:${error?.message}`)
    else if (name === 'state') log.push(stateText(job))
    else if (name === 'retry_job') await job.retryJob((first ?? {}) as object)
    else if (name === 'ensure') await ensure(job, first as Operation[], second as Operation[], log, next)
    else throw new Error(`unknown operation ${name}`)
  }
}

async function ensure(job: Job, work: Operation[], finish: Operation[], log: string[], next: (() => Promise<unknown>) | undefined) {
  try {
    await runOperations(job, work, log, next)
  } finally {
    await runOperations(job, finish, log, next)
  }
}

function stateText(job: Job): string {
  const time = job.scheduledAt === undefined ? 'nil' : JSON.stringify(job.scheduledAt.toISOString().replace(/\.\d+Z/, 'Z'))
  const counts = JSON.stringify(job.exceptionExecutions)
  return `executions=${job.executions} exception_executions=${counts} queue=${job.queueName} priority=${job.priority ?? 'nil'} scheduled_at=${time}`
}
