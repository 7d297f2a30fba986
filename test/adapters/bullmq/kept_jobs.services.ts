import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type BullmqBackendOptions, bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { keepsWhatJobsTell } from '../../jobs/conformance/kept_jobs.ts'

describe('what jobs on BullMQ tell', () => {
  describe('over Redis', () => {
    const prefix = `regauge-test-${randomUUID()}`
    after(async () => {
      const redis = new Redis(process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379')
      const keys = await redis.keys(`${prefix}*`)
      if (keys.length > 0) await redis.del(...keys)
      await redis.quit()
    })
    keepsThemAt(() => ({ connection: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379' }), prefix)
  })

  describe('over PostgreSQL', () => {
    const database = `regauge_kept_${process.pid}`
    const server = () => process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
    const administer = async (statement: string) => {
      const client = new pg.Client({ connectionString: server() })
      await client.connect()
      await client.query(statement)
      await client.end()
    }
    before(() => administer(`CREATE DATABASE ${database}`))
    after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))
    const place = () => {
      const url = new URL(server())
      url.pathname = `/${database}`
      return { connection: url.href }
    }
    keepsThemAt(place, 'test')
  })
})

function keepsThemAt(place: () => BullmqBackendOptions, prefix: string): void {
  let number = 0
  keepsWhatJobsTell(async (completed) => {
    const backend = await bullmqBackend({ ...place(), prefix: `${prefix}-${number++}`, timeout: 60_000, completed })
    return { backend, dispose: () => backend.close() }
  })
}
