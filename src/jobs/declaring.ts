import { type Callback, type ErrorClass, ownDeclarations } from './declarations.ts'
import { InvalidJobOption } from './errors.ts'
import type { Job } from './job.ts'
import { observedDiscard } from './job_events.ts'
import type { CallbackOptions } from './job_class.ts'
import { runAfterDiscard } from './rescue.ts'
import { countedExecutions, type RetryHandler, type RetryOptions, retryOrGiveUp } from './retry.ts'

/** What is done with an error of a job. */
export type ErrorHandler<J> = (job: J, error: Error) => unknown

/** One or more error classes, options, and what to do when the attempts are used up. */
export type RetryArguments<J> = [...ErrorClass[]] | [...ErrorClass[], RetryOptions] | [...ErrorClass[], RetryOptions, RetryHandler<J>]

/** One or more error classes, and what to do besides. */
export type DiscardArguments<J> = [...ErrorClass[]] | [...ErrorClass[], ErrorHandler<J>]

/** One or more error classes and the handler. */
export type RescueArguments<J> = [...ErrorClass[], ErrorHandler<J>]

/** Adds a callback to a class. */
export function declareCallback<J extends Job>(
  jobClass: object,
  event: Callback['event'],
  kind: Callback['kind'],
  callback: string | ((job: J, next: () => Promise<void>) => unknown),
  options: CallbackOptions = {},
): void {
  const run = typeof callback === 'string' ? methodCallback(callback) : (callback as unknown as Callback['run'])
  const { callbacks } = ownDeclarations(jobClass)
  if (options.prepend) callbacks.unshift({ event, kind, run })
  else callbacks.push({ event, kind, run })
}

function methodCallback(name: string): Callback['run'] {
  return (job, next) => {
    const method = (job as unknown as Record<string, unknown>)[name]
    if (typeof method !== 'function') {
      throw new InvalidJobOption({ job: job.constructor.name, option: 'callback', reason: `'${name}' is no method of it` })
    }
    return method.call(job, next)
  }
}

/** Adds a retryOn to a class. */
export function declareRetry(jobClass: JobLike, args: RetryArguments<Job>): void {
  const { errors, options, handler } = splitArguments(jobClass, 'retryOn', args)
  const handle = (job: Job, error: Error) => retryOrGiveUp(job, error, errors, options, handler)
  const { attempts = 5 } = options
  const hasAttemptsLeft = (job: Job) => attempts === 'unlimited' || countedExecutions(job, errors) + 1 < attempts
  ownDeclarations(jobClass).rescues.push({ errors, handle, hasAttemptsLeft })
}

/** Adds a discardOn to a class. */
export function declareDiscard(jobClass: JobLike, args: DiscardArguments<Job>): void {
  const { errors, handler } = splitArguments(jobClass, 'discardOn', args)
  const handle = async (job: Job, error: Error) => {
    await observedDiscard(job, error, async () => handler?.(job, error))
    await runAfterDiscard(job, error)
  }
  ownDeclarations(jobClass).rescues.push({ errors, handle })
}

/** Adds a rescueFrom to a class. */
export function declareRescue(jobClass: JobLike, args: RescueArguments<Job>): void {
  const { errors, handler } = splitArguments(jobClass, 'rescueFrom', args)
  if (handler === undefined) throw new InvalidJobOption({ job: jobClass.name, option: 'rescueFrom', reason: 'needs a handler' })
  ownDeclarations(jobClass).rescues.push({ errors, handle: handler })
}

type JobLike = object & { readonly name: string }

function splitArguments(jobClass: JobLike, option: string, args: readonly unknown[]) {
  const errors: ErrorClass[] = []
  let options: RetryOptions = {}
  let handler: ErrorHandler<Job> | undefined
  for (const arg of args) {
    if (typeof arg === 'string' || isErrorClass(arg)) errors.push(arg as ErrorClass)
    else if (typeof arg === 'function') handler = arg as ErrorHandler<Job>
    else if (typeof arg === 'object' && arg !== null) options = arg as RetryOptions
    else throw new InvalidJobOption({ job: jobClass.name, option, reason: `can't take ${String(arg)}: an error class is expected` })
  }
  if (errors.length === 0) throw new InvalidJobOption({ job: jobClass.name, option, reason: 'needs an error class' })
  return { errors, options, handler }
}

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value === Error || value.prototype instanceof Error)
}
