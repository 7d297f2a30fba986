import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { EmbeddedBackend, type Outcome, type ReservedJob } from '../../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { behavesLikeConstrainedBackend } from './backend_constraints.ts'
import { behavesLikeBackendOfParents } from './backend_parents.ts'
import { behavesLikeMeasuredBackend } from './backend_metrics.ts'
import { behavesLikeRateLimitedBackend } from './backend_rates.ts'
import { numbered, QueueDirectory } from '../queue_directory.ts'

describe('the embedded job backend', () => {
  const open = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'regauge-jobs-'))
    const backend = new EmbeddedBackend({ directory })
    let latest = backend
    const dispose = async () => {
      await latest.close()
      await rm(directory, { recursive: true })
    }
    const again = async () => {
      await backend.close()
      return (latest = new EmbeddedBackend({ directory }))
    }
    return { backend, dispose, again }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
  behavesLikeRateLimitedBackend(open)
  behavesLikeMeasuredBackend(open)
  behavesLikeBackendOfParents(open)
})

describe('a job of the embedded backend', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it('may be removed before it is stored, and those that come after it are run', async () => {
    const backend = directory.open()
    const ran: unknown[] = []
    let wake = (): void => {}
    await backend.process(
      async ({ data }) => {
        ran.push(data['number'])
        wake()
        return { kind: 'discarded' }
      },
      { queues: ['*'], concurrency: 1 },
    )
    const runs = async (number: number): Promise<void> => {
      const run = new Promise<void>((resolve) => (wake = resolve))
      await backend.add([numbered(number)])
      await run
    }
    await runs(1)
    const adding = backend.add([numbered(2, { id: 'taken-back' }), numbered(3, { id: 'later', runAt: Date.now() + 60_000 })])
    expect(await backend.remove(['taken-back', 'later'])).to.equal(2)
    await adding
    await runs(4)
    expect(ran).to.deep.equal([1, 4])
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0 })
  })

  it('has failed when what became of it is nothing that JSON can say, and those that come after it are run', async () => {
    const backend = directory.open({ retention: { completed: { count: 10 } } })
    await backend.add([1, 2, 3].map((number) => numbered(number)))
    const outcomes: ((job: ReservedJob) => Outcome)[] = [
      ({ data }) => ({ kind: 'retry', data: { ...data, big: 1n }, queue: 'default', priority: 0, runAt: 0 }),
      () => ({ kind: 'completed', result: 2n }),
      () => ({ kind: 'failed', error: { name: 'Error', message: 3n as never } }),
    ]
    const worker = await backend.process(async (job) => outcomes.shift()!(job), { queues: ['*'], concurrency: 1 })
    while ((await backend.counts()).failed < 3) await new Promise(setImmediate)
    await worker.stop()
    await backend.close()
    expect(directory.log.map(({ message }) => message)).to.deep.equal(
      [1, 2, 3].map(() => 'What became of a job can not be written as JSON; it has failed'),
    )
    const failed = await directory.open().list('failed')
    expect(failed.map(({ error }) => error!.message)).to.deep.equal([1, 2, 3].map(() => 'Do not know how to serialize a BigInt'))
  })
})

describe('workers of the embedded backend', () => {
  it('are let go when they were stopped, with what their handlers know', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: unknown = runInNewContext('gc')
    if (typeof collectGarbage !== 'function') throw new TypeError('There is no gc().')
    const backend = new EmbeddedBackend({ durability: 'memory' })
    const known: WeakRef<object>[] = []
    for (let count = 0; count < 20; count++) {
      const knows = { count }
      known.push(new WeakRef(knows))
      const worker = await backend.process(async () => ({ kind: 'completed', result: knows }), { queues: ['*'], concurrency: 1 })
      await worker.stop()
    }
    // The last one may still be on the stack.
    while (known.filter((knows) => knows.deref() !== undefined).length > 1) {
      await new Promise(setImmediate)
      collectGarbage()
    }
    await backend.close()
  })
})

describe('the embedded job backend without a disk', () => {
  const open = async () => {
    const backend = new EmbeddedBackend({ durability: 'memory' })
    return { backend, dispose: () => backend.close() }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
  behavesLikeRateLimitedBackend(open)
  behavesLikeBackendOfParents(open)
})
