import type { Job, JobState, JobType } from 'bullmq'
import { type JobFailure, type JobStateName, notesOf, type StoredJob } from '../../src/jobs/index.ts'
import { unpack } from './packed_data.ts'

/** BullMQ's names of our states. The jobs of a paused queue are waiting, those that a limit holds back are delayed. */
export const bullmqStates: Readonly<Record<JobStateName, JobType | undefined>> = {
  waiting: 'waiting',
  prioritized: 'prioritized',
  delayed: 'delayed',
  blocked: undefined,
  active: 'active',
  completed: 'completed',
  failed: 'failed',
  paused: undefined,
  'waiting-children': 'waiting-children',
}

/** Our name of a state of BullMQ. */
export function stateNamed(state: JobState | 'unknown'): JobStateName | undefined {
  return Object.hasOwn(bullmqStates, state) ? (state as JobStateName) : undefined
}

/** A BullMQ job as listings show it. One that fails as soon as a worker looks at it has failed.
 * @param found where BullMQ has it */
export function storedJob(job: Job, found: JobStateName, queue: string): StoredJob {
  const { data, extras } = unpack(job.data)
  const state = job.deferredFailure ? 'failed' : found
  return {
    id: job.id ?? '',
    queue,
    name: job.name,
    data,
    priority: priorityOf(job),
    state,
    attempts: state === 'failed' && extras.before?.error !== undefined ? extras.before.attempts : attemptsOf(job),
    createdAt: job.timestamp,
    runAt: runAtOf(job),
    finishedAt: job.finishedOn,
    error: state === 'failed' ? (extras.before?.error ?? failureOf(job)) : undefined,
    result: job.returnvalue ?? undefined,
    ...notesOf(data),
    ...(extras.constraints !== undefined && { constraints: extras.constraints }),
    ...(extras.parent !== undefined && { parent: extras.parent.id }),
    ...(extras.onChildFailure !== undefined && { onChildFailure: extras.onChildFailure }),
    ...(extras.isDiscarded && { isDiscarded: true }),
  }
}

/** When it may run, in milliseconds since the epoch. */
export function runAtOf(job: Job): number | undefined {
  return unpack(job.data).extras.runAt ?? (job.delay > 0 ? job.timestamp + job.delay : undefined)
}

/** How often it was started: not counting when a limit held it back, but counting what it was started elsewhere. */
export function attemptsOf(job: Job): number {
  const { held = 0, before } = unpack(job.data).extras
  return (job.attemptsStarted ?? 0) - held + (before?.attempts ?? 0)
}

/** The priority it was added with; BullMQ has no negative ones, they are jobs that went to the front. */
export function priorityOf(job: Job): number {
  return job.priority > 0 ? job.priority : job.opts.lifo === true ? -1 : 0
}

/** Where BullMQ had the child that a job failed with. One that came from elsewhere says it itself. */
export function failedChildOf(job: Job): string | undefined {
  if (unpack(job.data).extras.before?.error !== undefined) return undefined
  return /^child (\S+:\S+) failed$/.exec(job.failedReason || job.deferredFailure || '')?.[1]
}

function failureOf(job: Job): JobFailure | undefined {
  const reason = job.failedReason || job.deferredFailure
  if (!reason) return undefined
  if (failedChildOf(job) !== undefined) return { name: 'ChildFailed', message: reason }
  const stack = job.stacktrace?.at(-1)
  return { name: /^(\w+):/.exec(stack ?? '')?.[1] ?? 'Error', message: reason, stack }
}
