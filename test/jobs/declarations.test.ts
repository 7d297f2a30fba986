import { expect } from 'chai'
import { type ErrorReport, reporter } from '../../src/errors/reporter.ts'
import { aroundEveryEnqueue, Job, JobTimeout, minutes, type RetryAttempt } from '../../src/jobs/index.ts'
import { abort } from '../../src/errors/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { jobStage } from './job_stage.ts'

class Slow extends Error {}
class Wrong extends Error {}

describe('A class of jobs', () => {
  const { stage, ran } = jobStage()

  describe('with callbacks', () => {
    it('runs several of one declaration, when their conditions hold', async () => {
      class Sync extends Job {
        static {
          this.beforePerform('first', 'second')
          this.beforePerform(() => ran.push('only in the night'), { if: 'isNight' })
          this.beforePerform(() => ran.push('not in the night'), { unless: [async (job) => job.isNight()] })
          this.aroundPerform(
            async (_job, next) => {
              ran.push('around')
              await next()
            },
            { if: (job) => job.arguments[0] === 'loud' },
          )
          this.afterPerform(() => ran.push('after'), { if: ['isNight', () => true] })
        }
        first() {
          ran.push('first')
        }
        second() {
          ran.push('second')
        }
        isNight() {
          return this.arguments[0] === 'night'
        }
        perform(how: string) {
          ran.push(how)
        }
      }
      for (const how of ['day', 'night', 'loud']) await Sync.performNow(how)
      expect(ran.slice(0, 4)).to.deep.equal(['first', 'second', 'not in the night', 'day'])
      expect(ran.slice(4, 9)).to.deep.equal(['first', 'second', 'only in the night', 'night', 'after'])
      expect(ran.slice(9)).to.deep.equal(['first', 'second', 'not in the night', 'around', 'loud'])
    })

    it('is waited for by what is around it, also where that does not say so', async () => {
      class Careless extends Job {
        static {
          this.aroundPerform((_job, next) => void next())
          this.aroundEnqueue((_job, next) => void next())
          this.afterDiscard((_job, error) => ran.push(`lost: ${error.message}`))
        }
        async perform() {
          await new Promise(setImmediate)
          throw new Error('no stock')
        }
      }
      expect(await Careless.performLater()).to.be.instanceOf(Careless)
      await stage.runAll([Careless])
      expect(ran).to.deep.equal(['lost: no stock'])
      expect(await stage.backend.counts()).to.include({ failed: 1 })
    })

    it('answers what perform does to what is around it and to its caller, and false where it was aborted', async () => {
      class Poll extends Job {
        static {
          this.aroundPerform('again')
          this.aroundPerform((_job, next) => next().then(() => 'not this'))
          this.beforePerform(() => abort(), { if: (job) => job.arguments[0] === 0 })
        }
        async again(next: () => Promise<unknown>) {
          ran.push(await next())
        }
        perform(left: number) {
          return `${left} left`
        }
      }
      const answers = [await Poll.performNow(2), await Poll.performNow(0), await Poll.performInline(0)]
      expect(answers).to.deep.equal(['2 left', false, false])
      expect(ran).to.deep.equal(['2 left', false, false])
    })

    it('answers nothing to its caller where something around it does not go on', async () => {
      class Skipped extends Job {
        static {
          this.aroundPerform(() => 'not this')
        }
        perform() {
          return 'done'
        }
      }
      expect(await Skipped.performNow()).to.equal(undefined)
    })

    it('stops at one that aborts, whose condition holds', async () => {
      class Guarded extends Job {
        static {
          this.beforeEnqueue(() => abort(), { if: (job) => job.arguments[0] === 0 })
        }
        perform(_count: number) {}
      }
      expect(await Guarded.performLater(0)).to.equal(false)
      expect(await Guarded.performLater(1)).to.be.instanceOf(Guarded)
    })

    it('puts one in front of what it inherits, and runs a method that it declares again once, where it does so', async () => {
      abstract class ApplicationJob extends Job {
        static {
          this.beforePerform('audit')
          this.beforePerform(() => ran.push('parent'))
        }
        audit() {
          ran.push('audit')
        }
      }
      class Child extends ApplicationJob {
        static {
          this.beforePerform('audit')
          this.beforePerform(() => ran.push('front'), { prepend: true })
        }
        perform() {}
      }
      await Child.performNow()
      expect(ran).to.deep.equal(['front', 'parent', 'audit'])
    })
  })

  it('retries without options but with a last resort, as in Rails, and reports when it is to', async () => {
    const reported: unknown[] = []
    const subscriber = {
      report: (error: unknown, { handled, source }: { handled: boolean; source?: string | undefined }) =>
        void reported.push([String(error), handled, source]),
    }
    reporter.subscribe(subscriber)
    class Flaky extends Job {
      static {
        this.retryOn(Slow, (_job, error) => ran.push(error.message))
        this.retryOn(Wrong, { wait: 0, attempts: 2, report: true }, () => {})
        this.discardOn(RangeError, { report: true })
        this.rescueFrom(TypeError, { with: 'note' })
      }
      note(error: Error) {
        ran.push(`noted ${error.message}`)
      }
      perform(error: string) {
        if (error === 'slow') throw new Slow(error)
        if (error === 'wrong') throw new Wrong(error)
        throw error === 'range' ? new RangeError(error) : new TypeError(error)
      }
    }
    try {
      for (const error of ['slow', 'wrong', 'range', 'type']) await Flaky.performLater(error)
      await stage.runAll([Flaky])
    } finally {
      reporter.unsubscribe(subscriber)
    }
    expect(reported).to.deep.equal([
      ['Error: wrong', true, 'application.active_job'],
      ['RangeError: range', true, 'application.active_job'],
    ])
    expect(ran).to.deep.equal(['noted type'])
    expect(await stage.backend.counts()).to.include({ delayed: 1, failed: 0 })
  })

  it('fails, and is not tried at once, when the function of its wait answers no time', async () => {
    class Odd extends Job {
      static {
        this.retryOn(Slow, { wait: () => answers[ran.length - 1] as number })
      }
      perform() {
        ran.push(this.executions)
        throw new Slow('slow')
      }
    }
    const answers = ['soon', Promise.resolve(1), 1n, Number.NaN]
    for (const _ of answers) await Odd.performLater()
    await stage.runAll([Odd], { workers: [{ queues: ['*'], concurrency: 1 }] })
    expect(ran).to.deep.equal([1, 1, 1, 1])
    const failed = await stage.backend.list('failed')
    expect(failed.map(({ error }) => error!.message)).to.have.members(
      ['"soon"', 'an object of Promise', '1', 'NaN'].map((text) => `Odd: wait can't be ${text}`),
    )
  })

  describe('that decides by retryInterval', () => {
    class Sending extends Job {
      static override maxRetries = 3
      static {
        this.discardOn(RangeError)
      }
      static override retryInterval(error: Error, context: RetryAttempt) {
        ran.push(['asked', error.message, context.attempt])
        if (error.message === 'later') return minutes(5)
        if (error.message === 'usual') return super.retryInterval(error, context)
        return error.message === 'now' ? 0 : false
      }
      perform(message: string) {
        ran.push([message, this.meta.willRetry])
        throw message === 'range' ? new RangeError(message) : new Error(message)
      }
    }

    it('runs again after the time it says, so often at most, and fails then', async () => {
      await Sending.performLater('now')
      await stage.runAll([Sending])
      expect(ran).to.deep.equal([
        ['now', true],
        ['asked', 'now', 1],
        ['now', true],
        ['asked', 'now', 2],
        ['now', true],
        ['asked', 'now', 3],
        ['now', false],
      ])
      expect(await stage.backend.counts()).to.include({ failed: 1 })
    })

    it('waits as long as it says, or as Rage would, and fails at once when it says so', async () => {
      for (const message of ['later', 'usual', 'never']) await Sending.performLater(message)
      await stage.runAll([Sending])
      const waits = new Map(
        (await stage.backend.list('delayed')).map(({ data, runAt }) => [(data['arguments'] as string[])[0], (runAt! - Date.now()) / 1000]),
      )
      expect(waits.get('later')).to.be.within(290, 300)
      expect(waits.get('usual')).to.be.within(1, 26)
      expect((await stage.backend.list('failed')).map(({ error }) => error!.message)).to.deep.equal(['never'])
    })

    it('is not asked about errors that something else is for, nor where it is inherited as it is', async () => {
      class Plain extends Job {
        perform() {
          throw new Error('no')
        }
      }
      await Sending.performLater('range')
      await Plain.performLater()
      await stage.runAll([Sending, Plain])
      expect(ran).to.deep.equal([['range', true]])
      expect(await stage.backend.counts()).to.include({ failed: 1, delayed: 0 })
    })

    it('is told what the job performs with', async () => {
      class Charge extends Job {
        static override retryInterval(_error: Error, { arguments: [account] = [] }: RetryAttempt) {
          return account === 'ann' && 60
        }
        perform(_account: string) {
          throw new Error('no')
        }
      }
      await Charge.performBulk([['ann'], ['bob']])
      await stage.runAll([Charge])
      expect((await stage.backend.list('failed')).map(({ data }) => data['arguments'])).to.deep.equal([['bob']])
      expect(await stage.backend.counts()).to.include({ delayed: 1 })
    })

    it('waits as Rage would when the answer is no time, and says so', async () => {
      class Odd extends Job {
        static override retryInterval() {
          return 'soon' as never
        }
        perform() {
          throw new Error('no')
        }
      }
      const lines: string[] = []
      useLogger(createLogger({ format: 'json', level: 'warn', stream: { write: (line) => lines.push(line) } }))
      await Odd.performLater()
      await stage.runAll([Odd])
      useLogger(undefined)
      expect(lines.join()).to.include('Odd.retryInterval returned string, and no number of seconds, duration or false')
      expect(await stage.backend.counts()).to.include({ delayed: 1 })
    })

    it('waits as Rage would when it throws, and says so', async () => {
      class Broken extends Job {
        static {
          this.afterDiscard(() => ran.push('given up'))
        }
        static override retryInterval(): number {
          throw new Error('no such header')
        }
        perform() {
          throw new Error('too many requests')
        }
      }
      const lines: string[] = []
      useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
      await Broken.performLater()
      await stage.runAll([Broken])
      useLogger(undefined)
      expect(lines.join()).to.include('Broken.retryInterval failed')
      expect(lines.join()).to.include('no such header')
      const [delayed] = await stage.backend.list('delayed')
      expect(delayed!.runAt! - Date.now()).to.be.within(5_000, 30_000)
      expect(ran).to.deep.equal([])
    })
  })

  it('runs again when it asked for that and failed then, as in Rails, and its error is reported', async () => {
    class Polling extends Job {
      static {
        this.afterDiscard((_job, error) => ran.push(error.message))
      }
      async perform() {
        await this.retryJob({ wait: this.executions === 1 ? 0 : 60 })
        if (this.executions === 1) throw new Error('no answer')
      }
    }
    const reported: unknown[] = []
    const subscriber = { report: (error: unknown, { handled }: ErrorReport) => void reported.push([(error as Error).message, handled]) }
    reporter.subscribe(subscriber)
    const job = await Polling.performLater()
    await stage.runAll([Polling])
    reporter.unsubscribe(subscriber)
    expect(reported).to.deep.equal([['no answer', false]])
    expect(ran).to.deep.equal(['no answer'])
    expect(await stage.backend.counts()).to.include({ delayed: 1, failed: 0 })
    const [delayed] = await stage.backend.list('delayed')
    expect(delayed!.data).to.include({ job_id: (job as Job).jobId, executions: 2 })
    expect(
      stage.log.filter(({ level }) => level === 'error').map(({ message, fields }) => [message, typeof fields['run_at']]),
    ).to.deep.equal([['Polling failed', 'string']])
  })

  it('may allow more time than a timer can be set for', async () => {
    class Long extends Job {
      static {
        this.timeout(2 ** 31)
        this.discardOn(JobTimeout, () => ran.push('cut off'))
      }
      async perform() {
        await new Promise((resolve) => setTimeout(resolve, 5))
        ran.push('done')
      }
    }
    await Long.performNow()
    expect(ran).to.deep.equal(['done'])
  })

  it('chooses queue and priority by the arguments of what is enqueued, and not of what is stored', async () => {
    class ByPlan extends Job {
      static {
        this.queueAs((job) => (job.arguments[0] as { plan: string }).plan)
        this.queueWithPriority((job) => (job.arguments[0] as { plan: string }).plan.length)
      }
      perform({ plan }: { plan: string }) {
        ran.push([plan, this.queueName, this.priority])
      }
    }
    await ByPlan.performLater({ plan: 'premium' })
    await ByPlan.set({ queue: 'moved', priority: 1 }).performLater({ plan: 'free' })
    await stage.runAll([ByPlan])
    expect(ran).to.have.deep.members([
      ['premium', 'premium', 7],
      ['free', 'moved', 1],
    ])
  })

  describe('enqueued several at a time', () => {
    class Note extends Job {
      perform(...args: unknown[]) {
        ran.push([this.context['tenant'], ...args])
      }
    }

    it('takes jobs one by one, or lists of them', async () => {
      await Job.performAllLater(new Note(1), [new Note(2), new Note(3)])
      expect(await stage.backend.counts()).to.include({ waiting: 3 })
    })

    it('goes through middleware, each of the jobs, which may drop some', async () => {
      const remove = aroundEveryEnqueue(async (job, next) => {
        job.context['tenant'] = 'acme'
        if (job.arguments[0] !== 2) await next()
      })
      try {
        const ids = await Note.performBulk([[1], [2], [3]])
        expect(ids.map((id) => typeof id)).to.deep.equal(['string', 'object', 'string'])
      } finally {
        remove()
      }
      await stage.runAll([Note])
      expect(ran).to.deep.equal([
        ['acme', 1],
        ['acme', 3],
      ])
    })
  })
})
