import type { JobBackend, JobCounts, JobStateName, MetricsOptions, QueueMetrics, ScheduleStatus, StoredJob } from '../../jobs/index.ts'
import {
  exportPrometheusMetrics,
  filteredJob,
  jobStateNames,
  JobRunner,
  type RunnableJobClass,
  timeAfter,
  UnknownJob,
  UnknownJobState,
} from '../../jobs/index.ts'
import { DeliverEvent } from '../../events/index.ts'
import { parameterFilter } from '../../logging/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { boot, openLogger, readSettings } from '../boot.ts'
import type { Configuration } from '../configuration.ts'
import { filteredParameters } from '../filtered_parameters.ts'
import { loadApplication, loadModels } from '../loading/load_application.ts'
import { jobsOf, type ListedJobs, listJobs } from './listed_jobs.ts'
import { readRecurring } from './recurring.ts'
import { builtInJobs, openQueue } from './work.ts'

/** Where an application is, and in which environment. */
interface Place {
  readonly root: string
  readonly env?: string | undefined
}

/** What `regauge jobs` does with the queue of an application: through the process that owns it, when one runs. */
export interface JobTasks {
  counts(): Promise<{ readonly counts: JobCounts; readonly paused: readonly string[] }>
  /** How each queue does, or one. */
  metrics(options: MetricsOptions): Promise<Readonly<Record<string, QueueReport>>>
  /** The same for Prometheus. */
  prometheus(queue: string | undefined): Promise<string>
  /** The jobs of a state, or of all states. @throws UnknownJobState */
  list(state: string | undefined, wanted: ListedJobs, options?: ShowOptions): Promise<ListedJob[]>
  /** @throws UnknownJob */
  show(id: string, options?: ShowOptions): Promise<ShownJob>
  /** Runs failed jobs again, `all` for each of them. */
  retry(ids: readonly string[]): Promise<JobsChanged>
  /** Forgets jobs that don't run, `all` for the failed ones. */
  discard(ids: readonly string[]): Promise<JobsChanged>
  /** @returns the names of the queues that have jobs, or had some lately */
  pause(queue: string): Promise<readonly string[]>
  resume(queue: string): Promise<void>
}

/** A job, with what it does where the name of its class doesn't say it: which event goes to whom. */
export type ListedJob = StoredJob & { readonly title?: string }

/** A job, and the children that it waits for or waited for. */
export type ShownJob = ListedJob & { readonly children?: readonly ShownChild[] }

/** A child of a job, in brief. */
export type ShownChild = Pick<StoredJob, 'id' | 'queue' | 'name' | 'state' | 'error'>

/** How a queue does, with what is in it. */
export interface QueueReport extends QueueMetrics {
  readonly counts: JobCounts
  readonly isPaused: boolean
}

/** How jobs are shown. */
export interface ShowOptions {
  /** With all that they carry. Default: what the application's log masks and cuts is masked and cut; its models are loaded for that. */
  readonly isUnfiltered?: boolean | undefined
}

/** What came of a change to some jobs. */
export interface JobsChanged {
  /** How many were changed. */
  readonly count: number
  /** Those that are as they were, and why. */
  readonly skipped: readonly SkippedJob[]
}

/** A job that wasn't changed. */
export interface SkippedJob {
  readonly id: string
  /** None for a job that doesn't exist. */
  readonly state?: JobStateName | undefined
  readonly reason: string
}

/** Opens the queue of an application, works on it, and lets go of it. */
export async function withJobTasks<T>({ root, env }: Place, work: (tasks: JobTasks) => Promise<T>): Promise<T> {
  const config = await readSettings({ root, env })
  // Standard output is for what was asked for.
  const backend = await openQueue(config, openLogger(config, process.stderr))
  try {
    return await work(tasksOn(backend, config))
  } finally {
    await backend.close()
  }
}

function tasksOn(backend: JobBackend, config: Configuration): JobTasks {
  const shown = async (jobs: readonly StoredJob[], { isUnfiltered = false }: ShowOptions = {}): Promise<ListedJob[]> => {
    if (isUnfiltered || jobs.length === 0) return jobs.map(titled)
    const filter = parameterFilter(filteredParameters(config, await loadModels(config.root)))
    return jobs.map((job) => titled(filteredJob(job, filter)))
  }
  return {
    counts: async () => ({ counts: await backend.counts(), paused: (await backend.paused?.()) ?? [] }),
    metrics: (options) => reportQueues(backend, options),
    prometheus: (queue) => exportPrometheusMetrics(backend, { queue }),
    list: async (state, wanted, options) => {
      const states = state === undefined ? jobStateNames : [stateNamed(state)]
      return shown(await listJobs(backend, states, wanted), options)
    },
    show: async (id, options) => {
      const job = await find(backend, id)
      if (job === undefined) throw new UnknownJob({ id })
      const [filtered] = await shown([job], options)
      if (job.onChildFailure === undefined || backend.children === undefined) return filtered!
      const children = await backend.children(job.id)
      return { ...filtered!, children: children.map(inBrief) }
    },
    retry: (ids) => change(backend, ids, 'retry'),
    discard: (ids) => change(backend, ids, 'remove'),
    pause: async (queue) => {
      await backend.pause?.(queue)
      // Where a backend doesn't count, nothing is known of it.
      if (backend.countsByQueue === undefined) return [queue]
      const reports = await reportQueues(backend, {})
      return Object.keys(reports).filter((name) => name !== queue || hasJobs(reports[name]!))
    },
    resume: async (queue) => backend.resume?.(queue),
  }
}

function titled(job: StoredJob): ListedJob {
  return job.name === DeliverEvent.name ? { ...job, title: DeliverEvent.titleOf(job.data['arguments']) } : job
}

function hasJobs({ counts, completed, failed }: QueueReport): boolean {
  return Object.values(counts).some((count) => count > 0) || completed.count + failed.count > 0
}

function inBrief({ id, queue, name, state, error }: StoredJob): ShownChild {
  return { id, queue, name, state, error }
}

async function reportQueues(backend: JobBackend, options: MetricsOptions): Promise<Readonly<Record<string, QueueReport>>> {
  const [metrics = {}, counts = {}, paused = []] = await Promise.all([
    backend.metrics?.(options),
    backend.countsByQueue?.(),
    backend.paused?.(),
  ])
  const { queue } = options
  const names = queue === undefined ? [...new Set([...Object.keys(metrics), ...Object.keys(counts), ...paused])].sort() : [queue]
  const none = { count: 0, data: [] }
  const empty = Object.fromEntries(jobStateNames.map((state) => [state, 0])) as JobCounts
  const reports = names.map((name) => {
    const { completed, failed, latency } = metrics[name] ?? { completed: none, failed: none, latency: 0 }
    return [name, { counts: counts[name] ?? empty, isPaused: paused.includes(name), latency, completed, failed }] as const
  })
  return Object.fromEntries(reports)
}

/** Changes jobs, `all` standing for those that have failed, and says why others stayed as they were. */
async function change(backend: JobBackend, ids: readonly string[], method: 'retry' | 'remove'): Promise<JobsChanged> {
  const failed = ids.includes('all') ? await allFailed(backend) : []
  const stays = ({ dataError }: StoredJob) => method === 'retry' && dataError !== undefined
  const skipped = failed.filter(stays).map((job) => skippedJob(job.id, job))
  let count = await backend[method](failed.filter((job) => !stays(job)).map(({ id }) => id))
  const done = new Set(['all', ...failed.map(({ id }) => id)])
  for (const given of new Set(ids)) {
    if (done.has(given)) continue
    const id = isJobId(given) ? ((await find(backend, given))?.id ?? given) : given
    const changed = await backend[method]([id])
    count += changed
    if (changed === 0) skipped.push(skippedJob(id, await find(backend, id)))
  }
  return { count, skipped }
}

async function allFailed(backend: JobBackend): Promise<StoredJob[]> {
  const { failed } = await backend.counts()
  return backend.list('failed', { limit: failed })
}

function skippedJob(id: string, job: StoredJob | undefined): SkippedJob {
  if (job === undefined) return { id, reason: 'there is no such job' }
  const { state, dataError } = job
  return { id, state, reason: state === 'failed' && dataError !== undefined ? "its data can't be read" : `its state is ${state}` }
}

/** A job by the id that the queue gave it, or by its own, which is what `performAsync` answers and what log lines say. */
async function find(backend: JobBackend, id: string): Promise<StoredJob | undefined> {
  const found = await (backend.find?.(id) ?? findByListing(backend, (job) => job.id === id))
  return found ?? (isJobId(id) ? findByListing(backend, ({ data }) => data['job_id'] === id) : undefined)
}

function isJobId(id: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)
}

async function findByListing(backend: JobBackend, isMeant: (job: StoredJob) => boolean): Promise<StoredJob | undefined> {
  for await (const job of jobsOf(backend, jobStateNames)) if (isMeant(job)) return job
  return undefined
}

function stateNamed(name: string): JobStateName {
  const found = jobStateNames.find((known) => known === name)
  if (found === undefined) throw new UnknownJobState({ name, known: jobStateNames.join(', '), suggestion: didYouMean(name, jobStateNames) })
  return found
}

/** What came of running the jobs that waited. */
export interface Drained {
  readonly ran: number
  /** The queues that are paused: their jobs wait on. */
  readonly paused: readonly string[]
}

/** Runs the jobs that wait, without serving requests, until none does (delayed ones stay, and those of paused queues).
 * @param place.json nothing is logged, as the output is for a machine
 */
export async function drainJobs({ root, env, json }: Place & { readonly json?: boolean | undefined }): Promise<Drained> {
  const configure = (config: Configuration) => {
    if (json) config.log.level = 'silent'
  }
  const application = await boot({ root, env, serves: false, configure })
  try {
    const { config, logger, loaded, jobs } = application
    let ran = 0
    const backend: JobBackend = {
      ...jobs!,
      process: (handler, options) =>
        jobs!.process((job) => {
          ran++
          return handler(job)
        }, options),
    }
    const classes = [...builtInJobs, ...loaded.jobs] as unknown as RunnableJobClass[]
    const workers = [{ queues: ['*'], concurrency: config.jobs.concurrency }]
    const runner = new JobRunner(backend, { classes, workers, logger, application })
    await application.run(() => runner.start())
    for (let isIdle = false; !isIdle; ) {
      isIdle = (await leftToRun(jobs!)) === 0
      if (!isIdle) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await runner.stop()
    return { ran, paused: (await jobs!.paused?.()) ?? [] }
  } finally {
    await application.stop()
  }
}

/** How many jobs run, or would as soon as there is a worker for them. */
async function leftToRun(backend: JobBackend): Promise<number> {
  const ready = ({ waiting, prioritized, blocked, active }: JobCounts) => waiting + prioritized + blocked + active
  const paused = new Set((await backend.paused?.()) ?? [])
  if (paused.size === 0 || backend.countsByQueue === undefined) return ready(await backend.counts())
  const counted = Object.entries(await backend.countsByQueue())
  return counted.reduce((sum, [queue, counts]) => sum + (paused.has(queue) ? counts.active : ready(counts)), 0)
}

/** The jobs of config/recurring.yml and when they are next. Nothing is opened but the files. */
export async function describeSchedules({ root, env }: Place): Promise<ScheduleStatus[]> {
  const config = await readSettings({ root, env })
  const { jobs } = await loadApplication(config.root)
  const recurring = await readRecurring(config.root, config.env.name, jobs)
  return recurring.map(({ key, schedule, cron, timeZone, job }) => {
    const nextAt = timeAfter(cron, timeZone, Date.now())
    return { key, schedule, cron, timeZone, job: job.name, queue: job.queue, nextAt, lastAt: undefined }
  })
}
