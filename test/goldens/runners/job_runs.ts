import { type JobBackend, type NewJob, useJobBackend } from '../../../src/jobs/index.ts'
import { buildJobClass, type JobSpec } from './job_classes.ts'

/** A recorded run: what a job class does over its executions. */
export interface RunCase {
  id: string
  spec: JobSpec
  how: 'now' | 'later'
  rand?: number
  returned: unknown
  initial: unknown[]
  executions: { raised: { class: string; message: string } | null; enqueued: unknown[] }[]
  transcript: string[]
}

const frozen = Date.parse('2026-01-15T12:00:00Z')

/** Makes the clock stand still and chance be known while `work` runs. */
export async function withFixedWorld<T>(random: number | undefined, work: (travelTo: (time: number) => void) => Promise<T>): Promise<T> {
  const { now } = Date
  const { random: chance } = Math
  let time = frozen
  Date.now = () => time
  if (random !== undefined) Math.random = () => random
  try {
    return await work((next) => {
      time = next
    })
  } finally {
    Date.now = now
    Math.random = chance
  }
}

/** Collects what is enqueued. Only `add` is used by enqueueing. */
export function capturingBackend(added: NewJob[]): JobBackend {
  return {
    async add(entries: readonly NewJob[]) {
      added.push(...entries)
      return entries.map((_, index) => String(added.length + index))
    },
  } as unknown as JobBackend
}

/** Performs the recorded executions and answers what they were like here, in the recording's form. */
export function replayRun(recorded: RunCase): Promise<Omit<RunCase, 'spec' | 'id' | 'how'>> {
  return withFixedWorld(recorded.rand, async (travelTo) => {
    const log: string[] = []
    const queue: NewJob[] = []
    useJobBackend(capturingBackend(queue))
    const jobClass = buildJobClass(recorded.spec, log)
    const first = new jobClass()
    const returned = await (recorded.how === 'now' ? first.performNow() : first.enqueue()).then(shownResult, shownError)
    const initial = queue.map(shownEntry)
    const executions: RunCase['executions'] = []
    for (let item = queue.shift(); item !== undefined && executions.length < 8; item = queue.shift()) {
      if (item.runAt !== undefined) travelTo(item.runAt)
      log.push(`-- execution ${executions.length + 1}`)
      const job = jobClass.restore({
        data: JSON.parse(JSON.stringify(item.data)),
        queue: item.queue,
        priority: item.priority ?? 0,
        runAt: item.runAt,
      })
      const reservation = (job.reservation = { retry: undefined as NewJob | undefined })
      const raised = await job.performNow().then(() => null, shownError)
      const enqueued = reservation.retry === undefined ? [] : [reservation.retry]
      executions.push({ raised: raised === null ? null : raised.$error, enqueued: enqueued.map(shownEntry) })
      queue.push(...enqueued)
    }
    return { returned, initial, executions, transcript: log }
  })
}

function shownResult(result: unknown): unknown {
  if (result instanceof Error) return shownError(result)
  return result === undefined ? null : typeof result === 'object' ? 'job' : result
}

function shownError(error: Error): { $error: { class: string; message: string } } {
  return { $error: { class: error.constructor.name, message: error.message } }
}

function shownEntry(entry: NewJob): unknown {
  const wait = entry.runAt === undefined ? {} : { wait: (entry.runAt - Date.now()) / 1000 }
  return {
    via: entry.runAt === undefined ? 'enqueue' : 'enqueue_at',
    ...wait,
    queue: entry.queue,
    priority: entry.priority ?? null,
    executions: entry.data['executions'] ?? 0,
    exception_executions: entry.data['exception_executions'] ?? {},
  }
}
