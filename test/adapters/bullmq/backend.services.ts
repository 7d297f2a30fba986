import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import type { JobBackend } from '../../../src/jobs/index.ts'
import { behavesLikeJobBackend } from '../../jobs/conformance/backend_conformance.ts'
import { behavesLikeConstrainedBackend } from '../../jobs/conformance/backend_constraints.ts'
import { behavesLikeMeasuredBackend } from '../../jobs/conformance/backend_metrics.ts'
import { behavesLikeBackendOfParents } from '../../jobs/conformance/backend_parents.ts'
import { behavesLikeRateLimitedBackend } from '../../jobs/conformance/backend_rates.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

describe('the job backend on BullMQ over Redis', () => {
  const open = async () => {
    const prefix = `regauge-test-${randomUUID()}`
    const backend = await bullmqBackend({ connection: redisUrl, prefix })
    let other: JobBackend | undefined
    const dispose = async () => {
      await other?.close()
      await backend.close()
      await removeKeys(prefix)
    }
    const again = async () => (other = await bullmqBackend({ connection: redisUrl, prefix }))
    return { backend, dispose, again, other: again }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
  behavesLikeRateLimitedBackend(open)
  behavesLikeMeasuredBackend(open)
  behavesLikeBackendOfParents(open)
})

describe('the job backend on BullMQ over PostgreSQL', () => {
  const database = `regauge_jobs_${process.pid}`
  before(() => administer(`CREATE DATABASE ${database}`))
  after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))

  const open = async () => {
    const url = new URL(postgresUrl)
    url.pathname = `/${database}`
    const prefix = `test-${randomUUID()}`
    const backend = await bullmqBackend({ connection: url.href, prefix })
    let other: JobBackend | undefined
    const dispose = async () => {
      await other?.close()
      await backend.close()
    }
    const again = async () => (other = await bullmqBackend({ connection: url.href, prefix }))
    return { backend, dispose, again, other: again }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
  behavesLikeRateLimitedBackend(open)
  behavesLikeMeasuredBackend(open)
  behavesLikeBackendOfParents(open)
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
