import { randomUUID } from 'node:crypto'
import type { JobHandler, JobWorker, Outcome, ProcessOptions, ReservedJob } from '../../../src/jobs/index.ts'
import { failureOf, UnknownJobClass } from '../../../src/jobs/index.ts'
import { logger } from '../../../src/logging/index.ts'
import { activeJobOf, nextFields, unwrapJob, wrapJob } from './active_job.ts'
import { writeOfFailure } from './failures.ts'
import { type CompleteItem, completeItem, payloadText, type SidekiqWrite, writeOf } from './item.ts'
import { applyWrites, enqueueDue, queueNames, settle, type SidekiqRedis, take } from './redis.ts'

const processors = 'regauge:sidekiq:processors'
const aliveSeconds = 60
const dueMilliseconds = 5000
/** So many jobs whose time has come, by the hundred, before others get their turn. */
const mostDuePages = 50
/** How often the process may die while it runs a job before the job goes to the dead set, as with the embedded queue. */
const mostDeaths = 10
/** What is longer isn't read, but goes to the dead set: the limit of the embedded queue. */
const longestPayload = 8_000_000

/** Takes jobs from Sidekiq's queues. A job that runs is on a list of this worker until it is done; the jobs of a worker that hasn't been
 * heard of for a minute run again elsewhere. */
export class SidekiqWorker implements JobWorker {
  readonly #redis: SidekiqRedis
  readonly #handler: JobHandler
  readonly #options: ProcessOptions
  readonly #poll: number
  readonly #id = randomUUID()
  /** The jobs that run, with what they are on the list of this worker. */
  readonly #running = new Map<Promise<void>, string>()
  /** The jobs of batches that were left since the last rest. */
  readonly #left = new Set<string>()
  #queues: string[] = []
  #isStopping = false
  #isInTrouble = false
  #dueAt = 0
  /** Whether there may be something to do since the queues were last asked, so that it doesn't rest before they are asked again. */
  #isCalled = false
  #endPause: () => void = () => {}
  #pulse: NodeJS.Timeout | undefined
  #loop: Promise<void> = Promise.resolve()

  /** @param poll milliseconds between looks into empty queues */
  constructor(redis: SidekiqRedis, handler: JobHandler, options: ProcessOptions, poll: number) {
    this.#redis = redis
    this.#handler = handler
    this.#options = options
    this.#poll = poll
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
    await this.#loop
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeout)))
    await Promise.race([Promise.all(this.#running.keys()), expired])
    clearTimeout(timer)
    if (this.#running.size === 0) {
      clearInterval(this.#pulse)
      await this.#adopt(this.#id)
      await this.#redis.call('DEL', aliveKey(this.#id))
    }
    return { unfinished: this.#running.size }
  }

  /** Milliseconds between signs of life, and between looks at what is due. */
  get #interval(): number {
    return Math.min(dueMilliseconds, this.#poll * 4)
  }

  /** Without a sign of life others take over what runs here. Whoever sees this worker sees that it lives. */
  async #showLife(): Promise<void> {
    const isAlive = this.#redis.call('SET', aliveKey(this.#id), '1', 'EX', aliveSeconds)
    await Promise.all([isAlive, this.#redis.call('SADD', processors, this.#id)])
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
      if (payload === undefined) await this.#pause()
      else if (isOfBatch(payload)) await this.#leave(payload)
      else this.#begin(payload)
    }
  }

  /** Puts a job of a batch back for Sidekiq, which alone keeps count of batches; rests when it has seen all there are. */
  async #leave(payload: string): Promise<void> {
    const { jid, queue } = readJob(payload)!.item
    await settle(this.#redis, listKey(this.#id), payload, { to: 'queue', queue, payload }).catch(() => {})
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
        logger.error(`No jobs can be taken from Sidekiq's queues: ${(error as Error).message}. Trying again`, { error })
      this.#isInTrouble = true
      return undefined
    }
  }

  async #next(): Promise<string | undefined> {
    if (Date.now() >= this.#dueAt) await this.#tick()
    return take(this.#redis, this.#queues, listKey(this.#id))
  }

  /** What is done now and then: jobs whose time has come, new queues, jobs of workers that died, and those that got lost. */
  async #tick(): Promise<void> {
    this.#dueAt = Date.now() + this.#interval
    for (let page = 0; page < mostDuePages && (await enqueueDue(this.#redis, Date.now() / 1000)); page++);
    this.#queues = matching(this.#options.queues, await queueNames(this.#redis))
    for (const id of (await this.#redis.call('SMEMBERS', processors)) as string[]) {
      if (id !== this.#id && Number(await this.#redis.call('EXISTS', aliveKey(id))) === 0) await this.#adopt(id)
    }
    await this.#giveBackStrays()
  }

  /** Puts jobs back that were taken for this worker and don't run here: the answer was lost with the connection, or Redis couldn't be told what
   * became of them. */
  async #giveBackStrays(): Promise<void> {
    const list = listKey(this.#id)
    if (Number(await this.#redis.call('LLEN', list)) <= this.#running.size) return
    const running = [...this.#running.values()]
    for (const payload of (await this.#redis.call('LRANGE', list, 0, -1)) as string[]) {
      const index = running.indexOf(payload)
      if (index < 0) await settle(this.#redis, list, payload, writeAfterDeath(payload))
      else running.splice(index, 1)
    }
  }

  async #adopt(id: string): Promise<void> {
    for (const payload of (await this.#redis.call('LRANGE', listKey(id), 0, -1)) as string[]) {
      await settle(this.#redis, listKey(id), payload, writeAfterDeath(payload))
    }
    await this.#redis.call('SREM', processors, id)
  }

  #begin(payload: string): void {
    const running: Promise<void> = this.#perform(payload).finally(() => {
      this.#running.delete(running)
      this.#call()
    })
    this.#running.set(running, payload)
  }

  async #perform(payload: string): Promise<void> {
    const write = await this.#outcomeOf(payload)
    for (let attempt = 0; ; attempt++) {
      try {
        await settle(this.#redis, listKey(this.#id), payload, write)
        return
      } catch {
        if (attempt === 10) return // It stays on the list, and runs again.
        await new Promise((resolve) => setTimeout(resolve, 200 * (attempt + 1)))
      }
    }
  }

  async #outcomeOf(payload: string): Promise<SidekiqWrite | undefined> {
    const read = readJob(payload)
    if (read === undefined) return deadWrite(payload)
    const { item, job } = read
    if (item['encrypt'] === true) return deadAfter(item, encrypted)
    try {
      return await this.#writeAfterRun(item, job)
    } catch (error) {
      return deadAfter(item, failureOf(error))
    }
  }

  async #writeAfterRun(item: CompleteItem, job: ReservedJob): Promise<SidekiqWrite | undefined> {
    const worker = this
    const run = {
      get isStopping() {
        return worker.#isStopping
      },
      save: () => {},
    }
    const outcome = await this.#handler({ ...job, run }).catch((error: unknown): Outcome => ({ kind: 'failed', error: failureOf(error) }))
    const now = Date.now() / 1000
    if (outcome.kind === 'failed') {
      // What isn't tried again is forgotten by its own wish, but not where nobody knew what it wished.
      const isUnknown = outcome.error.name === UnknownJobClass.name
      const giveUp = isGivenUp(item, outcome) ? 'kill' : undefined
      return writeOfFailure(item, { now, error: outcome.error, giveUp }) ?? (isUnknown ? deadAfter(item, outcome.error) : undefined)
    }
    if (outcome.kind !== 'retry') return undefined
    return writeOf(retriedItem(item, job.name, outcome), now)
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

/** Whether nothing tries a job again. A `retry_on` of Active Job leaves the error to Sidekiq, which then has its own retries; a job of Sidekiq's own
 * has no others than its class's. */
function isGivenUp(item: CompleteItem, { givenUpBy }: Outcome & { kind: 'failed' }): boolean {
  return givenUpBy === 'retryInterval' || (givenUpBy === 'retryOn' && activeJobOf(item) === undefined)
}

/** A job out of Redis, where others write, too; undefined for what is none. */
function readJob(payload: string): { readonly item: CompleteItem; readonly job: ReservedJob } | undefined {
  if (payload.length > longestPayload) return undefined
  try {
    const item = completeItem(JSON.parse(payload) as CompleteItem, Date.now() / 1000)
    return { item, job: unwrapJob(item) }
  } catch {
    return undefined
  }
}

function deadWrite(payload: string): SidekiqWrite {
  return { to: 'dead', score: Date.now() / 1000, payload }
}

/** Only Sidekiq Enterprise has the key. */
const encrypted = { name: 'EncryptedArguments', message: 'Its arguments are encrypted: only the Sidekiq that has the key can perform it.' }

function deadAfter(item: CompleteItem, { name, message }: { readonly name: string; readonly message: string }): SidekiqWrite {
  return deadWrite(payloadText({ ...item, error_class: name, error_message: message, failed_at: Date.now() / 1000 }))
}

/** Whether a job is part of a batch of Sidekiq Pro. */
function isOfBatch(payload: string): boolean {
  return payload.includes('"bid"') && typeof readJob(payload)?.item['bid'] === 'string'
}

/** The process that ran a job has died: it runs again, unless that happened too often. */
function writeAfterDeath(payload: string): SidekiqWrite {
  const item = readJob(payload)?.item
  if (item === undefined) return deadWrite(payload)
  const deaths = (Number(item['regauge_deaths']) || 0) + 1
  if (deaths <= mostDeaths) return { to: 'queue', queue: item.queue, payload: payloadText({ ...item, regauge_deaths: deaths }) }
  return deadAfter(item, { name: 'ProcessDied', message: `The process died ${deaths} times while it ran.` })
}

/** The job for its next run. Active Job enqueues it anew, with its own counters and without Sidekiq's; those of Sidekiq's own jobs are beside it. */
function retriedItem(item: CompleteItem, name: string, { data, queue, priority, runAt }: Outcome & { kind: 'retry' }): CompleteItem {
  const now = Date.now() / 1000
  const at = runAt === 0 ? undefined : runAt / 1000
  const inner = activeJobOf(item)
  if (inner === undefined) {
    const { executions, exception_executions } = data
    const failedAt = item['failed_at'] ?? now
    const counters = { retry_count: Number(executions ?? 1) - 1, exception_executions }
    return completeItem({ ...item, queue, failed_at: failedAt, ...counters, at, ...nextFields(item, data) }, now)
  }
  const wrapped = wrapJob(
    { queue, name, data, priority: priority === 0 ? undefined : priority, runAt: at === undefined ? undefined : runAt },
    now,
  )
  const { job_class, locale = 'en', timezone = 'UTC' } = inner
  const args = [{ ...inner, ...(wrapped.args[0] as object), job_class, locale, timezone }]
  return completeItem({ ...withoutFailures(item), queue, args, at, ...nextFields(item, data) }, now)
}

/** The job with all its attempts before it. */
function asNew(item: CompleteItem): CompleteItem {
  const inner = activeJobOf(item)
  const { exception_executions: _, ...fresh } = withoutFailures(item)
  if (inner === undefined) return fresh as CompleteItem
  return { ...fresh, args: [{ ...inner, executions: 0, exception_executions: {} }] } as unknown as CompleteItem
}

/** The job as if it had never failed. */
function withoutFailures(item: CompleteItem): CompleteItem {
  const fresh = Object.entries(item).filter(([name]) => !failureFields.has(name))
  return Object.fromEntries(fresh) as unknown as CompleteItem
}

const failureFields: ReadonlySet<string> = new Set([
  'regauge_deaths',
  'retry_count',
  'failed_at',
  'retried_at',
  'error_class',
  'error_message',
  'error_backtrace',
])

function matching(patterns: readonly string[], names: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) =>
    pattern.endsWith('*') ? names.filter((name) => name.startsWith(pattern.slice(0, -1))) : [pattern],
  )
  return [...new Set(found)]
}

const listKey = (id: string) => `regauge:sidekiq:running:${id}`
const aliveKey = (id: string) => `regauge:sidekiq:alive:${id}`

/** Puts jobs of the dead set back into their queues. */
export async function revive(
  redis: SidekiqRedis,
  items: readonly { readonly payload: string; readonly item: CompleteItem }[],
): Promise<void> {
  for (const { payload, item } of items) {
    if (Number(await redis.call('ZREM', 'dead', payload)) === 0) continue
    await applyWrites(redis, [{ to: 'queue', queue: item.queue, payload: payloadText(asNew(item)) }])
  }
}
