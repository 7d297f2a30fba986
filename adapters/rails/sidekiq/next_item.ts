import type { JobData, Outcome } from '../../../src/jobs/index.ts'
import { activeJobOf, continuationOf, nextFields, wrapJob } from './active_job.ts'
import { withMarksOf } from './hash_marks.ts'
import { type CompleteItem, completeItem } from './item.ts'

/** The job for its next run. Active Job enqueues it anew, with its own counters and without Sidekiq's; those of Sidekiq's own jobs are beside it. */
export function retriedItem(item: CompleteItem, name: string, { data, queue, priority, runAt }: Outcome & { kind: 'retry' }): CompleteItem {
  const now = Date.now() / 1000
  const at = runAt === 0 ? undefined : runAt / 1000
  const inner = activeJobOf(item)
  if (inner === undefined) {
    const { executions, exception_executions } = data
    const failedAt = item['failed_at'] ?? now
    const counters = { retry_count: Number(executions ?? 1) - 1, exception_executions }
    return completeItem({ ...item, queue, failed_at: failedAt, ...counters, at, ...nextFields(item, data) }, now)
  }
  const wrapped = wrapJob(
    { queue, name, data, priority: priority === 0 ? undefined : priority, runAt: at === undefined ? undefined : runAt },
    now,
  )
  const { job_class, locale = 'en', timezone = 'UTC' } = inner
  const own = { job_class, locale, timezone, arguments: withMarksOf(inner['arguments'], data['arguments']) }
  const args = [{ ...inner, ...(wrapped.args[0] as object), ...own }]
  return completeItem({ ...withoutFailures(item), queue, args, at, ...nextFields(item, data) }, now)
}

/** The job as it is to run again when its process dies: as far with its steps as it is, and no other run counted. */
export function savedItem(item: CompleteItem, data: JobData): CompleteItem {
  const continuation = continuationOf(data)
  if (Object.keys(continuation).length === 0) return item
  const inner = activeJobOf(item)
  if (inner === undefined) return { ...item, ...nextFields(item, data) }
  return { ...item, args: [{ ...inner, ...continuation }, ...item.args.slice(1)] }
}

/** The job with all its attempts before it. */
export function asNew(item: CompleteItem): CompleteItem {
  const inner = activeJobOf(item)
  const { exception_executions: _, ...fresh } = withoutFailures(item)
  if (inner === undefined) return fresh as CompleteItem
  return { ...fresh, args: [{ ...inner, executions: 0, exception_executions: {} }] } as unknown as CompleteItem
}

/** The job as if it had never failed. */
function withoutFailures(item: CompleteItem): CompleteItem {
  const fresh = Object.entries(item).filter(([name]) => !failureFields.has(name))
  return Object.fromEntries(fresh) as unknown as CompleteItem
}

const failureFields: ReadonlySet<string> = new Set([
  'regauge_deaths',
  'retry_count',
  'failed_at',
  'retried_at',
  'error_class',
  'error_message',
  'error_backtrace',
])
