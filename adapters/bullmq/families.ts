import { randomUUID } from 'node:crypto'
import type { FlowJob, FlowProducer, Job, JobsOptions } from 'bullmq'
import type { ChildFailure, JobStateName, NewJob, StoredJob } from '../../src/jobs/index.ts'
import { logger as defaultLogger } from '../../src/logging/index.ts'
import type { BullmqBackendOptions } from './backend.ts'
import type { IdentifiedJob } from './constraints.ts'
import { failureQueue } from './failed_jobs.ts'
import { type FamilyExtras, pack, settledIn, unpack } from './packed_data.ts'
import type { QueueDirectory } from './queue_directory.ts'
import { failedChildOf, stateNamed, storedJob } from './stored_job.ts'

/** A job that is to be added, and those that it waits for. */
export interface FamilyMember {
  readonly job: IdentifiedJob
  readonly parent: FamilyMember | undefined
  /** Where among the children of its parent it is. */
  readonly place: number
  /** Present when it has children. */
  readonly onFailure: ChildFailure | undefined
  readonly children: FamilyMember[]
}

/** Where a child is. */
export interface ChildPlace {
  readonly queue: string
  readonly id: string
}

/** Children that are done are removed with their parent; those of one whose process died then, after so many seconds. */
const childAge = 30 * 24 * 3600
/** So many children are asked for at a time. */
const askedTogether = 100

/** New jobs with all that they wait for, level by level, each with its id. */
export function membersOf(entries: readonly NewJob[]): FamilyMember[] {
  const members: FamilyMember[] = entries.map((entry) => memberOf(entry, undefined, 0))
  const children = new Map(entries.map((entry, index) => [members[index]!, entry.constraints?.children?.jobs ?? []]))
  for (const member of members) {
    children.get(member)!.forEach((entry, place) => {
      const child = memberOf(entry, member, place)
      children.set(child, entry.constraints?.children?.jobs ?? [])
      members.push(child)
    })
  }
  return members
}

function memberOf(entry: NewJob, parent: FamilyMember | undefined, place: number): FamilyMember {
  const { children, ...constraints } = entry.constraints ?? {}
  const own = Object.keys(constraints).length === 0 ? undefined : constraints
  return { job: { ...entry, id: entry.id ?? randomUUID(), constraints: own }, parent, place, onFailure: children?.onFailure, children: [] }
}

/** What a job carries as a parent, and as a child. */
export function extrasOf({ job, parent, place, onFailure, children }: FamilyMember): FamilyExtras {
  return {
    ...(parent?.onFailure && { parent: { id: parent.job.id, queue: parent.job.queue, place, onFailure: parent.onFailure } }),
    ...(onFailure && { onChildFailure: onFailure }),
    // BullMQ would count from when the children are done.
    ...(children.length > 0 && job.runAt !== undefined && { runAt: job.runAt }),
  }
}

/** What BullMQ does with the parent of a job that fails; and a child that is done is kept for it. */
export function childOptions({ parent }: FamilyExtras): JobsOptions {
  if (parent === undefined) return {}
  const failure = { wait: {}, fail: { failParentOnFailure: true }, run: { ignoreDependencyOnFailure: true } }[parent.onFailure]
  return { ...failure, removeOnComplete: { age: childAge } }
}

/** Parents and children, which are flows of BullMQ. */
export class Families {
  readonly #directory: QueueDirectory
  readonly #options: BullmqBackendOptions
  #flows: FlowProducer | undefined

  constructor(directory: QueueDirectory, options: BullmqBackendOptions) {
    this.#directory = directory
    this.#options = options
  }

  /** Stores jobs with all that they wait for: all of them, or none.
   * @param members parents before their children
   * @param bulkEntry what BullMQ is given for a job */
  async add(members: readonly FamilyMember[], bulkEntry: (member: FamilyMember) => Omit<FlowJob, 'queueName'>): Promise<void> {
    const nodes = new Map<FamilyMember, FlowJob>()
    for (const member of members.toReversed()) {
      const { name: queueName } = await this.#directory.queue(member.job.queue)
      const children = member.children.map((child) => nodes.get(child)!)
      nodes.set(member, { ...bulkEntry(member), queueName, ...(children.length > 0 && { children }) })
    }
    const roots = members.filter(({ parent }) => parent === undefined)
    await this.#producer().addBulk(roots.map((root) => nodes.get(root)!))
    for (const { job } of roots) {
      const stored = await (await this.#directory.queue(job.queue)).getJob(job.id)
      if (stored === undefined) throw new Error(`BullMQ has not stored ${job.name} and the jobs that it waits for`)
    }
  }

  /** The children of a job, oldest first. */
  async childrenOf(parent: Job): Promise<StoredJob[]> {
    const places = await this.placesOf(parent)
    const found = [...settledIn(unpack(parent.data).extras)]
    for (let from = 0; from < places.length; from += askedTogether) {
      const asked = places.slice(from, from + askedTogether).map((place) => this.#child(place))
      for (const child of await Promise.all(asked)) if (child !== undefined) found.push(child)
    }
    return found.sort((left, right) => left.place - right.place).map(({ child }) => child)
  }

  /** Where the children of a job are. */
  async placesOf(parent: Job): Promise<(ChildPlace & { readonly state?: JobStateName })[]> {
    const { onChildFailure, children } = unpack(parent.data).extras
    if (onChildFailure === undefined) return []
    if (children !== undefined) return [...children]
    const { processed = {}, unprocessed = [], ignored = {}, failed = [] } = await parent.getDependencies()
    const places = [
      ...Object.keys(processed).map((key) => ({ ...this.#placeAt(key), state: 'completed' as const })),
      ...[...Object.keys(ignored), ...failed].map((key) => ({ ...this.#placeAt(key), state: 'failed' as const })),
      ...unprocessed.map((key) => this.#placeAt(key)),
    ]
    return places.filter(({ queue }) => queue !== failureQueue)
  }

  /** Why a parent fails one of whose children has failed. */
  async failureOf(parent: Job): Promise<Error> {
    const child = (await this.placesOf(parent)).find(({ state }) => state === 'failed')
    const message = child === undefined ? 'A child of it failed' : await this.#failureOfChild(child)
    return Object.assign(new Error(message), { name: 'ChildFailed', stack: `ChildFailed: ${message}` })
  }

  /** A job as listings show it: one that failed with a child says with which and why, as long as that is there. */
  async listed(job: Job, state: JobStateName, queue: string): Promise<StoredJob> {
    const stored = storedJob(job, state, queue)
    const key = stored.state === 'failed' ? failedChildOf(job) : undefined
    if (key === undefined || stored.error === undefined) return stored
    return { ...stored, error: { ...stored.error, message: await this.#failureOfChild(this.#placeAt(key)) } }
  }

  /** Removes the children that are done of a parent that is gone. */
  async forget(places: readonly (ChildPlace & { readonly state?: JobStateName })[]): Promise<void> {
    for (const { queue, id, state } of places) {
      if (state === 'failed') continue
      const child = await (await this.#directory.queue(queue)).getJob(id)
      if (child !== undefined && (await child.isCompleted())) await child.remove({ removeChildren: false })
    }
  }

  /** Lets the children of a parent that is removed be jobs like others. */
  async part(parent: Job): Promise<void> {
    const places = await this.placesOf(parent)
    await this.forget(places)
    for (const { queue, id } of places) {
      const child = await (await this.#directory.queue(queue)).getJob(id)
      if (child === undefined) continue
      const { data, extras } = unpack(child.data)
      await child.updateData(pack(data, { ...extras, parent: undefined }))
    }
  }

  async close(): Promise<void> {
    await this.#flows?.close()
  }

  async #child({ queue: name, id, state }: ChildPlace & { readonly state?: JobStateName }) {
    const queue = await this.#directory.queue(name)
    const job = await queue.getJob(id)
    const found = job && (state ?? stateNamed(await job.getState()))
    if (job === undefined || found === undefined) return undefined
    return { child: await this.listed(job, found, name), place: unpack(job.data).extras.parent?.place ?? 0 }
  }

  /** What the embedded queue says of it. */
  async #failureOfChild({ queue: name, id }: ChildPlace): Promise<string> {
    const job = await (await this.#directory.queue(name)).getJob(id)
    const error = job && (await this.listed(job, 'failed', name)).error
    if (job === undefined || error === undefined) return `Its child ${id} failed`
    return `Its child ${job.name} (${id}) ${error.name === 'Discarded' ? 'was discarded' : `failed with ${error.name}: ${error.message}`}`
  }

  #placeAt(key: string): ChildPlace {
    const [queue = '', id = ''] = key.split(':').slice(-2)
    return { queue: this.#directory.nameAt(queue), id }
  }

  #producer(): FlowProducer {
    if (this.#flows !== undefined) return this.#flows
    this.#flows = this.#directory.flows()
    const logger = this.#options.logger ?? defaultLogger
    this.#flows.on('error', (error) => logger.error('The job queue on BullMQ has a problem', { error }))
    return this.#flows
  }
}
