import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type BullmqBackendOptions, bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { type JobBackend, QueueFull, type RecurringJob } from '../../../src/jobs/index.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

describe('the settings of jobs on BullMQ', () => {
  describe('over Redis', () => {
    const prefix = `regauge-test-${randomUUID()}`
    after(async () => {
      const redis = new Redis(redisUrl)
      const keys = await redis.keys(`${prefix}*`)
      if (keys.length > 0) await redis.del(...keys)
      await redis.quit()
    })
    behavesAsConfigured({ connection: redisUrl }, prefix)
  })

  describe('over PostgreSQL', () => {
    const database = `regauge_settings_${process.pid}`
    before(() => administer(`CREATE DATABASE ${database}`))
    after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))
    const url = new URL(postgresUrl)
    url.pathname = `/${database}`
    behavesAsConfigured({ connection: url.href }, 'test')
  })
})

function behavesAsConfigured(place: BullmqBackendOptions, prefix: string): void {
  const open: JobBackend[] = []
  let number = 0
  beforeEach(() => number++)
  afterEach(async () => {
    for (const backend of open.splice(0)) await backend.close()
  })

  /** A process of the application: all of one test share the queues. It waits for a server that is busy with other tests. */
  async function processWith(options: Partial<BullmqBackendOptions> = {}): Promise<JobBackend> {
    const backend = await bullmqBackend({ ...place, prefix: `${prefix}-${number}`, timeout: 60_000, ...options })
    open.push(backend)
    return backend
  }
  const job = (value: number, queue = 'default') => ({ queue, name: 'Example', data: { number: value } })
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

  for (const [what, duration, isOver] of [
    ['starts no more jobs of a queue in a time than its limit', 3_600_000, false],
    ['starts the other jobs of a queue with a limit when the time is over', 300, true],
  ] as const) {
    it(what, async () => {
      const backend = await processWith({ limits: { default: { max: 2, duration } } })
      await backend.add([1, 2, 3, 4].map((value) => job(value)))
      const started: unknown[] = []
      const worker = await backend.process(
        async ({ data }) => {
          started.push(data['number'])
          return { kind: 'completed' }
        },
        { queues: ['default', 'free'], concurrency: 10 },
      )
      while (started.length < (isOver ? 4 : 2)) await pause()
      // Others that come after begin before those that the limit holds back.
      for (const value of [5, 6, 7]) {
        await backend.add([job(value, 'free')])
        while (!started.includes(value)) await pause()
      }
      await worker.stop()
      const [first, second, ...rest] = started
      expect([first, second]).to.have.members([1, 2])
      expect(rest).to.have.members(isOver ? [3, 4, 5, 6, 7] : [5, 6, 7])
    })
  }

  it('lets enqueues wait while too many jobs do, and refuses them when that takes too long', async () => {
    const backend = await processWith({ backPressure: { highWater: 2, lowWater: 1, timeout: 100 } })
    await backend.add([job(1), job(2)])
    const refused = await backend.add([job(3)]).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(QueueFull)
    const patient = await processWith({ backPressure: { highWater: 2, lowWater: 1, timeout: 60_000 } })
    const added = patient.add([job(4)])
    const worker = await backend.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    expect((await added)[0]).to.be.a('string')
    await worker.stop()
  })

  it('takes from queues of one pool by their weights', async () => {
    const backend = await processWith()
    await backend.add(Array.from({ length: 60 }, (_, value) => job(value, value % 2 === 0 ? 'heavy' : 'light')))
    const taken: string[] = []
    const worker = await backend.process(
      async ({ queue }) => {
        taken.push(queue)
        await pause() // so that the next of both are known
        return { kind: 'completed' }
      },
      { queues: ['heavy', 'light'], weights: { heavy: 1000, light: 0.001 }, concurrency: 1 },
    )
    while (taken.length < 20) await pause()
    await worker.stop({ timeout: 1 })
    const heavy = taken.slice(0, 20).filter((queue) => queue === 'heavy').length
    expect(heavy).to.be.greaterThan(15)
  })

  it('keeps what any text is made of, in arguments and in errors', async () => {
    const backend = await processWith()
    const data = { arguments: ['a\u0000b \ud83d\ude00 \\u0000', { 'key\u0000': null }] }
    await backend.add([{ queue: 'default', name: 'Example', data }])
    expect((await backend.list('waiting'))[0]!.data).to.deep.equal(data)
    const seen: unknown[] = []
    const worker = await backend.process(
      async (reserved) => {
        seen.push(reserved.data)
        return { kind: 'failed', error: { name: 'Broken', message: 'at \u0000' } }
      },
      { queues: ['default'], concurrency: 1 },
    )
    while ((await backend.counts()).failed === 0) await pause()
    await worker.stop()
    expect(seen).to.deep.equal([data])
    const [failed] = await backend.list('failed')
    expect([failed!.data, failed!.error?.message]).to.deep.equal([data, 'at \ufffd'])
  })

  it('keeps schedules in one of several processes, and in another one when that is gone', async () => {
    const [first, second] = [await processWith(), await processWith()]
    const tick: RecurringJob = {
      key: 'tick',
      schedule: '* * * * * *',
      cron: '* * * * * *',
      timeZone: 'UTC',
      catchUp: 'skip',
      job: job(7),
    }
    await first.schedule!([tick])
    await second.schedule!([tick])
    const waiting = async () => (await second.list('waiting', { limit: 1000 })).map(({ id }) => id)
    while ((await waiting()).length < 2) await pause()
    await first.close()
    open.splice(open.indexOf(first), 1)
    const before = (await waiting()).length
    while ((await waiting()).length < before + 1) await pause()
    const ids = await waiting()
    expect(new Set(ids).size).to.equal(ids.length)
    // One job for each second, whichever process enqueued it.
    expect(new Set(ids.map(secondOf)).size).to.equal(ids.length)
    // The schedule goes on meanwhile.
    const last = async () => (await second.schedules!())[0]!.lastAt! / 1000
    while (Math.max(...(await waiting()).map(secondOf)) !== (await last())) await pause()
  })
}

function secondOf(id: string): number {
  return Number(id.split('-').at(-1)) / 1000
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
