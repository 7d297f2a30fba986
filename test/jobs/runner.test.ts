import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'chai'
import { currentExecution, runExecution } from '../../src/context/index.ts'
import { type ErrorReport, reporter } from '../../src/errors/reporter.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import {
  aroundEveryPerform,
  Job,
  type JobBackend,
  JobRunner,
  JoinedBackend,
  minutes,
  UnknownJobClass,
  useJobBackend,
} from '../../src/jobs/index.ts'
import { JobStage } from './job_stage.ts'
import { collectingLogger, QueueDirectory } from './queue_directory.ts'

describe('JobRunner', () => {
  let stage: JobStage
  beforeEach(() => (stage = new JobStage()))
  afterEach(() => stage.dispose())

  it('gives each job an execution of its own, with the request it was enqueued in', async () => {
    const seen: unknown[] = []
    class Look extends Job {
      perform() {
        seen.push(currentExecution())
      }
    }
    const application = {}
    const job = (await runExecution({ requestId: 'r-1' }, () => Look.performLater())) as Look
    await stage.runAll([Look], { application })
    expect(seen).to.deep.equal([
      { application, requestId: 'r-1', logFields: { job: 'Look', job_id: job.jobId, queue: 'default', attempt: 1 } },
    ])
  })

  it('begins no job within what was around whoever enqueued it: spans, scopes and other storages', async () => {
    const around = new AsyncLocalStorage<string>()
    const directory = await QueueDirectory.make()
    try {
      for (const backend of [stage.backend, directory.open()]) {
        const seen: unknown[] = []
        class Look extends Job {
          perform(place: string) {
            seen.push([place, around.getStore()])
          }
        }
        useJobBackend(backend)
        const runner = new JobRunner(backend, { classes: [Look], logger: collectingLogger([]) })
        await runner.start()
        await around.run('a request', () => Look.performLater('at once'))
        await around.run('another', () => Look.set({ wait: 0.02 }).performLater('later'))
        while (seen.length < 2) await new Promise(setImmediate)
        await runner.stop()
        expect(seen).to.deep.equal([
          ['at once', undefined],
          ['later', undefined],
        ])
      }
    } finally {
      await directory.dispose()
    }
  })

  it('begins no job within what the one before it has entered for good', async () => {
    const entered = new AsyncLocalStorage<number>()
    const seen: unknown[] = []
    class Look extends Job {
      perform(number: number) {
        seen.push([number, entered.getStore()])
      }
    }
    const end = aroundEveryPerform((job, next) => {
      if (job.arguments[0] === 1) entered.enterWith(1)
      return next()
    })
    const directory = await QueueDirectory.make()
    try {
      const [owner, other] = [
        await JoinedBackend.join({ directory: directory.path }),
        await JoinedBackend.join({ directory: directory.path }),
      ]
      for (const backend of [owner, other]) {
        useJobBackend(backend)
        await Job.performAllLater([1, 2, 3].map((number) => new Look(number)))
        const runner = new JobRunner(backend, {
          classes: [Look],
          logger: collectingLogger([]),
          workers: [{ queues: ['*'], concurrency: 2 }],
        })
        await runner.start()
        while (seen.length < 3) await new Promise(setImmediate)
        await Job.performAllLater([new Look(4)])
        while (seen.length < 4) await new Promise(setImmediate)
        await runner.stop()
        expect(seen.splice(0)).to.deep.equal([
          [1, 1],
          [2, undefined],
          [3, undefined],
          [4, undefined],
        ])
      }
      await other.close()
      await owner.close()
    } finally {
      end()
      await directory.dispose()
    }
  })

  it('fails, logs and reports a job that its class can not be made for, and takes the next one for new', async () => {
    class Picky extends Job {
      static {
        this.queueAs(() => 'chosen')
      }
      constructor(name?: string) {
        if (name === undefined) throw new Error('no name')
        super(name)
      }
      perform() {}
    }
    await stage.backend.add([{ queue: 'default', name: 'Picky', data: { job_id: 'one', arguments: ['a'] } }])
    const reports: unknown[] = []
    const subscriber = { report: (error: unknown, { handled, context }: ErrorReport) => void reports.push([error, handled, context]) }
    reporter.subscribe(subscriber)
    await stage.runAll([Picky], { logsJobs: false })
    reporter.unsubscribe(subscriber)
    const [failed] = await stage.backend.list('failed')
    expect(failed!.error!.message).to.equal('no name')
    const { level, message, fields } = stage.log[0]!
    const { error, ...names } = fields
    expect([level, message, names]).to.deep.equal(['error', 'Picky failed', { job: 'Picky', job_id: 'one', queue: 'default', attempt: 1 }])
    expect(reports).to.deep.equal([[error, false, { job: 'Picky', job_id: 'one' }]])
    const next = new Picky('b')
    expect(next.jobId).to.match(/^[0-9a-f-]{36}$/)
    expect(next.queueName).to.equal('chosen')
  })

  it('fails a job whose arguments are no list', async () => {
    class Look extends Job {
      perform() {}
    }
    await stage.backend.add([{ queue: 'default', name: 'Look', data: { job_id: 'one', arguments: 'a' } }])
    await stage.runAll([Look])
    const [failed] = await stage.backend.list('failed')
    expect(failed!.error!.name).to.equal('DeserializationError')
  })

  it('takes only texts for tags of the log', async () => {
    const seen: unknown[] = []
    class Look extends Job {
      perform() {
        seen.push(currentExecution()?.logTags)
      }
    }
    const log_tags = ['web', { toString: 1 }, null]
    await stage.backend.add([{ queue: 'default', name: 'Look', data: { job_id: 'one', arguments: [], log_tags } }])
    await stage.runAll([Look])
    expect(seen).to.deep.equal([['web']])
  })

  it('logs that what a job told of itself can not be kept, and goes on', async () => {
    const seen: unknown[] = []
    class Import extends Job {
      async perform(options: { count: unknown }) {
        options.count = () => 1
        this.updateProgress(50)
        while (!lines.join('').includes('could not be kept')) await new Promise((resolve) => setTimeout(resolve, 1))
        this.updateProgress(100)
        seen.push(this.progress)
      }
    }
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'warn', stream: { write: (line) => lines.push(line) } }))
    try {
      await Import.performLater({ count: 1 })
      await stage.runAll([Import])
    } finally {
      useLogger(undefined)
    }
    expect(seen).to.deep.equal([100])
    expect(await stage.backend.counts()).to.include({ failed: 0 })
    expect(lines.map((line) => JSON.parse(line))[0]).to.deep.include({ job: 'Import', message: 'How far a job is could not be kept' })
  })

  it('logs a line about each job, unless their events are written down elsewhere', async () => {
    class Plain extends Job {
      perform() {}
    }
    class Broken extends Job {
      perform() {
        throw new Error('broken')
      }
    }
    for (const logsJobs of [true, false]) {
      stage.log.length = 0
      await Plain.performLater()
      await Broken.performLater()
      await stage.runAll([Plain, Broken], { logsJobs })
      expect(stage.log.map(({ message }) => message).sort()).to.deep.equal(logsJobs ? ['Broken failed', 'Performed Plain'] : [])
    }
  })

  it('parks a job whose class it does not know, and runs it when the class is there', async () => {
    let runs = 0
    class SendReminder extends Job {
      perform() {
        runs++
      }
    }
    class SendReminders extends Job {
      perform() {}
    }
    await SendReminder.performLater()
    await stage.runAll([SendReminders])
    const [parked] = await stage.backend.list('failed')
    expect(parked!.error!.name).to.equal(UnknownJobClass.name)
    expect(parked!.error!.message).to.match(/class `SendReminder` doesn't exist\. Did you mean SendReminders\? The job is kept/)
    await stage.runAll([SendReminder])
    expect(runs).to.equal(1)
    expect(await stage.backend.counts()).to.include({ failed: 0 })
  })

  it('refuses two classes of one name', () => {
    const make = () => {
      class Twin extends Job {
        perform() {}
      }
      return Twin
    }
    expect(() => new JobRunner(stage.backend, { classes: [make(), make()] })).to.throw('Two job classes are called Twin.')
  })

  it('drains running jobs when it stops, and leaves the others', async () => {
    let release = () => {}
    let started = () => {}
    const isStarted = new Promise<void>((resolve) => (started = resolve))
    class Long extends Job {
      async perform() {
        started()
        await new Promise<void>((resolve) => (release = resolve))
      }
    }
    await Job.performAllLater([new Long(), new Long()])
    const logger = collectingLogger([])
    const runner = new JobRunner(stage.backend, { classes: [Long], logger, workers: [{ queues: ['*'], concurrency: 1 }] })
    await runner.start()
    await isStarted
    const stopped = runner.stop({ timeout: 5000 })
    release()
    expect(await stopped).to.deep.equal({ unfinished: 0 })
    expect(await stage.backend.counts()).to.include({ waiting: 1, active: 0 })
  })

  it('takes no job when it is stopped before it has started', async () => {
    const seen: unknown[] = []
    class Look extends Job {
      perform(name: string) {
        seen.push(name)
      }
    }
    const runner = new JobRunner(stage.backend, { classes: [Look], logger: collectingLogger([]) })
    const started = runner.start()
    await runner.stop()
    await started
    await Look.performLater('too late')
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(seen).to.deep.equal([])
    expect(await stage.backend.counts()).to.include({ waiting: 1 })
    await runner.start()
    while (seen.length < 1) await new Promise(setImmediate)
    await runner.stop()
  })

  it('gives a worker that comes while it stops no more time than the others', async () => {
    const stops: unknown[] = []
    let letCome = () => {}
    let isAsked = () => {}
    const asked = new Promise<void>((resolve) => (isAsked = resolve))
    const process = async () => {
      isAsked()
      await new Promise<void>((resolve) => (letCome = resolve))
      return {
        isStopping: false,
        async stop(options: unknown) {
          stops.push(options)
          return { unfinished: 0 }
        },
      }
    }
    const backend = Object.assign(Object.create(stage.backend) as JobBackend, { list: async () => [], process })
    const workers = [{ queues: ['*'], concurrency: 1 }]
    const runner = new JobRunner(backend, { classes: [], logger: collectingLogger([]), workers })
    const started = runner.start()
    await asked
    await runner.stop({ timeout: 100 })
    letCome()
    await started
    expect(stops).to.deep.equal([{ timeout: 100 }])
  })

  it('stops within its bound, and the job is run again later', async () => {
    let started = () => {}
    const isStarted = new Promise<void>((resolve) => (started = resolve))
    class Endless extends Job {
      async perform() {
        started()
        await new Promise(() => {})
      }
    }
    await Endless.performLater()
    const runner = new JobRunner(stage.backend, { classes: [Endless], logger: collectingLogger([]) })
    await runner.start()
    await isStarted
    expect(await runner.stop({ timeout: 1 })).to.deep.equal({ unfinished: 1 })
    await stage.backend.close()
    expect(await stage.backend.counts()).to.include({ waiting: 1, active: 0 })
  })

  it('works on the queues it is given, in their order', async () => {
    const seen: string[] = []
    class Note extends Job {
      perform(name: string) {
        seen.push(name)
      }
    }
    for (const queue of ['low', 'high', 'mail_in', 'other']) await Note.set({ queue }).performLater(queue)
    const runner = new JobRunner(stage.backend, {
      classes: [Note],
      logger: collectingLogger([]),
      workers: [{ queues: ['high', 'mail*', 'low'], concurrency: 1 }],
    })
    await runner.start()
    while (seen.length < 3) await new Promise(setImmediate)
    await runner.stop()
    expect(seen).to.deep.equal(['high', 'mail_in', 'low'])
  })

  it('ends no job before what it does has ended, whatever an around callback throws', async () => {
    let end = () => {}
    const seen: string[] = []
    class Careless extends Job {
      static {
        this.aroundPerform((_, next) => {
          void next()
          throw new Error('careless')
        })
      }
      async perform() {
        await new Promise<void>((resolve) => (end = resolve))
        seen.push('ended')
        throw new Error('its own')
      }
    }
    const logger = collectingLogger([])
    logger.error = () => void seen.push('failed')
    await Careless.performLater()
    const runner = new JobRunner(stage.backend, { classes: [Careless], logger })
    await runner.start()
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    end()
    await runner.stop()
    expect(seen).to.deep.equal(['ended', 'failed'])
    expect((await stage.backend.list('failed'))[0]!.error!.message).to.equal('careless')
  })

  it('logs failures with the error, and what it retries', async () => {
    class Broken extends Job {
      static {
        this.retryOn(RangeError)
      }
      perform(kind: string) {
        throw kind === 'range' ? new RangeError('retried') : new Error('broken')
      }
    }
    await Broken.performLater('other')
    await Broken.performLater('range')
    await stage.runAll([Broken])
    expect(stage.log.map(({ level, message }) => [level, message])).to.deep.equal([
      ['error', 'Broken failed'],
      ['warn', 'Retrying Broken'],
    ])
    expect(stage.log[1]!.fields['run_at']).to.match(/^\d{4}-\d\d-\d\dT.*Z$/)
  })

  it('logs as no warning that a job goes on later by its own will', async () => {
    class Patient extends Job {
      async perform() {
        await this.retryJob({ wait: minutes(5) })
      }
    }
    await Patient.performLater()
    await stage.runAll([Patient])
    expect(stage.log.map(({ level, message }) => [level, message])).to.deep.equal([['info', 'Patient goes on later']])
  })
})
