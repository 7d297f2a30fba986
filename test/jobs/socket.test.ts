import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { connectToOwner, DuplicateJob, EmbeddedBackend, type ReservedJob } from '../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

describe('a job backend over a socket', () => {
  behavesLikeJobBackend(async () => {
    const directory = await QueueDirectory.make()
    const owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
    const backend = await connected(directory.path)
    const dispose = async () => {
      await backend.close()
      await owned.close()
      await directory.dispose()
    }
    return { backend, dispose }
  })
})

/** The owner listens a moment after it took the directory. */
async function connected(path: string) {
  for (;;) {
    const backend = await connectToOwner(path)
    if (backend !== undefined) return backend
    await new Promise(setImmediate)
  }
}

describe('the socket of a queue', () => {
  let directory: QueueDirectory
  let owned: EmbeddedBackend
  beforeEach(async () => {
    directory = await QueueDirectory.make()
    owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
  })
  afterEach(async () => {
    await owned.close()
    await directory.dispose()
  })

  it('pauses, schedules and finds, and throws what the owner threw', async () => {
    const backend = await connected(directory.path)
    await backend.pause('default')
    expect(await owned.paused()).to.deep.equal(['default'])
    const tick = { key: 'tick', schedule: '@yearly', cron: '0 0 1 1 *', catchUp: 'skip', job: numbered(1) } as const
    await backend.schedule([tick])
    expect((await backend.schedules()).map(({ key }) => key)).to.deep.equal(['tick'])
    const unique = { key: 'k', until: 'executed', conflict: 'raise' } as const
    const [id] = await backend.add([numbered(7, { constraints: { unique } })])
    expect((await backend.find(id!))!.data).to.deep.equal({ number: 7 })
    expect(await backend.find('99')).to.equal(undefined)
    expect(await backend.add([numbered(8, { constraints: { unique } })]).catch((error: Error) => error)).to.be.instanceOf(DuplicateJob)
    await backend.close()
  })

  it('gives the jobs of a process that went away back', async () => {
    const backend = await connected(directory.path)
    await owned.add([numbered(1)])
    let take = (_: ReservedJob) => {}
    const taken = new Promise<ReservedJob>((resolve) => (take = resolve))
    await backend.process(
      (job) => {
        take(job)
        return new Promise(() => {})
      },
      { queues: ['*'], concurrency: 1 },
    )
    await taken
    await backend.close()
    while ((await owned.counts()).active > 0) await new Promise(setImmediate)
    expect(numbersOf(await owned.list('waiting'))).to.deep.equal([1])
  })

  it('keeps what a running job says of its progress', async () => {
    const backend = await connected(directory.path)
    await owned.add([numbered(1)])
    let end = () => {}
    await backend.process(
      (job) => {
        job.run!.save({ number: 2 })
        return new Promise((resolve) => (end = () => resolve({ kind: 'completed' })))
      },
      { queues: ['*'], concurrency: 1 },
    )
    while (numbersOf(await owned.list('active'))[0] !== 2) await new Promise(setImmediate)
    end()
    await backend.close()
  })

  it('is for its user alone, and lets go of who sends anything else', async () => {
    await (await connected(directory.path)).close()
    const path = join(directory.path, readFileSync(join(directory.path, 'socket'), 'utf8'))
    expect(statSync(path).mode & 0o077).to.equal(0)
    const socket = net.connect(path)
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\n\n')
    await once(socket, 'close')
  })

  it('is gone with its owner', async () => {
    await (await connected(directory.path)).close()
    await owned.close()
    expect(await connectToOwner(directory.path)).to.equal(undefined)
  })
})
