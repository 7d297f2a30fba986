import type { EngineJob } from './engine_job.ts'

const jobsPerSlice = 500

/** All jobs that are there now, in small groups between which others may come and go: those that come are left out. */
export function* jobsInSlices(jobs: ReadonlyMap<number, EngineJob>): Generator<EngineJob[]> {
  let left = jobs.size
  let slice: EngineJob[] = []
  for (const job of jobs.values()) {
    if (left-- === 0) break
    slice.push(job)
    if (slice.length < jobsPerSlice) continue
    yield slice
    slice = []
  }
  yield slice
}
