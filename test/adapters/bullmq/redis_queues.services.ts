import { createRedisBackend } from 'bullmq'
import { behavesLikeBullmq } from './conformance/index.ts'

const { hostname, port } = new URL(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')

describe('BullMQ on Redis', () => {
  behavesLikeBullmq(() => ({ factory: createRedisBackend, connection: { host: hostname, port: Number(port) || 6379 } }))
})
