import type { DependenciesOpts, JobJson, JobState, JobType } from 'bullmq'
import { EmbeddedConnection } from './connection.ts'
import { heldDeduplication } from './operations/deduplication.ts'
import { countDependencies, type Dependencies, listDependencies } from './operations/dependencies.ts'
import { countJobs, listIds, listLogs, pageOfChildren, rangeOf, stateOf } from './operations/listing.ts'
import { listSchedulers } from './operations/schedulers.ts'
import { priorityStep } from './state/queue_state.ts'
import type { StoredJob } from './state/stored_job.ts'

/** The part of a backend that only reads. */
export class ReadingBackend extends EmbeddedConnection {
  async getState(jobId: string): Promise<JobState | 'unknown'> {
    const state = this.queue.jobs.get(jobId)?.state
    return this.reply(state === 'wait' ? 'waiting' : (state ?? 'unknown'))
  }

  async isFinished(jobId: string, returnValue = false): Promise<number | [number, string]> {
    const job = this.queue.jobs.get(jobId)
    const [code, value] = endOf(job, this.toKey(jobId))
    return this.reply(returnValue ? [code, value] : code)
  }

  async isMaxed(): Promise<boolean> {
    return this.reply(this.queue.isMaxed)
  }

  async isJobInState(type: string, jobId: string): Promise<boolean> {
    const state = stateOf(type)
    if (state === undefined && type !== 'paused') throw new Error(`Unknown job state: ${type}`)
    return this.reply(state !== undefined && this.queue.jobs.get(jobId)?.state === state)
  }

  async getJobData(jobId: string): Promise<JobJson | undefined> {
    return this.reply(this.queue.jobs.get(jobId)?.toJson())
  }

  async getDeduplicationJobId(deduplicationId: string): Promise<string | null> {
    return this.reply(heldDeduplication(this.queue, deduplicationId)?.jobId ?? null)
  }

  async getJobLogs(jobId: string, start: number, end: number, asc: boolean): Promise<{ logs: string[]; count: number }> {
    return this.reply(listLogs(this.queue, jobId, start, end, asc))
  }

  async getRateLimitTtl(maxJobs?: number): Promise<number> {
    const { limiter, meta, store } = this.queue
    const limit = maxJobs || Number(meta.get('max') ?? 0)
    return this.reply(limit > 0 ? limiter.waitTime(limit, store.ticks) : limiter.remaining(store.ticks))
  }

  async getCounts(types: JobType[], delayedTimestamp?: number): Promise<number[]> {
    return this.reply(countJobs(this.queue, types, delayedTimestamp))
  }

  async getCountsPerPriority(priorities: number[]): Promise<number[]> {
    const { wait, prioritized } = this.queue.lists
    const count = (priority: number) => prioritized.countBetween(priority * priorityStep, (priority + 1) * priorityStep)
    return this.reply(priorities.map((priority) => (priority === 0 ? wait.size : count(priority))))
  }

  async getRanges(types: JobType[], start = 0, end = 1, asc = false): Promise<[string][]> {
    // The interface says tuples of one id; they are lists of ids.
    return this.reply(listIds(this.queue, types, start, end, asc) as [string][])
  }

  async getDependencyCounts(jobId: string, types: string[]): Promise<number[]> {
    return this.reply(countDependencies(this.queue, jobId, types))
  }

  async getDependencies(jobId: string, opts: DependenciesOpts): Promise<Dependencies> {
    return this.reply(listDependencies(this.queue, jobId, opts))
  }

  async getProcessedChildrenValues(jobId: string): Promise<Record<string, string>> {
    const job = this.queue.jobs.get(jobId)
    return this.reply(job?.hasChildren ? Object.fromEntries(job.children.processed) : {})
  }

  async getIgnoredChildrenFailures(jobId: string): Promise<Record<string, string>> {
    const job = this.queue.jobs.get(jobId)
    return this.reply(job?.hasChildren ? Object.fromEntries(job.children.ignored) : {})
  }

  async getMetrics(type: 'completed' | 'failed', start = 0, end = -1): Promise<[string[], string[], number]> {
    const { count, previousTime, previousCount, points } = this.queue.metrics[type]
    const [from, to] = rangeOf(start, end, points.length)
    const meta = previousTime === undefined ? [] : [count, previousTime, previousCount].map(String)
    return this.reply([meta, points.slice(from, to + 1).map(String), points.length])
  }

  async paginate(key: string, { start, end }: { start: number; end: number; fetchJobs?: boolean }) {
    const [, jobId = '', kind = ''] = /^(.*):([^:]*)$/.exec(key.slice(this.qualifiedName.length + 1)) ?? []
    return this.reply(pageOfChildren(this.queue, jobId, kind, start, end))
  }

  async getJobScheduler(id: string): Promise<[unknown, string | null]> {
    const scheduler = this.queue.schedulers.get(id)
    return this.reply(scheduler === undefined ? [null, null] : [Object.entries(scheduler.fields).flat(), String(scheduler.next)])
  }

  async isJobScheduler(id: string): Promise<boolean> {
    return this.reply(this.queue.schedulers.has(id))
  }

  async getJobSchedulerData(key: string): Promise<Record<string, string>> {
    return this.reply({ ...this.queue.schedulers.get(key)?.fields })
  }

  async getJobSchedulersRange(start: number, end: number, asc: boolean): Promise<string[]> {
    const schedulers = listSchedulers(this.queue)
    if (!asc) schedulers.reverse()
    const [from, to] = rangeOf(start, end, schedulers.length)
    return this.reply(schedulers.slice(from, to + 1).flatMap(([id, { next }]) => [id, String(next)]))
  }

  async getJobSchedulersCount(): Promise<number> {
    return this.reply(this.queue.schedulers.size)
  }

  async getQueueMetaField(field: string): Promise<string | null> {
    return this.reply(this.queue.meta.get(field) ?? null)
  }

  async getQueueMetaFields(fields: string[]): Promise<(string | null)[]> {
    const { meta } = this.queue
    return this.reply(fields.map((field) => meta.get(field) ?? null))
  }

  async getQueueMeta(): Promise<Record<string, string>> {
    return this.reply(Object.fromEntries(this.queue.meta))
  }

  async hasQueueMetaField(field: string): Promise<boolean> {
    return this.reply(this.queue.meta.has(field))
  }
}

function endOf(job: StoredJob | undefined, key: string): [code: number, value: string] {
  if (job === undefined) return [-1, `Missing key for job ${key}. isFinished`]
  if (job.state === 'completed') return [1, job.returnValue ?? '']
  return job.state === 'failed' ? [2, job.failedReason ?? ''] : [0, '']
}
