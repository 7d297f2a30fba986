import { reporter } from '../../errors/reporter.ts'
import type { Job } from '../job.ts'

/** Reports an error of a job, as Active Job does with `report: true`; and one that nothing handled. */
export function reportOf(job: Job, error: unknown, handled = true): void {
  const context = { job: job.constructor.name, job_id: job.jobId }
  reporter.report(error, { handled, source: 'application.active_job', context })
}
