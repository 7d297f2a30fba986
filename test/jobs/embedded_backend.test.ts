import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { behavesLikeConstrainedBackend } from './backend_constraints.ts'
import { numbered, QueueDirectory } from './queue_directory.ts'

describe('the embedded job backend', () => {
  const open = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'regauge-jobs-'))
    const backend = new EmbeddedBackend({ directory })
    const dispose = async () => {
      await backend.close()
      await rm(directory, { recursive: true })
    }
    return { backend, dispose }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
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
})

describe('the embedded job backend without a disk', () => {
  const open = async () => {
    const backend = new EmbeddedBackend({ durability: 'memory' })
    return { backend, dispose: () => backend.close() }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
})
