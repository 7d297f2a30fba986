import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BackendFactory, createRedisBackend, Queue, type QueueOptions, type RedisQueueBackend, Worker } from 'bullmq'
import { importBuilt } from '../measuring/built.ts'
import { text } from './payload.ts'
import { startRedis } from './redis_server.ts'
import type { JobSystem } from './system.ts'

type Embedded = typeof import('../../../adapters/bullmq/embedded/factory.ts')

const noRedis = 'there is no redis-server on this machine'
const opts = { removeOnComplete: true }

/** Where BullMQ's queues are. */
export type Place = 'redis' | 'durable redis' | 'embedded'

/** BullMQ's own classes. */
export async function openBullmq(place: Place): Promise<JobSystem | string> {
  const started = place === 'embedded' ? await embedded() : await onRedis(place === 'durable redis')
  if (typeof started === 'string') return started
  const { options, factory } = started
  const queue = new Queue('bench', options, factory)
  const dataOf = (number: number) => ({ arguments: [number, text] })
  return {
    add: (number) => queue.add('Example', dataOf(number), opts),
    addMany: (count) => queue.addBulk(Array.from({ length: count }, () => ({ name: 'Example', data: dataOf(42), opts }))),
    async work(concurrency, perform) {
      const work = async ({ data }: { data: ReturnType<typeof dataOf> }) => perform(data.arguments[0] as number)
      const worker = new Worker('bench', work, { ...options, concurrency, autorun: false }, factory)
      await worker.waitUntilReady()
      void worker.run()
      return () => worker.close()
    },
    async stop() {
      await queue.close()
      await started.stop()
    },
  }
}

async function onRedis(isDurable: boolean) {
  const redis = await startRedis(isDurable)
  if (redis === undefined) return noRedis
  return { options: { connection: { host: '127.0.0.1', port: redis.port } }, factory: createRedisBackend, stop: () => redis.stop() }
}

async function embedded() {
  const directory = await mkdtemp(join(tmpdir(), 'regauge-bench-'))
  const { createEmbeddedBackend } = await importBuilt<Embedded>('adapters/bullmq/embedded/factory.ts')
  const options = { connection: { directory } } as QueueOptions
  const factory = createEmbeddedBackend as unknown as BackendFactory<RedisQueueBackend>
  return { options, factory, stop: () => rm(directory, { recursive: true }) }
}
