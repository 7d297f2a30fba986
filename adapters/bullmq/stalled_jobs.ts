import type { Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { StoredJob } from '../../src/jobs/index.ts'
import type { BullmqBackendOptions } from './backend.ts'
import { openPool, openRedisClient } from './leases.ts'
import { encodeName, type QueueDirectory } from './queue_directory.ts'
import { storedJob } from './stored_job.ts'

/** Milliseconds between two looks of BullMQ: it takes back with the second one what the first one found. */
const lookInterval = 50
/** Milliseconds until those that don't come back are left as they are. */
const timeout = 10_000

/** Those of the active jobs whose locks are gone, which a process renews as long as it runs them. */
const stalledScript = `
local stalled = {}
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if redis.call('EXISTS', ARGV[1] .. id .. ':lock') == 0 then table.insert(stalled, id) end
end
return stalled`

/** Jobs that count as active though their process is gone. A worker of their queue would take them back within a minute. */
export class StalledJobs {
  readonly #directory: QueueDirectory
  readonly #options: BullmqBackendOptions
  #redis: Promise<Redis> | undefined
  #pool: Promise<Pool> | undefined

  constructor(directory: QueueDirectory, options: BullmqBackendOptions) {
    this.#directory = directory
    this.#options = options
  }

  /** All of them, as they are when they wait again. */
  async list(): Promise<StoredJob[]> {
    const found: StoredJob[] = []
    for (const queue of await this.#directory.queues()) {
      const jobs = await Promise.all((await this.#idsIn(queue)).map((id): Promise<Job | undefined> => queue.getJob(id)))
      for (const job of jobs) if (job !== undefined) found.push(storedJob(job, this.#stateAgain(job), this.#directory.nameOf(queue)))
    }
    return found
  }

  /** Lets BullMQ take them back at once. */
  async recover(): Promise<void> {
    for (const queue of await this.#directory.queues()) if ((await this.#idsIn(queue)).length > 0) await this.#recoverIn(queue)
  }

  async close(): Promise<void> {
    ;(await this.#redis?.catch(() => undefined))?.disconnect()
    await (await this.#pool?.catch(() => undefined))?.end()
  }

  /** On Redis they come to the front of those without a priority. */
  #stateAgain({ priority }: Job): 'waiting' | 'prioritized' {
    return this.#directory.place.isPostgres && priority > 0 ? 'prioritized' : 'waiting'
  }

  async #recoverIn(queue: Queue): Promise<void> {
    const name = encodeName(this.#directory.nameOf(queue))
    const { maxRecoveries = 10 } = this.#options
    const worker = this.#directory.worker(name, null, { autorun: false, stalledInterval: lookInterval, maxStalledCount: maxRecoveries })
    worker.on('error', () => {})
    try {
      // It would keep this one from looking, as another one has looked just now.
      if (!this.#directory.place.isPostgres) await (await this.#client()).del(queue.toKey('stalled-check'))
      await worker.startStalledCheckTimer()
      for (const end = Date.now() + timeout; Date.now() < end && (await this.#idsIn(queue)).length > 0; )
        await new Promise((resolve) => setTimeout(resolve, lookInterval))
    } finally {
      await worker.close()
    }
  }

  async #idsIn(queue: Queue): Promise<string[]> {
    const { place } = this.#directory
    if (!place.isPostgres) {
      return (await (await this.#client()).eval(stalledScript, 1, queue.toKey('active'), queue.toKey(''))) as string[]
    }
    this.#pool ??= openPool(place)
    const { default: pg } = await import('pg')
    const { schema = 'bullmq' } = place.connection as { readonly schema?: string }
    const { rows } = await (await this.#pool).query<{ id: string }>(
      `SELECT id FROM ${pg.escapeIdentifier(schema)}.job WHERE queue = $1 AND state = 'active' AND locked_until_ms < $2`,
      [queue.name, Date.now()],
    )
    return rows.map(({ id }) => id)
  }

  #client(): Promise<Redis> {
    return (this.#redis ??= openRedisClient(this.#directory.place))
  }
}
