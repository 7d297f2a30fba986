import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import type { JobBackend } from '../../../src/jobs/index.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

/** Lets so many jobs complete. */
async function complete(backend: JobBackend, count: number): Promise<void> {
  let left = count
  let done = () => {}
  const all = new Promise<void>((resolve) => (done = resolve))
  const handler = async () => {
    if (--left === 0) done()
    return { kind: 'completed' } as const
  }
  const worker = await backend.process(handler, { queues: ['default'], concurrency: 1 })
  await backend.add(Array.from({ length: count }, () => ({ queue: 'default', name: 'Example', data: {} })))
  await all
  await worker.stop()
}

interface Told {
  readonly count: number
  readonly jobs: readonly (readonly number[])[]
  readonly silent: number
  readonly later: number
}

/** What the jobs came to that all ended some minutes ago, when one has ended since. */
async function minutesOf(backend: JobBackend, age: (milliseconds: number) => Promise<void>): Promise<Told> {
  await complete(backend, 2)
  await age(3 * 60_000)
  const { data: silent } = (await backend.metrics!({ minutes: 6 }))['default']!.completed
  await complete(backend, 1)
  await age(60_000)
  const { count, data } = (await backend.metrics!({ minutes: 6 }))['default']!.completed
  return {
    count,
    jobs: [silent, data].map((minutes) => minutes.filter((jobs) => jobs > 0)),
    silent: silent.indexOf(2),
    later: data.indexOf(1),
  }
}

describe('the metrics of jobs on BullMQ', () => {
  it('are told by the minute on Redis, those that BullMQ has not told yet among them', async () => {
    const prefix = `regauge-test-${randomUUID()}`
    const backend = await bullmqBackend({ connection: redisUrl, prefix })
    const redis = new Redis(redisUrl)
    const key = `${prefix}:default:metrics:completed`
    const told = await minutesOf(backend, async (milliseconds) => {
      await redis.hincrby(key, 'prevTS', -milliseconds)
    })
    expect(told).to.deep.include({ count: 3, jobs: [[2], [1, 2]] })
    // The minute may end while the test runs.
    expect(told.silent).to.be.oneOf([2, 3])
    expect(told.later).to.be.oneOf([0, 1])
    await backend.close()
    const keys = await redis.keys(`${prefix}:*`)
    await redis.del(...keys)
    await redis.quit()
  })

  it('are told by the minute on PostgreSQL, in whatever schema', async () => {
    const schema = `metrics_${process.pid}`
    const client = new pg.Client({ connectionString: postgresUrl })
    await client.connect()
    const backend = await bullmqBackend({ connection: { connectionString: postgresUrl, schema }, prefix: 'test' })
    const told = await minutesOf(backend, async (milliseconds) => {
      await client.query(`UPDATE ${schema}.metrics SET prev_ts = prev_ts - $1`, [milliseconds])
    })
    expect(told).to.deep.include({ count: 3, jobs: [[2], [1, 2]] })
    // The minute may end while the test runs.
    expect(told.silent).to.be.oneOf([2, 3])
    expect(told.later).to.be.oneOf([0, 1])
    await backend.close()
    await client.query(`DROP SCHEMA ${schema} CASCADE`)
    await client.end()
  })
})
