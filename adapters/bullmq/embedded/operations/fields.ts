import type { QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'

/** Sets the fields that BullMQ hands over with a move. The telemetry of the attempt, `tm`, is kept with the job's options by BullMQ itself. */
export function updateFields(queue: QueueState, job: StoredJob, fields: Readonly<Record<string, unknown>> | undefined): void {
  if (fields === undefined) return
  const { failedReason, stacktrace, progress, delay, priority, data } = fields
  if (failedReason !== undefined) job.failedReason = String(failedReason)
  if (stacktrace !== undefined) job.stacktrace = String(stacktrace)
  if (progress !== undefined) job.progress = String(progress)
  if (delay !== undefined) job.delay = Number(delay)
  if (priority !== undefined) job.priority = Number(priority)
  if (data !== undefined) job.data = String(data)
  queue.touch(job, changed.state | changed.body)
}

/** Replaces the data of a job.
 * @returns a negative code when it doesn't exist */
export function updateData(queue: QueueState, jobId: string, data: string): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  job.data = data
  queue.touch(job, changed.body)
  return 0
}

/** Sets the progress of a job, given as JSON text.
 * @returns a negative code when it doesn't exist */
export function updateProgress(queue: QueueState, jobId: string, progress: string): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  job.progress = progress
  queue.touch(job, changed.state)
  queue.emit('progress', 'jobId', jobId, 'data', progress)
  return 0
}

/** Appends a row to the log of a job, of which the newest `keep` stay.
 * @returns how many there are, or a negative code when the job doesn't exist */
export function addLog(queue: QueueState, jobId: string, row: string, keep: number | undefined): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  if (job.logs.length === 0) job.logs = [row]
  else job.logs.push(row)
  queue.touch(job, changed.logs)
  if (keep) trimLogs(queue, job, keep)
  return job.logs.length
}

/** Forgets the log of a job but for the newest `keep` rows. */
export function trimLogs(queue: QueueState, job: StoredJob, keep: number): void {
  if (job.logs.length <= keep) return
  job.logs = keep === 0 ? [] : job.logs.slice(-keep)
  job.storedLogs = 0
  queue.touch(job, changed.logs)
}
