import { Duration } from '../../jobs/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidSetting, UnknownAdapter } from '../errors.ts'
import type { JobsSettings } from './jobs_settings.ts'

/** Refuses settings of jobs that can't be, each with the name of the setting.
 *
 * @throws UnknownAdapter for a backend that doesn't exist, InvalidSetting for other values, both with a suggestion
 */
export function checkJobsSettings(jobs: JobsSettings): void {
  word('jobs.durability', jobs.durability, ['fsync', 'interval', 'memory'])
  number('jobs.concurrency', jobs.concurrency, 1)
  number('jobs.maxRecoveries', jobs.maxRecoveries, 0)
  if (typeof jobs.directory !== 'string' || jobs.directory === '') refuse('jobs.directory', jobs.directory, 'the path of a folder')
  checkWorkers(jobs)
  for (const [name, queue] of Object.entries(jobs.queues)) {
    const setting = `jobs.queues.${name}`
    checkKeys(setting, queue, ['limit'])
    checkKeys(`${setting}.limit`, queue.limit, ['max', 'duration'])
    number(`${setting}.limit.max`, queue.limit.max, 1)
    const seconds = queue.limit.duration instanceof Duration ? queue.limit.duration.seconds : queue.limit.duration
    if (!(typeof seconds === 'number' && seconds > 0))
      refuse(`${setting}.limit.duration`, seconds, 'a positive number of seconds, or a duration')
  }
  checkBackPressure(jobs)
  checkKeys('jobs.retention', jobs.retention, ['failed', 'completed'])
  for (const state of ['failed', 'completed'] as const) checkRetention(`jobs.retention.${state}`, jobs.retention[state])
  checkBackend(jobs)
}

function checkRetention(setting: string, retention: JobsSettings['retention']['failed']): void {
  if (retention === undefined) return
  checkKeys(setting, retention, ['count', 'age'])
  if (retention.count !== undefined) number(`${setting}.count`, retention.count, 0)
  if (retention.age !== undefined) number(`${setting}.age`, retention.age, 0)
}

function checkWorkers({ workers }: JobsSettings): void {
  for (const [index, worker] of workers.entries()) {
    const setting = `jobs.workers[${index}]`
    checkKeys(setting, worker, ['queues', 'weights', 'concurrency'])
    number(`${setting}.concurrency`, worker.concurrency, 1)
    const { queues, weights = {} } = worker
    if (!Array.isArray(queues) || queues.length === 0 || !queues.every((queue) => typeof queue === 'string' && queue !== '')) {
      refuse(`${setting}.queues`, queues, "names of queues, such as ['urgent', 'mail*']")
    }
    for (const [queue, weight] of Object.entries(weights)) {
      if (!queues.includes(queue)) refuse(`${setting}.weights.${queue}`, weight, `a weight of one of its queues: ${queues.join(', ')}`)
      if (!(typeof weight === 'number' && weight > 0 && Number.isFinite(weight)))
        refuse(`${setting}.weights.${queue}`, weight, 'a positive number')
    }
  }
}

function checkBackPressure({ backPressure }: JobsSettings): void {
  if (backPressure === undefined) return
  checkKeys('jobs.backPressure', backPressure, ['highWater', 'lowWater', 'timeout'])
  const { highWater, lowWater, timeout } = backPressure
  number('jobs.backPressure.highWater', highWater, 1)
  if (lowWater !== undefined) number('jobs.backPressure.lowWater', lowWater, 0, highWater)
  if (timeout !== undefined) number('jobs.backPressure.timeout', timeout, 0)
}

function checkBackend({ backend: given, durability }: JobsSettings): void {
  const backend: unknown = given
  const name = typeof backend === 'object' && backend !== null ? Object.keys(backend)[0] : backend
  const known = ['embedded', 'bullmq']
  if (!known.includes(name as string)) {
    throw new UnknownAdapter({ kind: 'jobs', name: String(name), suggestion: didYouMean(String(name), known) })
  }
  if (backend !== 'embedded' && durability !== 'fsync') {
    refuse('jobs.durability', durability, 'left alone: it is about the embedded queue, Redis and PostgreSQL have settings of their own')
  }
}

function checkKeys(setting: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) refuse(setting, value, `an object with ${known.join(', ')}`)
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const expected = `an object with ${known.join(', ')}`
  throw new InvalidSetting({ setting: `${setting}.${unknown}`, value: 'set', expected, suggestion: didYouMean(unknown, known) })
}

function word(setting: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return
  throw new InvalidSetting({
    setting,
    value: printed(value),
    expected: `one of ${words.map(printed).join(', ')}`,
    suggestion: didYouMean(String(value), words),
  })
}

function number(setting: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`
  refuse(setting, value, `a whole number ${range}`)
}

function refuse(setting: string, value: unknown, expected: string): never {
  throw new InvalidSetting({ setting, value: printed(value), expected })
}

function printed(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value.map(printed).join(', ')}]` : String(value)
}
