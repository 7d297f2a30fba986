import type { FlowJob, FlowProducer, JobsOptions } from 'bullmq'
import { isRelated, type JobTree, jobTrees, type NewJob, type StoredJob } from '../../src/jobs/index.ts'
import type { Constraints, IdentifiedJob } from './constraints.ts'
import { addFlows, type FlowPlace, failureBelow } from './failed_jobs.ts'
import { type FamilyExtras, pack, type SettledChild } from './packed_data.ts'
import type { QueueDirectory } from './queue_directory.ts'

/** What BullMQ is given for a job. */
type BulkEntry = (entry: IdentifiedJob, family: FamilyExtras) => { name: string; data: NewJob['data']; opts: JobsOptions }

/** Takes in jobs of another backend. */
export class Adoption {
  readonly #directory: QueueDirectory
  readonly #constraints: Constraints
  readonly #bulkEntry: BulkEntry
  #flows: FlowProducer | undefined

  constructor(directory: QueueDirectory, constraints: Constraints, bulkEntry: BulkEntry) {
    this.#directory = directory
    this.#constraints = constraints
    this.#bulkEntry = bulkEntry
  }

  async adopt(jobs: readonly StoredJob[]): Promise<void> {
    const roots: (FlowPlace & { readonly flow: FlowJob })[] = []
    const failing: FlowPlace[] = []
    for (const tree of jobTrees(jobs)) {
      const flow = await this.#flowOf(tree, {}, failing)
      const { id, queue, state } = tree.job
      if (state === 'failed' || isRelated(tree.job)) roots.push({ id, queue, flow })
      else await (await this.#directory.queue(queue)).add(flow.name, flow.data, flow.opts)
    }
    if (roots.length === 0) return
    this.#flows ??= this.#openFlows()
    await addFlows(this.#directory, this.#flows, roots, failing)
  }

  async close(): Promise<void> {
    await this.#flows?.close()
  }

  #openFlows(): FlowProducer {
    const flows = this.#directory.flows()
    // Whoever adds hears of it, and what was said before isn't news.
    flows.on('error', () => {})
    return flows
  }

  /** A job with those that it waits for.
   * @param failing is given those that are to fail */
  async #flowOf(tree: JobTree, child: FamilyExtras, failing: FlowPlace[]): Promise<FlowJob> {
    const { id, queue, name, state, constraints, attempts, error, createdAt } = tree.job
    if (state !== 'failed') await this.#constraints.enter(id, queue, constraints)
    const { opts, data } = this.#packed(tree, child)
    const children: FlowJob[] = []
    for (const [place, below] of tree.children.entries()) {
      if (isSettled(tree, below)) continue
      const parent = { id, queue, place, onFailure: tree.job.onChildFailure! }
      children.push(await this.#flowOf(asFailure(below), { parent }, failing))
    }
    if (failsByItself(tree)) {
      children.push(failureBelow(this.#directory, { queue, id }))
      failing.push({ id, queue })
    }
    const { name: queueName } = await this.#directory.queue(queue)
    const before = attempts > 0 || error !== undefined ? { attempts, error } : undefined
    const extras = { constraints, ...data, before }
    return {
      ...{ name, queueName, data: pack(tree.job.data, extras), opts: { ...opts, timestamp: createdAt, jobId: id } },
      ...(children.length > 0 && { children }),
    }
  }

  /** The options of a job, and what it carries as a parent and as a child. */
  #packed(tree: JobTree, child: FamilyExtras): { readonly opts: JobsOptions; readonly data: FamilyExtras } {
    const { attempts: _, error: __, state, ...job } = tree.job
    const { runAt, onChildFailure, createdAt } = job
    const hasTime = runAt !== undefined && (state === 'delayed' || state === 'waiting-children')
    const settled = tree.children.flatMap((below, place): SettledChild[] => (isSettled(tree, below) ? [{ place, child: below.job }] : []))
    const waits = settled.length < tree.children.length
    const family: FamilyExtras = {
      ...child,
      ...(onChildFailure && { onChildFailure }),
      // BullMQ would count from when the children are done.
      ...(waits && hasTime && { runAt }),
      ...(settled.length > 0 && { settled: JSON.stringify(settled) }),
    }
    const { opts } = this.#bulkEntry({ ...job, runAt: hasTime ? runAt : undefined }, family)
    // BullMQ counts the delay from the time of the job.
    const delay = hasTime && !waits ? Math.max(0, runAt - createdAt) : 0
    return { opts: { ...opts, delay }, data: family }
  }
}

/** Whether a child is done for its parent: only what came of it goes along. */
function isSettled({ job }: JobTree, below: JobTree): boolean {
  return below.job.state === 'completed' && !(below.job.isDiscarded === true && job.onChildFailure === 'fail')
}

/** A child that its class discarded, where that fails its parent: on BullMQ it is a failed one. */
function asFailure({ job, children }: JobTree): JobTree {
  if (job.state !== 'completed') return { job, children }
  const { isDiscarded: _, ...rest } = job
  return { job: { ...rest, state: 'failed', error: { name: 'Discarded', message: 'Its class discarded it' } }, children: [] }
}

/** Whether a job has failed, and not because of a child: BullMQ lets it fail with its child. */
function failsByItself({ job, children }: JobTree): boolean {
  if (job.state !== 'failed') return false
  const isGivenUp = ({ job: { state, isDiscarded } }: JobTree) => state === 'failed' || isDiscarded === true
  return !(job.onChildFailure === 'fail' && children.some(isGivenUp))
}
