import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BackendFactory, createRedisBackend, Queue, type QueueOptions, type RedisQueueBackend, Worker } from 'bullmq'
import { importBuilt } from '../measuring/built.ts'
import type { Measurement, Running } from '../measuring/room.ts'
import { closedLoop, secondsOf } from './closed_loop.ts'
import { text } from './payload.ts'
import { startRedis } from './redis_server.ts'

type Embedded = typeof import('../../../adapters/bullmq/embedded/factory.ts')

const noRedis = 'there is no redis-server on this machine'
const data = { arguments: [42, text] }

/** Where BullMQ's queues are. */
export type Place = 'redis' | 'durable redis' | 'embedded'

/** Adding jobs to a BullMQ queue. */
export async function bullmqEnqueue(inFlight: number, place: Place): Promise<Running | string> {
  const opened = await open(place)
  if (typeof opened === 'string') return opened
  const { queue } = opened
  return { measure: (seconds) => closedLoop(inFlight, seconds, () => queue.add('Example', data)), stop: () => opened.stop() }
}

/** Running jobs that do nothing from a queue that was filled before. */
export async function bullmqProcess(concurrency: number, place: Place): Promise<Running | string> {
  const opened = await open(place)
  if (typeof opened === 'string') return opened
  const { queue, options, factory } = opened
  const measure = async (seconds: number): Promise<Measurement> => {
    const count = Math.ceil(seconds * 8000)
    const entry = { name: 'Example', data, opts: { removeOnComplete: true } }
    for (let added = 0; added < count; added += 1000)
      await queue.addBulk(Array.from({ length: Math.min(1000, count - added) }, () => entry))
    let left = count
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const work = async () => void (--left === 0 && done())
    const worker = new Worker('bench', work, { ...options, concurrency, autorun: false }, factory)
    await worker.waitUntilReady()
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    void worker.run()
    await finished
    const took = (performance.now() - start) / 1000
    const cpuSeconds = secondsOf(process.cpuUsage(cpu))
    await worker.close()
    return { operations: count, seconds: took, cpuSeconds }
  }
  return { measure, stop: () => opened.stop() }
}

async function open(place: Place) {
  const started = place === 'embedded' ? await embedded() : await onRedis(place === 'durable redis')
  if (typeof started === 'string') return started
  const { options, factory } = started
  const queue = new Queue('bench', options, factory)
  const stop = async () => {
    await queue.close()
    await started.stop()
  }
  return { queue, options, factory, stop }
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
