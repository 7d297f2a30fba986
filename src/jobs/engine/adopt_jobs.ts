import type { DelayedJobs } from './delayed_jobs.ts'
import type { EngineJob } from './engine_job.ts'
import { internText } from './intern_text.ts'
import { JobState } from './job_state.ts'
import type { JobTable } from './job_table.ts'
import { namesOf, runAtOf, stateOf } from './put_record.ts'
import type { WaitingQueues } from './waiting_queues.ts'

/** Takes in the jobs that were found on disk, oldest first. Those that sleep go on sleeping, unless their time has come.
 * @param adopt takes in one that is awake */
export function adoptJobs(jobs: JobTable, queues: WaitingQueues, delayed: DelayedJobs, adopt: (job: EngineJob) => void): void {
  const now = Date.now()
  jobs.forEach(adopt, (sequence, bytes, at) => {
    const runAt = runAtOf(bytes, at)
    if (stateOf(bytes, at) === JobState.waiting) queues.pushNumber(internText(bytes, namesOf(bytes, at).queue), sequence)
    else if (runAt > now) delayed.push(runAt, sequence)
    else adopt(jobs.get(sequence)!)
  })
}
