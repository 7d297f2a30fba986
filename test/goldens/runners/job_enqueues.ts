import { runExecution } from '../../../src/context/index.ts'
import { createLogger } from '../../../src/logging/index.ts'
import {
  hours,
  Job,
  type JobBackend,
  JobRunner,
  minutes,
  type NewJob,
  type Outcome,
  type ReservedJob,
  useJobBackend,
} from '../../../src/jobs/index.ts'
import { User } from './job_values.ts'
import { capturingBackend, withFixedWorld } from './job_runs.ts'

/** A recorded enqueue: a line of Ruby and the payloads it left. */
export interface EnqueueCase {
  id: string
  ruby: string
  returned: unknown
  enqueued: { via: string; timestamp?: number; job: Record<string, unknown> }[]
}

class PlainJob extends Job {
  perform(..._args: unknown[]): void {}
}
class QueueJob extends Job {
  static {
    this.queueAs('low')
    this.queueWithPriority(5)
  }
  perform(..._args: unknown[]): void {}
}
class BlockQueueJob extends Job {
  static {
    this.queueAs((job) => (job.arguments[0] === 'big' ? 'heavy' : 'light'))
    this.queueWithPriority((job) => (job.arguments[0] === 'big' ? 1 : 9))
  }
  perform(..._args: unknown[]): void {}
}
class PrefixJob extends Job {
  static {
    this.queueNamePrefix = 'myapp'
    this.queueAs('mail')
  }
  perform(..._args: unknown[]): void {}
}
class PrefixDelimJob extends Job {
  static {
    this.queueNamePrefix = 'myapp'
    this.queueNameDelimiter = '.'
    this.queueAs('mail')
  }
  perform(..._args: unknown[]): void {}
}
class TxJob extends PlainJob {}
class ImmediateJob extends PlainJob {
  static override enqueueAfterTransactionCommit = false
}
Object.defineProperty(ImmediateJob, 'name', { value: 'PlainJob' })

class NestedJob extends PlainJob {}
Object.defineProperty(NestedJob, 'name', { value: 'Deep::NestedJob' })

/** Performs a job that a backend stored, by a runner that knows no classes; throws what made it fail. */
async function performStored(name: string, data: Record<string, unknown>): Promise<void> {
  let outcome: Outcome | undefined
  const job = { id: '1', queue: 'default', name, data, priority: 0, attempt: 1, createdAt: 0, runAt: undefined }
  const backend = {
    list: async () => [],
    process: async (handler: (job: ReservedJob) => Promise<Outcome>) => {
      outcome = await handler(job)
    },
  } as unknown as JobBackend
  await new JobRunner(backend, { classes: [], logger: createLogger({ level: 'silent' }) }).start()
  if (outcome?.kind === 'failed') throw new Error(outcome.error.message)
}

const utc = (year: number, month: number, day: number, hour = 0) => new Date(Date.UTC(year, month - 1, day, hour))

async function inTransaction(work: () => Promise<unknown>, isCommitted: boolean): Promise<void> {
  const waiting: (() => void | Promise<void>)[] = []
  await runExecution({ transaction: { afterAllCommits: (later) => void waiting.push(later) } }, work)
  if (isCommitted) for (const later of waiting) await later()
}

/** Our way to say what a recorded line of Ruby says, by the case's name. */
const lines: Record<string, (added: readonly NewJob[]) => unknown> = {
  plain: () => PlainJob.performLater(),
  args: () => PlainJob.performLater(1, 'x', null),
  kwargs: () => PlainJob.performLater(1, { a: 2, b: new User(1) }),
  hash_arg: () => PlainJob.performLater(Object.assign(Object.create(null), { a: 1 })),
  hash_sym_arg: () => PlainJob.performLater({ a: 1 }),
  record: () => PlainJob.performLater(new User(1)),
  queue: () => QueueJob.performLater(),
  queue_block_big: () => BlockQueueJob.performLater('big'),
  queue_block_small: () => BlockQueueJob.performLater('small'),
  prefix: () => PrefixJob.performLater(),
  prefix_delim: () => PrefixDelimJob.performLater(),
  set_wait: () => PlainJob.set({ wait: hours(1) }).performLater(),
  set_wait_int: () => PlainJob.set({ wait: 90 }).performLater(),
  set_wait_zero: () => PlainJob.set({ wait: 0 }).performLater(),
  set_wait_until: () => PlainJob.set({ waitUntil: utc(2026, 2, 1) }).performLater(),
  set_wait_until_twz: () => PlainJob.set({ waitUntil: utc(2026, 2, 1, 10) }).performLater(),
  set_wait_until_past: () => PlainJob.set({ waitUntil: utc(2020, 1, 1) }).performLater(),
  set_queue: () => PlainJob.set({ queue: 'urgent' }).performLater(),
  set_queue_prefixed: () => PrefixJob.set({ queue: 'other' }).performLater(),
  set_priority: () => PlainJob.set({ priority: 10 }).performLater(),
  set_priority_string: () => PlainJob.set({ priority: '7' as unknown as number }).performLater(),
  set_all: () => QueueJob.set({ wait: minutes(5), queue: 'q', priority: 3 }).performLater(1),
  set_wait_and_wait_until: () => PlainJob.set({ wait: hours(1), waitUntil: utc(2026, 3, 1) }).performLater(),
  new_enqueue: () => new PlainJob(1).enqueue(),
  new_enqueue_options: () => new PlainJob(1).enqueue({ wait: 60, queue: 'x', priority: 2 }),
  perform_later_block: () => PlainJob.performLater(1),
  unserializable: () => PlainJob.performLater(Object.create({ constructor: { name: 'Object' } })),
  new_record: () => PlainJob.performLater(new User(undefined)),
  perform_all_later: () => Job.performAllLater([new PlainJob(1), new QueueJob(2).set({ wait: 60 })]),
  perform_all_later_args: () => Job.performAllLater([new PlainJob(1), new PlainJob(2)]),
  perform_all_later_empty: () => Job.performAllLater([]),
  locale: () => PlainJob.performLater(),
  perform_now: () => PlainJob.performNow(1),
  tx_deferred: async (added) => {
    let within: number | undefined
    await inTransaction(async () => {
      await TxJob.performLater(1)
      within = added.length
    }, true)
    return [within, added.length]
  },
  tx_rollback: async (added) => {
    await inTransaction(() => TxJob.performLater(1), false)
    return added.length
  },
  tx_not_deferred: async (added) => {
    await inTransaction(() => ImmediateJob.performLater(1), true)
    return added.length
  },
  tx_outside: () => TxJob.performLater(1),
  nested: () => NestedJob.performLater(),
  timezone: () => PlainJob.performLater(),
  set_wait_until_date: () => PlainJob.set({ waitUntil: '2026-02-01' as unknown as Date }).performLater(),
  unknown_class: () => performStored('NopeJob', { job_id: 'j1', arguments: [] }),
}

/** Whether there is a line of ours for the case. */
export function hasEnqueueLine(recorded: EnqueueCase): boolean {
  return Object.hasOwn(lines, recorded.id.slice('enqueue.'.length))
}

/** Runs our line for a recorded one and answers what it left, in the recording's form. */
export function replayEnqueue(recorded: EnqueueCase): Promise<{ returned: unknown; enqueued: unknown[] }> {
  return withFixedWorld(undefined, async () => {
    const added: NewJob[] = []
    useJobBackend(capturingBackend(added))
    const line = lines[recorded.id.slice('enqueue.'.length)]!
    const returned = await Promise.resolve()
      .then(() => line(added))
      .then(
        (result) => (result instanceof Job ? result.constructor.name : (result ?? null)),
        (error: Error) => ({ $error: error.message }),
      )
    return { returned, enqueued: added.map(shownPayload) }
  })
}

function shownPayload(entry: NewJob): unknown {
  const when = entry.runAt === undefined ? { via: 'enqueue' } : { via: 'enqueue_at', timestamp: entry.runAt / 1000 }
  const scheduledAt = entry.runAt === undefined ? null : new Date(entry.runAt).toISOString().replace('Z', '000000Z')
  const job = {
    job_class: entry.name,
    queue_name: entry.queue,
    priority: entry.priority ?? null,
    arguments: entry.data['arguments'],
    executions: entry.data['executions'] ?? 0,
    exception_executions: entry.data['exception_executions'] ?? {},
    scheduled_at: scheduledAt,
  }
  return { ...when, job }
}

/** The parts of a recorded payload that every backend of ours keeps; the others are Rails' own. */
export function comparablePayload({ job, ...when }: EnqueueCase['enqueued'][number]): unknown {
  const { job_class, queue_name, priority, arguments: args, executions, exception_executions, scheduled_at } = job
  return { ...when, job: { job_class, queue_name, priority, arguments: args, executions, exception_executions, scheduled_at } }
}
