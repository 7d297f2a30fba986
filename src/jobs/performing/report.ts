import { reporter } from '../../errors/reporter.ts'

/** Which job it is about: the job, or what is known of one that couldn't be made. */
interface ReportedJob {
  readonly constructor: { readonly name: string }
  readonly jobId: unknown
}

/** Reports an error of a job, as Active Job does with `report: true`; and one that nothing handled. */
export function reportOf(job: ReportedJob, error: unknown, handled = true): void {
  const context = { job: job.constructor.name, job_id: job.jobId }
  reporter.report(error, { handled, source: 'application.active_job', context })
}
