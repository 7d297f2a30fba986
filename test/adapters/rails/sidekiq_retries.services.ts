import { expect } from 'chai'
import { SidekiqClient } from '../../../adapters/rails/index.ts'
import { Job } from '../../../src/jobs/index.ts'
import { HardJob, ran, sidekiqStage } from './sidekiq_stage.ts'

describe('the Sidekiq of a Rails application, with jobs that fail again and again,', () => {
  const stage = sidekiqStage(8)

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
    const itemsOf = async (set: string) => (await stage.redis.zrange(set, '0', '-1')).map((text) => JSON.parse(text))
    const isSettled = (count: number) => async () => (await stage.redis.zcard('retry')) + (await stage.redis.zcard('dead')) === count
    /** Lets Sidekiq's retries be due. */
    async function hasten(): Promise<void> {
      for (const payload of await stage.redis.zrange('retry', '0', '-1')) await stage.redis.zadd('retry', 0, payload)
    }

    it('tries a job of Active Job 25 times more, as Sidekiq does with what Active Job raises', async () => {
      const job = (await Tried.performLater('active')) as Tried
      await stage.runUntil(isSettled(1), [Tried])
      const [retry] = await itemsOf('retry')
      expect(retry).to.deep.include({ jid: job.providerJobId, retry_count: 0, error_class: 'RangeError', error_message: 'no more' })
      expect(retry.args[0]).to.deep.include({ job_id: job.jobId, executions: 1, exception_executions: { '[RangeError]': 1 } })
      await hasten()
      await stage.runUntil(async () => ran.length === 3 && (await stage.redis.zcard('retry')) === 1, [Tried])
      expect((await itemsOf('retry'))[0]).to.deep.include({ retry_count: 1 })
      expect(ran).to.deep.equal([
        ['active', 1],
        ['active', 2],
        ['active', 2],
      ])
      expect((await stage.backend.find(job.providerJobId!))!.attempts).to.equal(3)
      const last = (await stage.redis.zrange('retry', '0', '-1'))[0]!
      await stage.redis.del('retry')
      await stage.redis.zadd('retry', 0, last.replace('"retry_count":1', '"retry_count":24'))
      await stage.runUntil(async () => (await stage.redis.zcard('dead')) === 1, [Tried])
      expect(await stage.redis.zcard('retry')).to.equal(0)
    })

    it('tries a job of Active Job as often as the sidekiq_options of its class say', async () => {
      stage.useBackend({ sidekiqOptions: { Tried: { retry: 0, tags: ['x'] } } })
      await Tried.performLater('once')
      await stage.runUntil(isSettled(1), [Tried])
      expect((await itemsOf('dead'))[0]).to.deep.include({ retry: 0, tags: ['x'], retry_count: 0, error_class: 'RangeError' })
      stage.useBackend({ sidekiqOptions: { Tried: { retry: false } } })
      await Tried.performLater('never')
      await stage.runUntil(() => ran.length === 4, [Tried])
      expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 1 })
    })

    it('puts a job of Sidekiq’s own among the dead at once, since its class says how often it is tried', async () => {
      const jid = await new SidekiqClient(stage.redis).job('Tried').performAsync('native')
      await stage.runUntil(isSettled(1), [Tried])
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
      await stage.runUntil(isSettled(1), [Moody])
      const [text] = await stage.redis.zrange('retry', '0', '-1')
      await stage.redis.del('retry')
      await stage.redis.zadd('retry', 0, text!.replace('"locale":"en","timezone":"UTC"', '"locale":"de","timezone":"Berlin","tenant":7'))
      await stage.runUntil(async () => (await stage.redis.zcard('schedule')) === 1, [Moody])
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
      stage.useBackend({ sidekiqOptions: { Tried: { retry: 0 } } })
      const job = (await Tried.performLater('healed')) as Tried
      await stage.runUntil(isSettled(1), [Tried])
      await stage.backend.retry([job.providerJobId!])
      await stage.runUntil(() => ran.length === 4, [Tried])
      expect(ran.map((run) => (run as unknown[])[1])).to.deep.equal([1, 2, 1, 2])
      expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 0 })
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
      await new SidekiqClient(stage.redis).push({ class: 'Broken', args: [], jid, retry_for: 60, retry_count: 2, failed_at })
    }
    await stage.runUntil(async () => (await stage.redis.zcard('dead')) === 2, [Broken])
    expect(await stage.redis.zcard('retry')).to.equal(0)
  })

  it('gets the arguments of Active Job back as what they were, keywords and hashes of indifferent access among them', async () => {
    class Broken extends HardJob {
      static {
        this.retryOn(RangeError, { wait: 60 })
      }
      override perform(...args: unknown[]): void {
        ran.push(args)
        throw new RangeError('broken')
      }
    }
    const args = [
      { a: 1, b: { c: 2, _aj_symbol_keys: ['c'] }, _aj_hash_with_indifferent_access: true },
      [{ d: 3, _aj_symbol_keys: [] }],
      { e: { f: 4, _aj_hash_with_indifferent_access: true }, _aj_ruby2_keywords: ['e'] },
    ]
    const job = { job_class: 'Broken', job_id: 'id', arguments: args, executions: 0, exception_executions: {} }
    const item = { class: 'Sidekiq::ActiveJob::Wrapper', wrapped: 'Broken', args: [job], queue: 'default', jid: 'j', created_at: 1 }
    await stage.redis.sadd('queues', 'default')
    await stage.redis.rpush('queue:default', JSON.stringify(item))
    await stage.runUntil(async () => (await stage.redis.zcard('schedule')) === 1, [Broken])
    const [text] = await stage.redis.zrange('schedule', '0', '-1')
    expect(JSON.parse(text!).args[0].arguments).to.deep.equal(args)
    expect(JSON.stringify(ran)).to.equal('[[{"a":1,"b":{"c":2}},[{"d":3}],{"e":{"f":4}}]]')
  })

  it('finds the times of Sidekiq 8, which are whole milliseconds, as they were', async () => {
    class Broken extends HardJob {
      override perform(): void {
        throw new RangeError('broken')
      }
    }
    await stage.redis.sadd('queues', 'default')
    const item = {
      class: 'Broken',
      args: [],
      queue: 'default',
      retry: true,
      jid: 'eight',
      created_at: 1755000000000,
      failed_at: 1755000001000,
    }
    await stage.redis.rpush('queue:default', JSON.stringify({ ...item, retry_count: 0, enqueued_at: 1755000000 }))
    await stage.runUntil(async () => (await stage.redis.zcard('retry')) === 1, [Broken])
    const [text] = await stage.redis.zrange('retry', '0', '-1')
    expect(text)
      .to.include('"created_at":1755000000000,')
      .and.include('"failed_at":1755000001000,')
      .and.include('"enqueued_at":1755000000.0,')
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
    const sidekiq = new SidekiqClient(stage.redis)
    for (const jobClass of [Strict, Limited]) {
      await jobClass.performLater('active')
      await sidekiq.job(jobClass.name).performAsync('native')
    }
    const quiet = await sidekiq.job('Strict', { dead: false }).performAsync('quiet')
    await stage.runUntil(async () => ran.length === 7 && (await stage.redis.zcard('dead')) === 4, [Strict, Limited])
    expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 4 })
    expect(await stage.backend.find(quiet)).to.equal(undefined)
    const messages = (await stage.backend.list('failed')).map(({ error }) => error!.message)
    expect(messages.sort()).to.deep.equal(['never', 'never', 'too often', 'too often'])
  })
})
