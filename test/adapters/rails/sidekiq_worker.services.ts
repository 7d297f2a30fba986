import { expect } from 'chai'
import { SidekiqBackend, SidekiqClient } from '../../../adapters/rails/index.ts'
import type { JobHandler, Outcome } from '../../../src/jobs/index.ts'
import { sidekiqStage } from './sidekiq_stage.ts'

const processors = 'regauge:sidekiq:processors'

describe('a worker on the queues of Sidekiq', () => {
  const stage = sidekiqStage(10)
  const push = (...args: unknown[]) => new SidekiqClient(stage.redis).job('HardJob').performAsync(...args)
  const listed = async () =>
    (await Promise.all((await stage.redis.keys('regauge:sidekiq:running:*')).map((key) => stage.redis.llen(key)))).at(0) ?? 0
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  /** A backend that hears what Redis answered when it was asked for a job, once `heard` lets it. */
  const backendHearing = (heard: (answer: unknown) => unknown, poll: number) =>
    new SidekiqBackend(
      {
        call: async (command, ...args) => {
          const answer = await stage.redis.call(command, ...args)
          return command === 'EVAL' && String(args[0]).includes('LMOVE') ? heard(answer) : answer
        },
      },
      { poll },
    )

  it('stops without a pause when it is asking for a job', async () => {
    let answerIt = () => {}
    const isAnswered = new Promise<void>((resolve) => (answerIt = resolve))
    const backend = backendHearing((answer) => isAnswered.then(() => answer), 120_000)
    const worker = await backend.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    const stopped = worker.stop()
    answerIt()
    expect(await stopped).to.deep.equal({ unfinished: 0 })
  })

  it('begins no job that comes when it was told to stop, and puts it back to where it was', async () => {
    let isHeld = false
    let answerIt = () => {}
    const hear = (answer: unknown) => {
      if (answer === null) return answer
      isHeld = true
      return new Promise((resolve) => (answerIt = () => resolve(answer)))
    }
    let runs = 0
    const handler: JobHandler = async () => {
      runs++
      return { kind: 'completed' }
    }
    const ids = [await push('late'), await push('later')]
    const worker = await backendHearing(hear, 5).process(handler, { queues: ['default'], concurrency: 1 })
    await until(() => isHeld)
    const stopped = worker.stop()
    answerIt()
    expect(await stopped).to.deep.equal({ unfinished: 0 })
    expect([runs, await listed()]).to.deep.equal([0, 0])
    expect((await stage.backend.list('waiting')).map(({ id }) => id)).to.deep.equal(ids)
  })

  it('asks again before a pause when a job has ended meanwhile, which may be waiting once more', async () => {
    let isHeld = false
    let answerIt = () => {}
    const hear = (answer: unknown) => {
      if (answer !== null || isHeld) return answer
      isHeld = true
      return new Promise((resolve) => (answerIt = () => resolve(answer)))
    }
    let runs = 0
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const handler: JobHandler = async ({ data }): Promise<Outcome> => {
      if (++runs === 2) return { kind: 'completed' }
      await ended
      return { kind: 'retry', data, queue: 'default', priority: 0, runAt: 0 }
    }
    await push('again')
    const worker = await backendHearing(hear, 120_000).process(handler, { queues: ['default'], concurrency: 2 })
    await until(() => isHeld)
    end()
    await until(async () => (await listed()) === 0)
    // The worker has to have read, too, that the job is in its queue again.
    await new Promise((resolve) => setImmediate(resolve))
    answerIt()
    await until(() => runs === 2)
    await worker.stop()
  })

  it('runs a job whose handing over was lost with the connection', async () => {
    let isLost = false
    const hear = (answer: unknown) => {
      if (answer === null || isLost) return answer
      isLost = true
      throw new Error('Connection is closed.')
    }
    const seen: unknown[] = []
    const handler: JobHandler = async ({ data }) => {
      seen.push(data['arguments'])
      return { kind: 'completed' }
    }
    await push('lost')
    const worker = await backendHearing(hear, 5).process(handler, { queues: ['default'], concurrency: 2 })
    await until(() => seen.length === 1)
    await worker.stop()
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })

  it('leaves a job whose handing over was lost to others when it stops', async () => {
    const hear = (answer: unknown) => {
      if (answer === null) return answer
      throw new Error('Connection is closed.')
    }
    const id = await push('lost')
    const worker = await backendHearing(hear, 120_000).process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    await until(async () => (await listed()) === 1)
    await worker.stop()
    expect((await stage.backend.list('waiting')).map((job) => job.id)).to.deep.equal([id])
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })

  it('shows that it lives while all its places are taken, and while it waits for jobs to end', async () => {
    let end = () => {}
    let hasBegun = false
    const handler: JobHandler = async () => {
      hasBegun = true
      await new Promise<void>((resolve) => (end = resolve))
      return { kind: 'completed' }
    }
    await push('long')
    const worker = await stage.backend.process(handler, { queues: ['default'], concurrency: 1 })
    await until(() => hasBegun)
    const [id] = await stage.redis.smembers(processors)
    const isShown = async () =>
      (await stage.redis.exists(`regauge:sidekiq:alive:${id}`)) === 1 && (await stage.redis.sismember(processors, id!)) === 1
    const hide = () => stage.redis.del(`regauge:sidekiq:alive:${id}`, processors)
    await hide()
    await until(isShown)
    const stopped = worker.stop()
    await hide()
    await until(isShown)
    end()
    await stopped
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })

  it('is let go when it has stopped', async () => {
    let calls = 0
    const call = (command: string, ...args: (string | number)[]) => {
      calls++
      return stage.redis.call(command, ...args)
    }
    const backend = new SidekiqBackend({ call }, { poll: 60_000 })
    for (let count = 0; count < 3; count++) {
      const worker = await backend.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
      await worker.stop()
    }
    const before = calls
    await backend.close()
    expect(calls).to.equal(before)
  })

  it('is let go when it can not begin, and leaves nothing behind', async () => {
    await stage.redis.set('queues', 'text')
    const refused = stage.backend.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    expect(await refused.catch((error: Error) => error.name)).to.equal('WrongRedisType')
    expect(await stage.redis.keys('*')).to.deep.equal(['queues'])
  })

  it('leaves nothing behind either when the last of its jobs ends after nobody waited any more', async () => {
    let end = () => {}
    let hasBegun = false
    const handler: JobHandler = async () => {
      hasBegun = true
      await new Promise<void>((resolve) => (end = resolve))
      return { kind: 'completed' }
    }
    await push('long')
    const worker = await stage.backend.process(handler, { queues: ['default'], concurrency: 1 })
    await until(() => hasBegun)
    expect(await worker.stop({ timeout: 1 })).to.deep.equal({ unfinished: 1 })
    end()
    await until(async () => (await stage.redis.keys('regauge:sidekiq:*')).length === 0)
    expect(await stage.redis.keys('*')).to.deep.equal(['queues'])
  })

  describe('takes jobs from several queues', () => {
    const run = async (options: { queues: string[]; weights?: Record<string, number> }, count: number) => {
      const seen: string[] = []
      const handler: JobHandler = async ({ queue }) => {
        seen.push(queue)
        return { kind: 'completed' }
      }
      const worker = await stage.backend.process(handler, { ...options, concurrency: 1 })
      await until(() => seen.length >= count)
      await worker.stop()
      return seen.slice(0, count)
    }
    beforeEach(async () => {
      const sidekiq = new SidekiqClient(stage.redis)
      for (const queue of ['busy', 'quiet']) await sidekiq.job('HardJob', { queue }).performBulk(Array.from({ length: 5 }, () => []))
    })

    it('in turns, where one pattern covers them', async () => {
      expect((await run({ queues: ['*'] }, 4)).sort()).to.deep.equal(['busy', 'busy', 'quiet', 'quiet'])
    })

    it('in the order that they are given', async () => {
      expect(await run({ queues: ['quiet', '*'] }, 6)).to.deep.equal([...Array.from({ length: 5 }, () => 'quiet'), 'busy'])
    })

    it('by their weights', async () => {
      const weights = { quiet: Number.MAX_VALUE }
      expect(await run({ queues: ['busy', 'quiet'], weights }, 6)).to.deep.equal([...Array.from({ length: 5 }, () => 'quiet'), 'busy'])
    })
  })

  it('can be found by others as long as it has a job, also when they had given it up before', async () => {
    let end = () => {}
    let hasBegun = false
    const handler: JobHandler = async () => {
      hasBegun = true
      await new Promise<void>((resolve) => (end = resolve))
      return { kind: 'completed' }
    }
    stage.useBackend({ poll: 60_000 })
    await push('first')
    const worker = await stage.backend.process(handler, { queues: ['default'], concurrency: 2 })
    await until(() => hasBegun)
    const ids = await stage.redis.smembers(processors)
    hasBegun = false
    const endFirst = end
    await stage.redis.del(processors)
    await push('second')
    endFirst()
    await until(() => hasBegun)
    expect(await stage.redis.smembers(processors)).to.deep.equal(ids)
    end()
    await worker.stop()
  })

  it('finds new queues though the clock was set back', async () => {
    const { now } = Date
    const seen: string[] = []
    const handler: JobHandler = async ({ queue }) => {
      seen.push(queue)
      return { kind: 'completed' }
    }
    const worker = await stage.backend.process(handler, { queues: ['*'], concurrency: 1 })
    try {
      Date.now = () => now() - 3_600_000
      await push('late')
      await until(() => seen.length === 1)
    } finally {
      Date.now = now
      await worker.stop()
    }
    expect(seen).to.deep.equal(['default'])
  })

  it('runs a scheduled job whose arguments have half of a character that takes two', async () => {
    const seen: unknown[] = []
    const handler: JobHandler = async ({ data }) => {
      seen.push(data['arguments'])
      return { kind: 'completed' }
    }
    const args = ['\\ud83d', '😀'.slice(0, 1), '😀']
    await stage.redis.zadd('schedule', 1, JSON.stringify({ class: 'HardJob', args, queue: 'default', jid: 'j', created_at: 1 }))
    const worker = await stage.backend.process(handler, { queues: ['default'], concurrency: 1 })
    await until(async () => seen.length + (await stage.redis.zcard('dead')) === 1)
    await worker.stop()
    expect(seen).to.deep.equal([args])
  })
})
