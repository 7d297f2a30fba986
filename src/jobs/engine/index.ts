export type { BackPressureOptions } from './limits/back_pressure.ts'
export { claimJob } from './claim.ts'
export type {
  ChildFailure,
  Children,
  ConcurrencyLimit,
  JobConstraints,
  NewConstraints,
  RateLimit,
  Uniqueness,
} from './limits/constraints.ts'
export { Engine } from './engine.ts'
export { familyMembers } from './family_members.ts'
export type { NewEntry, Reschedule } from './adding/entries.ts'
export { EngineJob, type JobDetails } from './engine_job.ts'
export type { Retention } from './finished_jobs.ts'
export { type FinishedCounts, type FinishedJobCounts, minutesAnswered, mostMinutes } from './job_metrics.ts'
export { JobState, type JobStateName, jobStateNames, stateName } from './job_state.ts'
export { type Durability, type EngineLogger, type EngineOptions, longestData } from './options.ts'
export type { QueueLimit } from './queues/queue_controls.ts'
export { QueueSelection } from './queues/queue_selection.ts'
