import type { QueueUnreadable } from '../errors.ts'
import type { EngineJob } from './engine_job.ts'
import type { JobTable } from './job_table.ts'

const jobsPerSlice = 500

/** All jobs that are there now, in small groups between which others may come and go.
 * @param unreadable takes the numbers of those that can't be read back, and why */
export function* jobsInSlices(jobs: JobTable, unreadable: Map<number, QueueUnreadable>): Generator<EngineJob[]> {
  let slice: EngineJob[] = []
  for (const job of jobs.values(unreadable)) {
    slice.push(job)
    if (slice.length < jobsPerSlice) continue
    yield slice
    slice = []
  }
  yield slice
}
