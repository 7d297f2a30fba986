import type { Job, JobType } from 'bullmq'
import type { JobData, JobFailure, JobStateName, StoredJob } from '../../src/jobs/index.ts'

/** BullMQ's names of our states. The jobs of a paused queue are waiting there. */
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

/** A BullMQ job as listings show it. */
export function storedJob(job: Job, state: JobStateName, queue: string): StoredJob {
  return {
    id: job.id ?? '',
    queue,
    name: job.name,
    data: job.data as JobData,
    priority: priorityOf(job),
    state,
    attempts: job.attemptsStarted ?? 0,
    createdAt: job.timestamp,
    runAt: job.delay > 0 ? job.timestamp + job.delay : undefined,
    finishedAt: job.finishedOn,
    error: failureOf(job),
    result: job.returnvalue ?? undefined,
  }
}

/** The priority it was added with; BullMQ has no negative ones, they are jobs that went to the front. */
export function priorityOf(job: Job): number {
  return job.priority > 0 ? job.priority : job.opts.lifo === true ? -1 : 0
}

function failureOf(job: Job): JobFailure | undefined {
  if (!job.failedReason) return undefined
  const stack = job.stacktrace?.at(-1)
  return { name: /^(\w+):/.exec(stack ?? '')?.[1] ?? 'Error', message: job.failedReason, stack }
}
