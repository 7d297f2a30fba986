import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import type { JobBackend, JobStateName, StoredJob } from '../../src/jobs/index.ts'
import { jobStateNames } from '../../src/jobs/index.ts'
import type { ParameterFilter } from '../../src/logging/index.ts'
import { BoardJob } from './board_job.ts'

type Base = typeof BaseAdapter
type Api = BaseAdapter
type Counts = Awaited<ReturnType<Api['getJobCounts']>>
type MetricsType = Parameters<Api['getMetrics']>[0]
type BoardStatus = Parameters<Api['getJobs']>[0][number]

/** Bull Board's names of our states. Those that a limit holds back are shown with the delayed ones. */
const statuses: Readonly<Record<JobStateName, BoardStatus>> = {
  waiting: 'waiting',
  prioritized: 'prioritized',
  delayed: 'delayed',
  blocked: 'delayed',
  active: 'active',
  completed: 'completed',
  failed: 'failed',
  paused: 'paused',
  'waiting-children': 'waiting-children',
}
const shownStatuses: readonly BoardStatus[] = ['active', 'waiting', 'prioritized', 'delayed', 'failed', 'completed']
/** So many jobs are looked through at most when all of a state are worked on. */
const mostAtOnce = 10_000

/** The chart of a queue is of the last hour. */
const shownMinutes = 60

/** A queue on the board. */
export interface ShownQueue {
  readonly backend: JobBackend
  readonly name: string
  readonly isReadOnly: boolean
  readonly filter: ParameterFilter
}

/** Makes the class of the board's queues. Bull Board is loaded when it is used, so its class is given.
 * What the jobs of a backend can't do (adding by hand, schedulers) is refused.
 */
export function queueAdapterClass(base: Base): new (shown: ShownQueue) => BaseAdapter {
  return class QueueAdapter extends base {
    readonly #backend: JobBackend
    readonly #name: string
    readonly #filter: ParameterFilter

    constructor({ backend, name, isReadOnly, filter }: ShownQueue) {
      super('bullmq', { readOnlyMode: isReadOnly, allowRetries: !isReadOnly, allowCompletedRetries: false })
      this.#backend = backend
      this.#name = name
      this.#filter = filter
    }

    getName(): string {
      return this.#name
    }

    async getRedisInfo(): Promise<null> {
      return null
    }

    async getJob(id: string): Promise<BoardJob | undefined> {
      const job = await this.#backend.find?.(id)
      return job === undefined || job.queue !== this.#name ? undefined : new BoardJob(this.#backend, job, this.#filter)
    }

    async getJobCounts(): Promise<Counts> {
      const counts = (await this.#backend.countsByQueue?.())?.[this.#name]
      const shown = Object.fromEntries(shownStatuses.map((status) => [status, 0]))
      for (const state of jobStateNames) shown[statuses[state]] = (shown[statuses[state]] ?? 0) + (counts?.[state] ?? 0)
      return shown as Counts
    }

    async getJobs(wanted: BoardStatus[], start = 0, end = 20): Promise<BoardJob[]> {
      const jobs = await this.#list(wanted, end + 1)
      return jobs.slice(start, end + 1).map((job) => new BoardJob(this.#backend, job, this.#filter))
    }

    async getJobLogs(id: string): Promise<string[]> {
      return [...((await this.#backend.find?.(id))?.logs ?? [])]
    }

    /** The minute that isn't over yet isn't told. */
    async getMetrics(kind: MetricsType, start = 0, end = -1): Promise<Awaited<ReturnType<Api['getMetrics']>>> {
      const asked = { queue: this.#name, minutes: end < 0 ? shownMinutes : end + 1 }
      const { count, data } = (await this.#backend.metrics?.(asked))?.[this.#name]?.[kind] ?? { count: 0, data: [] }
      return { meta: { count, prevTS: Date.now(), prevCount: count }, data: data.slice(start), count: data.length }
    }

    async isPaused(): Promise<boolean> {
      return ((await this.#backend.paused?.()) ?? []).includes(this.#name)
    }

    async pause(): Promise<void> {
      await this.#backend.pause?.(this.#name)
    }

    async resume(): Promise<void> {
      await this.#backend.resume?.(this.#name)
    }

    async clean(status: Parameters<Api['clean']>[0]): Promise<void> {
      await this.#removeAll([status === 'wait' ? 'waiting' : status])
    }

    async empty(): Promise<void> {
      await this.#removeAll(['waiting', 'prioritized', 'delayed'])
    }

    async obliterate(): Promise<void> {
      await this.#removeAll([...shownStatuses])
    }

    getStatuses(): ReturnType<Api['getStatuses']> {
      return ['latest', ...shownStatuses]
    }

    getJobStatuses(): BoardStatus[] {
      return [...shownStatuses]
    }

    async getJobSchedulers(): Promise<[]> {
      return []
    }

    async getJobSchedulersCount(): Promise<number> {
      return 0
    }

    async removeJobScheduler(): Promise<boolean> {
      return false
    }

    async updateJobScheduler(): Promise<never> {
      throw new Error('Schedules are those of config/recurring.yml.')
    }

    async runJobSchedulerNow(): Promise<'not-found'> {
      return 'not-found'
    }

    async addJob(): Promise<never> {
      throw new Error('Jobs are enqueued by their classes.')
    }

    async promoteAll(): Promise<void> {
      throw new Error('Jobs run at their times.')
    }

    async getGlobalConcurrency(): Promise<null> {
      return null
    }

    async setGlobalConcurrency(): Promise<void> {
      throw new Error('How many jobs run is said in the configuration.')
    }

    async #removeAll(wanted: BoardStatus[]): Promise<void> {
      const jobs = await this.#list(wanted, mostAtOnce)
      await this.#backend.remove(jobs.map(({ id }) => id))
    }

    async #list(wanted: BoardStatus[], limit: number): Promise<StoredJob[]> {
      const states = jobStateNames.filter((state) => wanted.includes(statuses[state]))
      const lists = await Promise.all(states.map((state) => this.#backend.list(state, { limit, queue: this.#name })))
      return lists.flat()
    }
  }
}
