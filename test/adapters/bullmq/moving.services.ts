import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { EmbeddedBackend, type JobBackend, moveJobs } from '../../../src/jobs/index.ts'
import {
  addFailedParentOfFailed,
  expectFailedParentOfFailed,
  expectFamilies,
  expectNone,
  fillFamilies,
} from '../../jobs/moving/moved_family_jobs.ts'
import { expectFilled, fill, memoryOfMove, moveThroughDeath, yearly } from '../../jobs/moving/moved_jobs.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

describe('moving jobs between the embedded queue and BullMQ', () => {
  describe('over Redis', () => {
    const prefixes: string[] = []
    after(async () => {
      const redis = new Redis(redisUrl)
      for (const prefix of prefixes) {
        const keys = await redis.keys(`${prefix}:*`)
        if (keys.length > 0) await redis.del(...keys)
      }
      await redis.quit()
    })
    movesBothWays(() => {
      prefixes.push(`regauge-test-${randomUUID()}`)
      return bullmqBackend({ connection: redisUrl, prefix: prefixes.at(-1) })
    }, 40)
  })

  describe('over PostgreSQL', () => {
    const database = `regauge_move_${process.pid}`
    before(() => administer(`CREATE DATABASE ${database}`))
    after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))
    const url = new URL(postgresUrl)
    url.pathname = `/${database}`
    movesBothWays(() => bullmqBackend({ connection: url.href, prefix: `test-${randomUUID()}` }), 8)
  })
})

/** @param deaths at how many of its calls a move is interrupted */
function movesBothWays(openServer: () => Promise<JobBackend>, deaths: number): void {
  const directories: string[] = []
  after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))))
  const openEmbedded = async (): Promise<JobBackend> => {
    directories.push(await mkdtemp(join(tmpdir(), 'regauge-move-')))
    return new EmbeddedBackend({ directory: directories.at(-1)! })
  }
  const ways = [
    ['there', openEmbedded, openServer],
    ['back', openServer, openEmbedded],
  ] as const

  it('brings parents back before anybody worked on them, as they were', async () => {
    const [source, between, target] = [await openEmbedded(), await openServer(), await openEmbedded()]
    await fillFamilies(source)
    const [embedded, server, last] = [source, between, target].map((backend, index) => ({
      name: ['embedded', 'bullmq', 'last'][index]!,
      backend,
    }))
    await moveJobs({ from: embedded!, to: server!, memory: memoryOfMove() })
    const { moved } = await moveJobs({ from: server!, to: last!, memory: memoryOfMove() })
    expect(Object.values(moved).reduce((sum, count) => sum + count, 0)).to.equal(12)
    await expectNone(between)
    await expectFamilies(target)
    for (const backend of [source, between, target]) await backend.close()
  })

  it('lets a parent that has failed by itself wait for a failed child that is retried with it', async () => {
    const [source, target] = [await openEmbedded(), await openServer()]
    await addFailedParentOfFailed(source)
    const ends = { from: { name: 'embedded', backend: source }, to: { name: 'bullmq', backend: target } }
    await moveJobs({ ...ends, memory: memoryOfMove() })
    await expectNone(source)
    await expectFailedParentOfFailed(target)
    await source.close()
    await target.close()
  })

  for (const [way, openSource, openTarget] of ways) {
    it(`takes all jobs ${way}`, async () => {
      const [source, target] = [await openSource(), await openTarget()]
      await fill(source, 3)
      const ends = { from: { name: 'embedded', backend: source }, to: { name: 'bullmq', backend: target } }
      const { moved } = await moveJobs({ ...ends, memory: memoryOfMove(), recurring: [yearly] })
      expect(moved).to.deep.equal({ failed: 3, delayed: 3, blocked: 0, prioritized: 3, waiting: 6, 'waiting-children': 0 })
      expect(await source.counts()).to.include({ failed: 0, delayed: 0, prioritized: 0, waiting: 0 })
      expect((await target.schedules!())[0]).to.include({ key: 'yearly', lastAt: 1_767_225_600_000 })
      await expectFilled(target, 3)
      await source.close()
      await target.close()
    })

    it(`loses and doubles none on the way ${way} when it is interrupted and begun again`, async () => {
      for (let calls = 1; calls <= 40; calls += Math.ceil(40 / deaths)) {
        const [source, target] = [await openSource(), await openTarget()]
        await fill(source, 2)
        await moveThroughDeath(source, target, calls, calls % 2 === 0)
        await expectFilled(target, 2)
        await source.close()
        await target.close()
      }
    })

    it(`takes parents with their children ${way}, and what came of those`, async () => {
      const [source, target] = [await openSource(), await openTarget()]
      await fillFamilies(source)
      const ends = { from: { name: 'embedded', backend: source }, to: { name: 'bullmq', backend: target } }
      const { moved, families } = await moveJobs({ ...ends, memory: memoryOfMove() })
      expect(moved).to.deep.equal({ failed: 5, delayed: 2, blocked: 0, prioritized: 1, waiting: 2, 'waiting-children': 2 })
      expect(families).to.equal(undefined)
      await expectNone(source)
      await expectFamilies(target)
      await source.close()
      await target.close()
    })

    it(`takes no family apart on the way ${way} when it is interrupted and begun again`, async () => {
      for (let calls = 1; calls <= 60; calls += Math.ceil(60 / deaths)) {
        const [source, target] = [await openSource(), await openTarget()]
        await fillFamilies(source)
        await moveThroughDeath(source, target, calls, calls % 2 === 0)
        await expectNone(source)
        await expectFamilies(target)
        await source.close()
        await target.close()
      }
    })
  }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
