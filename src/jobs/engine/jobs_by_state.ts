import type { ConstrainedJobs } from './constrained_jobs.ts'
import type { DelayedJobs } from './delayed_jobs.ts'
import type { EngineJob } from './engine_job.ts'
import type { FinishedJobs } from './finished_jobs.ts'
import { type JobStateName, stateName } from './job_state.ts'
import type { WaitingQueues } from './waiting_queues.ts'

/** Where the jobs of the states are. */
export interface JobsByState {
  readonly queues: WaitingQueues
  readonly delayed: DelayedJobs
  readonly active: ReadonlySet<EngineJob>
  readonly constrained: ConstrainedJobs
  readonly completed: FinishedJobs
  readonly failed: FinishedJobs
}

/** How many jobs are in each state. */
export function countJobs({ queues, delayed, active, constrained, completed, failed }: JobsByState): Record<JobStateName, number> {
  return {
    ...queues.sizes(),
    delayed: delayed.size,
    active: active.size,
    completed: completed.size,
    failed: failed.size,
    blocked: constrained.blocked,
    paused: 0,
    'waiting-children': 0,
  }
}

/** The jobs of a state: waiting ones by queue in the order they will run, the others in no promised order. */
export function* jobsOfState(jobs: JobsByState, state: JobStateName): Iterable<EngineJob> {
  if (state === 'delayed') yield* jobs.delayed
  if (state === 'active') yield* jobs.active
  if (state === 'completed') yield* jobs.completed
  if (state === 'failed') yield* jobs.failed
  if (state === 'blocked') yield* jobs.constrained
  if (state !== 'waiting' && state !== 'prioritized') return
  for (const job of jobs.queues) if (stateName(job.state, job.priority) === state) yield job
}
