import { wrapJob } from '../../../adapters/rails/sidekiq/active_job.ts'
import { asyncItem, bulkItem, laterItem, type SidekiqOptions } from '../../../adapters/rails/sidekiq/client.ts'
import { retryDelay, writeOfFailure } from '../../../adapters/rails/sidekiq/failures.ts'
import { type CompleteItem, completeItem, type SidekiqItem, type SidekiqWrite, writeOf } from '../../../adapters/rails/sidekiq/item.ts'
import { Job, type NewJob, useJobBackend } from '../../../src/jobs/index.ts'
import { capturingBackend, withFixedWorld } from './job_runs.ts'
import { User } from './job_values.ts'

/** A recorded line of Ruby and what it left in Redis. */
export interface SidekiqCase {
  id: string
  kind: 'sidekiq'
  returned: unknown
  redis: Record<string, { type: string; value: unknown[] }>
  raw_queue_json: string[]
}

/** A recorded wait before a retry. */
export interface SidekiqDelayCase {
  id: string
  kind: 'sidekiq_delay'
  count: number
  base: number
}

const frozen = Date.parse('2026-01-15T12:00:00Z') / 1000

class AjJob extends Job {
  static {
    this.queueAs('mailers')
  }
  perform(..._args: unknown[]): void {}
}

/** What the recorded classes say with `sidekiq_options`. */
const classes: Record<string, SidekiqOptions> = {
  HardJob: {},
  NoRetryJob: { retry: false },
  RetryQueueJob: { retry: 3, retry_queue: 'retries' },
  OptJob: { queue: 'critical', retry: 5, dead: false },
  RetryKillJob: {},
}

/** What a line pushes, by the case's name. */
const lines: Record<string, () => Partial<SidekiqItem>[] | Promise<Partial<SidekiqItem>[]>> = {
  perform_async_args: () => [asyncItem('HardJob', {}, [1, 'two', null, [3], { a: { b: 1.5 } }, true], frozen)],
  symbol_arg_strict: () => [asyncItem('HardJob', {}, [Symbol('sym')], frozen)],
  symbol_key_strict: () => [asyncItem('HardJob', {}, [{ [Symbol('a')]: 1 }], frozen)],
  time_arg_strict: () => [asyncItem('HardJob', {}, [new Date()], frozen)],
  no_retry: () => [asyncItem('NoRetryJob', classes['NoRetryJob']!, [], frozen)],
  perform_at: () => [laterItem('HardJob', {}, Date.UTC(2026, 1, 1) / 1000, [1], frozen)],
  perform_at_float: () => [laterItem('HardJob', {}, 1_769_904_000.5, [], frozen)],
  perform_in_zero: () => [laterItem('HardJob', {}, 0, [], frozen)],
  set_queue: () => [asyncItem('HardJob', { queue: 'low' }, [1], frozen)],
  set_retry: () => [asyncItem('HardJob', { retry: 2, tags: ['x'] }, [], frozen)],
  set_wait: () => [asyncItem('HardJob', { wait: 30 }, [1], frozen)],
  perform_bulk: () => [[1], [2], [3]].map((args) => bulkItem('HardJob', {}, args)),
  push_bulk_at: () => [
    { class: 'HardJob', args: [1], at: 1_769_904_000 },
    { class: 'HardJob', args: [2], at: 1_769_904_060 },
  ],
  push_hash: () => [{ class: 'HardJob', args: [1], queue: 'q2', jid: 'a'.repeat(24) }],
  push_bad: () => [{ class: 'HardJob' }],
  push_unknown_class_string: () => [{ class: 'ElsewhereJob', args: [] }],
  activejob: () => wrapped(() => AjJob.performLater(1, new User(1), { a: 'b' })),
  activejob_wait: () => wrapped(() => AjJob.set({ wait: 60 }).performLater(1)),
  activejob_queue_priority: () => wrapped(() => AjJob.set({ queue: 'x', priority: 3 }).performLater()),
  activejob_all_later: () => wrapped(() => Job.performAllLater([new AjJob(1), new AjJob(2).set({ wait: 60 })])),
}

const retryRuns: Record<string, { name: string; times: number; giveUp?: 'kill' }> = {
  first: { name: 'HardJob', times: 1 },
  ten: { name: 'HardJob', times: 10 },
  limited_to_dead: { name: 'RetryQueueJob', times: 5 },
  dead_false: { name: 'OptJob', times: 7 },
  false: { name: 'NoRetryJob', times: 2 },
  kill: { name: 'RetryKillJob', times: 2, giveUp: 'kill' },
}

async function wrapped(enqueue: () => Promise<unknown>): Promise<SidekiqItem[]> {
  const added: NewJob[] = []
  useJobBackend(capturingBackend(added))
  await enqueue()
  return added.map((job) => wrapJob(job, frozen, added.length > 1))
}

/** Replays a case. Undefined when there is no line for it, else what is in Redis then, and the texts in its queues. */
export function replaySidekiq(recorded: SidekiqCase): Promise<{ redis: unknown; raw: string[] } | { error: Error }> | undefined {
  const name = recorded.id.slice('sidekiq.'.length)
  const line = lines[name]
  const retries = name.startsWith('retry.') ? retryRuns[name.slice('retry.'.length)] : undefined
  if (line === undefined && retries === undefined) return undefined
  return withFixedWorld(0, async () => {
    const redis = new RedisModel()
    const ids = jidsOf(recorded)
    const jid = () => ids.shift() ?? 'f'.repeat(24)
    try {
      if (retries === undefined) {
        const items = (await line!()).map((item) => completeItem(item, frozen, {}, jid))
        for (const item of items) redis.apply(writeOf(item, frozen))
      } else failAgain(redis, retries, jid)
    } catch (error) {
      return { error: error as Error }
    }
    return { redis: withIds(redis.state(), recorded), raw: redis.queued() }
  })
}

function failAgain(redis: RedisModel, { name, times, giveUp }: { name: string; times: number; giveUp?: 'kill' }, jid: () => string): void {
  const item = completeItem(asyncItem(name, classes[name]!, [1, 'x'], frozen), frozen, {}, jid)
  redis.apply(writeOf(item, frozen))
  let payload = redis.takeFrom(String(item.queue))
  for (let time = 0; time < times && payload !== undefined; time++) {
    const failed = JSON.parse(payload) as CompleteItem
    const write = writeOfFailure(failed, { now: frozen, error: { name: 'ErrA', message: 'boom' }, random: () => 0, giveUp })
    if (write !== undefined) redis.apply(write)
    payload = time === times - 1 ? undefined : redis.takeRetry()
  }
}

/** Lists, sets and sorted sets, as far as Sidekiq's writes need them. */
class RedisModel {
  readonly #queues = new Map<string, string[]>()
  readonly #names = new Set<string>()
  readonly #sets = new Map<string, [string, number][]>()

  apply(write: SidekiqWrite): void {
    if ('queue' in write) {
      const [queued, one] = [this.#queues.get(write.queue) ?? [], [write.payload]]
      this.#names.add(write.queue)
      this.#queues.set(write.queue, write.to === 'queue' ? [...one, ...queued] : [...queued, ...one])
    } else this.#sets.set(write.to, [...(this.#sets.get(write.to) ?? []), [write.payload, write.score]])
  }

  takeFrom(queue: string): string | undefined {
    const payload = this.#queues.get(queue)?.pop()
    if (this.#queues.get(queue)?.length === 0) this.#queues.delete(queue)
    return payload
  }

  takeRetry(): string | undefined {
    const first = this.#sets.get('retry')?.shift()
    if (this.#sets.get('retry')?.length === 0) this.#sets.delete('retry')
    return first?.[0]
  }

  queued(): string[] {
    return [...this.#queues.values()].flat()
  }

  state(): Record<string, unknown> {
    const state: Record<string, unknown> = {}
    for (const [queue, payloads] of this.#queues)
      state[`queue:${queue}`] = { type: 'list', value: payloads.map((text) => JSON.parse(text)) }
    if (this.#names.size > 0) state['queues'] = { type: 'set', value: [...this.#names] }
    for (const [set, members] of this.#sets) state[set] = { type: 'zset', value: members.map(([text, score]) => [JSON.parse(text), score]) }
    return state
  }
}

/** The random ids of a recording, in the order they were drawn. */
function jidsOf({ returned, redis }: SidekiqCase): string[] {
  if (typeof returned === 'string') return [returned]
  if (Array.isArray(returned) && /^[0-9a-f]{24}$/.test(String(returned[0]))) return [...(returned as string[])]
  return itemsOf(redis).map(({ jid }) => jid)
}

function itemsOf(redis: SidekiqCase['redis']): CompleteItem[] {
  return Object.entries(redis).flatMap(([key, { value }]) =>
    key === 'queues' ? [] : value.map((member) => (Array.isArray(member) ? (member[0] as CompleteItem) : (member as CompleteItem))),
  )
}

/** The ids of Active Job, which are random, too: those of the recording, where there is one. */
function withIds(state: Record<string, unknown>, recorded: SidekiqCase): Record<string, unknown> {
  const theirs = itemsOf(recorded.redis)
  itemsOf(state as SidekiqCase['redis']).forEach((item, index) => {
    const [ours, other] = [item.args[0], theirs[index]?.args[0]] as ({ job_id?: unknown } | undefined)[]
    if (typeof ours === 'object' && ours !== null && 'job_id' in ours && typeof ours.job_id === 'string') ours.job_id = other?.job_id
  })
  return state
}

/** Seconds before a retry, without chance. */
export function replayDelay({ count }: SidekiqDelayCase): number {
  return retryDelay(count)
}
