import type { Job } from '../job.ts'

/** A class of jobs, abstract ones included. */
export type JobClass<J extends Job = Job> = (abstract new (...args: never[]) => J) & { readonly name: string }

/** A class of jobs that can be made. */
export type ConcreteJobClass<J extends Job = Job> = (new (...args: never[]) => J) & { readonly name: string }

/** The arguments of a job: those of its `perform`. */
export type PerformArguments<J extends Job> = Parameters<J['perform']>

/** Those of a class that says which; a class between, whose `perform` is its subclasses', may have any. */
type OwnArguments<A extends unknown[]> = never[] extends A ? (A extends never[] ? unknown[] : A) : A

/** A job whose arguments are those of its `perform`: before it is stored, and around its run. */
export type LoadedJob<J extends Job> = { arguments: OwnArguments<PerformArguments<J>> } & J

/** What `performNow` resolves to: the result, false when a callback aborted it, or the error that a `retryOn`, `discardOn` or `rescueFrom` took care
 * of; undefined when something around it kept it from running, or when a step asked for a run of its own. */
export type PerformResult<J extends Job> = Awaited<ReturnType<J['perform']>> | Error | false | undefined

/** What `performInline` resolves to: the result, false when a callback aborted it, or undefined when middleware kept the job from running. */
export type InlineResult<J extends Job> = Awaited<ReturnType<J['perform']>> | false | undefined

/** A callback: the name of a method, or a function that gets the job. */
export type JobCallback<J extends Job> = (keyof J & string) | ((job: LoadedJob<J>) => unknown)

/** An around callback: calls `next` for what it is put around, which resolves with what that answers, false when it was aborted. */
export type AroundJobCallback<J extends Job> = (keyof J & string) | ((job: LoadedJob<J>, next: () => Promise<unknown>) => unknown)

/** What decides whether a callback runs: the name of a method, or a function that gets the job. A promise is waited for. */
export type JobCondition<J extends Job> = (keyof J & string) | ((job: LoadedJob<J>) => unknown)

/** Options of a callback. */
export interface CallbackOptions<J extends Job = Job> {
  /** It runs only when this holds, or all of these. */
  readonly if?: JobCondition<J> | readonly JobCondition<J>[] | undefined
  /** It doesn't run when this holds, or any of these. */
  readonly unless?: JobCondition<J> | readonly JobCondition<J>[] | undefined
  /** Puts it before those declared so far. */
  readonly prepend?: boolean | undefined
}

/** One or more callbacks, and their options. The order is checked when it is declared, so that the compiler's errors are about what is wrong. */
export type CallbackArguments<J extends Job, C = JobCallback<J>> = readonly (C | CallbackOptions<J> | undefined)[]
