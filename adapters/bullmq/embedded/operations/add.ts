import type { JobJson, ParentKeyOpts } from 'bullmq'
import type { Candidate, QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'
import { deduplicate, hold } from './deduplication.ts'
import { changeChild, type Located, releaseParentWithoutPending } from './parents.ts'

/** A job of a flow, with the queue it goes to. */
export interface FlowEntry {
  readonly queue: QueueState
  readonly json: JobJson
  readonly jobId: string
  readonly parentKeyOpts: ParentKeyOpts
}

/** Adds a job in the state its options ask for.
 * @returns its id, or that of the job that stands for it; a negative code when it can't be added */
export function addJob(queue: QueueState, json: JobJson, jobId: string | undefined, options: ParentKeyOpts = {}): string | number {
  const { store } = queue
  const parent = store.find(json.parentKey)
  if (json.parentKey !== undefined && parent === undefined) return -5
  const counted = queue.nextId()
  const id = jobId === undefined || jobId === '' ? counted : jobId
  const existing = queue.jobs.get(id)
  if (existing !== undefined && id === jobId) return attachExisting(queue, existing, json, parent, options)
  const isParent = options.addToWaitingChildren === true
  const parentDependenciesKey = options.parentDependenciesKey || undefined
  const deduplicatedId = deduplicate(queue, { json, id, parentDependenciesKey }, !isParent)
  if (deduplicatedId !== undefined) return deduplicatedId
  const job = queue.insert(id, json)
  if (isParent) {
    queue.place(job, 'waiting-children', json.timestamp)
    queue.emit('waiting-children', 'jobId', id)
  } else enqueue(queue, job, json)
  addToParent(queue, job, parentDependenciesKey)
  return id
}

/** Adds the jobs of a flow, parents before children, and then lets those parents run whose children were all finished already. */
export function addFlow(entries: readonly FlowEntry[]): [null, string | number][] {
  const parents = new Set<string>()
  const results = entries.map(({ queue, json, jobId, parentKeyOpts }): [null, string | number] => {
    if (json.parent !== undefined && parentKeyOpts.parentKey !== undefined) parents.add(parentKeyOpts.parentKey)
    return [null, addJob(queue, json, jobId, { ...parentKeyOpts, deferParentRelease: true })]
  })
  for (const key of parents) {
    const parent = entries[0]?.queue.store.find(key)
    if (parent === undefined) continue
    if (!parent.job.flowAttachmentFailed) releaseParentWithoutPending(parent)
    parent.job.flowAttachmentFailed = false
  }
  return results
}

/** Adds the job that was kept back until the one with its deduplication id was finished. */
export function addKeptBack(queue: QueueState, kept: Candidate): void {
  queue.nextId()
  const options = kept.json.opts.deduplication
  if (options !== undefined) hold(queue, options, kept.id)
  const json = { ...kept.json, timestamp: queue.store.now }
  const job = queue.insert(kept.id, json)
  enqueue(queue, job, json)
  addToParent(queue, job, kept.parentDependenciesKey)
}

/** Puts a new job into the list its options name. */
export function enqueue(queue: QueueState, job: StoredJob, { opts, timestamp }: Pick<JobJson, 'opts' | 'timestamp'>): void {
  if (job.delay > 0) {
    queue.delay(job, job.delay, timestamp)
    return
  }
  if (job.priority > 0) queue.prioritize(job)
  else queue.wait(job, opts.lifo === true)
  queue.emit('waiting', 'jobId', job.id)
}

function addToParent(queue: QueueState, job: StoredJob, parentDependenciesKey: string | undefined): void {
  const parent = queue.store.find(parentDependenciesKey?.slice(0, -':dependencies'.length))
  if (parent !== undefined) changeChild(parent, ['d', queue.keyOf(job.id)])
}

/** A job with this id exists: it is left as it is, and becomes a child of the parent that the new one names. */
function attachExisting(
  queue: QueueState,
  existing: StoredJob,
  json: JobJson,
  parent: Located | undefined,
  options: ParentKeyOpts,
): string | number {
  const { parentKey } = existing
  const isTaken = parentKey !== undefined && parentKey !== json.parentKey && queue.store.find(parentKey) !== undefined
  if (isTaken && parent !== undefined) {
    if (options.deferParentRelease) parent.job.flowAttachmentFailed = true
    return -7
  }
  if (!isTaken && parent !== undefined) {
    const key = queue.keyOf(existing.id)
    if (existing.state === 'completed') {
      changeChild(parent, ['p', key, existing.returnValue ?? 'null'])
      if (!options.deferParentRelease) releaseParentWithoutPending(parent)
    } else if (options.parentDependenciesKey) changeChild(parent, ['d', key])
    existing.parentKey = json.parentKey
    existing.parent = json.parent
    queue.touch(existing, changed.body)
  }
  queue.emit('duplicated', 'jobId', existing.id)
  return existing.id
}
