import { expect } from 'chai'
import { Redis } from 'ioredis'
import { InvalidSidekiqJob, SidekiqBackend, SidekiqClient } from '../../../adapters/rails/index.ts'
import { Job, JobRunner, type RunnableJobClass, useJobBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../../jobs/queue_directory.ts'

/** A database of its own, as Sidekiq's keys have no prefix. */
const database = 9
const url = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'

describe('the Sidekiq of a Rails application', () => {
  let redis: Redis
  let backend: SidekiqBackend
  const ran: unknown[] = []
  before(() => (redis = new Redis(url, { db: database })))
  beforeEach(async () => {
    await redis.flushdb()
    ran.splice(0)
    backend = new SidekiqBackend(redis, { poll: 5 })
    useJobBackend(backend)
  })
  afterEach(async () => {
    useJobBackend(undefined)
    await backend.close()
  })
  after(async () => {
    await redis.flushdb()
    await redis.quit()
  })

  class HardJob extends Job {
    static {
      this.queueAs('hard')
    }
    perform(...args: unknown[]) {
      ran.push(args)
    }
  }

  /** Runs jobs until `isDone`. */
  async function runUntil(isDone: () => boolean | Promise<boolean>, classes: Iterable<RunnableJobClass> = [HardJob]): Promise<void> {
    const runner = new JobRunner(backend, { classes, logger: collectingLogger([]) })
    await runner.start()
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5))
    await runner.stop()
  }

  it('is handed jobs by the names of its classes', async () => {
    const sidekiq = new SidekiqClient(redis)
    const jid = await sidekiq.job('HardJob').performAsync(1, { a: null })
    await sidekiq.job('HardJob', { queue: 'low' }).set({ retry: 2 }).performIn(60, 'later')
    await sidekiq.job('HardJob').performBulk([[2], [3]])
    const [newest, , oldest] = (await redis.lrange('queue:default', 0, -1)).map((text) => JSON.parse(text))
    expect(oldest).to.deep.include({ class: 'HardJob', args: [1, { a: null }], jid, retry: true, queue: 'default' })
    expect(newest.args).to.deep.equal([3])
    const [scheduled] = await redis.zrange('schedule', '0', '-1')
    const score = await redis.zscore('schedule', scheduled!)
    expect(JSON.parse(scheduled!)).to.deep.include({ class: 'HardJob', queue: 'low', retry: 2, args: ['later'] })
    expect(Number(score)).to.be.closeTo(Date.now() / 1000 + 60, 5)
    expect(await redis.smembers('queues')).to.deep.equal(['default'])
  })

  it('is not handed arguments that JSON changes', async () => {
    const refused = await new SidekiqClient(redis)
      .job('HardJob')
      .performAsync(new Date(0))
      .catch((error: Error) => error)
    expect(refused).to.be.instanceOf(InvalidSidekiqJob)
    expect(await redis.keys('*')).to.deep.equal([])
  })

  it('performs our jobs as Active Job', async () => {
    const job = (await HardJob.set({ priority: 4 }).performLater(1, { a: 'b' })) as HardJob
    const [text] = await redis.lrange('queue:hard', 0, -1)
    const item = JSON.parse(text!)
    expect(item).to.deep.include({
      class: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
      wrapped: 'HardJob',
      jid: job.providerJobId,
    })
    expect(item.args[0]).to.deep.include({
      job_class: 'HardJob',
      job_id: job.jobId,
      priority: 4,
      arguments: [1, { a: 'b', _aj_symbol_keys: ['a'] }],
    })
  })

  it('gives us its own jobs and those of Active Job', async () => {
    await new SidekiqClient(redis).job('HardJob').performAsync('native')
    await HardJob.performLater('active', { a: 1 })
    await runUntil(() => ran.length === 2)
    expect(ran).to.have.deep.members([['native'], ['active', { a: 1 }]])
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 0 })
  })

  it('gives us scheduled jobs when their time has come', async () => {
    const sidekiq = new SidekiqClient(redis)
    await sidekiq.job('HardJob').performIn(0.05, 'soon')
    await sidekiq.job('HardJob').performIn(3600, 'late')
    await runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['soon']])
    expect(await backend.counts()).to.include({ delayed: 1 })
  })

  it('keeps what fails among its retries, and what is used up among the dead, from where it can be run again', async () => {
    class Broken extends Job {
      perform() {
        throw new RangeError('broken')
      }
    }
    Object.defineProperty(Broken, 'name', { value: 'HardJob' })
    const sidekiq = new SidekiqClient(redis)
    await sidekiq.job('HardJob').performAsync(1)
    const jid = await sidekiq.job('HardJob', { retry: 0 }).performAsync(2)
    await runUntil(async () => (await redis.zcard('retry')) + (await redis.zcard('dead')) === 2, [Broken])
    const [retry] = await redis.zrange('retry', '0', '-1')
    const score = await redis.zscore('retry', retry!)
    expect(JSON.parse(retry!)).to.deep.include({ error_class: 'RangeError', error_message: 'broken', retry_count: 0, args: [1] })
    expect(Number(score)).to.be.within(Date.now() / 1000 + 10, Date.now() / 1000 + 30)
    expect((await backend.find(jid))!.error).to.deep.equal({ name: 'RangeError', message: 'broken' })
    expect(await backend.retry([jid])).to.equal(1)
    await runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([[2]])
  })

  it('is told of a retry that the class asks for', async () => {
    class Flaky extends Job {
      static {
        this.retryOn(RangeError, { wait: 0, attempts: 3 })
      }
      perform(name: string) {
        ran.push([name, this.executions])
        if (this.executions < 3) throw new RangeError('again')
      }
    }
    await Flaky.performLater('active')
    await new SidekiqClient(redis).job('Flaky').performAsync('native')
    await runUntil(() => ran.length === 6, [Flaky])
    for (const name of ['active', 'native']) {
      expect(ran.filter((one) => (one as unknown[])[0] === name)).to.deep.equal([1, 2, 3].map((count) => [name, count]))
    }
  })

  it('gets the jobs of a worker back that died', async () => {
    await redis.sadd('regauge:sidekiq:processors', 'dead')
    await new SidekiqClient(redis).job('HardJob').performAsync('orphan')
    await redis.lmove('queue:default', 'regauge:sidekiq:running:dead', 'RIGHT', 'LEFT')
    await runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['orphan']])
    expect(await redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
  })

  it('puts what is no job into the dead set, wherever it was, and goes on', async () => {
    const past = Date.now() / 1000 - 10
    await redis.zadd('schedule', past, 'no JSON', past, '7', past, '{"class":"HardJob","args":[]}')
    await redis.zadd('retry', past, '['.repeat(5000))
    await redis.sadd('regauge:sidekiq:processors', 'dead')
    await redis.rpush('regauge:sidekiq:running:dead', 'no JSON either', '{"args":5}')
    await redis.sadd('queues', 'default')
    const long = JSON.stringify({ class: 'HardJob', args: ['x'.repeat(9_000_000)], queue: 'default' })
    await redis.rpush('queue:default', '{}', 'null', '[1]', long)
    await redis.rpush('queue:default', '{"class":"constructor","args":[],"queue":"default","retry":false}')
    await redis.rpush('queue:default', '{"class":"__proto__","args":[],"queue":"default","retry":false,"jid":{},"created_at":"x"}')
    const wrapper = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper'
    await redis.rpush('queue:default', JSON.stringify({ class: wrapper, wrapped: 'HardJob', args: [null], retry: false, queue: 'default' }))
    await new SidekiqClient(redis).job('HardJob').performAsync('good')
    await runUntil(async () => ran.length === 1 && (await redis.zcard('dead')) === 13)
    expect(ran).to.deep.equal([['good']])
    expect(await redis.llen('queue:default')).to.equal(0)
    expect(await redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
  })

  it('keeps jobs whose class nobody here knows, also those that are not to be tried again', async () => {
    const sidekiq = new SidekiqClient(redis)
    const tried = await sidekiq.job('Unheard').performAsync(1)
    const once = await sidekiq.job('Unheard', { retry: false }).performAsync(2)
    await runUntil(async () => (await redis.zcard('retry')) + (await redis.zcard('dead')) === 2)
    const [retried, dead] = [await redis.zrange('retry', '0', '-1'), await redis.zrange('dead', '0', '-1')]
    expect(JSON.parse(retried[0]!)).to.deep.include({
      jid: tried,
      class: 'Unheard',
      args: [1],
      error_class: 'UnknownJobClass',
      retry_count: 0,
    })
    expect(JSON.parse(dead[0]!)).to.deep.include({ jid: once, class: 'Unheard', args: [2], error_class: 'UnknownJobClass' })
    class Unheard extends HardJob {}
    await runUntil(() => ran.length === 1, [Unheard])
    expect(ran).to.deep.equal([[2]])
  })

  it('is left the jobs of its batches, which are in nobody’s way', async () => {
    const sidekiq = new SidekiqClient(redis)
    for (const bid of ['first', 'second']) await sidekiq.push({ class: 'HardJob', args: [bid], bid })
    const payloads = await redis.lrange('queue:default', 0, -1)
    await sidekiq.job('HardJob').performBulk([['alone'], ['too']])
    await runUntil(() => ran.length === 2)
    expect(ran).to.deep.equal([['alone'], ['too']])
    expect(await redis.lrange('queue:default', 0, -1)).to.have.members(payloads)
    expect(await backend.counts()).to.include({ waiting: 2, delayed: 0, failed: 0 })
  })

  it('gets a job back, among the dead, whose arguments only it can read', async () => {
    await redis.sadd('queues', 'default')
    const item = { class: 'HardJob', args: [1, 'BAhTOg=='], encrypt: true, queue: 'default', retry: false, jid: 'secret', created_at: 1 }
    await redis.rpush('queue:default', JSON.stringify(item))
    await runUntil(async () => (await redis.zcard('dead')) === 1)
    expect(ran).to.deep.equal([])
    const [dead] = await redis.zrange('dead', '0', '-1')
    expect(JSON.parse(dead!)).to.deep.include({ ...item, error_class: 'EncryptedArguments' })
    const refused = await new SidekiqClient(redis)
      .job('HardJob', { encrypt: true })
      .performAsync('secret')
      .catch((error: Error) => error)
    expect(refused).to.be.instanceOf(InvalidSidekiqJob)
  })

  it('is asked to wait as long as the class says between the tries', async () => {
    class Patient extends Job {
      static override retryInterval(_: unknown, { attempt }: { attempt: number }) {
        return attempt * 3600
      }
      perform() {
        throw new RangeError('not yet')
      }
    }
    const jid = await new SidekiqClient(redis).job('Patient').performAsync()
    await runUntil(async () => (await backend.counts()).delayed === 1, [Patient])
    expect((await backend.find(jid))!.runAt).to.be.closeTo(Date.now() + 3_600_000, 60_000)
  })

  describe('when the attempts of a retryOn are used up', () => {
    class Tried extends Job {
      static {
        this.retryOn(RangeError, { wait: 0, attempts: 2 })
      }
      perform(...args: unknown[]) {
        ran.push([...args, this.executions])
        if (args[0] !== 'healed' || ran.length < 4) throw new RangeError('no more')
      }
    }
    const itemsOf = async (set: string) => (await redis.zrange(set, '0', '-1')).map((text) => JSON.parse(text))
    const isSettled = (count: number) => async () => (await redis.zcard('retry')) + (await redis.zcard('dead')) === count
    /** Lets Sidekiq's retries be due. */
    async function hasten(): Promise<void> {
      for (const payload of await redis.zrange('retry', '0', '-1')) await redis.zadd('retry', 0, payload)
    }

    it('tries a job of Active Job 25 times more, as Sidekiq does with what Active Job raises', async () => {
      const job = (await Tried.performLater('active')) as Tried
      await runUntil(isSettled(1), [Tried])
      const [retry] = await itemsOf('retry')
      expect(retry).to.deep.include({ jid: job.providerJobId, retry_count: 0, error_class: 'RangeError', error_message: 'no more' })
      expect(retry.args[0]).to.deep.include({ job_id: job.jobId, executions: 1, exception_executions: { '[RangeError]': 1 } })
      await hasten()
      await runUntil(async () => ran.length === 3 && (await redis.zcard('retry')) === 1, [Tried])
      expect((await itemsOf('retry'))[0]).to.deep.include({ retry_count: 1 })
      expect(ran).to.deep.equal([
        ['active', 1],
        ['active', 2],
        ['active', 2],
      ])
      expect((await backend.find(job.providerJobId!))!.attempts).to.equal(3)
      const last = (await redis.zrange('retry', '0', '-1'))[0]!
      await redis.del('retry')
      await redis.zadd('retry', 0, last.replace('"retry_count":1', '"retry_count":24'))
      await runUntil(async () => (await redis.zcard('dead')) === 1, [Tried])
      expect(await redis.zcard('retry')).to.equal(0)
    })

    it('tries a job of Active Job as often as the sidekiq_options of its class say', async () => {
      backend = new SidekiqBackend(redis, { poll: 5, sidekiqOptions: { Tried: { retry: 0, tags: ['x'] } } })
      useJobBackend(backend)
      await Tried.performLater('once')
      await runUntil(isSettled(1), [Tried])
      expect((await itemsOf('dead'))[0]).to.deep.include({ retry: 0, tags: ['x'], retry_count: 0, error_class: 'RangeError' })
      backend = new SidekiqBackend(redis, { poll: 5, sidekiqOptions: { Tried: { retry: false } } })
      useJobBackend(backend)
      await Tried.performLater('never')
      await runUntil(() => ran.length === 4, [Tried])
      expect(await backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 1 })
    })

    it('puts a job of Sidekiq’s own among the dead at once, since its class says how often it is tried', async () => {
      const jid = await new SidekiqClient(redis).job('Tried').performAsync('native')
      await runUntil(isSettled(1), [Tried])
      const [dead] = await itemsOf('dead')
      expect(dead).to.deep.include({ jid, error_message: 'no more', retry_count: 1 })
      expect(dead.failed_at).to.be.closeTo(Date.now() / 1000, 10)
    })

    it('counts anew when another error of Active Job’s job is tried again after Sidekiq’s retries', async () => {
      class Moody extends Tried {
        static {
          this.retryOn(TypeError, { wait: 3600 })
        }
        override perform(...args: unknown[]) {
          if (ran.length === 2) throw new TypeError('other')
          super.perform(...args)
        }
      }
      const job = (await Moody.performLater('moody')) as Moody
      await runUntil(isSettled(1), [Moody])
      const [text] = await redis.zrange('retry', '0', '-1')
      await redis.del('retry')
      await redis.zadd('retry', 0, text!.replace('"locale":"en","timezone":"UTC"', '"locale":"de","timezone":"Berlin","tenant":7'))
      await runUntil(async () => (await redis.zcard('schedule')) === 1, [Moody])
      const [again] = await itemsOf('schedule')
      expect(again).to.deep.include({ jid: job.providerJobId, retry: true })
      expect(again).to.not.have.any.keys('retry_count', 'failed_at', 'error_class')
      expect(again.args[0]).to.deep.include({
        job_class: 'Moody',
        executions: 2,
        exception_executions: { '[RangeError]': 1, '[TypeError]': 1 },
        locale: 'de',
        timezone: 'Berlin',
        tenant: 7,
      })
    })

    it('gives a job that is taken from the dead all its attempts again', async () => {
      backend = new SidekiqBackend(redis, { poll: 5, sidekiqOptions: { Tried: { retry: 0 } } })
      useJobBackend(backend)
      const job = (await Tried.performLater('healed')) as Tried
      await runUntil(isSettled(1), [Tried])
      await backend.retry([job.providerJobId!])
      await runUntil(() => ran.length === 4, [Tried])
      expect(ran.map((run) => (run as unknown[])[1])).to.deep.equal([1, 2, 1, 2])
      expect(await backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 0 })
    })
  })

  it('ends its tries when the time is over that it may be tried for, whichever version wrote the times', async () => {
    class Broken extends HardJob {
      override perform(): void {
        throw new RangeError('broken')
      }
    }
    const failedAt = Date.now() - 100_000
    for (const [jid, failed_at] of Object.entries({ old: failedAt / 1000, new: failedAt })) {
      await new SidekiqClient(redis).push({ class: 'Broken', args: [], jid, retry_for: 60, retry_count: 2, failed_at })
    }
    await runUntil(async () => (await redis.zcard('dead')) === 2, [Broken])
    expect(await redis.zcard('retry')).to.equal(0)
  })

  it('gets what its class gives up by retryInterval among the dead at once, though it would try 25 times more', async () => {
    class Strict extends Job {
      static override retryInterval() {
        return false as const
      }
      perform(...args: unknown[]) {
        ran.push(args)
        throw new RangeError('never')
      }
    }
    class Limited extends Job {
      static override maxRetries = 1
      static override retryInterval() {
        return 0
      }
      perform(...args: unknown[]) {
        ran.push(args)
        throw new RangeError('too often')
      }
    }
    const sidekiq = new SidekiqClient(redis)
    for (const jobClass of [Strict, Limited]) {
      await jobClass.performLater('active')
      await sidekiq.job(jobClass.name).performAsync('native')
    }
    const quiet = await sidekiq.job('Strict', { dead: false }).performAsync('quiet')
    await runUntil(async () => ran.length === 7 && (await redis.zcard('dead')) === 4, [Strict, Limited])
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 4 })
    expect(await backend.find(quiet)).to.equal(undefined)
    const messages = (await backend.list('failed')).map(({ error }) => error!.message)
    expect(messages.sort()).to.deep.equal(['never', 'never', 'too often', 'too often'])
  })

  it('takes no job that only our own queues would keep unique or limited', async () => {
    class Once extends Job {
      static {
        this.uniqueFor(60_000)
      }
      perform() {}
    }
    const refused = await Once.performLater().catch((error: Error) => error)
    expect(refused).to.be.instanceOf(InvalidSidekiqJob)
    expect((refused as Error).message).to.equal(
      "A job for Sidekiq of the class Once is unique or limited, which Sidekiq's queues don't keep.",
    )
    expect(await redis.keys('*')).to.deep.equal([])
  })

  it('takes no prototype and no counters that are none from what is in Redis', async () => {
    const seen: unknown[] = []
    class Careful extends Job {
      perform(options: object) {
        seen.push([this.executions, Object.getPrototypeOf(options) === Object.prototype || Object.getPrototypeOf(options) === null])
        ran.push(Reflect.get(options, 'isAdmin'))
      }
    }
    await redis.sadd('queues', 'default')
    const item =
      '{"class":"Careful","queue":"default","retry":false,"__proto__":{"wrapped":"Other"},"retry_count":"9","args":[{"__proto__":{"isAdmin":true}}]}'
    await redis.rpush('queue:default', item)
    await runUntil(() => ran.length === 1, [Careful])
    expect(ran).to.deep.equal([undefined])
    expect(seen).to.deep.equal([[1, true]])
    expect(Reflect.get({}, 'isAdmin')).to.equal(undefined)
  })

  it('puts a job into the dead set whose processes die again and again', async () => {
    const jid = await new SidekiqClient(redis).job('HardJob').performAsync('deadly')
    for (let deaths = 1; deaths <= 11; deaths++) {
      await redis.sadd('regauge:sidekiq:processors', 'dead')
      await redis.lmove('queue:default', 'regauge:sidekiq:running:dead', 'RIGHT', 'LEFT')
      const isBack = async () => (await redis.smembers('regauge:sidekiq:processors')).every((id) => id !== 'dead')
      const worker = await backend.process(async () => ({ kind: 'completed' }), { queues: ['none'], concurrency: 1 })
      while (!(await isBack())) await new Promise((resolve) => setTimeout(resolve, 5))
      await worker.stop()
    }
    const [failed] = await backend.list('failed')
    expect(failed).to.deep.include({ id: jid, error: { name: 'ProcessDied', message: 'The process died 11 times while it ran.' } })
    expect(await backend.retry([jid])).to.equal(1)
    await runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['deadly']])
  })

  it('forgets jobs on request', async () => {
    const sidekiq = new SidekiqClient(redis)
    const ids = [await sidekiq.job('HardJob').performAsync(1), await sidekiq.job('HardJob').performIn(60, 2)]
    expect(await backend.remove(ids)).to.equal(2)
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0 })
  })
})
