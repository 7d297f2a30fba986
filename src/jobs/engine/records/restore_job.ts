import type { StoredConstraints } from '../limits/constraints.ts'
import { EngineJob, type JobDetails } from '../engine_job.ts'
import { internText } from './intern_text.ts'
import type { JobStateCode } from '../job_state.ts'
import { fieldsOf, namesOf, rareTextsOf } from './put_record.ts'

/** Makes a job of its record.
 * @param at where the record begins among the bytes */
export function restoreJob(bytes: Buffer, at: number): EngineJob {
  const { sequence, priority, runAt, state, recoveries, attempts } = fieldsOf(bytes, at)
  const { queue, name } = namesOf(bytes, at)
  const job = new EngineJob(sequence, internText(bytes, name), internText(bytes, queue), priority, runAt)
  job.state = state as JobStateCode
  job.attempts = attempts
  if (recoveries > 0) job.recoveries = recoveries
  const rare = rareTextsOf(bytes, at)
  if (rare?.details !== undefined) job.details = JSON.parse(rare.details) as JobDetails
  if (rare?.options !== undefined) job.constraints = JSON.parse(rare.options) as StoredConstraints
  job.bytes = bytes
  job.at = at
  return job
}
