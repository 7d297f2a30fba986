import {
  type ConcurrencyOptions,
  declareConcurrency,
  declareRate,
  declareUnique,
  type RateOptions,
  type UniqueOptions,
} from './constraining.ts'
import { checkPriority, checkQueue, checkTime, refusalOf } from './checking.ts'
import { ownDeclarations } from './declarations.ts'
import {
  declareDiscard,
  declareRescue,
  declareRetry,
  type DiscardArguments,
  type RescueArguments,
  type RetryArguments,
} from './declaring.ts'
import { declareCallbacks } from './declaring_callbacks.ts'
import { type Duration, toSeconds } from '../duration.ts'
import type { Job } from '../job.ts'
import type { RetryAttempt, RetryInterval } from '../performing/retry_interval.ts'
import type { AroundJobCallback, CallbackArguments, JobClass, LoadedJob } from './job_class.ts'

/** What a class of jobs may declare about them, in its static block. Options that make no sense are refused there, with `InvalidJobOption`. */
export abstract class DeclaredJob {
  /** How often `retryInterval` may have a job run again. Rage's 20. */
  static maxRetries = 20

  /** What lines of the log call a job of the class. Internal. */
  static titleOf(this: { readonly name: string }, _args: unknown): string {
    return this.name
  }

  /** Sets the queue of the class; a function chooses it by the job. */
  static queueAs<J extends Job>(this: JobClass<J>, queue: string | ((job: LoadedJob<J>) => string)): void {
    const jobClass = this as unknown as typeof Job
    if (typeof queue !== 'function') checkQueue(refusalOf(this.name, 'queueAs'), queue)
    jobClass.queueName = typeof queue === 'function' ? (queue as (job: Job) => string) : jobClass.queueNameFrom(queue)
  }

  /** Sets the priority of the class: smaller runs first. */
  static queueWithPriority<J extends Job>(this: JobClass<J>, priority: number | ((job: LoadedJob<J>) => number)): void {
    if (typeof priority !== 'function') checkPriority(refusalOf(this.name, 'queueWithPriority'), priority)
    ;(this as unknown as typeof Job).priority = priority as number | ((job: Job) => number)
  }

  /** Retries on errors of these classes.
   * @example this.retryOn(TimeoutError, { wait: 'polynomially_longer', attempts: 10 }, (job, error) => report(error)) */
  static retryOn<J extends Job>(this: JobClass<J>, ...args: RetryArguments<J>): void {
    declareRetry(this, args as RetryArguments<Job>)
  }

  /** Drops the job on errors of these classes. */
  static discardOn<J extends Job>(this: JobClass<J>, ...args: DiscardArguments<J>): void {
    declareDiscard(this, args as DiscardArguments<Job>)
  }

  /** Handles errors of these classes; what the handler throws fails the job. */
  static rescueFrom<J extends Job>(this: JobClass<J>, ...args: RescueArguments<J>): void {
    declareRescue(this, args as RescueArguments<Job>)
  }

  /** Is called when a job is given up: discarded, out of attempts, or failed by an error that nothing handles. */
  static afterDiscard<J extends Job>(this: JobClass<J>, hook: (job: J, error: Error) => unknown): void {
    if (typeof hook !== 'function')
      throw refusalOf(this.name, 'afterDiscard')('needs a function', 'It is called with the job and the error.')
    ownDeclarations(this).afterDiscard.push(hook as (job: Job, error: Error) => unknown)
  }

  /** Lets only so many jobs of the class run at a time; others wait.
   * @example this.limitsConcurrency({ to: 2, key: (accountId) => accountId, duration: minutes(5) }) */
  static limitsConcurrency<J extends Job>(this: JobClass<J>, options: ConcurrencyOptions<J>): void {
    declareConcurrency(this, options)
  }

  /** Lets only so many jobs of the class begin in a time; others wait. Limits of different groups all hold, so that a class may have one by key and
   * one that it shares with others.
   * @example this.limitsRate({ to: 100, per: minutes(1), key: (accountId) => accountId }) */
  static limitsRate<J extends Job>(this: JobClass<J>, options: RateOptions<J>): void {
    declareRate(this, options)
  }

  /** Lets a job be enqueued once only while it is there.
   * @example this.unique({ until: 'executing', conflict: 'replace' }) */
  static unique<J extends Job>(this: JobClass<J>, options: UniqueOptions<J> = {}): void {
    declareUnique(this, options)
  }

  /** Lets a job be enqueued once only, for so long at most: Sidekiq's `unique_for`. */
  static uniqueFor<J extends Job>(this: JobClass<J>, time: number | Duration, options: Omit<UniqueOptions<J>, 'for'> = {}): void {
    declareUnique(this, { ...options, for: time })
  }

  /** How long a job may run, in seconds or as a duration: it then fails with `JobTimeout`, which `retryOn` may name.
   * @example this.timeout(minutes(5)) */
  static timeout(this: JobClass, time: number | Duration): void {
    checkTime(refusalOf(this.name, 'timeout'), 'time', time, true)
    ownDeclarations(this).timeout = toSeconds(time)
  }

  /** The same as `timeout`. */
  static timeoutAfter(this: JobClass, time: number | Duration): void {
    DeclaredJob.timeout.call(this, time)
  }

  /** Decides about an error that no `retryOn`, `discardOn` or `rescueFrom` of the class is for, where a class overrides it: Rage's `retry_interval`.
   * It is asked `maxRetries` times at most.
   *
   * @param attempt how often the job has run, 1 after the first time
   * @returns how long to wait, in seconds or as a duration; false, null or nothing when the job has failed. What `super` answers is Rage's own backoff:
   * 11 to 25 seconds after the first failure, about three minutes after the fourth, and so on
   * @example
   * static override retryInterval(error: Error, context: RetryAttempt) {
   *   if (error instanceof RateLimited) return error.retryAfter
   *   return error instanceof InvalidAddress ? false : super.retryInterval(error, context)
   * }
   */
  static retryInterval(_error: Error, { attempt }: RetryAttempt): RetryInterval {
    return attempt ** 4 + 10 + Math.floor(Math.random() * 15) * attempt
  }

  static beforeEnqueue<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J>): void {
    declareCallbacks(this, 'enqueue', 'before', args)
  }

  static aroundEnqueue<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J, AroundJobCallback<J>>): void {
    declareCallbacks(this, 'enqueue', 'around', args)
  }

  static afterEnqueue<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J>): void {
    declareCallbacks(this, 'enqueue', 'after', args)
  }

  static beforePerform<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J>): void {
    declareCallbacks(this, 'perform', 'before', args)
  }

  static aroundPerform<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J, AroundJobCallback<J>>): void {
    declareCallbacks(this, 'perform', 'around', args)
  }

  static afterPerform<J extends Job>(this: JobClass<J>, ...args: CallbackArguments<J>): void {
    declareCallbacks(this, 'perform', 'after', args)
  }
}
