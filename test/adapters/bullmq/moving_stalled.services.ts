import { randomUUID } from 'node:crypto'
import { createPostgresBackend, createRedisBackend, Worker } from 'bullmq'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { EmbeddedBackend, moveJobs, planMove } from '../../../src/jobs/index.ts'
import { memoryOfMove } from '../../jobs/moving/moved_jobs.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

/** Takes a job as a process does that is gone at once: nobody renews its lock. */
type TakeAndDie = (queue: string, lockDuration: number) => Promise<void>

describe('moving jobs from BullMQ whose process is gone', () => {
  describe('over Redis', () => {
    const prefix = `regauge-test-${randomUUID()}`
    after(async () => {
      const redis = new Redis(redisUrl)
      const keys = await redis.keys(`${prefix}:*`)
      if (keys.length > 0) await redis.del(...keys)
      await redis.quit()
    })
    movesThem({ connection: redisUrl, prefix }, async (queue, lockDuration) => {
      const worker = new Worker(queue, null, { connection: { url: redisUrl }, prefix, autorun: false, lockDuration }, createRedisBackend)
      await take(worker)
    })
  })

  describe('over PostgreSQL', () => {
    const database = `regauge_stalled_${process.pid}`
    before(() => administer(`CREATE DATABASE ${database}`))
    after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))
    const url = new URL(postgresUrl)
    url.pathname = `/${database}`
    movesThem({ connection: url.href, prefix: 'test' }, async (queue, lockDuration) => {
      const connection = { connectionString: url.href, max: 1 } as never
      await take(new Worker(`test.${queue}`, null, { connection, autorun: false, lockDuration }, createPostgresBackend as never))
    })
  })
})

async function take(worker: Worker): Promise<void> {
  expect(await worker.getNextJob('gone')).to.not.equal(undefined)
  await worker.close(true)
}

function movesThem(place: { readonly connection: string; readonly prefix: string }, takeAndDie: TakeAndDie): void {
  it('lets them wait again with an attempt used, and takes them along with their families', async () => {
    const source = await bullmqBackend(place)
    const target = new EmbeddedBackend({ durability: 'memory' })
    const job = (name: string, queue: string) => ({ queue, name, data: {} })
    const children = { jobs: [job('Row', 'rows')], onFailure: 'wait' as const }
    await source.add([job('Single', 'single')])
    await source.add([job('Running', 'running')])
    await source.add([{ ...job('Sum', 'sums'), constraints: { children } }])
    await takeAndDie('single', 200)
    await takeAndDie('rows', 200)
    await takeAndDie('running', 60_000)
    while ((await source.stalled!()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    const ends = { from: { name: 'bullmq', backend: source }, to: { name: 'embedded', backend: target } }
    const plan = await planMove(ends)
    expect(await source.counts()).to.include({ active: 3, waiting: 0 })
    const report = await moveJobs({ ...ends, memory: memoryOfMove() })
    expect(report).to.deep.equal(plan)
    expect(report).to.deep.include({
      moved: { failed: 0, delayed: 0, blocked: 0, prioritized: 0, waiting: 2, 'waiting-children': 1 },
      running: 1,
    })
    expect(report).to.not.have.property('families')
    const waiting = await target.list('waiting')
    expect(waiting.map(({ name, attempts }) => [name, attempts])).to.have.deep.members([
      ['Single', 1],
      ['Row', 1],
    ])
    await source.close()
    await target.close()
  })
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
