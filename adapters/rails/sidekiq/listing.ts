import { createHash } from 'node:crypto'
import { failureOf, JobDataUnreadable, type JobStateName, type Page, type StoredJob } from '../../../src/jobs/index.ts'
import { timesRun, unwrapJob } from './active_job.ts'
import { hasInexactNumber } from './exact_numbers.ts'
import { type CompleteItem, completeItem, dateTime } from './item.ts'
import { ask, queueNames, type SidekiqRedis } from './redis.ts'

/** What is in a queue or in a set, and where. */
export interface Found {
  readonly id: string
  readonly key: string
  readonly payload: string
  /** Undefined for what is no job of Sidekiq's. */
  readonly item: CompleteItem | undefined
  /** Empty where nobody knows of which it is. */
  readonly queue: string
  readonly state: JobStateName
  /** The time by which a set is ordered, in milliseconds since the epoch. */
  readonly at: number | undefined
}

/** Where jobs of a state are: from the first to the last, each with what is in it in its order. */
interface Place {
  readonly key: string
  /** That of a list; the jobs of several queues are together in a set. */
  readonly queue: string | undefined
}

/** A page of what is in a state, oldest first. What is no job has its place among the others, so that no page shows a job twice or leaves one out. */
export async function pageOf(
  redis: SidekiqRedis,
  state: JobStateName,
  { offset = 0, limit = Number.POSITIVE_INFINITY, queue }: Page = {},
): Promise<Found[]> {
  const places = await placesOf(redis, state)
  if (queue !== undefined && places.some((place) => place.queue === undefined)) {
    return (await pageOf(redis, state)).filter((found) => found.queue === queue).slice(offset, offset + limit)
  }
  const asked = queue === undefined ? places : places.filter((place) => place.queue === queue)
  const sizes = await Promise.all(asked.map((place) => sizeOf(redis, place)))
  const parts: Promise<Found[]>[] = []
  let [before, left] = [0, limit]
  for (const [index, place] of asked.entries()) {
    const first = Math.max(offset - before, 0)
    const count = Math.min(sizes[index]! - first, left)
    before += sizes[index]!
    if (count <= 0) continue
    left -= count
    parts.push(rangeOf(redis, state, place, first, first + count - 1))
  }
  return (await Promise.all(parts)).flat()
}

/** How many there are in a state. */
export async function countOfState(redis: SidekiqRedis, state: JobStateName): Promise<number> {
  const sizes = await Promise.all((await placesOf(redis, state)).map((place) => sizeOf(redis, place)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function placesOf(redis: SidekiqRedis, state: JobStateName): Promise<Place[]> {
  if (state === 'waiting') return (await queueNames(redis)).map((queue) => ({ key: `queue:${queue}`, queue }))
  const keys = state === 'delayed' ? ['schedule', 'retry'] : state === 'failed' ? ['dead'] : []
  return keys.map((key) => ({ key, queue: undefined }))
}

async function sizeOf(redis: SidekiqRedis, { key, queue }: Place): Promise<number> {
  return Number(await ask(redis, queue === undefined ? 'ZCARD' : 'LLEN', key))
}

async function rangeOf(redis: SidekiqRedis, state: JobStateName, { key, queue }: Place, first: number, last: number): Promise<Found[]> {
  if (queue !== undefined) {
    // The oldest is at the right end.
    const payloads = (await ask(redis, 'LRANGE', key, -1 - last, -1 - first)) as string[]
    return payloads.reverse().map((payload) => foundIn(payload, { key, state, queue, at: undefined }))
  }
  const answer = (await ask(redis, 'ZRANGE', key, first, last, 'WITHSCORES')) as (string | number | (string | number)[])[]
  const flat = answer.flat().map(String) // pairs in the newer protocol of Redis
  return flat.flatMap((payload, index) =>
    index % 2 === 1 ? [] : [foundIn(payload, { key, state, queue, at: timeOfScore(flat[index + 1]!) })],
  )
}

function foundIn(payload: string, { queue, ...place }: Pick<Found, 'key' | 'state' | 'at'> & { queue: string | undefined }): Found {
  const item = read(payload)
  return { ...place, id: item?.jid ?? idOf(payload), payload, item, queue: queue ?? item?.queue ?? '' }
}

/** What has no id is known by what it is. */
function idOf(payload: string): string {
  return createHash('sha256').update(payload).digest('hex').slice(0, 24)
}

/** Undefined for what isn't a job of Sidekiq. */
function read(payload: string): CompleteItem | undefined {
  try {
    return completeItem(JSON.parse(payload) as CompleteItem, 0, {}, () => idOf(payload))
  } catch {
    return undefined
  }
}

/** Redis writes `inf` for what is never. */
function timeOfScore(score: string): number {
  return dateTime(Math.round(Number(score.replace('inf', 'Infinity')) * 1000))
}

/** What stands for the class of what is no job. */
const unknownName = 'Unreadable'

/** What was found, as listings show it. */
export function storedJob({ id, item, queue, state, at, payload }: Found): StoredJob {
  const times = { runAt: state === 'delayed' ? at : undefined, finishedAt: state === 'failed' ? at : undefined }
  const place = { id, queue, state, ...times, result: undefined }
  if (item === undefined) {
    const more = unreadable(id, unknownName, "they are no job of Sidekiq's")
    return { ...place, name: unknownName, ...more, priority: 0, attempts: 0, createdAt: at ?? 0, error: undefined }
  }
  const { name, data, priority, createdAt } = unwrapJob(item)
  const { error_class: errorClass, error_message: message } = item
  const error = typeof errorClass === 'string' ? { name: errorClass, message: typeof message === 'string' ? message : '' } : undefined
  const more = hasInexactNumber(payload) ? unreadable(id, name, 'they have a whole number that is too large for JavaScript') : { data }
  return { ...place, name, ...more, priority, attempts: timesRun(item), createdAt, error }
}

function unreadable(id: string, jobName: string, reason: string): Pick<StoredJob, 'data' | 'dataError'> {
  const { name, message } = failureOf(new JobDataUnreadable({ id, name: jobName, reason }))
  return { data: {}, dataError: { name, message } }
}
