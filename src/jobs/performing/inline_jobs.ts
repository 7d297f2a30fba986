import type { Job } from '../job.ts'

const inline = new WeakSet<Job>()

/** Notes that a job runs where its errors are the caller's. */
export function noteInline(job: Job): void {
  inline.add(job)
}

/** Whether nothing tries a job again, since its errors are its caller's. */
export function runsInline(job: Job): boolean {
  return inline.has(job)
}
