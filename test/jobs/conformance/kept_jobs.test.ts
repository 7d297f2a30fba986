import { expect } from 'chai'
import { EmbeddedBackend, Job, JobRunner, JoinedBackend, type Retention, useJobBackend } from '../../../src/jobs/index.ts'
import { keepsWhatJobsTell } from './kept_jobs.ts'
import { collectingLogger, QueueDirectory } from '../queue_directory.ts'

describe('what jobs tell', () => {
  describe('on the embedded queue', () => {
    keepsWhatJobsTell(async (completed) => {
      const queues = await QueueDirectory.make()
      return { backend: queues.open({ retention: { completed } }), dispose: () => queues.dispose() }
    })
  })

  describe('in memory', () => {
    keepsWhatJobsTell(async (completed) => {
      const backend = new EmbeddedBackend({ durability: 'memory', retention: { completed } })
      return { backend, dispose: () => backend.close() }
    })
  })

  describe('in a process that joined', () => {
    keepsWhatJobsTell(async (completed?: Partial<Retention>) => {
      const queues = await QueueDirectory.make()
      const options = { directory: queues.path, logger: collectingLogger([]), retention: { completed } }
      const owner = await JoinedBackend.join(options)
      const backend = await JoinedBackend.join(options)
      const dispose = async () => {
        await backend.close()
        await owner.close()
        await queues.dispose()
      }
      return { backend, dispose }
    })
  })

  it('is there after a restart, the last thousand lines of a log', async () => {
    const queues = await QueueDirectory.make()
    class Chatty extends Job {
      perform() {
        for (let line = 1; line <= 1500; line++) this.appendLog(line === 1500 ? 'x'.repeat(20_000) : `line ${line}`)
        throw new Error('enough')
      }
    }
    const backend = queues.open()
    useJobBackend(backend)
    const job = await Chatty.performLater()
    const runner = new JobRunner(backend, { classes: [Chatty], logger: collectingLogger([]) })
    await runner.start()
    while ((await backend.counts()).failed === 0) await new Promise(setImmediate)
    await runner.stop()
    useJobBackend(undefined)
    await backend.close()
    const { logs } = (await queues.open().find((job as Job).providerJobId!))!
    expect([logs!.length, logs![0], logs!.at(-1)!.length]).to.deep.equal([1000, 'line 501', 10_000])
    await queues.dispose()
  })

  it('is refused at once where JSON can not say it, and is what it was when it was told', async () => {
    class Odd extends Job {
      perform() {
        const told = { done: 1 }
        this.updateProgress(told)
        told.done = 2
        expect(() => this.updateProgress(1n)).to.throw(TypeError)
        return this.progress
      }
    }
    expect(await Odd.performNow()).to.deep.equal({ done: 1 })
  })

  it('has lines of its log that are no texts as texts', async () => {
    class Careless extends Job {
      perform() {
        for (const line of [undefined, 7, null]) this.appendLog(line as unknown as string)
        return this.payload().logs
      }
    }
    expect(await Careless.performNow()).to.deep.equal(['undefined', '7', 'null'])
  })

  it('is nothing where no runner performs the job', async () => {
    class Now extends Job {
      perform() {
        this.updateProgress(50)
        this.appendLog('here')
        return this.progress
      }
    }
    expect(await Now.performNow()).to.equal(50)
  })
})
