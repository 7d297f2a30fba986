import type { EngineJob } from './engine_job.ts'
import type { JobTable } from './job_table.ts'

const jobsPerSlice = 500

/** All jobs that are there now, in small groups between which others may come and go. */
export function* jobsInSlices(jobs: JobTable): Generator<EngineJob[]> {
  let slice: EngineJob[] = []
  for (const job of jobs.values()) {
    slice.push(job)
    if (slice.length < jobsPerSlice) continue
    yield slice
    slice = []
  }
  yield slice
}
