import type { DeduplicationOptions } from 'bullmq'
import type { Candidate, Deduplication, QueueState } from '../state/queue_state.ts'

/** Who holds a deduplication id now. */
export function heldDeduplication(queue: QueueState, id: string): Deduplication | undefined {
  const held = queue.deduplications.get(id)
  if (held === undefined || held.expiresAt === undefined || held.expiresAt > queue.store.now) return held
  queue.deduplications.delete(id)
  queue.store.deduplicationChanged(queue, id)
  return undefined
}

/** Decides whether a job may be added under its deduplication id.
 * @param mayReplace whether the options `replace` and `reschedule` count; they don't for parents of a flow
 * @returns the id of the job that stands for it; undefined when it is to be added */
export function deduplicate(queue: QueueState, candidate: Candidate, mayReplace: boolean): string | undefined {
  const options = candidate.json.opts.deduplication
  if (options?.id === undefined || options.id === '') return undefined
  const held = heldDeduplication(queue, options.id)
  if (held === undefined) {
    hold(queue, options, candidate.id)
    return undefined
  }
  if (mayReplace && options.replace) return replace(queue, candidate, options, held)
  if (takeFromMissing(queue, candidate, options, held)) return undefined
  if (keepBack(queue, candidate, options, held)) return held.jobId
  if (options.extend && (options.ttl ?? 0) > 0) hold(queue, options, held.jobId)
  emitDeduplicated(queue, held.jobId, options.id, candidate.id)
  const current = queue.jobs.get(held.jobId)
  if (mayReplace && options.reschedule && current?.state === 'delayed') {
    current.delay = Number(candidate.json.opts.delay ?? 0) || 0
    queue.delay(current, current.delay, candidate.json.timestamp)
  }
  return held.jobId
}

/** Gives the id to a job: for its `ttl`, or until it is finished. */
export function hold(queue: QueueState, { id, ttl, keepLastIfActive }: DeduplicationOptions, jobId: string): void {
  const expiresAt = !keepLastIfActive && ttl !== undefined && ttl > 0 ? queue.store.now + ttl : undefined
  queue.setDeduplication(id, { jobId, expiresAt })
}

/** A job is finished: an id without an end that it holds is free again.
 * @returns the job that was kept back until then */
export function releaseWhenFinished(queue: QueueState, id: string, jobId: string): Candidate | undefined {
  const held = heldDeduplication(queue, id)
  if (held !== undefined && held.expiresAt === undefined && held.jobId === jobId) queue.deduplications.delete(id)
  const kept = queue.keptBack.get(id)
  queue.keptBack.delete(id)
  queue.store.deduplicationChanged(queue, id)
  return kept
}

/** Frees an id, when `jobId` holds it or no job is named.
 * @returns how many were freed */
export function freeDeduplication(queue: QueueState, id: string, jobId?: string): number {
  const held = heldDeduplication(queue, id)
  if (held === undefined || (jobId !== undefined && held.jobId !== jobId)) return 0
  queue.deduplications.delete(id)
  queue.store.deduplicationChanged(queue, id)
  return 1
}

/** A delayed job gives way to the new one; any other stays. */
function replace(queue: QueueState, candidate: Candidate, options: DeduplicationOptions, held: Deduplication): string | undefined {
  const current = queue.jobs.get(held.jobId)
  if (current?.state === 'delayed') {
    queue.forget(current)
    queue.emit('removed', 'jobId', current.id, 'prev', 'delayed')
    emitDeduplicated(queue, candidate.id, options.id, current.id)
    queue.keptBack.delete(options.id)
    const keepsEnd = !options.keepLastIfActive && !options.extend && (options.ttl ?? 0) > 0
    hold(queue, options, candidate.id)
    if (keepsEnd) queue.setDeduplication(options.id, { jobId: candidate.id, expiresAt: held.expiresAt })
    return undefined
  }
  if (takeFromMissing(queue, candidate, options, held)) return undefined
  keepBack(queue, candidate, options, held)
  return held.jobId
}

/** A holder that was removed without giving its id back doesn't keep it. */
function takeFromMissing(queue: QueueState, candidate: Candidate, options: DeduplicationOptions, held: Deduplication): boolean {
  if (held.expiresAt !== undefined || queue.jobs.has(held.jobId)) return false
  queue.keptBack.delete(options.id)
  hold(queue, options, candidate.id)
  return true
}

/** keepLastIfActive: the newest of the jobs that came while one runs follows it. */
function keepBack(queue: QueueState, candidate: Candidate, options: DeduplicationOptions, held: Deduplication): boolean {
  if (!options.keepLastIfActive || queue.jobs.get(held.jobId)?.state !== 'active') return false
  queue.keptBack.set(options.id, candidate)
  queue.setDeduplication(options.id, { jobId: held.jobId, expiresAt: undefined })
  emitDeduplicated(queue, held.jobId, options.id, candidate.id)
  return true
}

function emitDeduplicated(queue: QueueState, jobId: string, deduplicationId: string, deduplicatedJobId: string): void {
  queue.emit('deduplicated', 'jobId', jobId, 'deduplicationId', deduplicationId, 'deduplicatedJobId', deduplicatedJobId)
}
