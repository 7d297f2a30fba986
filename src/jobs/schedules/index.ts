export { parseSchedule, type ParsedSchedule } from './parse_schedule.ts'
export type { CatchUp, RecurringJob, ScheduleStatus } from './recurring_job.ts'
export { recurringTasks } from './recurring_tasks.ts'
export { timeAfter } from './times.ts'
