import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  EmbeddedBackend,
  JobTooLarge,
  type Outcome,
  QueueClosed,
  type ReservedJob,
  SharedBackend,
  type SharedMessage,
  type SharedWire,
  shareBackend,
} from '../../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { behavesLikeMeasuredBackend } from './backend_metrics.ts'
import { behavesLikeBackendOfParents } from './backend_parents.ts'

/** Two ends of a channel that carries JSON, in order and later, as between processes. */
function channel(): [SharedWire, SharedWire] {
  const handlers: ((message: SharedMessage) => void)[] = []
  const end = (mine: number, other: number): SharedWire => ({
    send: (message) => {
      const text = JSON.stringify(message)
      setImmediate(() => handlers[other]?.(JSON.parse(text) as SharedMessage))
    },
    receive: (handler) => {
      handlers[mine] = handler
    },
  })
  return [end(0, 1), end(1, 0)]
}

describe('a shared job backend', () => {
  const open = async () => {
    const owned = new EmbeddedBackend({ durability: 'memory' })
    const [owner, other] = channel()
    const end = shareBackend(owned, owner)
    const dispose = async () => {
      await end()
      await owned.close()
    }
    return { backend: new SharedBackend(other), dispose }
  }
  behavesLikeJobBackend(open)
  behavesLikeMeasuredBackend(open)
  behavesLikeBackendOfParents(open)
})

describe('a queue that another process owns', () => {
  let folder: string
  let owned: EmbeddedBackend
  const share = (): { shared: SharedBackend; die: () => Promise<void> } => {
    const [owner, other] = channel()
    const die = shareBackend(owned, owner)
    return { shared: new SharedBackend(other), die }
  }
  const entry = (text: string) => ({ queue: 'default', name: 'Echo', data: { text } })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'regauge-shared-'))
    owned = new EmbeddedBackend({ directory: folder, durability: 'memory' })
  })
  afterEach(async () => {
    await owned.close()
    rmSync(folder, { recursive: true })
  })

  it('takes jobs from all who share it, and hands each to one of them', async () => {
    const [one, two] = [share().shared, share().shared]
    const ids = [...(await one.add([entry('a'), entry('b')])), ...(await two.add([entry('c')]))]
    const seen: string[] = []
    let finish: () => void = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const handler = async (job: ReservedJob) => {
      seen.push(job.id)
      if (seen.length === 3) finish()
      return { kind: 'completed' } as const
    }
    const workers = await Promise.all([one, two].map((backend) => backend.process(handler, { queues: ['*'], concurrency: 2 })))
    await finished
    expect(seen.sort()).to.deep.equal(ids.sort())
    for (const worker of workers) expect(await worker.stop({ timeout: 1000 })).to.deep.equal({ unfinished: 0 })
    const { waiting, active } = await one.counts()
    expect([waiting, active]).to.deep.equal([0, 0])
  })

  it('gives the jobs of a process that died to another, and counts the attempt', async () => {
    const { shared: dying, die } = share()
    await dying.add([entry('a')])
    let take: () => void = () => {}
    const taken = new Promise<void>((resolve) => {
      take = resolve
    })
    await dying.process(
      () => {
        take()
        return new Promise(() => {})
      },
      { queues: ['*'], concurrency: 1 },
    )
    await taken
    const again = new Promise<ReservedJob>((resolve) => {
      void share().shared.process(
        async (job) => {
          resolve(job)
          return { kind: 'completed' }
        },
        { queues: ['*'], concurrency: 1 },
      )
    })
    await die()
    const job = await again
    expect([job.data, job.attempt]).to.deep.equal([{ text: 'a' }, 2])
  })

  it('keeps what a job noted that died with its process', async () => {
    const { shared: dying, die } = share()
    const [id] = await dying.add([entry('a')])
    let take: () => void = () => {}
    const taken = new Promise<void>((resolve) => (take = resolve))
    await dying.process(
      (job) => {
        job.run!.save({ text: 'noted' })
        take()
        return new Promise(() => {})
      },
      { queues: ['*'], concurrency: 1 },
    )
    await taken
    await dying.counts() // what was noted came before
    await die()
    expect((await owned.find(id!))!.data).to.deep.equal({ text: 'noted' })
  })

  it('throws what its owner threw, of the same class', async () => {
    const { shared } = share()
    const error = await shared.add([entry('x'.repeat(20_000_000))]).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(JobTooLarge)
    expect((error as JobTooLarge).details.name).to.equal('Echo')
  })

  it('answers what was asked before a process lets go of it, but for what waits for jobs to end', async () => {
    const { shared } = share()
    let end = () => {}
    const began = new Promise<void>((resolve) => {
      const handler = () => {
        resolve()
        return new Promise<Outcome>((done) => (end = () => done({ kind: 'completed' })))
      }
      void shared.process(handler, { queues: ['default'], concurrency: 1 }).then((worker) => (stop = () => worker.stop()))
    })
    let stop = (): Promise<unknown> => Promise.resolve()
    await shared.add([entry('running')])
    await began
    const stopped = stop().catch((thrown: unknown) => thrown)
    const added = shared.add([entry('added')])
    await shared.close()
    expect(await added).to.have.lengthOf(1)
    expect(await stopped).to.be.instanceOf(QueueClosed)
    expect(await owned.counts()).to.include({ waiting: 1 })
    end()
  })

  it('is closed for a process that has let go of it, and for no other', async () => {
    const [one, two] = [share().shared, share().shared]
    await one.close()
    expect(await one.add([entry('a')]).catch((thrown: unknown) => thrown)).to.be.instanceOf(QueueClosed)
    expect(await two.add([entry('b')])).to.have.lengthOf(1)
  })
})
