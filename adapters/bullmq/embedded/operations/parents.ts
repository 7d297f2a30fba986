import type { QueueState } from '../state/queue_state.ts'
import type { Store } from '../state/store.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'
import type { ChildChange } from '../state/children.ts'

/** A job and the queue it is in. */
export interface Located {
  readonly queue: QueueState
  readonly job: StoredJob
}

/** Changes what a parent knows of one of its children.
 * @returns whether it changed anything */
export function changeChild({ queue, job }: Located, change: ChildChange): boolean {
  const isChanged = job.children.apply(change)
  if (isChanged) queue.touch(job, changed.children)
  return isChanged
}

/** The parent that a job's attributes name, when it still exists. */
export function parentOf(store: Store, job: StoredJob): Located | undefined {
  if (job.parent?.id !== undefined) {
    const queue = store.queues.get(job.parent.queueKey)
    const parent = queue?.jobs.get(job.parent.id)
    return queue !== undefined && parent !== undefined ? { queue, job: parent } : undefined
  }
  return store.find(job.parentKey)
}

/** Lets a parent run that waits for children. */
export function releaseParent({ queue, job }: Located): void {
  if (job.state === 'waiting-children') moveParentToWait({ queue, job })
}

/** Lets a parent run when no child is pending any more. */
export function releaseParentWithoutPending(parent: Located): void {
  if (parent.job.pendingChildren === 0) releaseParent(parent)
}

/** A child has completed. */
export function completeChild(store: Store, child: StoredJob, childKey: string, returnValue: string): void {
  const parent = parentOf(store, child)
  if (parent === undefined || !changeChild(parent, ['d-', childKey])) return
  changeChild(parent, ['p', childKey, returnValue])
  releaseParentWithoutPending(parent)
}

/** A child has failed: its options say what this means to the parent. */
export function failChild(store: Store, child: StoredJob, childKey: string, failedReason: string): void {
  const terms = child.parent
  if (terms === undefined || !(terms.fpof || terms.cpof || terms.idof || terms.rdof)) return
  const parent = parentOf(store, child)
  if (parent === undefined || !changeChild(parent, ['d-', childKey])) return
  if (terms.fpof) {
    changeChild(parent, ['f', childKey, store.now])
    failParent(parent, childKey)
  } else if (terms.cpof) {
    changeChild(parent, ['i', childKey, failedReason])
    releaseParent(parent)
  } else {
    if (terms.idof) changeChild(parent, ['i', childKey, failedReason])
    releaseParentWithoutPending(parent)
  }
}

/** A finished child runs again. */
export function reopenChild(store: Store, child: StoredJob, childKey: string, previous: 'completed' | 'failed'): void {
  const parent = store.find(child.parentKey)
  if (parent === undefined || !parent.job.hasChildren) return
  const wasKnown =
    previous === 'completed'
      ? changeChild(parent, ['p-', childKey])
      : changeChild(parent, ['f-', childKey]) || changeChild(parent, ['i-', childKey])
  if (wasKnown) changeChild(parent, ['d', childKey])
}

/** The parent is run once more, only to fail: BullMQ's worker finds the deferred failure. */
function failParent({ queue, job }: Located, childKey: string): void {
  if (job.state === 'failed') return
  job.deferredFailure = `child ${childKey} failed`
  queue.touch(job, changed.state)
  if (job.state === 'delayed') job.delay = 0
  if (job.state === 'waiting-children' || job.state === 'delayed') moveParentToWait({ queue, job })
}

function moveParentToWait({ queue, job }: Located): void {
  if (job.delay > 0) {
    queue.delay(job, job.delay, queue.store.now)
    return
  }
  queue.makeReady(job, true)
  queue.emit('waiting', 'jobId', job.id, 'prev', 'waiting-children')
}
