import { AssertionError } from 'node:assert'
import { isDeepStrictEqual } from 'node:util'
import { runToEnd } from '../context/index.ts'
import { DeliverEvent, Subscriber, type SubscriberClass } from '../events/index.ts'
import {
  type ConcreteJobClass,
  currentRecordLocator,
  DeserializationError,
  deserializeArguments,
  EmbeddedBackend,
  type Job,
  type JobBackend,
  type JobClass,
  type JobStateName,
  type PerformArguments,
  type RunnableJobClass,
  serializeArguments,
  type StoredJob,
  useJobBackend,
} from '../jobs/index.ts'
import { TestFamilies } from './families.ts'
import { performStored } from './perform_stored.ts'

/** Whose jobs are meant: a class of jobs, or a deferred subscriber, to which events are brought by jobs. */
export type EnqueuedClass = JobClass | SubscriberClass

/** Which of the enqueued jobs are meant. Default: all. */
export interface JobFilter {
  /** Jobs of this class, or of these; a subclass is another one. A deferred subscriber stands for the jobs that bring it events. */
  readonly only?: EnqueuedClass | readonly EnqueuedClass[] | undefined
  readonly except?: EnqueuedClass | readonly EnqueuedClass[] | undefined
  readonly queue?: string | undefined
  /** Those that are due then; by itself also those for later. */
  readonly at?: Date | undefined
}

/** What an enqueued job shall be like. What isn't said may be anything. */
export interface ExpectedJob<J extends Job> {
  readonly job: ConcreteJobClass<J>
  /** All of its arguments, or what says whether they are the right ones. */
  readonly args?: PerformArguments<J> | ((...args: PerformArguments<J>) => boolean) | undefined
  /** When it is to run, give or take a second. */
  readonly at?: Date | undefined
  readonly queue?: string | undefined
  readonly priority?: number | undefined
}

/** What the job that brings an event to a deferred subscriber shall be like. Which event it is tells `captureEvents`. */
export interface ExpectedDelivery extends Pick<ExpectedJob<Job>, 'at' | 'queue' | 'priority'> {
  readonly job: SubscriberClass
}

/** A job that is enqueued. */
export interface EnqueuedJob {
  readonly id: string
  /** The name of its class. */
  readonly job: string
  readonly args: readonly unknown[]
  readonly queue: string
  readonly priority: number
  /** When it is to run; undefined for at once. */
  readonly at: Date | undefined
}

/** The states of jobs that have yet to run. */
const enqueuedStates: readonly JobStateName[] = ['prioritized', 'waiting', 'delayed', 'blocked', 'paused', 'waiting-children']
/** So often `drain` performs what is enqueued: jobs that are tried again for ever would keep it going. */
const mostRounds = 1000

/** The jobs that a test has enqueued: they stay until it performs them. The names of Active Job's `TestHelper`. */
export class TestJobs {
  readonly #backend: JobBackend
  readonly #classes: ReadonlyMap<string, RunnableJobClass>
  readonly #application: object | undefined
  readonly #isHeld: boolean
  readonly #families = new TestFamilies()

  constructor(backend: JobBackend, classes: Iterable<RunnableJobClass>, application?: object, isHeld = true) {
    this.#backend = backend
    this.#classes = new Map([...classes].map((jobClass) => [jobClass.name, jobClass]))
    this.#application = application
    this.#isHeld = isHeld
  }

  /** The jobs that are enqueued, in the order they were. */
  async enqueuedJobs(filter: JobFilter = {}): Promise<EnqueuedJob[]> {
    return Promise.all((await this.#stored(filter)).map(described))
  }

  /** Asserts that a job is enqueued, or that `work` enqueues it.
   * @throws AssertionError with all that are enqueued
   * @example await jobs.assertEnqueuedWith({ job: SendReminder, args: [42], queue: 'mailers' }, () => application.post('/orders'))
   */
  async assertEnqueuedWith<J extends Job>(expected: ExpectedJob<J> | ExpectedDelivery, work?: () => unknown): Promise<EnqueuedJob> {
    const jobs = await this.#enqueuedBy(work, {})
    for (const job of jobs) if (await isExpected(job, expected)) return described(job)
    const wanted = printedExpectation(expected)
    const others = jobs.length === 0 ? ' None is enqueued.' : ` Enqueued are:\n${jobs.map((job) => `  ${printedJob(job)}`).join('\n')}`
    throw new AssertionError({ message: `No enqueued job is ${wanted}.${others}`, expected: wanted, actual: jobs.map(printedJob) })
  }

  /** Asserts how many jobs are enqueued, or how many `work` enqueues. @throws AssertionError */
  async assertEnqueuedJobs(count: number, filter: JobFilter = {}, work?: () => unknown): Promise<void> {
    const jobs = await this.#enqueuedBy(work, filter)
    if (jobs.length === count) return
    const list = jobs.map((job) => `\n  ${printedJob(job)}`).join('')
    const message = `${count} ${count === 1 ? 'job' : 'jobs'} expected, but ${jobs.length} ${jobs.length === 1 ? 'is' : 'are'} enqueued.${list}`
    throw new AssertionError({ message, expected: count, actual: jobs.length })
  }

  /** Asserts that no job is enqueued, or that `work` enqueues none. @throws AssertionError */
  assertNoEnqueuedJobs(filter: JobFilter = {}, work?: () => unknown): Promise<void> {
    return this.assertEnqueuedJobs(0, filter, work)
  }

  /** Performs the jobs that are enqueued, those for later too, once each: what they enqueue, what is tried again, and what waited for
   * them, is enqueued afterwards.
   *
   * @returns the jobs that were performed
   * @throws what a job fails with; the jobs behind it stay enqueued
   */
  async performEnqueuedJobs(filter: JobFilter = {}): Promise<Job[]> {
    const performed: Job[] = []
    for (const listed of await this.#stored(filter)) {
      // One that ran before it may have taken its place.
      const stored = this.#backend.find === undefined ? listed : await this.#backend.find(listed.id)
      if (!stored || this.#families.isWaiting(listed) || this.#families.isWaiting(stored)) continue
      this.#requireClass(stored.name)
      const queue = { backend: this.#backend, classes: this.#classes, families: this.#families }
      const work = () => performStored(queue, stored)
      performed.push(await runToEnd({ application: this.#application }, work))
    }
    return performed
  }

  /** Performs the jobs that are enqueued, and those that these enqueue, until none is left: Sidekiq's `drain`. A job that is tried again is so at
   * once.
   *
   * @returns the jobs that were performed, one for each attempt
   * @throws what a job fails with
   */
  async drain(filter: JobFilter = {}): Promise<Job[]> {
    const performed: Job[] = []
    for (let round = 0; round < mostRounds; round++) {
      const more = await this.performEnqueuedJobs(filter)
      if (more.length === 0) return performed
      performed.push(...more)
    }
    const left = (await this.#stored(filter)).map(printedJob)
    throw new AssertionError({ message: `After ${mostRounds} rounds there are still jobs to perform: ${left.slice(0, 10).join(', ')}` })
  }

  /** Forgets the jobs that are enqueued. */
  async clearEnqueuedJobs(filter: JobFilter = {}): Promise<void> {
    const ids = (await this.#stored(filter)).map(({ id }) => id)
    this.#families.forget(ids)
    await this.#backend.remove(ids)
  }

  /** Lets go of the queue of a test without an application. */
  async stop(): Promise<void> {
    if (this.#application !== undefined) return
    useJobBackend(undefined)
    await this.#backend.close()
  }

  #requireClass(name: string): void {
    if (this.#application !== undefined || this.#classes.has(name)) return
    const told = [...this.#classes.keys()].filter((known) => known !== DeliverEvent.name)
    throw new AssertionError({ message: `${name} can't be performed: say testJobs({ classes: [${[...told, name].join(', ')}] }).` })
  }

  async #enqueuedBy(work: (() => unknown) | undefined, filter: JobFilter): Promise<StoredJob[]> {
    if (work === undefined) return this.#stored(filter)
    const before = new Set((await this.#stored(filter)).map(({ id }) => id))
    await work()
    return (await this.#stored(filter)).filter(({ id }) => !before.has(id))
  }

  async #stored(filter: JobFilter): Promise<StoredJob[]> {
    if (!this.#isHeld) {
      throw new AssertionError({
        message:
          'The jobs of this application run by themselves, so that none stays enqueued: testApplication({ root, holdsJobs: true }) holds them.',
      })
    }
    const counts = await this.#backend.counts()
    const pages = await Promise.all(enqueuedStates.map((state) => this.#backend.list(state, { limit: counts[state] })))
    const byAge = (left: StoredJob, right: StoredJob) => left.createdAt - right.createdAt || Number(left.id) - Number(right.id) || 0
    return pages
      .flat()
      .sort(byAge)
      .filter((job) => isMeant(job, filter))
  }
}

/** A queue for tests without an application: from now on `performLater` adds to it.
 *
 * @param options.classes the classes whose jobs are performed; jobs of others can only be looked at
 * @example
 * const jobs = testJobs({ classes: [SendReminder] })
 * await SendReminder.performLater(42)
 * await jobs.assertEnqueuedWith({ job: SendReminder, args: [42] })
 * await jobs.performEnqueuedJobs()
 * await jobs.stop()
 */
export function testJobs({ classes = [] }: { readonly classes?: Iterable<RunnableJobClass> } = {}): TestJobs {
  const backend = new EmbeddedBackend({ durability: 'memory' })
  useJobBackend(backend)
  return new TestJobs(backend, [DeliverEvent, ...classes])
}

function isMeant(stored: StoredJob, filter: JobFilter): boolean {
  const { queue, runAt } = stored
  const isAmong = (classes: EnqueuedClass | readonly EnqueuedClass[]) => [classes].flat().some((one) => isOf(stored, one))
  if (filter.only !== undefined && !isAmong(filter.only)) return false
  if (filter.except !== undefined && isAmong(filter.except)) return false
  if (filter.queue !== undefined && filter.queue !== queue) return false
  return filter.at === undefined || (runAt ?? 0) <= filter.at.getTime()
}

function isOf(stored: StoredJob, { name, prototype }: EnqueuedClass): boolean {
  const isDelivery = prototype instanceof Subscriber
  return isDelivery ? stored.name === DeliverEvent.name && storedArguments(stored)[0] === name : stored.name === name
}

async function isExpected<J extends Job>(stored: StoredJob, expected: ExpectedJob<J> | ExpectedDelivery): Promise<boolean> {
  const { job, at, queue, priority } = expected
  const args = argumentsIn(expected)
  if (!isOf(stored, job)) return false
  if (queue !== undefined && stored.queue !== queue) return false
  if (priority !== undefined && stored.priority !== priority) return false
  if (at !== undefined && Math.abs((stored.runAt ?? 0) - at.getTime()) > 1000) return false
  if (args === undefined) return true
  if (typeof args === 'function') return args(...((await argumentsOf(stored)) as PerformArguments<J>))
  return isDeepStrictEqual(plain(serializeArguments(args, currentRecordLocator())), plain(storedArguments(stored)))
}

function argumentsIn<J extends Job>(expected: ExpectedJob<J> | ExpectedDelivery): ExpectedJob<J>['args'] {
  return 'args' in expected ? expected.args : undefined
}

/** What is stored, as it is compared and shown: that a hash has Ruby's symbols as keys, or strings, is nothing to see here. */
function plain(value: unknown): unknown {
  return JSON.parse(jsonOf(value))
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => (key === '_aj_symbol_keys' ? undefined : item))
}

async function described(stored: StoredJob): Promise<EnqueuedJob> {
  const { id, name, queue, priority, runAt } = stored
  return { id, job: name, args: await argumentsOf(stored), queue, priority, at: runAt === undefined ? undefined : new Date(runAt) }
}

/** As they are stored where a record among them is gone: Active Job's rule. */
async function argumentsOf(stored: StoredJob): Promise<unknown[]> {
  const values = storedArguments(stored)
  try {
    return await deserializeArguments(values, currentRecordLocator())
  } catch (error) {
    if (error instanceof DeserializationError) return [...values]
    throw error
  }
}

function storedArguments({ data }: StoredJob): readonly unknown[] {
  const { arguments: values } = data
  return Array.isArray(values) ? values : []
}

function printedJob(stored: StoredJob): string {
  const { name, queue, priority, runAt } = stored
  return printed(name, storedArguments(stored), {
    queue,
    priority: priority || undefined,
    at: runAt === undefined ? undefined : new Date(runAt),
  })
}

function printedExpectation<J extends Job>(expected: ExpectedJob<J> | ExpectedDelivery): string {
  const { job, queue, priority, at } = expected
  const args = argumentsIn(expected)
  const values = typeof args === 'object' ? serializeArguments(args, currentRecordLocator()) : undefined
  return printed(job.name, values, { queue, priority, at })
}

function printed(name: string, args: readonly unknown[] | undefined, details: { readonly [detail: string]: unknown }): string {
  const given = Object.entries(details).flatMap(([detail, value]) => (value === undefined ? [] : ` ${detail}: ${JSON.stringify(value)}`))
  return `${name}${args === undefined ? '' : `(${args.map(jsonOf).join(', ')})`}${given.join(',')}`
}
