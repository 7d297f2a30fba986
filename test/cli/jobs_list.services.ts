import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../adapters/bullmq/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const database = `regauge_list_${process.pid}`
const count = 60

/** Jobs of two classes in three queues, some delayed and some with a priority. */
const jobs = Array.from({ length: count }, (_, number) => ({
  queue: ['default', 'mailers', 'low'][number % 3]!,
  name: number % 5 === 0 ? 'Greet' : 'Count',
  data: { job_id: `job-${number}`, number },
  ...(number % 4 === 1 && { runAt: Date.now() + 3_600_000 + number * 1000 }),
  ...(number % 4 === 2 && { priority: number }),
}))
const numbersWhere = (isMeant: (job: (typeof jobs)[number]) => boolean) => jobs.filter(isMeant).map(({ data }) => data.number)

describe('regauge jobs list on BullMQ', () => {
  before(() => administer(`CREATE DATABASE ${database}`))
  after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))
  afterEach(removeFolders)

  for (const [name, connection] of [
    ['Redis', redisUrl],
    ['PostgreSQL', Object.assign(new URL(postgresUrl), { pathname: `/${database}` }).href],
  ] as const) {
    it(`narrows the jobs by queue and class, and passes the first ones over, on ${name}`, async () => {
      const prefix = `regauge-test-${randomUUID()}`
      const root = applicationWith({
        'config/application.ts': `import { configure } from 'regauge'
export default configure((config) => { config.jobs.backend = { bullmq: ${JSON.stringify({ connection, prefix })} } })
`,
      })
      const backend = await bullmqBackend({ connection, prefix })
      await backend.add(jobs)
      await backend.pause!('low')
      await backend.close()
      const listed = async (...words: string[]) => {
        const { stdout, stderr, status } = await regaugeHere(['jobs', 'list', '--root', root, '--json', ...words])
        expect([status, stderr]).to.deep.equal([0, ''])
        return (JSON.parse(stdout) as { data: { number: number } }[]).map(({ data }) => data.number)
      }
      const inPages = async (limit: number, ...words: string[]) => {
        const all: number[] = []
        for (let page: number[] = []; all.length === 0 || page.length > 0; all.push(...page))
          page = await listed(...words, '--limit', String(limit), '--offset', String(all.length))
        return all
      }
      const waiting = numbersWhere(({ data }) => data.number % 4 === 0 || data.number % 4 === 3)
      expect(await inPages(7, 'waiting'))
        .to.have.members(waiting)
        .and.to.deep.equal(await listed('waiting'))
      const delayed = numbersWhere((job) => job.runAt !== undefined)
      expect(await inPages(4, 'delayed')).to.have.members(delayed)
      const prioritized = numbersWhere((job) => job.priority !== undefined)
      expect(await inPages(4, 'prioritized')).to.have.members(prioritized)
      for (const queue of ['default', 'low'])
        expect(await inPages(3, 'waiting', '--queue', queue)).to.deep.equal(waiting.filter((number) => jobs[number]!.queue === queue))
      const greets = numbersWhere((job) => job.name === 'Greet')
      expect(await inPages(5, '--class', 'Greet')).to.have.members(greets)
      const ofBoth = numbersWhere((job) => job.name === 'Greet' && job.queue === 'low')
      expect(await listed('--class', 'Greet', '--queue', 'low')).to.have.members(ofBoth)
      expect(await listed('waiting', '--offset', String(count))).to.deep.equal([])
      if (name === 'Redis') await removeKeys(prefix)
    }).timeout(120_000)
  }
})

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(redisUrl)
  const keys = await redis.keys(`${prefix}:*`)
  if (keys.length > 0) await redis.del(...keys)
  await redis.quit()
}
