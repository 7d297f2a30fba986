import { Queue, Worker } from 'bullmq'
import type { Measurement, Running } from '../measuring/room.ts'
import { closedLoop, secondsOf } from './closed_loop.ts'
import { text } from './payload.ts'
import { startRedis } from './redis_server.ts'

const noRedis = 'there is no redis-server on this machine'
const data = { arguments: [42, text] }

/** Adding jobs to a BullMQ queue. */
export async function bullmqEnqueue(inFlight: number, isDurable: boolean): Promise<Running | string> {
  const redis = await startRedis(isDurable)
  if (redis === undefined) return noRedis
  const queue = new Queue('bench', { connection: { host: '127.0.0.1', port: redis.port } })
  const stop = async () => {
    await queue.close()
    await redis.stop()
  }
  return { measure: (seconds) => closedLoop(inFlight, seconds, () => queue.add('Example', data)), stop }
}

/** Running jobs that do nothing from a queue that was filled before. */
export async function bullmqProcess(concurrency: number): Promise<Running | string> {
  const redis = await startRedis(false)
  if (redis === undefined) return noRedis
  const connection = { host: '127.0.0.1', port: redis.port }
  const queue = new Queue('bench', { connection })
  const measure = async (seconds: number): Promise<Measurement> => {
    const count = Math.ceil(seconds * 8000)
    const entry = { name: 'Example', data, opts: { removeOnComplete: true } }
    for (let added = 0; added < count; added += 1000)
      await queue.addBulk(Array.from({ length: Math.min(1000, count - added) }, () => entry))
    let left = count
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = new Worker('bench', async () => void (--left === 0 && done()), { connection, concurrency, autorun: false })
    await worker.waitUntilReady()
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    void worker.run()
    await finished
    const took = (performance.now() - start) / 1000
    const cpuSeconds = secondsOf(process.cpuUsage(cpu))
    await worker.close()
    return { operations: count, seconds: took, cpuSeconds }
  }
  const stop = async () => {
    await queue.close()
    await redis.stop()
  }
  return { measure, stop }
}
