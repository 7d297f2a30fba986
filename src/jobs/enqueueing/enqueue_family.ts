import { checkAwaited } from './awaited_jobs.ts'
import type { NewJob } from '../backend.ts'
import { refusalOf } from '../declaring/checking.ts'
import { accepted, enqueueNow, entryOf, isAround, onCommit, requireBackend, waitsForCommit } from './enqueueing.ts'
import type { Job } from '../job.ts'
import { observedEnqueue } from '../job_events.ts'
import { outboxOfTransaction, writeToOutbox } from './outbox.ts'

/** A job among those that are enqueued together, and its children that are. */
interface Member {
  readonly job: Job
  readonly entry: NewJob
  readonly children: Member[]
}

/** Enqueues a job together with all that it waits for: within a transaction after its outermost commit, if its class waits for that. Each goes through
 * its middleware and its callbacks, which are around the storing of them all; one that they stop is left out, and isn't waited for.
 *
 * @returns the job, or false when a callback of its own stopped it: then none is stored
 */
export function enqueueFamily<J extends Job>(root: J): Promise<J | false> {
  const jobs = checkAwaited(root)
  for (const job of jobs) job.isSuccessfullyEnqueued = false
  if (!waitsForCommit(root) || outboxOfTransaction() !== undefined) return enqueueObserved(root, new Map())
  requireBackend(root)
  const entries = new Map(jobs.map((job) => [job, entryOf(job)]))
  for (const job of jobs) job.isSuccessfullyEnqueued = true
  onCommit(() => enqueueObserved(root, entries))
  return Promise.resolve(root)
}

/** @param entries what was to be enqueued before the commit: jobs that nothing is put around are enqueued as they were then */
function enqueueObserved<J extends Job>(root: J, entries: ReadonlyMap<Job, NewJob>): Promise<J | false> {
  return observedEnqueue(root, () => enqueueNow(root, (job, entry) => new Family(entries).store(job, entry)))
}

/** The jobs that are enqueued together. What is around one of them goes on when all are stored. */
class Family {
  readonly #entries: ReadonlyMap<Job, NewJob>
  readonly #enqueuing: Promise<unknown>[] = []
  #release: () => void = () => {}
  #fail: (error: unknown) => void = () => {}
  readonly #stored = new Promise<void>((resolve, reject) => {
    this.#release = resolve
    this.#fail = reject
  })

  constructor(entries: ReadonlyMap<Job, NewJob>) {
    this.#entries = entries
    this.#stored.catch(() => {})
  }

  async store<J extends Job>(root: J, entry: NewJob): Promise<J | false> {
    try {
      const members: Member[] = [this.#member(root, entry)]
      for (const { job, children } of members) {
        for (const child of job.awaited?.jobs ?? []) {
          const arrived = await this.#arrive(child)
          if (arrived === undefined) continue
          children.push(arrived)
          members.push(arrived)
        }
      }
      const ids = await stored(root, treeOf(members))
      members.forEach(({ job }, index) => void accepted(job, ids[index]))
      this.#release()
    } catch (error) {
      this.#fail(error)
      await Promise.allSettled(this.#enqueuing)
      throw error
    }
    await Promise.all(this.#enqueuing)
    return root.isSuccessfullyEnqueued && root
  }

  /** Enqueues a child up to where it is stored; undefined when something stopped it. */
  #arrive(child: Job): Promise<Member | undefined> {
    return new Promise((resolve, reject) => {
      const enqueue = async () =>
        observedEnqueue(child, () =>
          enqueueNow(child, async (job, entry) => {
            resolve(this.#member(job, entry))
            await this.#stored
            return job.isSuccessfullyEnqueued && job
          }),
        )
      const enqueuing = enqueue()
      this.#enqueuing.push(enqueuing)
      enqueuing.then(() => resolve(undefined), reject)
    })
  }

  #member(job: Job, entry: NewJob): Member {
    return { job, entry: isAround(job) ? entry : (this.#entries.get(job) ?? entry), children: [] }
  }
}

/** The entry of the first job, with those of all others in it. */
function treeOf(members: readonly Member[]): NewJob {
  const entries = new Map<Member, NewJob>()
  for (const member of members.toReversed()) {
    const { job, entry, children } = member
    const { awaited } = job
    if (awaited === undefined) entries.set(member, entry)
    else {
      const jobs = children.map((child) => entries.get(child)!)
      entries.set(member, { ...entry, constraints: { ...entry.constraints, children: { jobs, onFailure: awaited.onFailure } } })
    }
  }
  return entries.get(members[0]!)!
}

/** @returns an id for each job, null for one that wasn't stored; undefined for those that the outbox will hand over with the first */
async function stored(root: Job, entry: NewJob): Promise<readonly (string | null | undefined)[]> {
  const backend = requireBackend(root)
  if (backend.children === undefined) {
    throw refusalOf(root.constructor.name, 'after')('is not possible on this job backend', 'It takes no jobs that wait for others.')
  }
  const outbox = waitsForCommit(root) ? outboxOfTransaction() : undefined
  return outbox === undefined ? backend.add([entry]) : writeToOutbox(outbox, [entry])
}
