import type { NewJob } from '../backend.ts'
import { classNamed } from '../class_named.ts'
import { didYouMean } from '../../naming/index.ts'
import { entryOf } from '../enqueueing/enqueueing.ts'
import { InvalidSchedule } from '../errors.ts'
import type { Job } from '../job.ts'
import { parseSchedule } from './parse_schedule.ts'
import { refusalHint } from './refusal_hints.ts'
import type { CatchUp, RecurringJob } from './recurring_job.ts'

/** A class of jobs that may recur. */
type RecurringClass = (new (...args: never[]) => Job) & { readonly name: string }

const known = new Set(['class', 'args', 'schedule', 'queue', 'priority', 'description', 'overlap', 'catch_up', 'command'])
/** What other schedulers call a setting: sidekiq-cron, sidekiq-scheduler, GoodJob. */
const namesElsewhere = new Map([
  ['cron', 'schedule'],
  ['every', 'schedule'],
])

/** Reads the tasks of config/recurring.yml in Solid Queue's form, and what is beyond it: `overlap: false` for a job that isn't enqueued
 * while the one before it is there, `catch_up: once` or `all` for what is done about times that nobody was there for.
 *
 * @param document the parsed file: tasks by key, or below the names of environments
 * @param environment whose tasks count, when the file has environments
 * @throws InvalidSchedule (REGAUGE_INVALID_SCHEDULE), SerializationError
 */
export function recurringTasks(document: unknown, environment: string, classes: Iterable<RecurringClass>): RecurringJob[] {
  const byName = new Map<string, RecurringClass>()
  for (const jobClass of classes) byName.set(jobClass.name, jobClass)
  return Object.entries(tasksOf(document, environment)).map(([key, task]) => recurringJob(key, task, byName))
}

function tasksOf(document: unknown, environment: string): Record<string, unknown> {
  if (!isRecord(document)) return {}
  const own = document[environment]
  if (own === null) return {}
  if (isRecord(own) && !isTask(own)) return own
  const tasks = Object.entries(document).filter(([, value]) => isRecord(value) && isTask(value))
  const isByEnvironment = tasks.length === 0 && Object.values(document).every((value) => value === null || isRecord(value))
  return isByEnvironment ? {} : document
}

function isTask(value: Record<string, unknown>): boolean {
  return 'schedule' in value || typeof value['class'] === 'string' || typeof value['command'] === 'string'
}

function recurringJob(key: string, task: unknown, classes: ReadonlyMap<string, RecurringClass>): RecurringJob {
  const invalid = (reason: string) => new InvalidSchedule({ key, reason })
  if (!isRecord(task)) throw invalid('is no task.')
  for (const name of Object.keys(task)) {
    if (!known.has(name))
      throw invalid(`has an unknown setting '${name}'.${suggested(namesElsewhere.get(name) ?? didYouMean(name, known))}`)
  }
  if (task['command'] !== undefined) throw invalid('has a command; only classes of jobs recur here: write one that does what it says.')
  const { class: className, schedule, overlap = true, catch_up: catchUp = 'skip' } = task
  if (typeof schedule !== 'string') throw invalid('has no schedule.')
  if (typeof overlap !== 'boolean') throw invalid('must say true or false to overlap.')
  if (!isCatchUp(catchUp)) throw invalid(`can't catch up ${JSON.stringify(catchUp)}: skip, once or all.`)
  const parsed = parseSchedule(schedule)
  if (parsed === undefined) throw invalid(unreadable(schedule))
  if (typeof className !== 'string') throw invalid('has no class.')
  const jobClass = classNamed(classes, className)
  if (jobClass === undefined) {
    const suggestion = didYouMean(className.replaceAll('::', ''), classes.keys())
    throw invalid(`names the class ${className}, which no file under app/jobs, app/workers or app/sidekiq exports.${suggested(suggestion)}`)
  }
  return { key, schedule, ...parsed, catchUp, job: withOverlap(key, overlap, jobOf(key, jobClass, task, invalid)) }
}

function jobOf(
  key: string,
  jobClass: RecurringClass,
  task: Readonly<Record<string, unknown>>,
  invalid: (reason: string) => InvalidSchedule,
): NewJob {
  const { args = [], queue, priority } = task
  if (queue !== undefined && typeof queue !== 'string') throw invalid('has a queue that is no text.')
  if (priority !== undefined && !Number.isInteger(priority)) throw invalid('has a priority that is no whole number.')
  const values: unknown[] = Array.isArray(args) ? args : [args]
  const job = new (jobClass as unknown as new (...values: unknown[]) => Job)(...values)
  job.set({ queue, priority: priority as number | undefined })
  const { data, ...entry } = entryOf(job)
  // Each of the jobs gets an id of its own when it runs.
  const { job_id: _, ...shared } = data
  return { ...entry, data: { ...shared, recurring: key } }
}

/** A job that may not overlap is unique by its schedule. */
function withOverlap(key: string, overlap: boolean, job: NewJob): NewJob {
  if (overlap) return job
  const unique = { key: `schedule/${key}`, until: 'executed', conflict: 'discard' } as const
  return { ...job, constraints: { ...job.constraints, unique } }
}

function unreadable(schedule: string): string {
  const hint = refusalHint(schedule)
  return `has a schedule that can't be read, or that never comes: ${JSON.stringify(schedule.slice(0, 200))}.${hint === undefined ? '' : ` ${hint}`}`
}

function suggested(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean ${name}?`
}

function isCatchUp(value: unknown): value is CatchUp {
  return value === 'skip' || value === 'once' || value === 'all'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
