import { expect } from 'chai'
import type { EmbeddedBackend, Outcome } from '../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

describe('jobs that have finished', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  /** Performs so many jobs: those of a number below 0 complete, the others fail. */
  async function handle(backend: EmbeddedBackend, count: number): Promise<void> {
    let done = () => {}
    let seen = 0
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = await backend.process(
      async ({ data }): Promise<Outcome> => {
        if (++seen === count) done()
        return Number(data['number']) < 0 ? { kind: 'completed' } : { kind: 'failed', error: { name: 'Error', message: 'no' } }
      },
      { queues: ['*'], concurrency: 1 },
    )
    await finished
    await worker.stop()
  }

  it('keep the beginning of a message that is too long, and where the error was thrown', async () => {
    const backend = directory.open()
    await backend.add([numbered(1)])
    const insert = async (): Promise<never> => {
      throw new Error(`INSERT ${'x'.repeat(1_000_000)}`)
    }
    const worker = await backend.process(insert, { queues: ['*'], concurrency: 1 })
    while ((await backend.counts()).failed === 0) await new Promise(setImmediate)
    await worker.stop()
    const { message, stack } = (await backend.list('failed'))[0]!.error!
    expect(message).to.match(/^INSERT x{9993}… \(1000007 characters\)$/)
    expect(stack).to.match(/^Error: INSERT x{9993}… \(1000007 characters\)\n +at .*insert/)
  })

  it('are kept when they finished last, also after a restart, and after one no more than are to be kept', async () => {
    const first = directory.open({ retention: { completed: { count: 10 }, failed: { count: 2 } } })
    await first.add([numbered(-1), numbered(1, { runAt: Date.now() + 50 }), numbered(2), numbered(3)])
    await handle(first, 4)
    expect(numbersOf(await first.list('failed'))).to.deep.equal([3, 1])
    await first.close()
    const second = directory.open({ retention: { failed: { count: 2 } } })
    expect(await second.counts()).to.include({ completed: 0, failed: 2 })
    await second.add([numbered(4)])
    await handle(second, 1)
    expect(numbersOf(await second.list('failed'))).to.deep.equal([1, 4])
  })
})
