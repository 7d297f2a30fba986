import type { ChildFailure } from './limits/constraints.ts'
import type { EngineJob, JobDetails } from './engine_job.ts'
import { JobState } from './job_state.ts'

/** A parent and its children, as long as both are there. */
interface Family {
  readonly parent: EngineJob
  readonly onFailure: ChildFailure
  readonly children: Set<EngineJob>
  /** Those that it waits for. */
  readonly awaited: Set<EngineJob>
}

/** What becomes of parents and children. */
export interface FamilyChanges {
  /** A parent waits no longer. */
  release(parent: EngineJob): void
  /** A parent fails, because a child was given up. */
  giveUp(parent: EngineJob, error: NonNullable<JobDetails['error']>): void
  /** A child was kept for its parent, which is gone. */
  forget(child: EngineJob): void
}

/** Parents, and the children that they wait for. Nothing of it is journaled but whose child a job is: the rest follows from the jobs, so that no
 * change of a child is a change of its parent's record too. */
export class Families {
  readonly #byParent = new Map<number, Family>()
  /** The parents that wait. */
  readonly #waiting = new Set<EngineJob>()
  readonly #changes: FamilyChanges

  constructor(changes: FamilyChanges) {
    this.#changes = changes
  }

  /** How many parents wait for their children. */
  get size(): number {
    return this.#waiting.size
  }

  /** Takes in a job that was stored. A parent comes before its children. */
  enter(job: EngineJob): void {
    const { onChildFailure } = job.constraints ?? {}
    if (onChildFailure !== undefined) {
      this.#byParent.set(job.sequence, { parent: job, onFailure: onChildFailure, children: new Set(), awaited: new Set() })
    }
    const family = this.#familyAbove(job)
    if (family === undefined) return
    family.children.add(job)
    if (isAwaited(job, family)) family.awaited.add(job)
  }

  /** Whether a job has children that it waits for. */
  hasToWait(job: EngineJob): boolean {
    return (this.#byParent.get(job.sequence)?.awaited.size ?? 0) > 0
  }

  /** Lets a parent wait. */
  wait(parent: EngineJob): void {
    parent.state = JobState.waitingChildren
    this.#waiting.add(parent)
  }

  /** Takes out a parent that waits no longer. */
  stopWaiting(parent: EngineJob): void {
    this.#waiting.delete(parent)
  }

  /** Whether the parent of a job may ask what came of it: it is kept then. */
  keeps(job: EngineJob): boolean {
    return this.#familyAbove(job) !== undefined
  }

  /** The parent of a job, while it is there. */
  parentOf(job: EngineJob): EngineJob | undefined {
    return this.#familyAbove(job)?.parent
  }

  /** Notes how a job is now: its parent may wait no longer, and its children may have no parent any more. */
  changed(job: EngineJob): void {
    if (job.constraints === undefined) return
    if (job.state === JobState.completed || job.state === JobState.removed) this.#part(job)
    const failed = this.#waiting.has(job) ? this.#failedChildOf(job) : undefined
    if (failed !== undefined) {
      this.#changes.giveUp(job, failureBy(failed))
      return
    }
    const family = this.#familyAbove(job)
    if (family === undefined) return
    const { parent, children, awaited, onFailure } = family
    if (job.state === JobState.removed) children.delete(job)
    if (isAwaited(job, family)) awaited.add(job)
    else awaited.delete(job)
    if (!this.#waiting.has(parent)) return
    if (onFailure === 'fail' && isGivenUp(job)) this.#changes.giveUp(parent, failureBy(job))
    else if (awaited.size === 0) this.#changes.release(parent)
  }

  /** The children of a job that are still there, oldest first. */
  childrenOf(job: EngineJob): EngineJob[] {
    return [...(this.#byParent.get(job.sequence)?.children ?? [])].sort((left, right) => left.sequence - right.sequence)
  }

  /** The parents that wait. */
  [Symbol.iterator](): Iterator<EngineJob> {
    return this.#waiting[Symbol.iterator]()
  }

  #familyAbove({ constraints }: EngineJob): Family | undefined {
    return constraints?.parent && this.#byParent.get(constraints.parent.sequence)
  }

  /** A child because of which a parent fails that was retried by itself. */
  #failedChildOf(parent: EngineJob): EngineJob | undefined {
    const { onFailure, awaited } = this.#byParent.get(parent.sequence)!
    return onFailure === 'fail' ? [...awaited].find(({ state }) => state === JobState.failed) : undefined
  }

  /** Forgets that a job has children: it won't ask about them any more. */
  #part(parent: EngineJob): void {
    const family = this.#byParent.get(parent.sequence)
    this.#byParent.delete(parent.sequence)
    for (const child of family?.children ?? []) {
      if (child.state === JobState.completed || child.state === JobState.failed) this.#changes.forget(child)
    }
  }
}

function failureBy({ id, name, details }: EngineJob): NonNullable<JobDetails['error']> {
  const reason = details?.error === undefined ? 'was discarded' : `failed with ${details.error.name}: ${details.error.message}`
  return { name: 'ChildFailed', message: `Its child ${name} (${id}) ${reason}` }
}

/** Whether nothing more comes of a job, and it isn't done. */
function isGivenUp(job: EngineJob): boolean {
  return job.state === JobState.failed || (job.state === JobState.completed && job.details?.isDiscarded === true)
}

function isAwaited({ state }: EngineJob, { onFailure }: Family): boolean {
  if (state === JobState.completed || state === JobState.removed) return false
  return state !== JobState.failed || onFailure !== 'run'
}
