import type { ConstrainedJobs } from './limits/constrained_jobs.ts'
import type { DelayedJobs } from './queues/delayed_jobs.ts'
import type { EndedJobs } from './ended_jobs.ts'
import type { EngineJob } from './engine_job.ts'
import type { Families } from './families.ts'
import { JobMetrics } from './job_metrics.ts'
import { type JobStateName, jobStateNames, stateName } from './job_state.ts'
import type { WaitingQueues } from './queues/waiting_queues.ts'

/** Where the jobs of the states are. */
export interface JobCollections {
  readonly queues: WaitingQueues
  readonly delayed: DelayedJobs
  readonly active: ReadonlySet<EngineJob>
  readonly constrained: ConstrainedJobs
  readonly families: Families
  readonly ended: EndedJobs
}

type Counts = Record<JobStateName, number>

/** What there is, for those who look at it. */
export class JobsByState {
  readonly #jobs: JobCollections
  /** What became of those that are gone. */
  readonly metrics = new JobMetrics()

  constructor(jobs: JobCollections) {
    this.#jobs = jobs
  }

  /** How many jobs are in each state. */
  counts(): Counts {
    const { queues, delayed, active, constrained, families, ended } = this.#jobs
    return {
      ...none(),
      ...queues.sizes(),
      delayed: delayed.size,
      active: active.size,
      completed: ended.completed.size,
      failed: ended.failed.size,
      blocked: constrained.blocked,
      'waiting-children': families.size,
    }
  }

  /** The same for each queue that has any, or had. Waiting and delayed jobs aren't looked at, since there may be many that sleep. */
  countsByQueue(): Map<string, Counts> {
    const counts = new Map<string, Counts>()
    const countsOf = (queue: string): Counts => {
      let known = counts.get(queue)
      if (known === undefined) counts.set(queue, (known = none()))
      return known
    }
    for (const { name, size, prioritizedSize } of this.#jobs.queues.byName.values()) {
      if (size === 0) continue
      countsOf(name).prioritized = prioritizedSize
      countsOf(name).waiting = size - prioritizedSize
    }
    for (const [name, size] of this.#jobs.delayed.byQueue) countsOf(name).delayed = size
    for (const state of statesInMemory) for (const { queue } of this.#in(state)) countsOf(queue)[state]++
    for (const queue of this.metrics.queues) countsOf(queue)
    return counts
  }

  /** The queues that jobs wait in, or have ended in. */
  queueNames(): Set<string> {
    const names = new Set(this.metrics.queues)
    for (const { name, size } of this.#jobs.queues.byName.values()) if (size > 0) names.add(name)
    return names
  }

  /** How long the job of a queue has waited that waits longest, in milliseconds; 0 when none does. */
  latency(queue: string): number {
    const now = Date.now()
    let since = now
    for (const job of this.#jobs.queues.byName.get(queue)?.longestWaiting() ?? []) since = Math.min(since, this.metrics.waitsSince(job))
    return now - since
  }

  /** The jobs of a state behind the first `offset`: waiting ones by queue in the order they will run, delayed ones soonest first, the others in no promised
   * order. None may come or go meanwhile.
   * @param queue the jobs of one queue only */
  *from(offset: number, state: JobStateName, queue?: string): Generator<EngineJob, void> {
    if (state === 'waiting' || state === 'prioritized') yield* this.#waiting(offset, state, queue)
    else if (state === 'delayed') yield* this.#jobs.delayed.from(offset, queue)
    else {
      let left = offset
      for (const job of this.#in(state)) if ((queue === undefined || job.queue === queue) && --left < 0) yield job
    }
  }

  *#waiting(offset: number, state: 'waiting' | 'prioritized', queue: string | undefined): Generator<EngineJob, void> {
    const { byName } = this.#jobs.queues
    const named = queue === undefined ? undefined : byName.get(queue)
    let left = offset
    for (const one of queue === undefined ? byName.values() : named === undefined ? [] : [named]) {
      const size = state === 'prioritized' ? one.prioritizedSize : one.size - one.prioritizedSize
      if (left < size) {
        if (state === 'waiting') yield* one.from(left)
        else for (const job of one.prioritized) if (--left < 0) yield job
      }
      left = Math.max(0, left - size)
    }
  }

  /** The jobs of a state that don't sleep. */
  *#in(state: JobStateName): Generator<EngineJob, void> {
    for (const job of this.#all(state)) if (stateName(job.state, job.priority) === state) yield job
  }

  #all(state: JobStateName): Iterable<EngineJob> {
    const { active, constrained, families, ended } = this.#jobs
    if (state === 'active') return active
    if (state === 'completed') return ended.completed
    if (state === 'failed') return ended.failed
    if (state === 'blocked') return constrained
    return state === 'waiting-children' ? families : []
  }
}

/** The states whose jobs don't sleep. */
const statesInMemory: readonly JobStateName[] = ['active', 'completed', 'failed', 'blocked', 'waiting-children']

function none(): Counts {
  return Object.fromEntries(jobStateNames.map((state) => [state, 0])) as Counts
}
