export { type AnyJobSerializer, addJobSerializers, type JobSerializer } from './arguments/serializer.ts'
export { deserializeArguments } from './arguments/deserialize.ts'
export { serializeArguments } from './arguments/serialize.ts'
export type {
  GivenUpBy,
  JobBackend,
  JobCounts,
  JobData,
  JobFailure,
  JobHandler,
  JobRun,
  JobWorker,
  LeaseStore,
  MetricsOptions,
  NewJob,
  Outcome,
  Page,
  ProcessOptions,
  QueueMetrics,
  ReservedJob,
  StoredJob,
} from './backend.ts'
export { type ClassLocator, useClassLocator } from './class_locator.ts'
export type { AfterOptions, ChildJob } from './enqueueing/awaited_jobs.ts'
export type { ConcurrencyOptions, RateOptions, UniqueOptions } from './declaring/constraining.ts'
export type { BulkOptions, SidekiqTime } from './enqueueing/bulk.ts'
export { ConfiguredJob } from './enqueueing/configured_job.ts'
export { JobStep, type StepOptions } from './continuation/index.ts'
export { currentJobBackend, currentRecordLocator, releaseJobBackend, useJobBackend, useRecordLocator } from './current.ts'
export type { ErrorClass } from './declaring/declarations.ts'
export { days, Duration, type DurationUnit, hours, minutes, months, seconds, toSeconds, weeks, years } from './duration.ts'
export { EmbeddedBackend, type EmbeddedBackendOptions } from './embedded_backend.ts'
export {
  type BackPressureOptions,
  type ChildFailure,
  type ConcurrencyLimit,
  type Durability,
  type EngineOptions,
  type FinishedCounts,
  type FinishedJobCounts,
  type JobConstraints,
  type JobStateName,
  familyMembers,
  jobStateNames,
  longestData,
  minutesAnswered,
  mostMinutes,
  type QueueLimit,
  type RateLimit,
  type Retention,
  type Uniqueness,
} from './engine/index.ts'
export type { EnqueueOptions } from './enqueueing/enqueueing.ts'
export {
  DeserializationError,
  DuplicateJob,
  DuplicateJobClass,
  InvalidJobId,
  InvalidJobOption,
  InvalidSchedule,
  InvalidStep,
  JobTimeout,
  JobDataUnreadable,
  JobTooLarge,
  MissingPerform,
  MoveUnfinished,
  NoJobBackend,
  QueueClosed,
  QueueDirectoryUnusable,
  QueueFull,
  QueueOwned,
  QueueOwnerLost,
  QueueProtocolMismatch,
  QueueRefused,
  QueueUnreachable,
  QueueUnreadable,
  QueueWriteFailed,
  ResumeLimitReached,
  SerializationError,
  UnknownJob,
  UnknownJobClass,
  UnknownJobState,
} from './errors.ts'
export type { RunnableJobClass } from './performing/executor.ts'
export { failureOf } from './performing/failure.ts'
export { filteredJob } from './performing/filtered_job.ts'
export { notesOf } from './stored_job.ts'
export { Job } from './job.ts'
export { Ownership } from './journal/index.ts'
export type {
  CallbackOptions,
  ConcreteJobClass,
  InlineResult,
  JobClass,
  JobCondition,
  PerformArguments,
  PerformResult,
} from './declaring/job_class.ts'
export type { JobMeta } from './job_meta.ts'
export { aroundEveryEnqueue, aroundEveryPerform, type JobMiddleware } from './performing/middleware.ts'
export { isRelated, type JobTree, jobTrees } from './moving/job_trees.ts'
export {
  type MoveMemory,
  type MoveOptions,
  type MoveReport,
  type MoveState,
  moveJobs,
  type NamedBackend,
} from './moving/moving.ts'
export { type PlanOptions, planMove } from './moving/planning.ts'
export type { StayingFamily } from './moving/moved_families.ts'
export { type JobOutbox, releaseJobOutbox, useJobOutbox } from './enqueueing/outbox.ts'
export { exportPrometheusMetrics, type PrometheusOptions } from './prometheus.ts'
export { type JobPayload, withoutCounters } from './payload.ts'
export type { RecordLocator } from './record_locator.ts'
export { rescueFor } from './performing/rescue.ts'
export type { RetryOptions, RetryWait } from './performing/retry.ts'
export type { RetryAttempt, RetryInterval } from './performing/retry_interval.ts'
export type { DelayOptions } from './enqueueing/spellings.ts'
export { JobRunner, type JobRunnerOptions } from './performing/runner.ts'
export { type JobSpan, traceJobs, type TracingApi, type TracingOptions } from './tracing.ts'
export { type CatchUp, dueTimes, parseSchedule, type RecurringJob, recurringTasks, timeAfter } from './schedules/index.ts'
export type { ScheduleProgress, ScheduleStatus } from './schedules/index.ts'
export { JoinedBackend } from './remote/joined_backend.ts'
export { connectToOwner, shareOverSocket } from './remote/owner.ts'
export { receivedJobs } from './remote/received.ts'
export { shareBackend } from './remote/share_backend.ts'
export { SharedBackend } from './remote/shared_backend.ts'
export type { SharedMessage, Wire as SharedWire } from './remote/wire.ts'
