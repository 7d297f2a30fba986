import type { DependenciesOpts, JobJson, JobState, JobType } from 'bullmq'
import { EmbeddedConnection } from './connection.ts'
import { heldDeduplication } from './operations/deduplication.ts'
import { countDependencies, type Dependencies, listDependencies } from './operations/dependencies.ts'
import { countJobs, listIds, listLogs, pageOfChildren, rangeOf, stateOf } from './operations/listing.ts'
import { listSchedulers } from './operations/schedulers.ts'
import { priorityStep } from './state/queue_state.ts'

/** The part of a backend that only reads. */
export class ReadingBackend extends EmbeddedConnection {
  async getState(jobId: string): Promise<JobState | 'unknown'> {
    const state = this.queue.jobs.get(jobId)?.state
    return state === 'wait' ? 'waiting' : (state ?? 'unknown')
  }

  async isFinished(jobId: string, returnValue = false): Promise<number | [number, string]> {
    const job = this.queue.jobs.get(jobId)
    if (job === undefined) return returnValue ? [-1, `Missing key for job ${this.toKey(jobId)}. isFinished`] : -1
    if (job.state === 'completed') return returnValue ? [1, job.returnValue ?? ''] : 1
    if (job.state === 'failed') return returnValue ? [2, job.failedReason ?? ''] : 2
    return returnValue ? [0, ''] : 0
  }

  async isMaxed(): Promise<boolean> {
    return this.queue.isMaxed
  }

  async isJobInState(type: string, jobId: string): Promise<boolean> {
    const state = stateOf(type)
    if (state === undefined && type !== 'paused') throw new Error(`Unknown job state: ${type}`)
    return state !== undefined && this.queue.jobs.get(jobId)?.state === state
  }

  async getJobData(jobId: string): Promise<JobJson | undefined> {
    return this.queue.jobs.get(jobId)?.toJson()
  }

  async getDeduplicationJobId(deduplicationId: string): Promise<string | null> {
    return heldDeduplication(this.queue, deduplicationId)?.jobId ?? null
  }

  async getJobLogs(jobId: string, start: number, end: number, asc: boolean): Promise<{ logs: string[]; count: number }> {
    return listLogs(this.queue, jobId, start, end, asc)
  }

  async getRateLimitTtl(maxJobs?: number): Promise<number> {
    const { limiter, meta, store } = this.queue
    const limit = maxJobs || Number(meta.get('max') ?? 0)
    return limit > 0 ? limiter.waitTime(limit, store.now) : limiter.remaining(store.now)
  }

  async getCounts(types: JobType[], delayedTimestamp?: number): Promise<number[]> {
    return countJobs(this.queue, types, delayedTimestamp)
  }

  async getCountsPerPriority(priorities: number[]): Promise<number[]> {
    const { wait, prioritized } = this.queue.lists
    return priorities.map((priority) =>
      priority === 0 ? wait.size : prioritized.countBetween(priority * priorityStep, (priority + 1) * priorityStep),
    )
  }

  async getRanges(types: JobType[], start = 0, end = 1, asc = false): Promise<[string][]> {
    // The interface says tuples of one id; they are lists of ids.
    return listIds(this.queue, types, start, end, asc) as [string][]
  }

  async getDependencyCounts(jobId: string, types: string[]): Promise<number[]> {
    return countDependencies(this.queue, jobId, types)
  }

  async getDependencies(jobId: string, opts: DependenciesOpts): Promise<Dependencies> {
    return listDependencies(this.queue, jobId, opts)
  }

  async getProcessedChildrenValues(jobId: string): Promise<Record<string, string>> {
    const job = this.queue.jobs.get(jobId)
    return job?.hasChildren ? Object.fromEntries(job.children.processed) : {}
  }

  async getIgnoredChildrenFailures(jobId: string): Promise<Record<string, string>> {
    const job = this.queue.jobs.get(jobId)
    return job?.hasChildren ? Object.fromEntries(job.children.ignored) : {}
  }

  async getMetrics(type: 'completed' | 'failed', start = 0, end = -1): Promise<[string[], string[], number]> {
    const { count, previousTime, previousCount, points } = this.queue.metrics[type]
    const [from, to] = rangeOf(start, end, points.length)
    const meta = previousTime === undefined ? [] : [count, previousTime, previousCount].map(String)
    return [meta, points.slice(from, to + 1).map(String), points.length]
  }

  async paginate(key: string, { start, end }: { start: number; end: number; fetchJobs?: boolean }) {
    const [, jobId = '', kind = ''] = /^(.*):([^:]*)$/.exec(key.slice(this.qualifiedName.length + 1)) ?? []
    return pageOfChildren(this.queue, jobId, kind, start, end)
  }

  async getJobScheduler(id: string): Promise<[unknown, string | null]> {
    const scheduler = this.queue.schedulers.get(id)
    return scheduler === undefined ? [null, null] : [Object.entries(scheduler.fields).flat(), String(scheduler.next)]
  }

  async isJobScheduler(id: string): Promise<boolean> {
    return this.queue.schedulers.has(id)
  }

  async getJobSchedulerData(key: string): Promise<Record<string, string>> {
    return { ...this.queue.schedulers.get(key)?.fields }
  }

  async getJobSchedulersRange(start: number, end: number, asc: boolean): Promise<string[]> {
    const schedulers = listSchedulers(this.queue)
    if (!asc) schedulers.reverse()
    const [from, to] = rangeOf(start, end, schedulers.length)
    return schedulers.slice(from, to + 1).flatMap(([id, { next }]) => [id, String(next)])
  }

  async getJobSchedulersCount(): Promise<number> {
    return this.queue.schedulers.size
  }

  async getQueueMetaField(field: string): Promise<string | null> {
    return this.queue.meta.get(field) ?? null
  }

  async getQueueMetaFields(fields: string[]): Promise<(string | null)[]> {
    const { meta } = this.queue
    return fields.map((field) => meta.get(field) ?? null)
  }

  async getQueueMeta(): Promise<Record<string, string>> {
    return Object.fromEntries(this.queue.meta)
  }

  async hasQueueMetaField(field: string): Promise<boolean> {
    return this.queue.meta.has(field)
  }
}
