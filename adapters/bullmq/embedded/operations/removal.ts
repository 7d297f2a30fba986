import type { QueueState } from '../state/queue_state.ts'
import type { StoredJob } from '../state/stored_job.ts'
import { changeChild, type Located } from './parents.ts'

/** How far a removal goes. */
export interface RemovalOptions {
  readonly removeChildren: boolean
  readonly ignoreProcessed: boolean
  readonly ignoreLocked: boolean
}

/** Whether it is the next job of a scheduler. */
export function isSchedulersNext(queue: QueueState, job: StoredJob): boolean {
  const { repeatJobKey } = job
  if (repeatJobKey === undefined) return false
  const scheduler = queue.schedulers.get(repeatJobKey)
  return scheduler !== undefined && job.id === `repeat:${repeatJobKey}:${scheduler.next}`
}

/** Whether a worker has the job, or one of the pending children below it. */
export function isLocked(queue: QueueState, job: StoredJob, withChildren: boolean): boolean {
  if (job.isLocked(queue.store.ticks)) return true
  if (!withChildren || !job.hasChildren) return false
  for (const key of job.children.pending) {
    const child = queue.store.find(key)
    if (child !== undefined && isLocked(child.queue, child.job, true)) return true
  }
  return false
}

/** Takes a job out of its list and forgets it, as cleaning does.
 * @param hard whether a parent of the same queue that is left without pending children goes too, instead of running */
export function dropJob(queue: QueueState, job: StoredJob, hard: boolean, dropDeduplication: boolean): void {
  detachFromParent(queue, job, hard, undefined)
  if (dropDeduplication) releaseDeduplication(queue, job)
  queue.forget(job)
}

/** Frees the deduplication id that a job holds. */
export function releaseDeduplication(queue: QueueState, job: StoredJob): void {
  const id = job.deduplicationId
  if (id === undefined || queue.deduplications.get(id)?.jobId !== job.id) return
  queue.deduplications.delete(id)
  queue.keptBack.delete(id)
  queue.store.deduplicationChanged(queue, id)
}

/** Takes a child off its parent's pending ones. A parent left without any runs.
 * @returns whether it was pending */
export function detachFromParent(queue: QueueState, job: StoredJob, hard: boolean, parentKey: string | undefined): boolean {
  const parent = queue.store.find(parentKey ?? job.parentKey)
  if (parent === undefined || !parent.job.hasChildren) return false
  if (!changeChild(parent, ['d-', queue.keyOf(job.id)])) return false
  if (parent.job.pendingChildren > 0 || parent.job.state !== 'waiting-children') return true
  if (hard && parent.queue === queue) {
    detachFromParent(parent.queue, parent.job, hard, undefined)
    releaseDeduplication(parent.queue, parent.job)
    parent.queue.forget(parent.job)
  } else {
    parent.queue.wait(parent.job, true)
    if (!hard) parent.queue.emit('waiting', 'jobId', parent.job.id, 'prev', 'waiting-children')
  }
  return true
}

/** Removes a job, whatever state it is in, and its children when asked. */
export function removeWithChildren({ queue, job }: Located, parentKey: string | undefined, options: RemovalOptions): void {
  if (options.ignoreLocked && job.isLocked(queue.store.ticks)) return
  if (options.ignoreProcessed && job.state === 'failed') return
  detachFromParent(queue, job, false, parentKey)
  if (options.removeChildren) removeChildren({ queue, job }, options)
  if (job.isRemoved) return
  const previous = job.state ?? 'unknown'
  releaseDeduplication(queue, job)
  queue.forget(job)
  queue.emit('removed', 'jobId', job.id, 'prev', previous)
}

/** Removes the children of a job, the finished ones too unless they are to be kept. */
export function removeChildren({ queue, job }: Located, options: RemovalOptions): void {
  if (!job.hasChildren) return
  const { pending, processed, ignored, failed } = job.children
  const finished = options.ignoreProcessed ? [] : [...processed.keys(), ...ignored.keys(), ...failed.keys()]
  const parentKey = queue.keyOf(job.id)
  for (const key of [...finished, ...pending]) {
    const child = queue.store.find(key)
    if (child !== undefined) removeWithChildren(child, parentKey, options)
  }
}

/** `job.remove()`: -8 for the next job of a scheduler, 0 when a worker has it, else 1. */
export function removeJob(queue: QueueState, jobId: string, removesChildren: boolean): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return 1
  if (isSchedulersNext(queue, job)) return -8
  if (isLocked(queue, job, removesChildren)) return 0
  removeWithChildren({ queue, job }, undefined, { removeChildren: removesChildren, ignoreProcessed: false, ignoreLocked: false })
  return 1
}
