import { Job, type NewJob, useJobBackend } from '../../../src/jobs/index.ts'
import { capturingBackend, withFixedWorld } from './job_runs.ts'

/** A recorded job of three steps, and where it was interrupted. */
export interface ContinuableCase {
  id: string
  kind: 'continuable'
  /** In words: from which check of which execution on the adapter says that it stops; `never`, or `true from the 3rd check of the 1st execution`. */
  stopping: string
  payloads: Record<string, unknown>[]
  transcript: string[]
}

/** Performs the recorded job and answers what is left in the queue after each run, and what it did. */
export function replayContinuation(recorded: ContinuableCase): Promise<{ payloads: unknown[]; transcript: string[] }> {
  return withFixedWorld(0, async (travelTo) => {
    const transcript: string[] = []
    const queue: NewJob[] = []
    const payloads: unknown[] = []
    useJobBackend(capturingBackend(queue))
    class StepJob extends Job {
      async perform(_argument: number) {
        await this.step('one', () => transcript.push('one'))
        await this.step<number>(
          'two',
          (step) => {
            while (step.cursor < 4) {
              transcript.push(`two ${step.cursor}`)
              step.advance()
            }
          },
          { start: 0 },
        )
        await this.step('three', (step) => {
          transcript.push(`three ${step.cursor ?? 'nil'}`)
          step.set('k')
          transcript.push(`cursor ${step.cursor}`)
        })
      }
    }
    const [, check, stopped] = /from the (\d+)\w+ check of the (\d+)/.exec(recorded.stopping) ?? []
    await new StepJob(7).enqueue()
    for (let execution = 1, item = queue.shift(); item !== undefined && execution < 9; item = queue.shift(), execution++) {
      payloads.push(shown(item))
      if (item.runAt !== undefined) travelTo(item.runAt)
      transcript.push(`-- execution ${execution}`)
      const job = StepJob.restore({ data: JSON.parse(JSON.stringify(item.data)), queue: item.queue, priority: 0, runAt: item.runAt })
      let checks = 0
      const run = {
        get isStopping() {
          return execution === Number(stopped) && ++checks >= Number(check)
        },
        save() {},
      }
      const reservation = (job.reservation = { retry: undefined as NewJob | undefined, run })
      await job.performNow()
      if (reservation.retry !== undefined) queue.push(reservation.retry)
    }
    return { payloads, transcript }
  })
}

function shown({ name, queue, data, runAt }: NewJob): unknown {
  return {
    job_class: name,
    queue_name: queue,
    arguments: data['arguments'],
    executions: data['executions'] ?? 0,
    exception_executions: data['exception_executions'] ?? {},
    scheduled_at: runAt === undefined ? null : new Date(runAt).toISOString().replace('Z', '000000Z'),
    continuation: data['continuation'] ?? { completed: [] },
    resumptions: data['resumptions'] ?? 0,
  }
}

/** The parts of a recorded payload that ours has, too. */
export function comparableContinuation(recorded: Record<string, unknown>): unknown {
  const job = (recorded['job'] ?? recorded) as Record<string, unknown>
  const { job_class, queue_name, arguments: args, executions, exception_executions, scheduled_at, continuation, resumptions } = job
  return { job_class, queue_name, arguments: args, executions, exception_executions, scheduled_at, continuation, resumptions }
}
