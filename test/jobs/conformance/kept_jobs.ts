import { expect } from 'chai'
import {
  Job,
  type JobBackend,
  JobRunner,
  type Retention,
  type RunnableJobClass,
  type StoredJob,
  useJobBackend,
} from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'

/** What jobs tell of themselves, and those that are kept when they are done, are the same on all backends.
 * @param open a backend of the test's own, which keeps so many completed jobs */
export function keepsWhatJobsTell(
  open: (completed?: Partial<Retention>) => Promise<{ readonly backend: JobBackend; dispose(): Promise<unknown> }>,
): void {
  let backend: JobBackend
  let runner: JobRunner | undefined
  let dispose: () => Promise<unknown> = async () => {}
  let goOn = () => {}
  const begin = async (classes: readonly RunnableJobClass[], completed?: Partial<Retention>) => {
    ;({ backend, dispose } = await open(completed))
    useJobBackend(backend)
    runner = new JobRunner(backend, { classes, logger: collectingLogger([]) })
  }
  afterEach(async () => {
    goOn()
    await runner?.stop()
    useJobBackend(undefined)
    await dispose()
  })
  const idOf = (job: Job | false): string => (job as Job).providerJobId!
  const until = async (id: string, isSo: (job: StoredJob) => boolean): Promise<StoredJob> => {
    for (;;) {
      const job = await backend.find!(id)
      if (job !== undefined && isSo(job)) return job
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('shows how far a job is, and what it writes to its log, while it runs, after a retry and when it failed', async () => {
    class Import extends Job {
      static {
        this.retryOn(TypeError, { wait: 0, attempts: 2 })
      }
      async perform() {
        this.appendLog(`run ${this.executions}`)
        this.updateProgress(this.executions === 1 ? { rows: 10 } : 99)
        await new Promise<void>((resolve) => (goOn = resolve))
        throw this.executions === 1 ? new TypeError('once more') : new RangeError('over')
      }
    }
    await begin([Import])
    const id = idOf(await Import.performLater())
    await runner!.start()
    const first = await until(id, ({ state, progress }) => state === 'active' && progress !== undefined)
    expect(first).to.deep.include({ progress: { rows: 10 }, logs: ['run 1'] })
    goOn()
    const second = await until(id, ({ progress }) => progress === 99)
    expect(second.logs).to.deep.equal(['run 1', 'run 2'])
    goOn()
    const last = await until(id, ({ state }) => state === 'failed')
    expect(last).to.deep.include({ progress: 99, logs: ['run 1', 'run 2'] })
    expect(last.error).to.include({ name: 'RangeError' })
  })

  it('keeps completed jobs with what they answered, as many as asked', async () => {
    class Sum extends Job {
      perform(a: number, b: number) {
        this.updateProgress(100)
        return { sum: a + b, at: new Date(0) }
      }
    }
    await begin([Sum], { count: 2 })
    await runner!.start()
    const kept: StoredJob[] = []
    // One after the other: those that PostgreSQL completes at the same moment don't see each other.
    for (const number of [1, 2, 3]) kept.push(await until(idOf(await Sum.performLater(number, 10)), ({ state }) => state === 'completed'))
    const [, second, last] = kept as [StoredJob, StoredJob, StoredJob]
    expect(last.progress).to.equal(100)
    const { at, sum } = last.result as { at: unknown; sum: unknown }
    expect({ at, sum }).to.deep.equal({
      sum: 13,
      at: { _aj_serialized: 'ActiveJob::Serializers::TimeSerializer', value: '1970-01-01T00:00:00.000000000Z' },
    })
    expect(last.finishedAt).to.be.within(last.createdAt, Date.now())
    expect((await backend.list('completed')).map(({ id }) => id)).to.have.members([second.id, last.id])
    expect(await backend.remove([second.id, last.id])).to.equal(2)
  })

  it('keeps a completed job without an answer that can not be kept', async () => {
    class Odd extends Job {
      perform(what: string) {
        if (what === 'long') return 'x'.repeat(200_000)
        return what === 'function' ? () => {} : new (class Thing {})()
      }
    }
    await begin([Odd], {})
    const ids: string[] = []
    for (const what of ['long', 'function', 'thing']) ids.push(idOf(await Odd.performLater(what)))
    await runner!.start()
    for (const id of ids) expect((await until(id, ({ state }) => state === 'completed')).result).to.equal(undefined)
  })

  it('keeps no completed job by itself', async () => {
    class Quiet extends Job {
      perform() {
        return 1
      }
    }
    await begin([Quiet])
    const id = idOf(await Quiet.performLater())
    await runner!.start()
    while ((await backend.find!(id)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await backend.counts()).to.include({ completed: 0 })
  })
}
