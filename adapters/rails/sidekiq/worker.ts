import { randomUUID } from 'node:crypto'
import type { JobHandler, JobRun, JobWorker, Outcome, ProcessOptions, ReservedJob } from '../../../src/jobs/index.ts'
import { failureOf, UnknownJobClass } from '../../../src/jobs/index.ts'
import { logger } from '../../../src/logging/index.ts'
import { thrownText } from '../../../src/values/index.ts'
import { activeJobOf } from './active_job.ts'
import { WrongRedisType } from './errors.ts'
import { writeOfFailure } from './failures.ts'
import { type CompleteItem, type SidekiqWrite, writeOf } from './item.ts'
import { retriedItem } from './next_item.ts'
import { QueueOrder } from './queue_order.ts'
import { ask, enqueueDue, processors, queueNames, settle, type SidekiqRedis, take, wrongTypes } from './redis.ts'
import { RunningJob } from './running_job.ts'
import { deadAfter, deadWrite, isOfBatch, readJob, writeAfterDeath, writeOfRefusal } from './taken.ts'

const aliveSeconds = 60
const dueMilliseconds = 5000
/** So many jobs whose time has come, by the hundred, before others get their turn. */
const mostDuePages = 50
/** Redis has so long to answer a worker that stops; beside that it waits for its jobs as long as it was told to. */
const patience = 2000

/** What a worker needs beside what it takes. */
export interface WorkerSettings {
  /** Milliseconds between looks into empty queues. */
  readonly poll: number
  /** Called when it has stopped, also when jobs still run. */
  readonly onStopped: () => void
}

/** Takes jobs from Sidekiq's queues. A job that runs is on a list of this worker until it is done; the jobs of a worker that hasn't been
 * heard of for a minute run again elsewhere. */
export class SidekiqWorker implements JobWorker {
  readonly #redis: SidekiqRedis
  readonly #handler: JobHandler
  readonly #options: ProcessOptions
  readonly #poll: number
  readonly #onStopped: () => void
  readonly #id = randomUUID()
  readonly #running = new Map<Promise<void>, RunningJob>()
  /** The jobs of batches that were left since the last rest. */
  readonly #left = new Set<string>()
  readonly #queues: QueueOrder
  #isStopping = false
  /** Whether nobody waits any more for the jobs that run. */
  #hasStopped = false
  /** Whether it has stopped without an answer of Redis: what comes still isn't begun. */
  #isGone = false
  #isInTrouble = false
  /** What was said of keys that are of another type. */
  #wrongTypes: ReadonlySet<string> = new Set()
  /** The dead workers of whom that was said. */
  readonly #notAdopted = new Set<string>()
  #dueAt = 0
  /** Whether there may be something to do since the queues were last asked, so that it doesn't rest before they are asked again. */
  #isCalled = false
  #endPause: () => void = () => {}
  #pulse: NodeJS.Timeout | undefined
  #loop: Promise<void> = Promise.resolve()

  constructor(redis: SidekiqRedis, handler: JobHandler, options: ProcessOptions, { poll, onStopped }: WorkerSettings) {
    this.#redis = redis
    this.#handler = handler
    this.#options = options
    this.#poll = poll
    this.#onStopped = onStopped
    this.#queues = new QueueOrder(options)
  }

  async start(): Promise<void> {
    await this.#showLife()
    await this.#tick()
    this.#pulse = setInterval(() => void this.#beat(), this.#interval).unref()
    this.#loop = this.#run()
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  async stop({ timeout = 25_000 }: { readonly timeout?: number | undefined } = {}): Promise<{ unfinished: number }> {
    this.#isStopping = true
    this.#call()
    this.#isGone = !(await isSettled(this.#loop, patience))
    await isSettled(Promise.all(this.#running.keys()), timeout)
    this.#hasStopped = true
    await isSettled(this.#leaveQueuesIfDone(), patience)
    this.#onStopped()
    return { unfinished: this.#running.size }
  }

  async #leaveQueuesIfDone(): Promise<void> {
    if (this.#hasStopped && !this.#isGone && this.#running.size === 0) await this.#leaveQueues()
  }

  /** Gives back what doesn't run here. When Redis can't be told, others take it in a minute. */
  async #leaveQueues(): Promise<void> {
    clearInterval(this.#pulse)
    try {
      await this.#adopt(this.#id)
      await this.#redis.call('DEL', aliveKey(this.#id))
    } catch (error) {
      logger.warn(`Sidekiq's queues could not be told that a worker has stopped: ${thrownText(error)}`, { error })
    }
  }

  /** Milliseconds between signs of life, and between looks at what is due. */
  get #interval(): number {
    return Math.min(dueMilliseconds, this.#poll * 4)
  }

  /** Without a sign of life others take over what runs here. Whoever sees this worker sees that it lives. */
  async #showLife(): Promise<void> {
    const isAlive = this.#redis.call('SET', aliveKey(this.#id), '1', 'EX', aliveSeconds)
    await Promise.all([isAlive, ask(this.#redis, 'SADD', processors, this.#id)])
  }

  /** Jobs may run for longer than a worker is waited for, also when it was stopped and its places are all taken. */
  async #beat(): Promise<void> {
    if (this.#isStopping && this.#running.size === 0) clearInterval(this.#pulse)
    else await this.#showLife().catch(() => {}) // The next one may be heard.
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#isCalled = false
      const payload = this.#running.size < this.#options.concurrency ? await this.#nextIfAny() : undefined
      if (this.#isGone) return // Others take it from the list of this worker when they don't hear of it any more.
      if (payload === undefined) await this.#pause()
      else if (isOfBatch(payload) || (this.#isStopping && readJob(payload) !== undefined)) await this.#leave(payload)
      else this.#begin(payload)
    }
  }

  /** Puts a job of a batch back for Sidekiq, which alone keeps count of batches, behind the others, or one that came when this worker was told to stop
   * where it was, as Sidekiq does; rests when it has seen all there are. */
  async #leave(payload: string): Promise<void> {
    const { jid, queue } = readJob(payload)!.item
    const to = isOfBatch(payload) ? 'queue' : 'front'
    await settle(this.#redis, listKey(this.#id), payload, { to, queue, payload }).catch(() => {})
    // One that has no id gets another each time.
    const known = payload.includes(jid) ? jid : ''
    if (!this.#left.has(known)) return void this.#left.add(known)
    this.#left.clear()
    await this.#pause()
  }

  /** Nothing while Redis can't be asked, which is logged when it begins. */
  async #nextIfAny(): Promise<string | undefined> {
    try {
      const payload = await this.#next()
      this.#isInTrouble = false
      return payload
    } catch (error) {
      if (!this.#isInTrouble)
        logger.error(`No jobs can be taken from Sidekiq's queues: ${thrownText(error).replace(/\.$/, '')}. Trying again`, { error })
      this.#isInTrouble = true
      return undefined
    }
  }

  async #next(): Promise<string | undefined> {
    if (performance.now() >= this.#dueAt) await this.#tick()
    return take(this.#redis, this.#queues.next(), listKey(this.#id), this.#id)
  }

  /** What is done now and then: jobs whose time has come, new queues, jobs of workers that died, and those that got lost. */
  async #tick(): Promise<void> {
    this.#dueAt = performance.now() + this.#interval
    for (let page = 0; page < mostDuePages && (await enqueueDue(this.#redis, Date.now() / 1000)); page++);
    const names = await queueNames(this.#redis)
    this.#queues.update(names)
    await this.#tellWrongTypes([...new Set([...this.#queues.all, ...names])])
    for (const id of (await ask(this.#redis, 'SMEMBERS', processors)) as string[]) {
      if (id !== this.#id && Number(await this.#redis.call('EXISTS', aliveKey(id))) === 0) await this.#adoptIfPossible(id)
    }
    await this.#giveBackStrays()
  }

  /** Something else may be where one dead worker had its jobs, which is logged once: those of the others are taken over all the same. */
  async #adoptIfPossible(id: string): Promise<void> {
    try {
      await this.#adopt(id)
    } catch (error) {
      if (!(error instanceof WrongRedisType)) throw error
      if (!this.#notAdopted.has(id)) logger.error(`The jobs of a worker that died can not be taken over: ${error.message} ${error.hint}`)
      this.#notAdopted.add(id)
    }
  }

  /** Logs once, for each key, that it is none of Sidekiq's: jobs are taken from the others. */
  async #tellWrongTypes(queues: readonly string[]): Promise<void> {
    const wrong = await wrongTypes(this.#redis, queues)
    for (const { message, hint } of wrong) if (!this.#wrongTypes.has(message)) logger.error(`${message} ${hint}`)
    this.#wrongTypes = new Set(wrong.map(({ message }) => message))
  }

  /** Puts jobs back that were taken for this worker and don't run here: the answer was lost with the connection, or Redis couldn't be told what
   * became of them. */
  async #giveBackStrays(): Promise<void> {
    const list = listKey(this.#id)
    if (Number(await this.#redis.call('LLEN', list)) <= this.#running.size) return
    const running = [...this.#running.values()]
    const strays = ((await this.#redis.call('LRANGE', list, 0, -1)) as string[]).filter((payload) => {
      const index = running.findIndex((job) => job.isListedAs(payload))
      if (index >= 0) running.splice(index, 1)
      return index < 0
    })
    await this.#giveBack(list, strays)
  }

  async #adopt(id: string): Promise<void> {
    await this.#giveBack(listKey(id), (await ask(this.#redis, 'LRANGE', listKey(id), 0, -1)) as string[])
    await this.#redis.call('SREM', processors, id)
  }

  /** @throws the error of the last that couldn't be given back, when all the others were */
  async #giveBack(list: string, payloads: readonly string[]): Promise<void> {
    let failure: { error: unknown } | undefined
    for (const payload of payloads) {
      await this.#settle(list, payload, writeAfterDeath(payload)).catch((error: unknown) => (failure = { error }))
    }
    if (failure !== undefined) throw failure.error
  }

  /** Takes a job off a list, and answers whether it was there. It goes to the dead set where what it is to go to is none of Sidekiq's. */
  async #settle(list: string, payload: string, write: SidekiqWrite | undefined): Promise<boolean> {
    try {
      return await settle(this.#redis, list, payload, write)
    } catch (error) {
      if (!(error instanceof WrongRedisType) || write === undefined || write.to === 'dead') throw error
      logger.error(`A job goes to the dead set: ${error.message}`)
      return settle(this.#redis, list, payload, deadWrite(write.payload))
    }
  }

  #begin(payload: string): void {
    const job = new RunningJob(this.#redis, listKey(this.#id), payload)
    const running: Promise<void> = this.#perform(job, payload).finally(() => {
      this.#running.delete(running)
      this.#call()
      void this.#leaveQueuesIfDone()
    })
    this.#running.set(running, job)
  }

  async #perform(running: RunningJob, payload: string): Promise<void> {
    const write = await this.#outcomeOf(running, payload)
    const payloads = await running.end()
    for (let attempt = 0; ; attempt++) {
      try {
        for (const listed of payloads) if (await this.#settle(listKey(this.#id), listed, write)) return
        return
      } catch (error) {
        if (attempt === 10) {
          logger.error(`Sidekiq's queues could not be told what became of a job, which runs again: ${thrownText(error)}`, { error })
          return // It stays on the list.
        }
        await new Promise((resolve) => setTimeout(resolve, 200 * (attempt + 1)))
      }
    }
  }

  async #outcomeOf(running: RunningJob, payload: string): Promise<SidekiqWrite | undefined> {
    const { item, job } = running
    if (item === undefined || job === undefined) return deadWrite(payload)
    const refusal = writeOfRefusal(payload, item)
    if (refusal !== undefined) return refusal
    try {
      const outcome = await this.#handler({ ...job, run: this.#runOf(running) }).catch(
        (error: unknown): Outcome => ({ kind: 'failed', error: failureOf(error) }),
      )
      return writeOfOutcome(running.item ?? item, job, outcome)
    } catch (error) {
      return deadAfter(item, failureOf(error))
    }
  }

  #runOf(running: RunningJob): JobRun {
    const isStopping = () => this.#isStopping
    return {
      get isStopping() {
        return isStopping()
      },
      save: (data) => running.save(data),
    }
  }

  async #pause(): Promise<void> {
    if (this.#isCalled) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#poll)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Ends a pause, or the one that would be next. */
  #call(): void {
    this.#isCalled = true
    this.#endPause()
  }
}

/** What is written when a job has run. */
function writeOfOutcome(item: CompleteItem, { name }: ReservedJob, outcome: Outcome): SidekiqWrite | undefined {
  const now = Date.now() / 1000
  if (outcome.kind === 'failed') {
    // What isn't tried again is forgotten by its own wish, but not where nobody knew what it wished.
    const isUnknown = outcome.error.name === UnknownJobClass.name
    const giveUp = isGivenUp(item, outcome) ? 'kill' : undefined
    return writeOfFailure(item, { now, error: outcome.error, giveUp }) ?? (isUnknown ? deadAfter(item, outcome.error) : undefined)
  }
  if (outcome.kind !== 'retry') return undefined
  return writeOf(retriedItem(item, name, outcome), now)
}

/** Whether nothing tries a job again. A `retry_on` of Active Job leaves the error to Sidekiq, which then has its own retries; a job of Sidekiq's own
 * has no others than its class's. */
function isGivenUp(item: CompleteItem, { givenUpBy }: Outcome & { kind: 'failed' }): boolean {
  return givenUpBy === 'retryInterval' || (givenUpBy === 'retryOn' && activeJobOf(item) === undefined)
}

const listKey = (id: string) => `regauge:sidekiq:running:${id}`
const aliveKey = (id: string) => `regauge:sidekiq:alive:${id}`

/** Whether something has ended within a time in milliseconds. */
async function isSettled(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<false>((resolve) => {
    if (milliseconds < 2 ** 31) timer = setTimeout(() => resolve(false), milliseconds)
  })
  const isInTime = await Promise.race([work.then(() => true), expired])
  clearTimeout(timer)
  return isInTime
}
