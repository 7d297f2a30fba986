import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Pool, PoolClient } from 'pg'
import type { RateLimit } from '../../src/jobs/index.ts'
import type { BullmqPlace } from './connection.ts'
import { openPool, openRedisClient } from './leases.ts'
import { withinTime } from './time_limit.ts'
import { graceMilliseconds, shortestWait, takeTurn, type Turns } from './turns.ts'

/** How fast jobs of each key begin, as all machines agree on it. */
export interface Rates {
  /** Lets a job begin, and counts it, or gives it a turn.
   * @param job what no other job is known by
   * @returns 0, or how many milliseconds later it may begin */
  take(job: string, rates: readonly RateLimit[]): Promise<number>
  /** Takes the turns of a job that doesn't begin any more. */
  forget(job: string, rates: readonly RateLimit[]): Promise<void>
  close(): Promise<void>
}

/** Milliseconds in which the server must answer. */
const timeout = 5000

/** Rates where the jobs are, on a connection of their own, which the first that is asked for opens. */
export function ratesAt(place: BullmqPlace, prefix: string): Rates {
  let opening: Promise<Rates> | undefined
  const opened = () =>
    (opening ??= (place.isPostgres ? openPostgres(place, prefix) : openRedis(place, prefix)).catch((error: unknown) => {
      opening = undefined
      throw error
    }))
  const asked = <T>(ask: (rates: Rates) => Promise<T>) => withinTime(opened().then(ask), timeout)
  return {
    take: (job, rates) => asked((opened) => opened.take(job, rates)),
    forget: (job, rates) => asked((opened) => opened.forget(job, rates)),
    close: async () => (await opening)?.close(),
  }
}

/** What `takeTurn` says, by the server's clock. Of each key there are the starts, sorted by their times, the jobs that have a turn, in their order and by
 * when they look again, and how long starts count. */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function text(number) return string.format('%.3f', number) end
local function scoreAt(key, index) return tonumber(redis.call('ZRANGE', key, index, index, 'WITHSCORES')[2]) end
local job, start, grace = ARGV[1], ARGV[2], tonumber(ARGV[3])
local opens = 0
local spans = {}
for rate = 1, #KEYS / 4 do
  local starts, turns, dues, span = KEYS[4 * rate - 3], KEYS[4 * rate - 2], KEYS[4 * rate - 1], KEYS[4 * rate]
  local to, per = tonumber(ARGV[2 * rate + 2]), tonumber(ARGV[2 * rate + 3])
  spans[rate] = math.max(per, tonumber(redis.call('GET', span) or 0))
  redis.call('ZREMRANGEBYSCORE', starts, '-inf', text(now - spans[rate]))
  for _, late in ipairs(redis.call('ZRANGEBYSCORE', dues, '-inf', text(now - grace))) do
    redis.call('ZREM', turns, late)
    redis.call('ZREM', dues, late)
  end
  local kept = redis.call('ZCARD', starts)
  local counted = redis.call('ZCOUNT', starts, '(' .. text(now - per), '+inf')
  local known = redis.call('ZRANK', turns, job)
  local before = known or redis.call('ZCARD', turns)
  local free = to - counted
  if before >= free then
    local place = before % to
    local at = now
    if place >= free then at = scoreAt(starts, kept - counted + place - free) + per end
    at = at + per * math.floor(before / to)
    if before > 0 then
      local first = tonumber(redis.call('ZSCORE', dues, redis.call('ZRANGE', turns, 0, 0)[1]))
      if first <= now then at = math.min(at, first + grace) end
    end
    if not known then redis.call('ZADD', turns, (scoreAt(turns, -1) or 0) + 1, job) end
    redis.call('ZADD', dues, text(at), job)
    local life = math.ceil(math.max(scoreAt(dues, -1) - now + grace, 1))
    redis.call('PEXPIRE', turns, life)
    redis.call('PEXPIRE', dues, life)
    opens = math.max(opens, at)
  end
end
if opens > 0 then return math.max(math.ceil(opens - now), tonumber(ARGV[#ARGV])) end
for rate = 1, #KEYS / 4 do
  local starts, span = KEYS[4 * rate - 3], KEYS[4 * rate]
  redis.call('ZADD', starts, text(now), start)
  redis.call('PEXPIRE', starts, math.ceil(spans[rate]))
  redis.call('ZREM', KEYS[4 * rate - 2], job)
  redis.call('ZREM', KEYS[4 * rate - 1], job)
  redis.call('SET', span, spans[rate], 'PX', math.ceil(spans[rate]))
end
return 0`

async function openRedis(place: BullmqPlace, prefix: string): Promise<Rates> {
  const redis: Redis = await openRedisClient(place)
  const key = ({ key: name }: RateLimit, part: string) => `${prefix}:rate:${part}:${name}`
  return {
    take: async (job, rates) => {
      const keys = rates.flatMap((rate) => ['starts', 'turns', 'dues', 'span'].map((part) => key(rate, part)))
      const limits = rates.flatMap(({ to, per }) => [to, per])
      return Number(await redis.eval(takeScript, keys.length, ...keys, job, randomUUID(), graceMilliseconds, ...limits, shortestWait))
    },
    forget: async (job, rates) => {
      for (const rate of rates) for (const part of ['turns', 'dues']) await redis.zrem(key(rate, part), job)
    },
    close: async () => redis.disconnect(),
  }
}

const createTable = `CREATE TABLE IF NOT EXISTS regauge_rates (
  name text PRIMARY KEY, turns jsonb NOT NULL, ends_at timestamptz NOT NULL)`

/** Locks what is kept of some keys. By the server's clock, which is the same for all; who waited for another's row is told the time of then. */
const lockStatement = `INSERT INTO regauge_rates AS kept (name, turns, ends_at)
  SELECT name, '{"span":0,"starts":[],"turns":[]}', clock_timestamp() + interval '1 minute' FROM unnest($1::text[]) AS name
  ON CONFLICT (name) DO UPDATE SET ends_at = greatest(kept.ends_at, excluded.ends_at)
  RETURNING kept.name, kept.turns, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`

const storeStatement = `UPDATE regauge_rates AS kept SET turns = given.turns::jsonb, ends_at = to_timestamp(given.ends_at / 1000)
  FROM unnest($1::text[], $2::text[], $3::float8[]) AS given (name, turns, ends_at) WHERE kept.name = given.name`

/** Keys that nothing is kept of any more are looked for this often. */
const sweepMilliseconds = 60_000

async function openPostgres(place: BullmqPlace, prefix: string): Promise<Rates> {
  const pool: Pool = await openPool(place)
  // Of two that make it at the same time one fails, and finds it the next time.
  await pool.query(createTable).catch(() => pool.query(createTable))
  let sweptAt = Date.now()
  const nameOf = ({ key }: RateLimit) => `${prefix}:${key}`
  const locked = async <T>(rates: readonly RateLimit[], change: (kept: Turns[], now: number) => T): Promise<T> => {
    // In one order for all: nobody waits for one who waits for him.
    const names = [...new Set(rates.map(nameOf))].sort()
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ name: string; turns: Turns; now: number }>(lockStatement, [names])
      const byName = new Map(rows.map(({ name, turns }) => [name, turns]))
      const now = Math.max(...rows.map((row) => row.now))
      const answer = change(
        rates.map((rate) => byName.get(nameOf(rate))!),
        now,
      )
      const kept = names.map((name) => byName.get(name)!)
      await client.query(storeStatement, [names, kept.map((turns) => JSON.stringify(turns)), kept.map((turns) => endOf(turns, now))])
      return answer
    })
  }
  return {
    take: async (job, rates) => {
      if (Date.now() - sweptAt > sweepMilliseconds) {
        sweptAt = Date.now()
        await pool.query('DELETE FROM regauge_rates WHERE ends_at < clock_timestamp()')
      }
      return locked(rates, (kept, now) => Math.ceil((takeTurn(job, rates, kept, now) ?? now) - now))
    },
    forget: (job, rates) =>
      locked(rates, (kept) => {
        for (const one of kept) one.turns = one.turns.filter(([other]) => other !== job)
      }),
    close: () => pool.end(),
  }
}

/** When nothing of it counts any more. */
function endOf({ span, starts, turns }: Turns, now: number): number {
  return turns.reduce((end, [, dueAt]) => Math.max(end, dueAt + graceMilliseconds), Math.max(now, (starts.at(-1) ?? 0) + span))
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const answer = await work(client)
    await client.query('COMMIT')
    client.release()
    return answer
  } catch (error) {
    // What it waited for is undone with the connection.
    client.release(true)
    throw error
  }
}
