import type { QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'

/** Gives back a lock.
 * @returns 0, or a negative code: -2 when there is none, -6 when another worker has it. The token '0' needs none. */
export function removeLock(queue: QueueState, job: StoredJob, token: string): number {
  if (token === '0') return 0
  if (!job.isLocked(queue.store.ticks)) return -2
  if (job.lockToken !== token) return -6
  job.unlock()
  queue.stalling.delete(job)
  return 0
}

/** Keeps a lock for `duration` more milliseconds.
 * @returns whether it was held */
export function extendLock(queue: QueueState, jobId: string, token: string, duration: number): boolean {
  const job = queue.jobs.get(jobId)
  if (job === undefined || !job.isLocked(queue.store.ticks) || job.lockToken !== token) return false
  job.lockedUntil = queue.store.ticks + duration
  queue.stalling.delete(job)
  return true
}

/** Locks jobs again for who works on them: the owner of the queue that knew of the locks is gone. */
export function keepLocks(queue: QueueState, locks: readonly (readonly [jobId: string, token: string])[], duration = 30_000): void {
  const { ticks } = queue.store
  for (const [jobId, token] of locks) {
    const job = queue.jobs.get(jobId)
    if (job?.state !== 'active' || job.isLocked(ticks)) continue
    job.lockToken = token
    job.lockedUntil = ticks + duration
    queue.stalling.delete(job)
  }
}

/** Gives the active jobs back that had no lock at this look and the one before: their worker is gone.
 *
 * @param maxStalledCount how often that may happen to a job before it fails
 * @param interval milliseconds between two looks, of all workers together
 * @returns their ids
 */
export function recoverStalled(queue: QueueState, maxStalledCount: number, interval: number): string[] {
  const { ticks } = queue.store
  if (queue.nextStalledCheck > ticks) return []
  queue.nextStalledCheck = ticks + interval
  const stalled: string[] = []
  for (const job of queue.stalling) {
    if (job.state !== 'active' || job.isLocked(ticks)) continue
    job.stalledCounter++
    const isScheduled = job.repeatJobKey !== undefined && queue.schedulers.has(job.repeatJobKey)
    if (job.stalledCounter > maxStalledCount && !isScheduled) job.deferredFailure = 'job stalled more than allowable limit'
    queue.touch(job, changed.state)
    queue.wait(job, true)
    queue.emit('waiting', 'jobId', job.id, 'prev', 'active')
    queue.emit('stalled', 'jobId', job.id)
    stalled.push(job.id)
  }
  queue.stalling = new Set(queue.lists.active)
  return stalled
}
