import { expect } from 'chai'
import { InvalidSidekiqJob, SidekiqBackend, SidekiqClient } from '../../../adapters/rails/index.ts'
import { Job } from '../../../src/jobs/index.ts'
import { HardJob, ran, sidekiqStage } from './sidekiq_stage.ts'

describe('the Sidekiq of a Rails application', () => {
  const stage = sidekiqStage(9)

  it('is handed jobs by the names of its classes', async () => {
    const sidekiq = new SidekiqClient(stage.redis)
    const jid = await sidekiq.job('HardJob').performAsync(1, { a: null })
    await sidekiq.job('HardJob', { queue: 'low' }).set({ retry: 2 }).performIn(60, 'later')
    await sidekiq.job('HardJob').performBulk([[2], [3]])
    const [newest, , oldest] = (await stage.redis.lrange('queue:default', 0, -1)).map((text) => JSON.parse(text))
    expect(oldest).to.deep.include({ class: 'HardJob', args: [1, { a: null }], jid, retry: true, queue: 'default' })
    expect(newest.args).to.deep.equal([3])
    const [scheduled] = await stage.redis.zrange('schedule', '0', '-1')
    const score = await stage.redis.zscore('schedule', scheduled!)
    expect(JSON.parse(scheduled!)).to.deep.include({ class: 'HardJob', queue: 'low', retry: 2, args: ['later'] })
    expect(Number(score)).to.be.closeTo(Date.now() / 1000 + 60, 5)
    expect(await stage.redis.smembers('queues')).to.deep.equal(['default'])
  })

  it('is not handed arguments that JSON changes', async () => {
    const refused = await new SidekiqClient(stage.redis)
      .job('HardJob')
      .performAsync(new Date(0))
      .catch((error: Error) => error)
    expect(refused).to.be.instanceOf(InvalidSidekiqJob)
    expect(await stage.redis.keys('*')).to.deep.equal([])
  })

  it('performs our jobs as Active Job', async () => {
    const job = (await HardJob.set({ priority: 4 }).performLater(1, { a: 'b' })) as HardJob
    const [text] = await stage.redis.lrange('queue:hard', 0, -1)
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
    await new SidekiqClient(stage.redis).job('HardJob').performAsync('native')
    await HardJob.performLater('active', { a: 1 })
    await stage.runUntil(() => ran.length === 2)
    expect(ran).to.have.deep.members([['native'], ['active', { a: 1 }]])
    expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 0 })
  })

  it('gives us scheduled jobs when their time has come', async () => {
    const sidekiq = new SidekiqClient(stage.redis)
    await sidekiq.job('HardJob').performIn(0.05, 'soon')
    await sidekiq.job('HardJob').performIn(3600, 'late')
    await stage.runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['soon']])
    expect(await stage.backend.counts()).to.include({ delayed: 1 })
  })

  it('counts a scheduled job as enqueued from when its time has come, as its queue’s latency is told by that', async () => {
    const item = '{"class":"HardJob","args":[[],{},1.0],"queue":"default","jid":"j","created_at":1755000000000,"enqueued_at":1755000000000}'
    await stage.redis.zadd('schedule', 1, item)
    const worker = await stage.backend.process(async () => ({ kind: 'completed' }), { queues: ['none'], concurrency: 1 })
    await worker.stop()
    const [text] = await stage.redis.lrange('queue:default', 0, -1)
    expect(text).to.match(/^\{"class":"HardJob","args":\[\[\],\{\},1\.0\],.*,"enqueued_at":\d+\.\d{3}\}$/)
    expect(JSON.parse(text!).enqueued_at).to.be.closeTo(Date.now() / 1000, 60)
    expect((await stage.backend.list('waiting')).map(({ id }) => id)).to.deep.equal(['j'])
  })

  it('gives us all that is due at one time, behind what is no job', async () => {
    stage.useBackend({ poll: 60_000 })
    const item = (index: number) => JSON.stringify({ class: 'HardJob', args: [index], queue: 'default', jid: `${index}`, created_at: 1 })
    await stage.redis.zadd('schedule', ...Array.from({ length: 250 }, (_, index) => [1, `no JSON ${index}`]).flat())
    await stage.redis.zadd('schedule', ...Array.from({ length: 250 }, (_, index) => [2, item(index)]).flat())
    await stage.runUntil(() => ran.length === 250)
    expect(await stage.redis.zcard('dead')).to.equal(250)
  })

  it('keeps what fails among its retries, and what is used up among the dead, from where it can be run again', async () => {
    class Broken extends Job {
      perform() {
        throw new RangeError('broken')
      }
    }
    Object.defineProperty(Broken, 'name', { value: 'HardJob' })
    const sidekiq = new SidekiqClient(stage.redis)
    await sidekiq.job('HardJob').performAsync(1)
    const jid = await sidekiq.job('HardJob', { retry: 0 }).performAsync(2)
    await stage.runUntil(async () => (await stage.redis.zcard('retry')) + (await stage.redis.zcard('dead')) === 2, [Broken])
    const [retry] = await stage.redis.zrange('retry', '0', '-1')
    const score = await stage.redis.zscore('retry', retry!)
    expect(JSON.parse(retry!)).to.deep.include({ error_class: 'RangeError', error_message: 'broken', retry_count: 0, args: [1] })
    expect(Number(score)).to.be.within(Date.now() / 1000 + 10, Date.now() / 1000 + 30)
    expect((await stage.backend.find(jid))!.error).to.deep.equal({ name: 'RangeError', message: 'broken' })
    expect(await stage.backend.retry([jid])).to.equal(1)
    await stage.runUntil(() => ran.length === 1)
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
    await new SidekiqClient(stage.redis).job('Flaky').performAsync('native')
    await stage.runUntil(() => ran.length === 6, [Flaky])
    for (const name of ['active', 'native']) {
      expect(ran.filter((one) => (one as unknown[])[0] === name)).to.deep.equal([1, 2, 3].map((count) => [name, count]))
    }
  })

  it('gets the jobs of a worker back that died', async () => {
    await stage.redis.sadd('regauge:sidekiq:processors', 'dead')
    await new SidekiqClient(stage.redis).job('HardJob').performAsync('orphan')
    await stage.redis.lmove('queue:default', 'regauge:sidekiq:running:dead', 'RIGHT', 'LEFT')
    await stage.runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['orphan']])
    expect(await stage.redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
  })

  it('puts what is no job into the dead set, wherever it was, and goes on', async () => {
    const past = Date.now() / 1000 - 10
    await stage.redis.zadd('schedule', past, 'no JSON', past, '7', past, '{"class":"HardJob","args":[]}')
    await stage.redis.zadd('retry', past, '['.repeat(5000))
    await stage.redis.sadd('regauge:sidekiq:processors', 'dead')
    await stage.redis.rpush('regauge:sidekiq:running:dead', 'no JSON either', '{"args":5}')
    await stage.redis.sadd('queues', 'default')
    const long = JSON.stringify({ class: 'HardJob', args: ['x'.repeat(9_000_000)], queue: 'default' })
    await stage.redis.rpush('queue:default', '{}', 'null', '[1]', long)
    await stage.redis.rpush('queue:default', '{"class":"constructor","args":[],"queue":"default","retry":false}')
    await stage.redis.rpush('queue:default', '{"class":"__proto__","args":[],"queue":"default","retry":false,"jid":{},"created_at":"x"}')
    const wrapper = 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper'
    await stage.redis.rpush(
      'queue:default',
      JSON.stringify({ class: wrapper, wrapped: 'HardJob', args: [null], retry: false, queue: 'default' }),
    )
    const nameless = { class: wrapper, args: [{ job_class: { toString: 1 } }], retry: false, queue: 'default' }
    await stage.redis.rpush('queue:default', JSON.stringify(nameless))
    expect((await new SidekiqBackend(stage.redis).list('waiting')).map(({ name }) => name)).to.include(wrapper)
    await new SidekiqClient(stage.redis).job('HardJob').performAsync('good')
    await stage.runUntil(async () => ran.length === 1 && (await stage.redis.zcard('dead')) === 14)
    expect(ran).to.deep.equal([['good']])
    expect(await stage.redis.llen('queue:default')).to.equal(0)
    expect(await stage.redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
  })

  it('keeps no worker from its work by what it can read, but not write again', async () => {
    const deep = (fields: string) =>
      `{${fields},"args":[],"queue":"default","retry":false,"more":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    await stage.redis.sadd('regauge:sidekiq:processors', 'dead')
    await stage.redis.rpush('regauge:sidekiq:running:dead', deep('"class":"HardJob"'))
    await stage.redis.sadd('queues', 'default')
    await stage.redis.rpush('queue:default', deep('"class":"Unheard"'), deep('"class":"HardJob","encrypt":true'))
    await new SidekiqClient(stage.redis).job('HardJob').performAsync('good')
    await stage.runUntil(async () => ran.length === 1 && (await stage.redis.zcard('dead')) === 3)
    expect(ran).to.deep.equal([['good']])
    expect(await stage.redis.smembers('regauge:sidekiq:processors')).to.deep.equal([])
  })

  it('takes jobs from the other queues, and of the other set, when what is under a name is none', async () => {
    await stage.redis.set('queue:a', 'text')
    await stage.redis.sadd('queues', 'a')
    await stage.redis.hset('retry', 'field', 'text')
    await new SidekiqClient(stage.redis).job('HardJob').performIn(0.05, 'good')
    await stage.runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['good']])
  })

  it('goes on after a job that asks for a time that no date has', async () => {
    class Endless extends Job {
      static override maxRetries = 5
      static override retryInterval() {
        return 1e300
      }
      perform() {
        throw new RangeError('later')
      }
    }
    await Endless.performLater()
    await new SidekiqClient(stage.redis).job('HardJob').performAsync('good')
    await stage.runUntil(
      async () => ran.length === 1 && (await stage.redis.zcard('dead')) + (await stage.redis.zcard('schedule')) === 1,
      [HardJob, Endless],
    )
    expect(ran).to.deep.equal([['good']])
  })

  it('keeps jobs whose class nobody here knows, also those that are not to be tried again', async () => {
    const sidekiq = new SidekiqClient(stage.redis)
    const tried = await sidekiq.job('Unheard').performAsync(1)
    const once = await sidekiq.job('Unheard', { retry: false }).performAsync(2)
    await stage.runUntil(async () => (await stage.redis.zcard('retry')) + (await stage.redis.zcard('dead')) === 2)
    const [retried, dead] = [await stage.redis.zrange('retry', '0', '-1'), await stage.redis.zrange('dead', '0', '-1')]
    expect(JSON.parse(retried[0]!)).to.deep.include({
      jid: tried,
      class: 'Unheard',
      args: [1],
      error_class: 'UnknownJobClass',
      retry_count: 0,
    })
    expect(JSON.parse(dead[0]!)).to.deep.include({ jid: once, class: 'Unheard', args: [2], error_class: 'UnknownJobClass' })
    class Unheard extends HardJob {}
    await stage.runUntil(() => ran.length === 1, [Unheard])
    expect(ran).to.deep.equal([[2]])
  })

  it('is left the jobs of its batches, which are in nobody’s way', async () => {
    const sidekiq = new SidekiqClient(stage.redis)
    for (const bid of ['first', 'second']) await sidekiq.push({ class: 'HardJob', args: [bid], bid })
    const payloads = await stage.redis.lrange('queue:default', 0, -1)
    await sidekiq.job('HardJob').performBulk([['alone'], ['too']])
    await stage.runUntil(() => ran.length === 2)
    expect(ran).to.deep.equal([['alone'], ['too']])
    expect(await stage.redis.lrange('queue:default', 0, -1)).to.have.members(payloads)
    expect(await stage.backend.counts()).to.include({ waiting: 2, delayed: 0, failed: 0 })
  })

  it('is not asked without end for a job of a batch that has no id', async () => {
    await stage.redis.sadd('queues', 'default')
    await stage.redis.rpush('queue:default', '{"class":"HardJob","args":[],"queue":"default","bid":"b"}')
    let calls = 0
    const call = (command: string, ...args: (string | number)[]) => {
      calls++
      return stage.redis.call(command, ...args)
    }
    const worker = await new SidekiqBackend({ call }, { poll: 60_000 }).process(async () => ({ kind: 'completed' }), {
      queues: ['*'],
      concurrency: 1,
    })
    for (let before = -1; before !== calls; ) {
      before = calls
      for (let pings = 0; pings < 20; pings++) await stage.redis.ping()
    }
    await worker.stop()
    expect(await stage.redis.llen('queue:default')).to.equal(1)
  })

  it('gets a job back, among the dead, whose arguments only it can read', async () => {
    await stage.redis.sadd('queues', 'default')
    const item = { class: 'HardJob', args: [1, 'BAhTOg=='], encrypt: true, queue: 'default', retry: false, jid: 'secret', created_at: 1 }
    await stage.redis.rpush('queue:default', JSON.stringify(item))
    await stage.runUntil(async () => (await stage.redis.zcard('dead')) === 1)
    expect(ran).to.deep.equal([])
    const [dead] = await stage.redis.zrange('dead', '0', '-1')
    expect(JSON.parse(dead!)).to.deep.include({ ...item, error_class: 'EncryptedArguments' })
    const refused = await new SidekiqClient(stage.redis)
      .job('HardJob', { encrypt: true })
      .performAsync('secret')
      .catch((error: Error) => error)
    expect(refused).to.be.instanceOf(InvalidSidekiqJob)
  })

  it('gets a job back, among the dead and as it was, that has a number which JavaScript would take for another', async () => {
    await stage.redis.sadd('queues', 'default')
    await stage.redis.sadd('regauge:sidekiq:processors', 'dead')
    const wrapped =
      '"class":"Sidekiq::ActiveJob::Wrapper","wrapped":"HardJob","args":[{"job_class":"HardJob","arguments":[-109348729348729347]}]'
    const native = '"class":"HardJob","args":["9007199254740993 \\"",1e+300,1.5,{"id":9007199254740993}]'
    const rest = '"queue":"default","retry":true,"created_at":1755000000.1234567'
    await stage.redis.rpush('queue:default', `{${wrapped},${rest},"jid":"active"}`)
    await stage.redis.rpush('regauge:sidekiq:running:dead', `{${native},${rest},"jid":"native"}`)
    await stage.redis.rpush(
      'queue:default',
      `{"class":"HardJob","args":["9007199254740993 \\"",1e+300,9007199254740991],${rest},"jid":"good"}`,
    )
    await stage.runUntil(async () => ran.length === 1 && (await stage.redis.zcard('dead')) === 2)
    expect(ran).to.deep.equal([['9007199254740993 "', 1e300, 9007199254740991]])
    const dead = (await stage.redis.zrange('dead', '0', '-1')).sort()
    expect(dead[0]).to.include(
      `{${native},${rest},"jid":"native","error_class":"InexactNumber","error_message":"It has a whole number above`,
    )
    expect(dead[1]).to.include(`{${wrapped},${rest},"jid":"active","error_class":"InexactNumber"`)
    const [failed] = (await stage.backend.list('failed')).filter(({ id }) => id === 'active')
    expect(failed).to.deep.include({ name: 'HardJob', data: {} })
    expect(failed!.dataError!.message).to.include('a whole number that is too large for JavaScript')
    expect(await stage.backend.retry(['active', 'native'])).to.equal(0)
    expect((await stage.redis.zrange('dead', '0', '-1')).sort()).to.deep.equal(dead)
  })

  it('gives us jobs of classes in modules, which may be called here by their full name, in one word, or by the last of their names', async () => {
    class Full extends HardJob {
      static override name = 'Admin::Full'
    }
    class AdminWord extends HardJob {}
    class Last extends HardJob {}
    await stage.redis.sadd('queues', 'default')
    for (const name of ['Admin::Full', 'Admin::Word', 'Admin::Last']) {
      const job = { job_class: name, job_id: name, arguments: [name], executions: 0, exception_executions: {} }
      const item = {
        class: 'Sidekiq::ActiveJob::Wrapper',
        wrapped: name,
        args: [job],
        queue: 'default',
        retry: false,
        jid: name,
        created_at: 1,
      }
      await stage.redis.rpush('queue:default', JSON.stringify(item))
      await new SidekiqClient(stage.redis).job(name).performAsync(name)
    }
    await stage.runUntil(
      async () => ran.length + (await stage.redis.zcard('dead')) + (await stage.redis.zcard('retry')) === 6,
      [Full, AdminWord, Last],
    )
    expect(ran.flat().sort()).to.deep.equal(['Full', 'Full', 'Last', 'Last', 'Word', 'Word'].map((name) => `Admin::${name}`))
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
    const jid = await new SidekiqClient(stage.redis).job('Patient').performAsync()
    await stage.runUntil(async () => (await stage.backend.counts()).delayed === 1, [Patient])
    expect((await stage.backend.find(jid))!.runAt).to.be.closeTo(Date.now() + 3_600_000, 60_000)
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
    expect(await stage.redis.keys('*')).to.deep.equal([])
  })

  it('takes no prototype and no counters that are none from what is in Redis', async () => {
    const seen: unknown[] = []
    class Careful extends Job {
      perform(options: object) {
        seen.push([this.executions, Object.getPrototypeOf(options) === Object.prototype || Object.getPrototypeOf(options) === null])
        ran.push(Reflect.get(options, 'isAdmin'))
      }
    }
    await stage.redis.sadd('queues', 'default')
    const item =
      '{"class":"Careful","queue":"default","retry":false,"__proto__":{"wrapped":"Other"},"retry_count":"9","args":[{"__proto__":{"isAdmin":true}}]}'
    await stage.redis.rpush('queue:default', item)
    await stage.runUntil(() => ran.length === 1, [Careful])
    expect(ran).to.deep.equal([undefined])
    expect(seen).to.deep.equal([[1, true]])
    expect(Reflect.get({}, 'isAdmin')).to.equal(undefined)
  })

  it('puts a job into the dead set whose processes die again and again', async () => {
    const jid = await new SidekiqClient(stage.redis).job('HardJob').performAsync('deadly')
    for (let deaths = 1; deaths <= 11; deaths++) {
      await stage.redis.sadd('regauge:sidekiq:processors', 'dead')
      await stage.redis.lmove('queue:default', 'regauge:sidekiq:running:dead', 'RIGHT', 'LEFT')
      const isBack = async () => (await stage.redis.smembers('regauge:sidekiq:processors')).every((id) => id !== 'dead')
      const worker = await stage.backend.process(async () => ({ kind: 'completed' }), { queues: ['none'], concurrency: 1 })
      while (!(await isBack())) await new Promise((resolve) => setTimeout(resolve, 5))
      await worker.stop()
    }
    const [failed] = await stage.backend.list('failed')
    expect(failed).to.deep.include({ id: jid, error: { name: 'ProcessDied', message: 'The process died 11 times while it ran.' } })
    expect(await stage.backend.retry([jid])).to.equal(1)
    await stage.runUntil(() => ran.length === 1)
    expect(ran).to.deep.equal([['deadly']])
  })

  it('forgets jobs on request', async () => {
    const sidekiq = new SidekiqClient(stage.redis)
    const ids = [await sidekiq.job('HardJob').performAsync(1), await sidekiq.job('HardJob').performIn(60, 2)]
    expect(await stage.backend.remove(ids)).to.equal(2)
    expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0 })
  })
})
