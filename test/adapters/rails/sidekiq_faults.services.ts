import { expect } from 'chai'
import { Redis } from 'ioredis'
import { SidekiqBackend, SidekiqClient, WrongRedisType } from '../../../adapters/rails/index.ts'
import { Job } from '../../../src/jobs/index.ts'
import { useLogger } from '../../../src/logging/index.ts'
import { collectingLogger } from '../../jobs/queue_directory.ts'
import { RedisServer } from '../../services/redis_server.ts'
import { HardJob, ran, sidekiqStage } from './sidekiq_stage.ts'

describe('the queues of Sidekiq in a Redis that is out of order', () => {
  const stage = sidekiqStage(12)
  const log: Parameters<typeof collectingLogger>[0] = []
  beforeEach(() => {
    log.splice(0)
    useLogger(collectingLogger(log))
  })
  afterEach(() => useLogger(undefined))
  const logged = (text: string) => log.filter(({ message }) => message.includes(text)).length
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const refusalOf = (work: Promise<unknown>) => work.then(String, (error: unknown) => error as Error)
  const item = (fields: object) => JSON.stringify({ class: 'HardJob', args: [], queue: 'default', jid: 'j', created_at: 1, ...fields })
  const completed = async () => ({ kind: 'completed' }) as const

  describe('where something else is under a name of Sidekiq’s', () => {
    it('store no job of several, and say which key it is', async () => {
      await stage.redis.set('queue:taken', 'text')
      const jobs = [new HardJob(1), new HardJob(2).set({ queue: 'taken' }), new HardJob(3).set({ wait: 60 })]
      const error = await refusalOf(Job.performAllLater(jobs))
      expect(error).to.be.instanceOf(WrongRedisType)
      expect((error as Error).message).to.equal("The key 'queue:taken' of Redis is a string, where Sidekiq keeps a list.")
      expect(await stage.redis.keys('*')).to.deep.equal(['queue:taken'])
    })

    it('say so whatever they are asked, and to a worker that begins', async () => {
      for (const key of ['queues', 'retry', 'dead']) await stage.redis.hset(key, 'field', 'text')
      const asked = {
        queues: [() => stage.backend.list('waiting'), () => stage.backend.process(completed, { queues: ['default'], concurrency: 1 })],
        retry: [() => stage.backend.list('delayed')],
        dead: [() => stage.backend.list('failed'), () => stage.backend.retry(['j'])],
      }
      for (const [key, questions] of Object.entries(asked)) {
        for (const ask of questions) expect(String(await refusalOf(ask()))).to.include(`The key '${key}' of Redis is a hash`)
      }
      expect(await refusalOf(stage.backend.counts())).to.be.instanceOf(WrongRedisType)
      await stage.redis.del('queues')
      await stage.redis.set('regauge:sidekiq:processors', 'text')
      const error = await refusalOf(stage.backend.process(completed, { queues: ['default'], concurrency: 1 }))
      expect(String(error)).to.include("The key 'regauge:sidekiq:processors' of Redis is a string, where Sidekiq keeps a set.")
    })

    it('lose no job that failed, and log which key it is only once', async () => {
      class Broken extends HardJob {
        override perform(): void {
          throw new RangeError('broken')
        }
      }
      await stage.redis.set('retry', 'text')
      await new SidekiqClient(stage.redis).job('Broken').performBulk([[1], [2]])
      await stage.runUntil(async () => (await stage.redis.zcard('dead')) === 2, [Broken])
      const dead = (await stage.redis.zrange('dead', '0', '-1')).map((text) => JSON.parse(text))
      expect(dead.map(({ args }) => args)).to.have.deep.members([[1], [2]])
      for (const failed of dead) expect(failed).to.deep.include({ error_class: 'RangeError', retry_count: 0 })
      expect(logged("'retry' of Redis is a string, where Sidekiq keeps a zset. Something else")).to.equal(1)
      expect(await stage.redis.get('retry')).to.equal('text')
    })

    it('keep jobs whose time has come among the dead when their queue is none, and let the others run', async () => {
      await stage.redis.set('queue:taken', 'text')
      const names = Array.from({ length: 120 }, (_, index) => `${index}`)
      await stage.redis.zadd('schedule', ...names.flatMap((jid) => [1, item({ jid, queue: 'taken' })]), 2, item({ args: ['behind'] }))
      await stage.runUntil(() => ran.length === 1)
      expect(ran).to.deep.equal([['behind']])
      expect(await stage.redis.zcard('dead')).to.equal(120)
    })

    it('leave what is due where it is while the dead are none, without asking for it again and again', async () => {
      await stage.redis.set('queue:taken', 'text')
      await stage.redis.set('dead', 'text')
      const names = Array.from({ length: 120 }, (_, index) => `${index}`)
      await stage.redis.zadd('schedule', ...names.flatMap((jid) => [1, item({ jid, queue: 'taken' })]))
      let looks = 0
      const call = (command: string, ...args: (string | number)[]) => {
        if (String(args[0]).includes('ZRANGEBYSCORE')) looks++
        return stage.redis.call(command, ...args)
      }
      const worker = await new SidekiqBackend({ call }, { poll: 60_000 }).process(completed, { queues: ['*'], concurrency: 1 })
      await worker.stop()
      expect(looks).to.equal(1)
      expect(await stage.redis.zcard('schedule')).to.equal(120)
    })

    it('give the jobs of a worker that died back, past one whose queue is none', async () => {
      await stage.redis.set('queue:taken', 'text')
      await stage.redis.sadd('regauge:sidekiq:processors', 'gone')
      await stage.redis.rpush('regauge:sidekiq:running:gone', item({ jid: 'first', queue: 'taken' }), item({ args: ['second'] }))
      await stage.runUntil(() => ran.length === 1)
      expect(ran).to.deep.equal([['second']])
      expect((await stage.backend.list('failed')).map(({ id }) => id)).to.deep.equal(['first'])
      expect(await stage.redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
    })

    it('take over from the other workers that died, where one has left no list', async () => {
      await stage.redis.sadd('regauge:sidekiq:processors', 'first', 'odd', 'last')
      await stage.redis.set('regauge:sidekiq:running:odd', 'text')
      for (const id of ['first', 'last']) await stage.redis.rpush(`regauge:sidekiq:running:${id}`, item({ jid: id, args: [id] }))
      await stage.runUntil(() => ran.length === 2)
      expect(ran).to.have.deep.members([['first'], ['last']])
      expect(logged("'regauge:sidekiq:running:odd' of Redis is a string, where Sidekiq keeps a list.")).to.equal(1)
    })

    it('leave a job among the dead that is to run again in a queue that is none', async () => {
      await stage.redis.set('queue:taken', 'text')
      await stage.redis.zadd('dead', 1, item({ queue: 'taken' }))
      expect(await refusalOf(stage.backend.retry(['j']))).to.be.instanceOf(WrongRedisType)
      expect((await stage.backend.list('failed')).map(({ id }) => id)).to.deep.equal(['j'])
    })
  })

  it('let a worker stop that gets no answer', async () => {
    let isAsked = false
    const call = (command: string, ...args: (string | number)[]) => {
      if (!String(args[0]).includes('LMOVE')) return stage.redis.call(command, ...args)
      isAsked = true
      return new Promise(() => {})
    }
    const worker = await new SidekiqBackend({ call }).process(completed, { queues: ['default'], concurrency: 1 })
    await until(() => isAsked)
    expect(await worker.stop({ timeout: Number.POSITIVE_INFINITY })).to.deep.equal({ unfinished: 0 })
  })

  it('begin no job that is handed over when its worker has stopped without an answer, and leave it to others', async () => {
    let answer = () => {}
    const call = async (command: string, ...args: (string | number)[]) => {
      if (String(args[0]).includes('LMOVE')) await new Promise<void>((resolve) => (answer = resolve))
      return stage.redis.call(command, ...args)
    }
    const worker = await new SidekiqBackend({ call }).process(
      async () => {
        ran.push('begun')
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 1 },
    )
    await new SidekiqClient(stage.redis).job('HardJob').performAsync(1)
    await worker.stop()
    answer()
    await until(async () => (await stage.redis.llen('queue:default')) === 0)
    const [id] = await stage.redis.smembers('regauge:sidekiq:processors')
    expect(await stage.redis.llen(`regauge:sidekiq:running:${id}`)).to.equal(1)
    expect(ran).to.deep.equal([])
  })

  it('let a worker stop that can not say so', async () => {
    let isDown = false
    const call = (command: string, ...args: (string | number)[]) =>
      isDown ? Promise.reject(new Error('Connection is closed.')) : stage.redis.call(command, ...args)
    const worker = await new SidekiqBackend({ call }).process(completed, { queues: ['default'], concurrency: 1 })
    isDown = true
    expect(await worker.stop()).to.deep.equal({ unfinished: 0 })
    expect(logged('could not be told that a worker has stopped: Connection is closed.')).to.equal(1)
  })

  it('say that no job can be taken where Redis only reads', async function () {
    const server = await RedisServer.start()
    if (server === undefined) this.skip()
    const redis = new Redis(server.url)
    try {
      await new SidekiqClient(redis).job('HardJob').performAsync(1)
      const worker = await new SidekiqBackend(redis, { poll: 5 }).process(
        async () => {
          ran.push('begun')
          return { kind: 'completed' }
        },
        { queues: ['other'], concurrency: 1 },
      )
      await redis.replicaof('127.0.0.1', '1')
      await until(() => logged("No jobs can be taken from Sidekiq's queues: ") === 1)
      await redis.replicaof('NO', 'ONE')
      await worker.stop()
    } finally {
      redis.disconnect()
      await server.remove()
    }
  })
})
