import type { JobData, NewJob, ReservedJob } from '../../../src/jobs/index.ts'
import { type CompleteItem, countOf, milliseconds, type SidekiqItem } from './item.ts'
import { ownData, surroundingData, surroundingsOf } from './surroundings.ts'

const wrapperClass = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper'

/** A job of ours as Active Job hands it to Sidekiq, so that a Rails application performs it.
 * @param isBulk jobs that are pushed together have their fields in another order */
export function wrapJob(job: NewJob, now: number, isBulk = false): SidekiqItem {
  const { queue, name, data, priority, runAt } = job
  const isLater = runAt !== undefined && runAt / 1000 > now
  const args = [
    {
      job_class: name,
      job_id: data['job_id'],
      provider_job_id: null,
      queue_name: queue,
      priority: priority ?? null,
      arguments: data['arguments'],
      executions: data['executions'] ?? 0,
      exception_executions: data['exception_executions'] ?? {},
      locale: 'en',
      timezone: 'UTC',
      enqueued_at: rubyTime(now * 1000),
      scheduled_at: runAt === undefined ? null : rubyTime(runAt),
      ...continuationOf(data),
    },
  ]
  const fields = isBulk ? { class: wrapperClass, wrapped: name, args } : { wrapped: name, args, class: wrapperClass }
  return { queue, ...fields, ...(isLater && { at: runAt / 1000 }), ...surroundingsOf(data) }
}

/** What Active Job has put into an item; undefined for a job of Sidekiq's own. */
export function activeJobOf(item: SidekiqItem): Readonly<Record<string, unknown>> | undefined {
  return item.class === wrapperClass || typeof item['wrapped'] === 'string' ? asRecord(item.args[0]) : undefined
}

/** How often a job has run: as Active Job and as Sidekiq count it, each without the other. */
export function timesRun(item: CompleteItem): number {
  return executionsOf(activeJobOf(item)) + failuresOf(item)
}

/** A job out of Redis, Active Job's or Sidekiq's own, as our workers take it. One of Active Job doesn't learn of Sidekiq's retries. */
export function unwrapJob(item: CompleteItem): ReservedJob {
  const inner = activeJobOf(item)
  const surroundings = surroundingData(item)
  const common = { id: item.jid, queue: item.queue, createdAt: milliseconds(item.created_at), runAt: undefined }
  if (inner === undefined) {
    const failures = failuresOf(item)
    const counters = { executions: failures, ...countersOf(item) }
    const data: JobData = { job_id: item.jid, arguments: item.args, ...counters, ...continuationOf(ownData(item)), ...surroundings }
    return { ...common, name: item.class, data, priority: 0, attempt: failures + 1 }
  }
  const executions = executionsOf(inner)
  const priority = typeof inner['priority'] === 'number' ? inner['priority'] : 0
  const data: JobData = {
    job_id: typeof inner['job_id'] === 'string' ? inner['job_id'] : item.jid,
    arguments: Array.isArray(inner['arguments']) ? inner['arguments'] : [],
    executions,
    ...countersOf(inner),
    ...continuationOf(inner),
    ...surroundings,
  }
  return { ...common, name: classOf(item, inner), data, priority, attempt: executions + 1 }
}

/** The fields of an item that Active Job has none of, for its next run. */
export function nextFields(item: SidekiqItem, data: JobData): Partial<SidekiqItem> {
  return surroundingsOf(data, activeJobOf(item) === undefined ? continuationOf(data) : {})
}

/** What names no class keeps the name of Sidekiq's own, which is none of ours. */
function classOf(item: CompleteItem, { job_class: name }: Readonly<Record<string, unknown>>): string {
  return typeof name === 'string' ? name : item.class
}

function executionsOf(inner: Readonly<Record<string, unknown>> | undefined): number {
  return countOf(inner?.['executions']) ?? 0
}

/** How often Sidekiq has seen a job fail. */
function failuresOf({ retry_count: count }: CompleteItem): number {
  const before = countOf(count)
  return before === undefined ? 0 : before + 1
}

function countersOf(fields: Readonly<Record<string, unknown>>): JobData {
  const counters = fields['exception_executions']
  return typeof counters === 'object' && counters !== null ? { exception_executions: counters } : {}
}

/** How far a job is with its steps, as Active Job's `Continuable` writes and reads it. */
export function continuationOf(fields: Readonly<Record<string, unknown>>): JobData {
  const { continuation, resumptions } = fields
  return continuation === undefined ? {} : { continuation, resumptions: resumptions ?? 0 }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function rubyTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z')
}
