import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importBuilt } from '../measuring/built.ts'
import type { Running } from '../measuring/room.ts'
import { closedLoop } from './closed_loop.ts'
import { text } from './payload.ts'
import type { JobSystem } from './system.ts'

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

/** A job class, and the runner that performs it. */
export async function openJobs(): Promise<JobSystem> {
  const { backend, jobs, stop } = await openQueue()
  const { createLogger } = await importBuilt<Logging>('src/logging/index.ts')
  const logger = createLogger({ level: 'error' })
  let performed = (_number: number): void => {}
  class Example extends jobs.Job {
    perform(number: number, _text: string) {
      performed(number)
    }
  }
  return {
    add(number) {
      jobs.useJobBackend(backend)
      return Example.performLater(number, text)
    },
    addMany(count) {
      jobs.useJobBackend(backend)
      return jobs.Job.performAllLater(Array.from({ length: count }, () => new Example(42, text)))
    },
    async work(concurrency, perform) {
      performed = perform
      const runner = new jobs.JobRunner(backend, { classes: [Example], logger, workers: [{ queues: ['default'], concurrency }] })
      await runner.start()
      return () => runner.stop()
    },
    stop,
  }
}
