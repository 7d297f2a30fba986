import { classesText } from '../classes_text.ts'
import type { EngineJob, JobDetails } from './engine_job.ts'
import { JobState } from './job_state.ts'
import type { EngineLogger } from './options.ts'

/** So many deaths are no chance any more. */
const suspect = 2
const firstPause = 100
const longestPause = 5000

/** When a job may run again whose process died so often while it ran, 0 for at once: later and later, and by chance, so that jobs which only ran
 * beside the one that is to blame have time to end.
 */
export function timeAfterDeaths(deaths: number): number {
  return deaths < suspect ? 0 : Date.now() + Math.min(longestPause, firstPause * 2 ** (deaths - 1)) * (0.5 + Math.random() / 2)
}

/** Sets a job aside for a moment while another one runs whose process died again and again, too: of these one runs at a time, so that the one to
 * blame is told from those that ran beside it.
 */
export function isSetAside(job: EngineJob, active: ReadonlySet<EngineJob>): boolean {
  if (job.recoveries < suspect) return false
  for (const { recoveries } of active) if (recoveries >= suspect) return (job.runAt = timeAfterDeaths(suspect)) > 0
  return false
}

/** Why a job is given up whose process died too often, which is logged. */
export function deathBy({ id, name, recoveries }: EngineJob, logger: EngineLogger): NonNullable<JobDetails['error']> {
  const message = `The process died ${recoveries} ${recoveries === 1 ? 'time' : 'times'} while it ran.`
  logger.error(`${message} It is kept among the failed jobs`, { job: name, job_id: id })
  return { name: 'ProcessDied', message }
}

/** Says which jobs ran when the process before ended and are run again; those that are given up are logged by themselves. */
export function tellInterrupted(jobs: readonly EngineJob[], logger: EngineLogger): void {
  const again = jobs.filter(({ state }) => state !== JobState.failed)
  if (again.length === 0) return
  const classes = classesText(again.map(({ name }) => name))
  logger.info(`Jobs that ran when the process before ended are run again: ${classes}`, { interrupted: again.length })
}
