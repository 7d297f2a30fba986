import type { Job, Queue } from 'bullmq'
import type { Pool } from 'pg'
import { type FinishedCounts, type MetricsOptions, minutesAnswered, mostMinutes, type QueueMetrics } from '../../src/jobs/index.ts'
import { openPool } from './leases.ts'
import { unpack } from './packed_data.ts'
import type { QueueDirectory } from './queue_directory.ts'

/** What workers of BullMQ are told to count. */
export const countedMinutes = { maxDataPoints: mostMinutes }
/** So many priorities are looked at for the job that has waited longest. */
const mostPriorities = 100
/** Those that went to the front of the queue hide the one that has waited longest: so many are looked at. */
const mostInFront = 10

/** What BullMQ keeps of the jobs of a queue that ended in a way. */
interface Counted {
  readonly count: number
  /** When the minute began to be counted that isn't told yet, in milliseconds since the epoch. */
  readonly since: number
  /** What had been counted by then. */
  readonly before: number
  /** By the minute, the one before `since` first. */
  readonly data: readonly number[]
}

type Kind = 'completed' | 'failed'

/** How queues of BullMQ do, by what its workers count. */
export class BullmqMetrics {
  readonly #directory: QueueDirectory
  #pool: Promise<Pool> | undefined

  constructor(directory: QueueDirectory) {
    this.#directory = directory
  }

  async of({ queue: wanted, minutes }: MetricsOptions): Promise<Readonly<Record<string, QueueMetrics>>> {
    const queues = (await this.#directory.queues()).filter((queue) => wanted === undefined || this.#directory.nameOf(queue) === wanted)
    const length = minutesAnswered(minutes)
    const found = await Promise.all(
      queues.map(async (queue) => [this.#directory.nameOf(queue), await this.#ofQueue(queue, length)] as const),
    )
    if (wanted === undefined || found.length > 0) return Object.fromEntries(found)
    const none = { count: 0, data: lastMinutes(undefined, length) }
    return { [wanted]: { completed: none, failed: none, latency: 0 } }
  }

  async close(): Promise<void> {
    await (await this.#pool?.catch(() => undefined))?.end()
  }

  async #ofQueue(queue: Queue, minutes: number): Promise<QueueMetrics> {
    const [completed, failed, latency] = await Promise.all([
      this.#finished(queue, 'completed', minutes),
      this.#finished(queue, 'failed', minutes),
      this.#latency(queue),
    ])
    return { completed, failed, latency }
  }

  async #finished(queue: Queue, kind: Kind, minutes: number): Promise<FinishedCounts> {
    const counted = this.#directory.place.isPostgres ? await this.#inPostgres(queue, kind) : await inRedis(queue, kind, minutes)
    return { count: counted?.count ?? 0, data: lastMinutes(counted, minutes) }
  }

  /** BullMQ doesn't tell of PostgreSQL which minutes its numbers are of. */
  async #inPostgres(queue: Queue, kind: Kind): Promise<Counted | undefined> {
    const { place } = this.#directory
    this.#pool ??= openPool(place)
    const { default: pg } = await import('pg')
    const { schema = 'bullmq' } = place.connection as { readonly schema?: string }
    const { rows } = await (await this.#pool).query<{ count: string; since: string; before: string; data: readonly string[] }>(
      `SELECT count, prev_ts AS since, prev_count AS before, data FROM ${pg.escapeIdentifier(schema)}.metrics WHERE queue = $1 AND kind = $2`,
      [queue.name, kind],
    )
    const [row] = rows
    return row && { count: Number(row.count), since: Number(row.since), before: Number(row.before), data: row.data.map(Number) }
  }

  async #latency(queue: Queue): Promise<number> {
    const now = Date.now()
    const waiting = await this.#first(queue, mostInFront)
    const since = [...waiting, ...(await firstByPriority(queue))].map(waitsSince)
    return Math.max(0, now - Math.min(now, ...since))
  }

  /** The jobs without a priority that run next. */
  async #first(queue: Queue, count: number): Promise<Job[]> {
    if (!this.#directory.place.isPostgres) return jobsIn(queue, 'waiting', 0, count - 1)
    // There they are counted from the end.
    const all = await waitingIn(queue)
    return all === 0 ? [] : jobsIn(queue, 'waiting', Math.max(0, all - count), all - 1)
  }
}

/** How many jobs without a priority wait in a queue, also when it is paused: of PostgreSQL BullMQ says otherwise that none does then. */
export async function waitingIn(queue: Queue): Promise<number> {
  const { 0: waiting = 0 } = await queue.getCountsPerPriority([0])
  return waiting
}

async function inRedis(queue: Queue, kind: Kind, minutes: number): Promise<Counted> {
  const { meta, data } = await queue.getMetrics(kind, 0, Math.max(0, minutes - 1))
  return { count: meta.count, since: meta.prevTS, before: meta.prevCount, data }
}

/** The first job of each priority. */
async function firstByPriority(queue: Queue): Promise<Job[]> {
  const found: Job[] = []
  for (let index = 0; found.length < mostPriorities; ) {
    const [job] = await jobsIn(queue, 'prioritized', index, index)
    if (job === undefined) break
    found.push(job)
    const { [job.priority]: alike = 0 } = await queue.getCountsPerPriority([job.priority])
    index += Math.max(1, alike)
  }
  return found
}

async function jobsIn(queue: Queue, state: 'waiting' | 'prioritized', from: number, to: number): Promise<Job[]> {
  const jobs: (Job | undefined)[] = await queue.getJobs([state], from, to, true)
  // One that began meanwhile may be gone.
  return jobs.filter((job) => job !== undefined)
}

/** Since when a job that waits could have run, in milliseconds since the epoch. */
function waitsSince({ timestamp, opts: { delay = 0 }, data }: Job): number {
  return Math.max(timestamp + delay, unpack(data).extras.calledAt ?? 0)
}

/** The last minutes, the newest first. BullMQ notes a minute when the first job after it ends. */
function lastMinutes(counted: Counted | undefined, length: number): number[] {
  if (counted === undefined || counted.since === 0) return new Array<number>(length).fill(0)
  const { count, since, before, data } = counted
  const silent = Math.floor(Date.now() / 60_000) - Math.floor(since / 60_000)
  const untold = silent <= 0 ? [] : [...new Array<number>(Math.min(silent - 1, length)).fill(0), count - before]
  const told = [...untold, ...data]
  return Array.from({ length }, (_, index) => told[index] ?? 0)
}
