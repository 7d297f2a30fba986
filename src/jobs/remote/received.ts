import type { JobData, MetricsOptions, NewJob, Outcome, ProcessOptions } from '../backend.ts'
import type { NewConstraints } from '../engine/index.ts'
import { type RecurringJob, type ScheduleProgress, timeAfter } from '../schedules/index.ts'

/** Jobs that another process sent, or wrote down, checked before a queue takes it: what it doesn't expect would damage it, or end the process that owns it.
 * @throws TypeError naming what is wrong
 */
export function receivedJobs(value: unknown): readonly NewJob[] {
  if (!Array.isArray(value)) throw new TypeError('jobs must be a list')
  return value.map((job) => receivedJob(job))
}

/** Parents of more levels than a job class can say would be too much for the functions that call themselves. */
const mostLevels = 1000

/** A job that was sent.
 * @param level how many jobs wait for it
 * @throws TypeError naming what is wrong */
function receivedJob(value: unknown, level = 0): NewJob {
  const job = fieldsOf(value, 'a job')
  const { id, queue, name, data, priority, runAt, constraints } = job
  if (typeof queue !== 'string' || typeof name !== 'string') throw new TypeError('a job must have a queue and a name')
  fieldsOf(data, 'the data of a job')
  if (id !== undefined && typeof id !== 'string') throw new TypeError('the id of a job must be a text')
  if (priority !== undefined && !isPriority(priority)) throw new TypeError('a priority must be a whole number of four bytes')
  if (runAt !== undefined && !isTime(runAt)) throw new TypeError('a time must be a number that a Date may have')
  if (constraints !== undefined) checkConstraints(fieldsOf(constraints, 'constraints'), level)
  return value as NewJob
}

function checkConstraints(
  { limit, unique, rates, children }: { readonly [K in keyof NewConstraints<NewJob>]?: unknown },
  level: number,
): void {
  if (children !== undefined) {
    const { jobs, onFailure } = fieldsOf(children, 'children')
    if (!Array.isArray(jobs) || !['wait', 'fail', 'run'].includes(String(onFailure)) || level >= mostLevels)
      throw new TypeError(`children must be a list of jobs, ${mostLevels} levels at most, and what becomes of their parent when one fails`)
    for (const job of jobs) receivedJob(job, level + 1)
  }
  if (limit !== undefined) {
    const { key, to, duration } = fieldsOf(limit, 'a limit')
    if (typeof key !== 'string' || !isAtLeast(to, 1) || !isPositive(duration))
      throw new TypeError('a limit must have a key, a number and a duration')
  }
  if (rates !== undefined && !(Array.isArray(rates) && rates.every(isRate)))
    throw new TypeError('each of the rates must have a key, a number and a time')
  if (unique === undefined) return
  const { key, for: lifetime } = fieldsOf(unique, 'uniqueness')
  if (typeof key !== 'string' || (lifetime !== undefined && !Number.isFinite(lifetime))) throw new TypeError('uniqueness must have a key')
}

function isRate(value: unknown): boolean {
  const { key, to, per } = fieldsOf(value, 'a rate')
  return typeof key === 'string' && isAtLeast(to, 1) && isPositive(per)
}

/** Schedules that were sent. @throws TypeError, or what is wrong with a cron line */
export function receivedSchedules(value: unknown): readonly RecurringJob[] {
  if (!Array.isArray(value)) throw new TypeError('schedules must be a list')
  for (const schedule of value) {
    const { key, schedule: text, cron, timeZone, job } = fieldsOf(schedule, 'a schedule')
    if ([key, text, cron].some((one) => typeof one !== 'string')) throw new TypeError('a schedule must have a key, a text and a cron line')
    timeAfter(String(cron), timeZone as string | undefined, Date.now())
    receivedJob(job)
    requireWritable(job)
  }
  return value as readonly RecurringJob[]
}

/** Where schedules are, as it was sent. @throws TypeError */
export function receivedProgress(value: unknown): ScheduleProgress | undefined {
  if (value === undefined || value === null) return undefined
  for (const one of Object.values(fieldsOf(value, 'progress'))) {
    const { after, lastAt } = fieldsOf(one, 'the progress of a schedule')
    if (!isTime(after) || (lastAt !== undefined && !isTime(lastAt))) throw new TypeError('times must be numbers that a Date may have')
  }
  return value as ScheduleProgress
}

/** Texts that were sent, such as ids. @throws TypeError */
export function receivedTexts(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.some((text) => typeof text !== 'string')) throw new TypeError('a list of texts is expected')
  return value as readonly string[]
}

/** Which metrics another process asks for. @throws TypeError */
export function receivedMetricsOptions(value: unknown): MetricsOptions {
  const { queue, minutes } = fieldsOf(value ?? {}, 'the options of metrics')
  if (queue !== undefined && typeof queue !== 'string') throw new TypeError('the name of a queue must be a text')
  if (minutes !== undefined && !(Number.isInteger(minutes) && isAtLeast(minutes, 0)))
    throw new TypeError('minutes must be a whole number from 0 on')
  return value ?? {}
}

/** How another process takes jobs, as it was sent. @throws TypeError */
export function receivedOptions(value: unknown): ProcessOptions {
  const { queues, weights, concurrency, running } = fieldsOf(value, 'the options of a worker')
  receivedTexts(queues)
  if (!isAtLeast(concurrency, 1)) throw new TypeError('the concurrency of a worker must be a number from 1 on')
  if (weights !== undefined && !Object.values(fieldsOf(weights, 'weights')).every(isPositive))
    throw new TypeError('weights must be positive numbers')
  if (running !== undefined && (!Array.isArray(running) || !running.every(isRunning)))
    throw new TypeError('jobs that run must have an id and an attempt')
  return value as ProcessOptions
}

function isRunning(value: unknown): boolean {
  const { id, attempt } = fieldsOf(value, 'a job that runs')
  return typeof id === 'string' && isAtLeast(attempt, 1)
}

/** Whether it may be what a job carries. */
export function isData(value: unknown): value is JobData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What became of a job, as its process says; what makes no sense counts as its death. */
export function receivedOutcome(value: unknown): Outcome {
  try {
    const outcome = fieldsOf(value, 'an outcome')
    const { kind, error, result, data, queue, priority, runAt } = outcome
    if (kind === 'failed') {
      const { name, message, stack = '' } = fieldsOf(error, 'an error')
      if ([name, message, stack].every((text) => typeof text === 'string')) return value as Outcome
    } else if (kind === 'retry') {
      receivedJob({ name: '', queue, data, priority, runAt })
      requireWritable(data)
      return value as Outcome
    } else if (kind === 'completed' || kind === 'discarded') {
      requireWritable(result)
      return value as Outcome
    }
  } catch {}
  return { kind: 'died' }
}

/** JSON is read without recursion, and written with it. @throws RangeError for what is nested too deeply to be written again */
function requireWritable(value: unknown): void {
  JSON.stringify(value)
}

function isPriority(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31
}

/** Whether it is a time in milliseconds since the epoch: what is more than a Date may have has no next time, nor a text. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime())
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}

function isAtLeast(value: unknown, least: number): boolean {
  return typeof value === 'number' && value >= least
}

function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (!isData(value)) throw new TypeError(`${what} must be an object`)
  return value
}
