import type { NewJob } from '../backend.ts'

/** What is done about times that passed while no process ran the schedule: nothing, one job, or a job for each (100 at most). */
export type CatchUp = 'skip' | 'once' | 'all'

/** A job that is enqueued again and again. */
export interface RecurringJob {
  /** Its name in config/recurring.yml. */
  readonly key: string
  /** As it was written. */
  readonly schedule: string
  /** The cron line that it means, of five fields, or six with seconds in front. */
  readonly cron: string
  /** The time zone of the cron line. Default: the machine's. */
  readonly timeZone?: string | undefined
  readonly catchUp: CatchUp
  /** What is enqueued. */
  readonly job: NewJob
}

/** A schedule as listings show it. Times are milliseconds since the epoch. */
export interface ScheduleStatus {
  readonly key: string
  readonly schedule: string
  readonly cron: string
  readonly timeZone: string | undefined
  readonly job: string
  readonly queue: string
  readonly nextAt: number | undefined
  readonly lastAt: number | undefined
  /** Up to when its times are dealt with. */
  readonly after?: number | undefined
}

/** Where schedules are, by their keys: up to when their times are dealt with, and when the last job was enqueued. */
export type ScheduleProgress = Readonly<Record<string, { readonly after: number; readonly lastAt?: number | undefined }>>
