import type { GivenUpBy } from '../backend.ts'
import { checkKeys, checkPriority, checkQueue, checkTime, checkWord, printed, refusalOf } from '../declaring/checking.ts'
import { Duration } from '../duration.ts'
import { InvalidJobOption } from '../errors.ts'
import type { Job } from '../job.ts'
import { observedRetry, observedStop } from '../job_events.ts'
import { reportOf } from './report.ts'
import { runAfterDiscard } from './rescue.ts'
import type { ErrorClass } from '../declaring/declarations.ts'

/** How long to wait before a retry: seconds, a duration, a growing time, or a function of the number of executions so far (in seconds). */
export type RetryWait = number | Duration | 'polynomially_longer' | ((executions: number) => number | Duration)

/** How a job is retried after an error. */
export interface RetryOptions {
  /** Default 3 seconds. */
  readonly wait?: RetryWait | undefined
  /** How often the job may run, the first time included. Default 5. */
  readonly attempts?: number | 'unlimited' | undefined
  /** The part of the wait by which it may be longer, at random: 0.15 is up to 15 %. Default: the class's `retryJitter`. */
  readonly jitter?: number | null | undefined
  /** Another queue for the retries. */
  readonly queue?: string | undefined
  /** Another priority for the retries. */
  readonly priority?: number | undefined
  /** Whether each error is reported that the job is retried after. Default false. */
  readonly report?: boolean | undefined
}

/** What is done when the attempts are used up; without it the job fails. */
export type RetryHandler<J> = (job: J, error: Error) => unknown

/** Refuses options that make no sense, when they are declared. @throws InvalidJobOption */
export function checkRetryOptions(job: string, options: RetryOptions): void {
  const refusal = refusalOf(job, 'retryOn')
  checkKeys(refusal, options, ['wait', 'attempts', 'jitter', 'queue', 'priority', 'report'])
  const { wait, attempts, jitter, queue, priority } = options
  if (typeof wait === 'string') checkWord(refusal, 'wait', wait, ['polynomially_longer'])
  else if (wait !== undefined && typeof wait !== 'function') checkTime(refusal, 'wait', wait)
  const isCount = attempts === undefined || attempts === 'unlimited' || (Number.isInteger(attempts) && attempts >= 1)
  if (!isCount)
    throw refusal(`can't have ${printed(attempts)} as \`attempts\``, "It is a whole number, the first time included, or 'unlimited'.")
  const isPart = jitter === undefined || jitter === null || (Number.isFinite(jitter) && jitter >= 0)
  if (!isPart) throw refusal(`can't have ${printed(jitter)} as \`jitter\``, 'It is a part of the wait, such as 0.15, or null for none.')
  if (queue !== undefined) checkQueue(refusal, queue)
  if (priority !== undefined) checkPriority(refusal, priority)
}

/** Retries a job after an error, or gives up: the rule of Active Job's `retry_on`. */
export async function retryOrGiveUp(
  job: Job,
  error: Error,
  errors: readonly ErrorClass[],
  options: RetryOptions,
  handler: RetryHandler<Job> | undefined,
): Promise<void> {
  const { wait = 3, attempts = 5, queue, priority, report } = options
  const jitter = options.jitter === undefined ? (job.constructor as typeof Job).retryJitter : (options.jitter ?? 0)
  const executions = countExecutions(job, errors)
  if (attempts === 'unlimited' || executions < attempts) {
    if (report) reportOf(job, error)
    const delay = retryDelay(wait, executions, jitter, job.constructor.name)
    await observedRetry(job, error, delay, () => job.retryJob({ wait: delay, queue, priority }))
    return
  }
  if (handler !== undefined) {
    noteDiscard(job)
    await observedStop(job, error, async () => handler(job, error))
    await runAfterDiscard(job, error)
    return
  }
  giveUp(job, 'retryOn')
  await observedStop(job, error, async () => {})
  await runAfterDiscard(job, error)
  throw error
}

/** Notes that a job's class doesn't try it again; whether its queue does is the backend's business. */
export function giveUp(job: Job, by: GivenUpBy): void {
  if (job.reservation !== undefined) job.reservation.givenUpBy = by
}

/** Notes that the class of a job took care of its error by dropping the job. */
export function noteDiscard(job: Job): void {
  if (job.reservation !== undefined) job.reservation.isDiscarded = true
}

/** Errors are counted by the declaration that names them, so that each declaration has its own attempts. */
function countExecutions(job: Job, errors: readonly ErrorClass[]): number {
  const count = countedExecutions(job, errors) + 1
  job.exceptionExecutions[counterOf(errors)] = count
  return count
}

/** How often a job has failed by errors of one declaration. */
export function countedExecutions(job: Job, errors: readonly ErrorClass[]): number {
  return job.exceptionExecutions[counterOf(errors)] ?? 0
}

function counterOf(errors: readonly ErrorClass[]): string {
  return `[${errors.map((errorClass) => (typeof errorClass === 'string' ? errorClass : errorClass.name)).join(', ')}]`
}

/** Seconds until a retry.
 * @param executions how often the job has run, 1 after the first time
 * @example retryDelay('polynomially_longer', 3, 0, 'SendReminder') // 83
 */
export function retryDelay(wait: RetryWait, executions: number, jitter: number, jobName: string): number {
  if (typeof wait === 'function') return secondsOf(wait(executions), jobName)
  if (wait === 'polynomially_longer') {
    const delay = executions ** 4
    return delay + jitter * Math.random() * delay + 2
  }
  const delay = secondsOf(wait, jobName)
  return delay + jitter * Math.random() * delay
}

function secondsOf(wait: unknown, jobName: string): number {
  const seconds = wait instanceof Duration ? wait.seconds : wait
  if (typeof seconds === 'number' && Number.isFinite(seconds)) return seconds
  const hint = 'It is a number of seconds, or a duration such as minutes(5); also what a function answers.'
  throw new InvalidJobOption({ job: jobName, option: 'wait', reason: `can't be ${printed(wait)}`, hint })
}
