import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { behavesLikeJobBackend } from '../../jobs/backend_conformance.ts'

const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'

describe('the BullMQ job backend', () => {
  behavesLikeJobBackend(async () => {
    const prefix = `regauge-test-${randomUUID()}`
    const backend = await bullmqBackend({ connection: url, prefix })
    const dispose = async () => {
      await backend.close()
      await removeKeys(prefix)
    }
    return { backend, dispose }
  })
})

async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(url)
  const keys = await redis.keys(`${prefix}:*`)
  if (keys.length > 0) await redis.del(...keys)
  await redis.quit()
}
