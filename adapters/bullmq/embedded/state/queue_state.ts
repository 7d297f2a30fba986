import type { JobJson } from 'bullmq'
import { EventStream } from './event_stream.ts'
import { Limiter } from './limiter.ts'
import { Marker } from './marker.ts'
import { MetricSeries } from './metrics.ts'
import { OrderedIndex } from './ordered_index.ts'
import type { Store } from './store.ts'
import { changed, type JobState, type NewJob, StoredJob } from './stored_job.ts'

/** Who holds a deduplication id, and until when; without an end as long as the job isn't finished. */
export interface Deduplication {
  readonly jobId: string
  readonly expiresAt: number | undefined
}

/** A job that wants to be added. */
export interface Candidate {
  readonly json: JobJson
  readonly id: string
  readonly parentDependenciesKey: string | undefined
}

/** A job scheduler: when it adds its next job, and its fields as BullMQ reads them. */
export interface Scheduler {
  next: number
  fields: Record<string, string>
}

const defaultMaxEvents = 10_000
const minimumDeduplicationLimit = 1000
/** Jobs of one priority are kept apart by their score from those of the next. */
export const priorityStep = 0x100000000

/** The whole state of one queue, and the moves all operations are made of. */
export class QueueState {
  readonly store: Store
  readonly qualifiedName: string
  readonly jobs = new Map<string, StoredJob>()
  readonly lists: Readonly<Record<JobState, OrderedIndex<StoredJob>>> = {
    wait: new OrderedIndex(),
    active: new OrderedIndex(),
    delayed: new OrderedIndex(),
    prioritized: new OrderedIndex(),
    'waiting-children': new OrderedIndex(),
    completed: new OrderedIndex(),
    failed: new OrderedIndex(),
  }
  readonly meta = new Map<string, string>()
  readonly deduplications = new Map<string, Deduplication>()
  /** As many ids there may be before those that ran out are swept away. */
  deduplicationLimit = minimumDeduplicationLimit
  /** By deduplication id, the job to add when the present one is finished (keepLastIfActive). */
  readonly keptBack = new Map<string, Candidate>()
  readonly schedulers = new Map<string, Scheduler>()
  readonly metrics = { completed: new MetricSeries(), failed: new MetricSeries() }
  readonly limiter = new Limiter()
  readonly events = new EventStream()
  readonly marker = new Marker()
  /** Active when stalled jobs were last looked for; those still without a lock at the next look have stalled. */
  stalling = new Set<StoredJob>()
  nextStalledCheck = 0
  /** Changes whose callers wait to hear that they are stored. */
  untold = 0
  idCounter = 0
  priorityCounter = 0
  /** The places before the first and behind the last waiting job. */
  front = 0
  back = 0

  constructor(store: Store, qualifiedName: string) {
    this.store = store
    this.qualifiedName = qualifiedName
  }

  keyOf(id: string): string {
    return `${this.qualifiedName}:${id}`
  }

  get maxEvents(): number {
    const stored = this.meta.get('opts.maxLenEvents')
    if (stored !== undefined) return Number(stored)
    this.setMeta('opts.maxLenEvents', String(defaultMaxEvents))
    return defaultMaxEvents
  }

  setMeta(field: string, value: string): void {
    this.meta.set(field, value)
    this.store.queueChanged(this)
  }

  get isPaused(): boolean {
    return this.meta.has('paused')
  }

  /** Whether as many jobs are active as may be in all workers together. */
  get isMaxed(): boolean {
    const concurrency = this.meta.get('concurrency')
    return concurrency !== undefined && this.lists.active.size >= Number(concurrency)
  }

  get isPausedOrMaxed(): boolean {
    return this.isPaused || this.isMaxed
  }

  /** Tells of an event: its name, and names and values in turn. */
  emit(event: string, name1?: string, value1?: string, name2?: string, value2?: string, name3?: string, value3?: string): void {
    this.events.tell(this.store.now, this.maxEvents, event, name1, value1, name2, value2, name3, value3)
  }

  /** Notes which parts of a job have to be written. */
  touch(job: StoredJob, parts: number): void {
    this.store.jobChanged(this, job, parts)
  }

  /** Gives a deduplication id to a job. */
  setDeduplication(id: string, deduplication: Deduplication): void {
    this.deduplications.set(id, deduplication)
    this.store.deduplicationChanged(this, id)
    if (this.deduplications.size > this.deduplicationLimit) this.#sweepDeduplications()
  }

  nextId(): string {
    this.idCounter++
    return String(this.idCounter)
  }

  /** Takes in a new job, which is in no list yet. */
  insert(id: string, entry: NewJob): StoredJob {
    const job = new StoredJob(id, entry)
    this.jobs.set(job.id, job)
    this.touch(job, changed.everything)
    this.emit('added', 'jobId', job.id, 'name', job.name)
    return job
  }

  /** Moves a job from the list it is in to another. */
  place(job: StoredJob, state: JobState, score: number): void {
    if (job.state !== undefined) this.lists[job.state].delete(job)
    job.state = state
    job.score = score
    job.order = this.store.nextOrder()
    this.lists[state].add(job)
    this.touch(job, changed.state)
  }

  /** Takes a job out of its list. */
  displace(job: StoredJob): void {
    if (job.state !== undefined) this.lists[job.state].delete(job)
    job.state = undefined
    this.touch(job, changed.state)
  }

  /** Forgets a job that is in no list, or takes it out of the one it is in. */
  forget(job: StoredJob): void {
    this.displace(job)
    this.jobs.delete(job.id)
    this.stalling.delete(job)
    this.store.jobRemoved(this, job)
  }

  /** Puts a job where it is taken last, or first. */
  wait(job: StoredJob, isFirst = false): void {
    this.place(job, 'wait', isFirst ? --this.front : ++this.back)
    this.announceWork()
  }

  /** Puts a job behind, or before, those of its priority. */
  prioritize(job: StoredJob, isFirst = false): void {
    const place = isFirst ? 0 : ++this.priorityCounter % priorityStep
    this.place(job, 'prioritized', job.priority * priorityStep + place)
    if (!isFirst) this.announceWork()
  }

  /** Puts a job where its priority says. */
  makeReady(job: StoredJob, isFirst = false): void {
    if (job.priority > 0) this.prioritize(job)
    else this.wait(job, isFirst)
  }

  /** Puts a job aside for `delay` milliseconds from `from` on. */
  delay(job: StoredJob, delay: number, from: number): void {
    const due = delay > 0 ? from + delay : from
    this.place(job, 'delayed', due)
    this.emit('delayed', 'jobId', job.id, 'delay', String(due))
    this.marker.delayedUntil(this.nextDelayed)
  }

  /** When the next delayed job is due. */
  get nextDelayed(): number | undefined {
    return this.lists.delayed.first?.score
  }

  announceWork(): void {
    if (!this.isPausedOrMaxed) this.marker.work()
  }

  #sweepDeduplications(): void {
    for (const [id, { expiresAt }] of this.deduplications) {
      if (expiresAt === undefined || expiresAt > this.store.now) continue
      this.deduplications.delete(id)
      this.store.deduplicationChanged(this, id)
    }
    this.deduplicationLimit = Math.max(minimumDeduplicationLimit, 2 * this.deduplications.size)
  }
}
