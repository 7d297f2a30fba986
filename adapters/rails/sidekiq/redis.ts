import type { SidekiqWrite } from './item.ts'

/** Whatever sends commands to Redis: a client of `ioredis` is one. */
export interface SidekiqRedis {
  call(command: string, ...args: (string | number)[]): Promise<unknown>
}

/** The dead set keeps so many jobs, for so many seconds. Sidekiq's own limits. */
const deadLimits = { jobs: 10_000, seconds: 180 * 24 * 3600 }

const applyScript = `
if ARGV[1] ~= '' and redis.call('LREM', ARGV[1], 1, ARGV[2]) == 0 then return 0 end
local at = 3
while ARGV[at] do
  local to, where, payload = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if to == 'queue' then
    redis.call('SADD', 'queues', where)
    redis.call('LPUSH', 'queue:' .. where, payload)
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

/** Writes jobs, all or none. */
export async function applyWrites(redis: SidekiqRedis, writes: readonly SidekiqWrite[]): Promise<void> {
  await applyAfter(redis, '', '', writes)
}

/** Takes a job off a list of those that run, and writes what became of it, in one go. */
export async function settle(redis: SidekiqRedis, list: string, payload: string, write?: SidekiqWrite): Promise<void> {
  await applyAfter(redis, list, payload, write === undefined ? [] : [write])
}

async function applyAfter(redis: SidekiqRedis, list: string, payload: string, writes: readonly SidekiqWrite[]): Promise<void> {
  const args = writes.flatMap((write) => [write.to, write.to === 'queue' ? write.queue : String(write.score), write.payload])
  await redis.call('EVAL', applyScript, 0, list, payload, ...args)
}

const duePage = 100

const dueScript = `
local most = 0
for _, set in ipairs({'retry', 'schedule'}) do
  local due = redis.pcall('ZRANGEBYSCORE', set, '-inf', ARGV[1], 'LIMIT', 0, ${duePage})
  most = math.max(most, #due)
  for _, payload in ipairs(due) do
    local isRead, item = pcall(cjson.decode, payload)
    local queue = isRead and type(item) == 'table' and item['queue']
    redis.call('ZREM', set, payload)
    if type(queue) == 'string' and queue ~= '' then
      redis.call('SADD', 'queues', queue)
      redis.call('LPUSH', 'queue:' .. queue, payload)
    else
      redis.call('ZADD', 'dead', ARGV[1], payload)
    end
  end
end
return most`

/** Puts jobs whose time has come into their queues, what is none of Sidekiq's into the dead set; what a Sidekiq process does, too.
 * @returns whether there may be more of them */
export async function enqueueDue(redis: SidekiqRedis, now: number): Promise<boolean> {
  return Number(await redis.call('EVAL', dueScript, 0, String(now))) === duePage
}

const takeScript = `
for _, queue in ipairs(KEYS) do
  local payload = redis.pcall('LMOVE', 'queue:' .. queue, ARGV[1], 'RIGHT', 'LEFT')
  if type(payload) == 'string' then return payload end
end
return false`

/** Moves the oldest job of the first queue that has one to a list of those that run, so that the death of the process loses none. */
export async function take(redis: SidekiqRedis, queues: readonly string[], list: string): Promise<string | undefined> {
  if (queues.length === 0) return undefined
  const payload = await redis.call('EVAL', takeScript, queues.length, ...queues, list)
  return typeof payload === 'string' ? payload : undefined
}

/** The queues that there are. */
export async function queueNames(redis: SidekiqRedis): Promise<string[]> {
  return ((await redis.call('SMEMBERS', 'queues')) as string[]).sort()
}
