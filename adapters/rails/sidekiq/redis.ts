import { WrongRedisType } from './errors.ts'
import type { SidekiqWrite } from './item.ts'

/** The workers that there are: a set of their ids. */
export const processors = 'regauge:sidekiq:processors'

/** Whatever sends commands to Redis: a client of `ioredis` is one. */
export interface SidekiqRedis {
  call(command: string, ...args: (string | number)[]): Promise<unknown>
}

/** The dead set keeps so many jobs, for so many seconds. Sidekiq's own limits. */
const deadLimits = { jobs: 10_000, seconds: 180 * 24 * 3600 }

/** Whether under a name is what Sidekiq keeps there, or nothing. Scripts look before they write: what they have written when one fails stays so. */
const isOf = `
local known = {}
local function isOf(key, expected)
  known[key] = known[key] or redis.call('TYPE', key)['ok']
  return known[key] == expected or known[key] == 'none'
end`

const applyScript = `${isOf}
local at = 3
while ARGV[at] do
  local isRight
  if ARGV[at] == 'queue' or ARGV[at] == 'front' then isRight = isOf('queues', 'set') and isOf('queue:' .. ARGV[at + 1], 'list')
  else isRight = isOf(ARGV[at], 'zset') end
  if not isRight then return redis.error_reply('WRONGTYPE') end
  at = at + 3
end
if ARGV[1] ~= '' then
  local isSet = redis.call('TYPE', ARGV[1])['ok'] == 'zset'
  local taken = isSet and redis.call('ZREM', ARGV[1], ARGV[2]) or redis.call('LREM', ARGV[1], 1, ARGV[2])
  if taken == 0 then return 0 end
end
at = 3
while ARGV[at] do
  local to, where, payload = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if to == 'queue' or to == 'front' then
    redis.call('SADD', 'queues', where)
    redis.call(to == 'queue' and 'LPUSH' or 'RPUSH', 'queue:' .. where, payload)
  else
    redis.call('ZADD', to, where, payload)
    if to == 'dead' then
      redis.call('ZREMRANGEBYSCORE', 'dead', '-inf', tonumber(where) - ${deadLimits.seconds})
      redis.call('ZREMRANGEBYRANK', 'dead', 0, -${deadLimits.jobs + 1})
    end
  end
  at = at + 3
end
return 1`

/** Writes jobs, all or none. @throws WrongRedisType */
export async function applyWrites(redis: SidekiqRedis, writes: readonly SidekiqWrite[]): Promise<void> {
  await applyAfter(redis, '', '', writes)
}

/** Takes a job off where it is, the list of those that run or a set, and writes what becomes of it, in one go.
 * @returns whether it was there
 * @throws WrongRedisType, and it stays where it is */
export function settle(redis: SidekiqRedis, from: string, payload: string, write?: SidekiqWrite): Promise<boolean> {
  return applyAfter(redis, from, payload, write === undefined ? [] : [write])
}

async function applyAfter(redis: SidekiqRedis, from: string, payload: string, writes: readonly SidekiqWrite[]): Promise<boolean> {
  const args = writes.flatMap((write) => [write.to, 'queue' in write ? write.queue : String(write.score), write.payload])
  const keys = writes.flatMap((write) => ('queue' in write ? ['queues', `queue:${write.queue}`] : [write.to]))
  return Number(await named(redis, [...new Set(keys), from], redis.call('EVAL', applyScript, 0, from, payload, ...args))) === 1
}

const replaceScript = `
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
redis.call('LPUSH', KEYS[1], ARGV[2])
return 1`

/** Puts something in the place of a job on a list. @returns whether it was there */
export async function replace(redis: SidekiqRedis, list: string, payload: string, other: string): Promise<boolean> {
  return Number(await redis.call('EVAL', replaceScript, 1, list, payload, other)) === 1
}

const duePage = 100

const dueScript = `${isOf}
if not isOf('queues', 'set') then return redis.error_reply('WRONGTYPE') end
local most = 0
for _, set in ipairs({'retry', 'schedule'}) do
  local moved = 0
  for _, payload in ipairs(redis.pcall('ZRANGEBYSCORE', set, '-inf', ARGV[1], 'LIMIT', 0, ${duePage})) do
    local isRead, item = pcall(cjson.decode, payload)
    -- Half of a character that takes two is no reason not to run a job.
    if not isRead then isRead, item = pcall(cjson.decode, (string.gsub(payload, '\\\\u[dD][89a-fA-F]%x%x', '\\\\u0020'))) end
    local queue = isRead and type(item) == 'table' and item['queue']
    if type(queue) == 'string' and queue ~= '' and isOf('queue:' .. queue, 'list') then
      redis.call('ZREM', set, payload)
      redis.call('SADD', 'queues', queue)
      -- Of two fields of a name the last counts, everywhere: all else stays as it was written.
      redis.call('LPUSH', 'queue:' .. queue, (string.gsub(payload, '}%s*$', ',"enqueued_at":' .. ARGV[2] .. '}')))
      moved = moved + 1
    elseif isOf('dead', 'zset') then
      redis.call('ZREM', set, payload)
      redis.call('ZADD', 'dead', ARGV[1], payload)
      moved = moved + 1
    end
  end
  most = math.max(most, moved)
end
return most`

/** Puts jobs whose time has come into their queues, from when on they count as enqueued, what is none of Sidekiq's, or is for a queue that is none, into the dead set; what a Sidekiq process
 * does, too.
 * @returns whether there may be more of them
 * @throws WrongRedisType */
export async function enqueueDue(redis: SidekiqRedis, now: number): Promise<boolean> {
  return Number(await named(redis, ['queues'], redis.call('EVAL', dueScript, 0, String(now), now.toFixed(3)))) === duePage
}

const takeScript = `
for _, queue in ipairs(KEYS) do
  local payload = redis.pcall('LMOVE', 'queue:' .. queue, ARGV[1], 'RIGHT', 'LEFT')
  if type(payload) == 'string' then
    redis.pcall('SADD', '${processors}', ARGV[2])
    return payload
  end
  if payload and payload['err'] and not string.find(payload['err'], 'WRONGTYPE', 1, true) then return payload end
end
return false`

/** Moves the oldest job of the first queue that has one to a list of those that run, so that the death of the process loses none: not even
 * when others have given its worker up before.
 * @param id of the worker, by which others find the list */
export async function take(redis: SidekiqRedis, queues: readonly string[], list: string, id: string): Promise<string | undefined> {
  if (queues.length === 0) return undefined
  const payload = await redis.call('EVAL', takeScript, queues.length, ...queues, list, id)
  return typeof payload === 'string' ? payload : undefined
}

/** The queues that there are. @throws WrongRedisType */
export async function queueNames(redis: SidekiqRedis): Promise<string[]> {
  return ((await ask(redis, 'SMEMBERS', 'queues')) as string[]).sort()
}

/** Asks about one key. @throws WrongRedisType */
export function ask(redis: SidekiqRedis, command: string, key: string, ...args: (string | number)[]): Promise<unknown> {
  return named(redis, [key], redis.call(command, key, ...args))
}

const typesScript = `
local wrong = {}
for at = 1, #ARGV, 2 do
  local found = redis.call('TYPE', ARGV[at])['ok']
  if found ~= ARGV[at + 1] and found ~= 'none' then wrong[#wrong + 1] = {ARGV[at], found} end
end
return wrong`

/** Which keys of Sidekiq, those of some queues among them, are of another type than Sidekiq's, as when something else uses the same Redis. */
export async function wrongTypes(redis: SidekiqRedis, queues: readonly string[]): Promise<WrongRedisType[]> {
  const keys = ['queues', 'retry', 'schedule', 'dead', ...queues.map((queue) => `queue:${queue}`)]
  const answer = await redis.call('EVAL', typesScript, 0, ...keys.flatMap((key) => [key, expectedType(key)]))
  return (answer as [string, string][]).map(([key, found]) => new WrongRedisType({ key, found, expected: expectedType(key) }))
}

/** Says which key it is that has another type; Redis says only that one has. */
async function named<T>(redis: SidekiqRedis, keys: readonly string[], work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('WRONGTYPE'))) throw error
    for (const key of keys) {
      const [found, expected] = [String(await redis.call('TYPE', key)), expectedType(key)]
      if (found !== expected && found !== 'none') throw new WrongRedisType({ key, found, expected }, { cause: error })
    }
    throw error
  }
}

function expectedType(key: string): string {
  if (key === 'queues' || key === processors) return 'set'
  return key === 'retry' || key === 'schedule' || key === 'dead' ? 'zset' : 'list'
}
