import { errorOfRuby } from '../../errors/index.ts'
import { checkKeys, printed, refusalOf } from './checking.ts'
import { type ErrorClass, ownDeclarations } from './declarations.ts'
import type { Job } from '../job.ts'
import { missingMethod } from './declaring_callbacks.ts'
import { observedDiscard } from '../job_events.ts'
import { reportOf } from '../performing/report.ts'
import { runAfterDiscard } from '../performing/rescue.ts'
import {
  checkRetryOptions,
  countedExecutions,
  noteDiscard,
  type RetryHandler,
  type RetryOptions,
  retryOrGiveUp,
} from '../performing/retry.ts'

/** What is done with an error of a job. */
export type ErrorHandler<J> = (job: J, error: Error) => unknown

/** One or more error classes, options, and what to do when the attempts are used up. The order is checked when it is declared: where a type says it,
 * as a union of lists, the compiler's errors are about the first error class whatever is wrong. */
export type RetryArguments<J> = readonly (ErrorClass | RetryOptions | RetryHandler<J>)[]

/** How a job is discarded. */
export interface DiscardOptions {
  /** Whether the error is reported. Default false. */
  readonly report?: boolean | undefined
}

/** One or more error classes, options, and what to do besides. */
export type DiscardArguments<J> = readonly (ErrorClass | DiscardOptions | ErrorHandler<J>)[]

/** A handler, or the name of a method that gets the error. */
export type RescueHandler<J> = ErrorHandler<J> | (keyof J & string)

/** One or more error classes and the handler. */
export type RescueArguments<J> = [...ErrorClass[], RescueHandler<J> | { readonly with: RescueHandler<J> }]

/** Adds a retryOn to a class. @throws InvalidJobOption */
export function declareRetry(jobClass: JobLike, args: RetryArguments<Job>): void {
  const { errors, options, handler } = splitArguments<RetryOptions>(jobClass, 'retryOn', args)
  checkRetryOptions(jobClass.name, options)
  const handle = (job: Job, error: Error) => retryOrGiveUp(job, error, errors, options, handler)
  const { attempts = 5 } = options
  const hasAttemptsLeft = (job: Job) => attempts === 'unlimited' || countedExecutions(job, errors) + 1 < attempts
  ownDeclarations(jobClass).rescues.push({ errors, handle, hasAttemptsLeft })
}

/** Adds a discardOn to a class. @throws InvalidJobOption */
export function declareDiscard(jobClass: JobLike, args: DiscardArguments<Job>): void {
  const { errors, options, handler } = splitArguments<DiscardOptions>(jobClass, 'discardOn', args)
  checkKeys(refusalOf(jobClass.name, 'discardOn'), options, ['report'])
  const handle = async (job: Job, error: Error) => {
    noteDiscard(job)
    await observedDiscard(job, error, async () => {
      if (options.report) reportOf(job, error)
      await handler?.(job, error)
    })
    await runAfterDiscard(job, error)
  }
  ownDeclarations(jobClass).rescues.push({ errors, handle })
}

/** Adds a rescueFrom to a class. @throws InvalidJobOption */
export function declareRescue(jobClass: JobLike, args: RescueArguments<Job>): void {
  const refusal = refusalOf(jobClass.name, 'rescueFrom')
  const last: unknown = args.at(-1)
  const isOptions = typeof last === 'object' && last !== null
  if (isOptions) checkKeys(refusal, last, ['with'])
  const given: unknown = isOptions ? Reflect.get(last, 'with') : last
  if (args.length < 2 || isErrorClass(given) || (typeof given !== 'function' && typeof given !== 'string')) {
    throw refusal('needs a handler', 'Pass a function of the job and the error behind the error classes, or the name of a method.')
  }
  const { errors } = splitArguments(jobClass, 'rescueFrom', args.slice(0, -1))
  const handle = typeof given === 'string' ? methodHandler(given) : (given as ErrorHandler<Job>)
  ownDeclarations(jobClass).rescues.push({ errors, handle, ...(typeof given === 'string' && { method: given }) })
}

function methodHandler(name: string): ErrorHandler<Job> {
  return (job, error) => {
    const method: unknown = Reflect.get(job, name)
    if (typeof method !== 'function') throw missingMethod(job, name)
    return method.call(job, error)
  }
}

type JobLike = object & { readonly name: string }

function splitArguments<O extends object>(jobClass: JobLike, option: string, args: readonly unknown[]) {
  const refusal = refusalOf(jobClass.name, option)
  const errors: ErrorClass[] = []
  let options: O | undefined
  let handler: ErrorHandler<Job> | undefined
  for (const arg of args) {
    if (options === undefined && handler === undefined && (typeof arg === 'string' || isErrorClass(arg))) errors.push(arg as ErrorClass)
    else if (typeof arg === 'function' && handler === undefined && !isErrorClass(arg)) handler = arg as ErrorHandler<Job>
    else if (typeof arg === 'object' && arg !== null && options === undefined && handler === undefined) options = arg as O
    else throw refusal(`can't take ${printed(arg)}: an error class is expected`, argumentsHint)
  }
  if (errors.length === 0) throw refusal('needs an error class', argumentsHint)
  const ofRuby = errors.find((name) => typeof name === 'string' && name.includes('::'))
  if (ofRuby !== undefined)
    throw refusal(`names the class ${String(ofRuby)} of Ruby`, 'Pass the class of the error that is thrown here, or its name.')
  const general = errorOfRuby(errors)
  if (general !== undefined) throw refusal(`names ${general} of Ruby, which nothing here is`, 'Pass Error: all errors are of it.')
  return { errors, options: options ?? ({} as O), handler }
}

const argumentsHint = 'First the error classes, or their names, then options, then a function of the job and the error.'

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value === Error || value.prototype instanceof Error)
}
