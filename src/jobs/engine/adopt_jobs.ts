import { type ConstrainedJobs, isLive } from './limits/constrained_jobs.ts'
import type { CustomIds } from './adding/custom_ids.ts'
import type { DelayedJobs } from './queues/delayed_jobs.ts'
import type { EndedJobs } from './ended_jobs.ts'
import type { EngineJob } from './engine_job.ts'
import type { Families } from './families.ts'
import { internText } from './records/intern_text.ts'
import { JobState } from './job_state.ts'
import type { JobTable } from './job_table.ts'
import type { Notes } from './notes.ts'
import type { EngineLogger } from './options.ts'
import { tellInterrupted } from './process_deaths.ts'
import { namesOf, runAtOf, stateOf } from './records/put_record.ts'
import type { QueueControls, QueueLimit } from './queues/queue_controls.ts'
import type { WaitingQueues } from './queues/waiting_queues.ts'

/** What the jobs that were found on disk become a part of. */
export interface Adoption {
  readonly jobs: JobTable
  readonly queues: WaitingQueues
  readonly delayed: DelayedJobs
  readonly notes: Notes
  readonly customIds: CustomIds
  readonly constrained: ConstrainedJobs
  readonly families: Families
  readonly ended: EndedJobs
  readonly controls: QueueControls
  readonly limits: Readonly<Record<string, QueueLimit>>
  readonly logger: EngineLogger
  place(job: EngineJob): void
  /** Its process died while it was active. */
  died(job: EngineJob): void
}

/** Takes in the jobs that were found on disk, oldest first, and what was noted of their queues and limits. Those that sleep go on sleeping, unless their time has come. */
export function adoptJobs(adoption: Adoption): void {
  const { jobs, queues, delayed, notes, constrained, families, ended, controls, limits } = adoption
  const now = Date.now()
  const interrupted: EngineJob[] = []
  const died = (job: EngineJob): void => {
    interrupted.push(job)
    adoption.died(job)
  }
  const taking = { ...adoption, died }
  for (const job of jobs.awake()) families.enter(job)
  jobs.forEach(
    (job) => void adopt(taking, job),
    (sequence, bytes, at) => {
      const runAt = runAtOf(bytes, at)
      const queue = internText(bytes, namesOf(bytes, at).queue)
      if (stateOf(bytes, at) === JobState.waiting) queues.pushNumber(queue, sequence)
      else if (runAt > now) delayed.push(runAt, sequence, queue)
      else adopt(taking, jobs.get(sequence)!)
    },
  )
  // Children whose parent was done when the process died.
  ended.settle(now)
  controls.restore()
  constrained.restoreRates(notes)
  controls.limit(limits)
  tellInterrupted(interrupted, adoption.logger)
}

function adopt({ notes, customIds, constrained, families, ended, place, died }: Adoption, job: EngineJob): void {
  if (job.state === JobState.note) {
    notes.adopt(job)
    return
  }
  customIds.set(job)
  if (job.constraints !== undefined && isLive(job)) constrained.enter(job, job.createdAt)
  if (job.state === JobState.completed || job.state === JobState.failed) ended.in(job.state).add(job, families.keeps(job))
  else if (job.state === JobState.active) died(job)
  else place(job)
}
