import type { Duration, Retention } from '../../jobs/index.ts'
import type { Environment } from '../environment.ts'
import type { DashboardAuthentication } from './jobs_dashboard.ts'

/** Where BullMQ keeps jobs: a URL of Redis or PostgreSQL, or the options of ioredis, or of node-postgres with `connectionString` or `database`; what
 * the names of its queues begin with, and how long an enqueue may take. */
export interface BullmqPlace {
  readonly connection?: string | object
  readonly prefix?: string
  /** Milliseconds in which Redis or PostgreSQL must have taken a job, else `performLater` rejects with `QueueUnreachable`. Default 10 seconds. */
  readonly timeout?: number
}

/** Where the jobs live: in this process, journaled on disk, or in BullMQ on Redis or PostgreSQL. */
export type JobsBackend = 'embedded' | { readonly bullmq: BullmqPlace }

/** The settings of jobs. */
export interface JobsSettings {
  backend: JobsBackend
  /** Where the embedded engine keeps its journal, below the root. */
  directory: string
  /** When an enqueued job counts as kept: `fsync` when it is on the disk, `interval` soon, `memory` at once. */
  durability: 'fsync' | 'interval' | 'memory'
  /** How many jobs run at the same time. */
  concurrency: number
  /** Pools of workers, where one for all queues isn't enough: `[{ queues: ['urgent', 'mail*'], weights: { urgent: 3 }, concurrency: 5 }]`.
   * Without weights the first of the queues comes first. Default: one pool for all queues, of `concurrency` jobs. */
  workers: { readonly queues: readonly string[]; readonly weights?: Readonly<Record<string, number>>; readonly concurrency: number }[]
  /** How many jobs of a queue may be started in a time, in seconds or as a duration: `{ mailers: { limit: { max: 100, duration: 60 } } }`. */
  queues: Record<string, { readonly limit: { readonly max: number; readonly duration: number | Duration } }>
  /** Lets enqueues wait while so many jobs do, at most `timeout` milliseconds. Default: they never wait. */
  backPressure: { readonly highWater: number; readonly lowWater?: number; readonly timeout?: number } | undefined
  /** How many jobs are kept that failed or completed, and for how many seconds. Default: 10,000 failed ones for 180 days, and no completed ones; where they
   * are, 10,000 for 30 days, with what `perform` answered.
   * @example config.jobs.retention.completed = { count: 1000, age: hours(1).seconds } */
  retention: { failed?: Partial<Retention> | undefined; completed?: Partial<Retention> | undefined }
  /** How often the process may die while it runs a job, or be killed, before the job counts as failed. Default 10. */
  maxRecoveries: number
  /** Whether jobs and deferred events of a database transaction are kept in the table `job_outbox` until they are in the queue, so that they are
   * there exactly when the transaction is, even if the process dies right after its commit. Default false: they are enqueued after the commit. */
  outbox: boolean
  /** Bull Board, with the packages `@bull-board/api` and `@bull-board/express`: where it is mounted, and who may look. Without `authenticate` everybody
   * may in development and under test, and nobody in production.
   * @example config.jobs.dashboard.path = '/jobs'; config.jobs.dashboard.authenticate = { name: 'ops', password: process.env.JOBS_PASSWORD }
   */
  readonly dashboard: {
    path: string | undefined
    authenticate: DashboardAuthentication | undefined
    /** Whether jobs can only be looked at. */
    readOnly: boolean
  }
  /** Whether this process runs jobs (and not only enqueues them). */
  run: boolean
}

/** The defaults for an environment. */
export function jobsDefaults(env: Environment): JobsSettings {
  return {
    backend: 'embedded',
    directory: `storage/jobs/${env.name}`,
    durability: 'fsync',
    concurrency: 10,
    workers: [],
    queues: {},
    backPressure: undefined,
    retention: { failed: undefined, completed: undefined },
    maxRecoveries: 10,
    outbox: false,
    dashboard: { path: undefined, authenticate: undefined, readOnly: false },
    run: true,
  }
}
