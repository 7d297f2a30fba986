import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importBuilt } from '../measuring/built.ts'
import type { Measurement, Running } from '../measuring/room.ts'
import { closedLoop, secondsOf } from './closed_loop.ts'
import { text } from './payload.ts'

type Jobs = typeof import('../../../src/jobs/index.ts')
type JobIds = typeof import('../../../src/jobs/job_id.ts')
type Logging = typeof import('../../../src/logging/index.ts')

/** A queue of its own, durable. */
export async function openQueue() {
  const directory = await mkdtemp(join(tmpdir(), 'regauge-bench-'))
  const { EmbeddedBackend, ...jobs } = await importBuilt<Jobs>('src/jobs/index.ts')
  const backend = new EmbeddedBackend({ directory })
  const stop = async () => {
    await backend.close()
    await rm(directory, { recursive: true })
  }
  return { jobs, backend, stop }
}

/** Adding to the backend, as the runner's port has it: the same data that `performLater` adds. */
export async function backendEnqueue(inFlight: number): Promise<Running> {
  const { backend, stop } = await openQueue()
  const { newJobId } = await importBuilt<JobIds>('src/jobs/job_id.ts')
  const job_id = newJobId()
  const add = () => backend.add([{ queue: 'default', name: 'Example', data: { job_id, arguments: [42, text] } }])
  return { measure: (seconds) => closedLoop(inFlight, seconds, add), stop }
}

/** `performLater` of a job class. */
export async function jobEnqueue(inFlight: number): Promise<Running> {
  const { backend, jobs, stop } = await openQueue()
  class Example extends jobs.Job {
    perform(_number: number, _text: string) {}
  }
  const enqueue = () => {
    jobs.useJobBackend(backend)
    return Example.performLater(42, text)
  }
  return { measure: (seconds) => closedLoop(inFlight, seconds, enqueue), stop }
}

/** Jobs that do nothing, run by the runner from a journaled queue that was filled before. */
export async function jobProcess(concurrency: number): Promise<Running> {
  const { backend, jobs, stop } = await openQueue()
  const { createLogger } = await importBuilt<Logging>('src/logging/index.ts')
  let done = () => {}
  let left = 0
  class Example extends jobs.Job {
    perform(_number: number, _text: string) {
      if (--left === 0) done()
    }
  }
  const logger = createLogger({ level: 'error' })
  const measure = async (seconds: number): Promise<Measurement> => {
    jobs.useJobBackend(backend)
    const count = Math.ceil(seconds * 100_000)
    for (let added = 0; added < count; added += 1000) {
      await jobs.Job.performAllLater(Array.from({ length: 1000 }, () => new Example(42, text)))
    }
    left = count
    const finished = new Promise<void>((resolve) => (done = resolve))
    const runner = new jobs.JobRunner(backend, { classes: [Example], logger, workers: [{ queues: ['default'], concurrency }] })
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    await runner.start()
    await finished
    const took = (performance.now() - start) / 1000
    const cpuSeconds = secondsOf(process.cpuUsage(cpu))
    await runner.stop()
    return { operations: count, seconds: took, cpuSeconds }
  }
  return { measure, stop }
}
