import { mock } from 'node:test'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../src/jobs/index.ts'
import { idsOf, numbered, QueueDirectory } from './queue_directory.ts'

const hour = 3_600_000

describe('an embedded queue in tests that replace the timers', () => {
  const { queueMicrotask } = globalThis
  let directory: QueueDirectory
  let backend: EmbeddedBackend
  beforeEach(async () => {
    directory = await QueueDirectory.make()
    backend = directory.open()
  })
  afterEach(async () => {
    globalThis.queueMicrotask = queueMicrotask
    mock.timers.reset()
    await directory.dispose()
  })

  /** A worker, and a function that waits for so many jobs of it. */
  async function process() {
    let count = 0
    let look = () => {}
    const handle = async () => {
      count++
      look()
      return { kind: 'completed' } as const
    }
    await backend.process(handle, { queues: ['*'], concurrency: 2 })
    return (wanted: number) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (count >= wanted) resolve()
        }
        look()
      })
  }

  it('knows when jobs are added that come after one of the time before', async () => {
    const before = Date.now()
    globalThis.queueMicrotask = () => {}
    mock.timers.enable({ apis: ['Date'], now: 1000 })
    await backend.add([numbered(1)])
    mock.timers.reset()
    globalThis.queueMicrotask = queueMicrotask
    const [id] = idsOf(await backend.add([numbered(2)]))
    expect((await backend.find(id!))?.createdAt).to.be.at.least(before)
  })

  it('runs jobs', async () => {
    const ran = await process()
    mock.timers.enable({ apis: ['setImmediate'] })
    await backend.add([numbered(1)])
    await ran(1)
    mock.timers.reset()
    await backend.add([numbered(2)])
    await ran(2)
  })

  it('runs delayed jobs when time goes on', async () => {
    const ran = await process()
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() })
    await backend.add([numbered(1, { runAt: Date.now() + hour })])
    mock.timers.tick(hour)
    await ran(1)
  })
})
