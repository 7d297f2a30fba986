import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../adapters/bullmq/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { fill } from '../jobs/moving/moved_jobs.ts'
import { regauge } from './command.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const count = 20

describe('regauge jobs:move --dry-run', function () {
  this.timeout(120_000)
  const database = `regauge_dry_run_${process.pid}`
  const place = new URL(postgresUrl)
  place.pathname = `/${database}`
  let root: string
  let prefix: string

  beforeEach(async () => {
    root = applicationWith({})
    prefix = `regauge-test-${randomUUID()}`
    await query(postgresUrl, `CREATE DATABASE ${database}`)
  })
  afterEach(async () => {
    removeFolders()
    await query(postgresUrl, `DROP DATABASE ${database} WITH (FORCE)`)
    const redis = new Redis(redisUrl)
    const keys = await redis.keys(`${prefix}:*`)
    if (keys.length > 0) await redis.del(...keys)
    await redis.quit()
  })

  async function planned(from: string, to: string, connection: string): Promise<Record<string, unknown>> {
    const words = ['jobs:move', '--root', root, '--json', '--from', from, '--to', to, '--connection', connection, '--prefix', prefix]
    const { stdout, stderr, status } = await regauge([...words, '--dry-run'])
    expect([status, stderr]).to.deep.equal([0, ''])
    expect(existsSync(join(root, 'storage'))).to.equal(false)
    return JSON.parse(stdout) as Record<string, unknown>
  }

  /** All relations of the database but PostgreSQL's own, and all that they have. */
  async function contentOfPostgres(): Promise<unknown> {
    const tables = await query(
      place.href,
      "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2",
    )
    const schemas = await query(place.href, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")
    const contents = await Promise.all(
      tables.map(({ schemaname, tablename }) =>
        query(place.href, `SELECT row_to_json(one)::text AS row FROM "${schemaname}"."${tablename}" AS one ORDER BY 1`),
      ),
    )
    return { schemas, tables, contents }
  }

  /** All keys below the prefix, and all that they have. */
  async function contentOfRedis(): Promise<unknown> {
    const redis = new Redis(redisUrl)
    const keys = (await redis.keys(`${prefix}:*`)).sort()
    const contents = await Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key))?.toString('base64')]))
    await redis.quit()
    return contents
  }

  for (const [from, to] of [
    ['bullmq', 'embedded'],
    ['embedded', 'bullmq'],
  ] as const) {
    it(`makes no tables of BullMQ's when it plans from ${from} to ${to}, and no queue of this machine`, async () => {
      const before = await contentOfPostgres()
      expect(before).to.deep.include({ tables: [] })
      expect(await planned(from, to, place.href)).to.deep.include({ dryRun: true, schedules: 0, running: 0 })
      expect(await contentOfPostgres()).to.deep.equal(before)
    })
  }

  it('says in a sentence that PostgreSQL is not there, or refuses', async () => {
    const elsewhere = new URL(place)
    elsewhere.pathname = `/${database}_missing`
    for (const [connection, reason] of [
      [elsewhere.href, `database "${database}_missing" does not exist`],
      ['postgresql://127.0.0.1:1/x', 'connect ECONNREFUSED 127.0.0.1:1'],
    ] as const) {
      const words = ['jobs:move', '--root', root, '--from', 'bullmq', '--to', 'embedded', '--connection', connection, '--dry-run']
      const { stdout, stderr, status } = await regauge(words)
      expect([status, stdout]).to.deep.equal([1, ''])
      expect(stderr).to.include(`BullMQ's tables can't be looked at in PostgreSQL: ${reason}\n`).and.not.include('    at ')
    }
  })

  for (const [name, connection, content] of [
    ['PostgreSQL', place.href, contentOfPostgres],
    ['Redis', redisUrl, contentOfRedis],
  ] as const) {
    it(`counts the jobs on ${name}, and leaves all of it as it is`, async () => {
      const backend = await bullmqBackend({ connection, prefix })
      await fill(backend, count)
      const job = (name: string) => ({ queue: 'families', name, data: {} })
      await backend.add([{ ...job('Sum'), constraints: { children: { jobs: [job('Row'), job('Row')], onFailure: 'wait' } } }])
      await backend.close()
      const before = await content()
      const { moved, running } = await planned('bullmq', 'embedded', connection)
      expect(moved).to.include({ failed: count, delayed: count, 'waiting-children': 1 })
      expect(running).to.equal(0)
      expect(await content()).to.deep.equal(before)
    })
  }
})

async function query(connectionString: string, statement: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, string>>(statement)).rows
  } finally {
    await client.end()
  }
}
