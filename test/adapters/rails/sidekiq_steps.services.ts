import { expect } from 'chai'
import { SidekiqBackend, SidekiqClient } from '../../../adapters/rails/index.ts'
import { Job, JobRunner } from '../../../src/jobs/index.ts'
import { useLogger } from '../../../src/logging/index.ts'
import { collectingLogger } from '../../jobs/queue_directory.ts'
import { ran, sidekiqStage } from './sidekiq_stage.ts'

describe('a job of several steps on the queues of Sidekiq', () => {
  const stage = sidekiqStage(13)
  let goOn = () => {}
  let isHeld = false
  /** Waits at each place that it is called, while something is to happen. */
  const hold = () =>
    new Promise<void>((resolve) => {
      isHeld = true
      goOn = resolve
    })
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  let holdsAt: unknown
  const { now } = Date
  beforeEach(() => {
    isHeld = false
    holdsAt = undefined
    let seconds = 0
    // A cursor that moves faster isn't saved each time.
    Date.now = () => now() + 1000 * seconds++
  })
  afterEach(() => {
    Date.now = now
  })

  class StepJob extends Job {
    static {
      this.queueAs('default')
    }
    async perform() {
      await this.step('one', () => void ran.push('one'))
      await this.step<number>(
        'two',
        async (step) => {
          while (step.cursor < 4) {
            ran.push(`two ${step.cursor}`)
            if (step.cursor === holdsAt) await hold()
            step.advance()
          }
        },
        { start: 0 },
      )
      await this.step('three', () => void ran.push('three'))
    }
  }

  const runnerOn = async (backend: SidekiqBackend, jobClass: typeof StepJob = StepJob) => {
    const runner = new JobRunner(backend, { classes: [jobClass], logger: collectingLogger([]) })
    await runner.start()
    return runner
  }
  /** Lets what is scheduled be due. */
  const hasten = async () => {
    for (const payload of await stage.redis.zrange('schedule', '0', '-1')) await stage.redis.zadd('schedule', 0, payload)
  }
  const listed = async () => {
    const lists = await stage.redis.keys('regauge:sidekiq:running:*')
    return (await Promise.all(lists.map((key) => stage.redis.lrange(key, 0, -1)))).flat().map((text) => JSON.parse(text))
  }
  /** The death of a process as others see it: nothing is heard of it any more. */
  const declareDead = async () => void (await stage.redis.del(...(await stage.redis.keys('regauge:sidekiq:alive:*'))))

  describe('when its worker stops', () => {
    const interrupted = async () => {
      holdsAt = 1
      const runner = await runnerOn(stage.backend)
      await until(() => isHeld)
      const stopped = runner.stop()
      await new Promise(setImmediate)
      goOn()
      expect(await stopped).to.deep.equal({ unfinished: 0 })
      const [payload] = await stage.redis.zrange('schedule', '0', '-1')
      return JSON.parse(payload!)
    }
    const rest = ['two 2', 'two 3', 'three']

    it('is scheduled as Rails has it scheduled, and goes on where it was', async () => {
      const job = (await StepJob.performLater()) as StepJob
      const item = await interrupted()
      expect(item).to.deep.include({ jid: job.providerJobId, wrapped: 'StepJob', retry: true })
      expect(item.args[0]).to.deep.include({
        job_class: 'StepJob',
        job_id: job.jobId,
        executions: 1,
        exception_executions: { "Interrupted at 'two', cursor '2' (stopping)": 1 },
        continuation: { completed: ['one'], current: ['two', 2] },
        resumptions: 0,
      })
      await hasten()
      ran.splice(0)
      await stage.runUntil(() => ran.length === 3, [StepJob])
      expect(ran).to.deep.equal(rest)
    })

    it('goes on where it was, also one of Sidekiq’s own', async () => {
      await new SidekiqClient(stage.redis).job('StepJob').performAsync()
      const item = await interrupted()
      expect(item).to.deep.include({
        class: 'StepJob',
        args: [],
        regauge: { continuation: { completed: ['one'], current: ['two', 2] }, resumptions: 0 },
      })
      await hasten()
      ran.splice(0)
      await stage.runUntil(() => ran.length === 3, [StepJob])
      expect(ran).to.deep.equal(rest)
    })
  })

  it('goes on where Rails was interrupted with it', async () => {
    const job = {
      ...{
        job_class: 'StepJob',
        job_id: '638bd438-ce48-400e-af4f-e8debde6d1d4',
        provider_job_id: null,
        queue_name: 'default',
        priority: null,
      },
      ...{
        arguments: [],
        executions: 1,
        exception_executions: { "Interrupted at 'two', cursor '2' (stopping)": 1 },
        locale: 'en',
        timezone: 'UTC',
      },
      ...{ enqueued_at: '2026-01-15T12:00:00.000000000Z', scheduled_at: '2026-01-15T12:00:05.000000000Z' },
      ...{ continuation: { completed: ['one'], current: ['two', 2] }, resumptions: 0 },
    }
    const item = {
      class: 'Sidekiq::ActiveJob::Wrapper',
      wrapped: 'StepJob',
      args: [job],
      queue: 'default',
      retry: true,
      jid: 'j',
      created_at: 1768478400000,
    }
    await stage.redis.zadd('schedule', 1, JSON.stringify(item))
    await stage.runUntil(() => ran.length === 3, [StepJob])
    expect(ran).to.deep.equal(['two 2', 'two 3', 'three'])
  })

  describe('when its process dies', () => {
    for (const [whose, enqueue] of [
      ['of Active Job', () => StepJob.performLater()],
      ['of Sidekiq’s own', () => new SidekiqClient(stage.redis).job('StepJob').performAsync()],
    ] as const) {
      it(`goes on elsewhere with what it had not done, ${whose}`, async () => {
        stage.useBackend({ poll: 60_000 })
        holdsAt = 2
        await enqueue()
        const dying = await runnerOn(stage.backend)
        await until(() => isHeld)
        await until(async () => JSON.stringify(await listed()).includes('["two",2]'))
        const goOnDying = goOn
        await declareDead()
        ran.splice(0)
        holdsAt = undefined
        const other = new SidekiqBackend(stage.redis, { poll: 5 })
        const runner = await runnerOn(other)
        await until(() => ran.includes('three'))
        await runner.stop()
        expect(ran).to.deep.equal(['two 2', 'two 3', 'three'])
        goOnDying()
        await dying.stop()
        expect(await stage.redis.keys('*')).to.deep.equal(['queues'])
      })
    }
  })

  it('keeps how far it is when it fails, and no run that Sidekiq would not count', async () => {
    class Careful extends StepJob {
      static override resumeErrorsAfterAdvancing = false
      override async perform() {
        await this.step('one', () => void ran.push('one'))
        await this.step('broken', () => {
          throw new RangeError('broken')
        })
      }
    }
    await Careful.performLater()
    await stage.runUntil(async () => (await stage.redis.zcard('retry')) === 1, [Careful])
    const [payload] = await stage.redis.zrange('retry', '0', '-1')
    const item = JSON.parse(payload!)
    expect(item).to.deep.include({ retry_count: 0, error_class: 'RangeError' })
    expect(item.args[0]).to.deep.include({
      executions: 0,
      exception_executions: {},
      continuation: { completed: ['one'] },
    })
  })

  it('is done though Redis has not said whether it kept how far it was', async () => {
    for (const isKept of [true, false]) {
      const call = async (command: string, ...args: (string | number)[]) => {
        const isSave = String(args[0]).includes('LREM') && args[1] === 1
        if (!isSave || isKept) await stage.redis.ping()
        const answer = !isSave || isKept ? await stage.redis.call(command, ...args) : undefined
        if (isSave) throw new Error('Connection is closed.')
        return answer
      }
      const log: Parameters<typeof collectingLogger>[0] = []
      useLogger(collectingLogger(log))
      try {
        ran.splice(0)
        await StepJob.performLater()
        const runner = await runnerOn(new SidekiqBackend({ call }, { poll: 5 }))
        await until(() => ran.includes('three'))
        await runner.stop()
      } finally {
        useLogger(undefined)
      }
      expect(ran.filter((step) => step === 'one')).to.have.length(1)
      expect(log.map(({ message }) => message)).to.include('How far a job is could not be kept')
      expect(await stage.redis.keys('*')).to.deep.equal(['queues'])
    }
  })

  it('keeps nothing after the time of its job is over', async () => {
    class Endless extends StepJob {
      static {
        this.timeout(0.02)
      }
      override async perform() {
        await this.step<number>(
          'count',
          async (step) => {
            await hold()
            step.set(1)
          },
          { start: 0 },
        )
      }
    }
    const call = async (command: string, ...args: (string | number)[]) => {
      const isOutcome = args.includes('retry') && args.some((arg) => String(arg).includes('JobTimeout'))
      if (isOutcome) {
        goOn()
        for (let turn = 0; turn < 3; turn++) await stage.redis.ping()
      }
      return stage.redis.call(command, ...args)
    }
    await Endless.performLater()
    const runner = await runnerOn(new SidekiqBackend({ call }, { poll: 5 }), Endless)
    await until(async () => (await stage.redis.zcard('retry')) === 1)
    await runner.stop()
    expect(await stage.redis.keys('regauge:*')).to.deep.equal([])
    expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 1, failed: 0 })
  })
})
