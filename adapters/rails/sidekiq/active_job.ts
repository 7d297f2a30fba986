import type { JobData, NewJob, ReservedJob } from '../../../src/jobs/index.ts'
import type { CompleteItem, SidekiqItem } from './item.ts'

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
  return { retry: true, queue, ...fields, ...(isLater && { at: runAt / 1000 }) }
}

/** A job out of Redis, Active Job's or Sidekiq's own, as our workers take it. */
export function unwrapJob(item: CompleteItem): ReservedJob {
  const [wrapped] = item.args
  const inner = item.class === wrapperClass || typeof item['wrapped'] === 'string' ? asRecord(wrapped) : undefined
  const count = item['retry_count']
  const failures = Number.isInteger(count) ? Number(count) + 1 : 0
  const common = { id: item.jid, queue: item.queue, createdAt: milliseconds(item.created_at), runAt: undefined }
  if (inner === undefined) {
    const data: JobData = { job_id: item.jid, arguments: item.args, executions: failures, ...countersOf(item) }
    return { ...common, name: item.class, data, priority: 0, attempt: failures + 1 }
  }
  const executions = Number.isInteger(inner['executions']) ? Number(inner['executions']) : 0
  const priority = typeof inner['priority'] === 'number' ? inner['priority'] : 0
  const data: JobData = {
    job_id: typeof inner['job_id'] === 'string' ? inner['job_id'] : item.jid,
    arguments: Array.isArray(inner['arguments']) ? inner['arguments'] : [],
    executions,
    ...countersOf(inner),
    ...continuationOf(inner),
  }
  return { ...common, name: demodulized(String(inner['job_class'])), data, priority, attempt: executions + failures + 1 }
}

/** Rails' classes may have modules around them; ours are known by their own name. */
function demodulized(name: string): string {
  return name.replace(/^.*::/, '')
}

function countersOf(fields: Readonly<Record<string, unknown>>): JobData {
  const counters = fields['exception_executions']
  return typeof counters === 'object' && counters !== null ? { exception_executions: counters } : {}
}

function continuationOf(fields: Readonly<Record<string, unknown>>): JobData {
  const { continuation, resumptions } = fields
  return continuation === undefined ? {} : { continuation, resumptions: resumptions ?? 0 }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Sidekiq 8 writes milliseconds as whole numbers, those before it seconds as floats. */
function milliseconds(time: number): number {
  return time > 100_000_000_000 ? time : Math.round(time * 1000)
}

function rubyTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z')
}
