import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { connectToOwner, JoinedBackend, type NewJob, shareOverSocket } from '../../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { behavesLikeBackendOfParents } from './backend_parents.ts'
import { behavesLikeMeasuredBackend } from './backend_metrics.ts'
import { behavesLikeRateLimitedBackend } from './backend_rates.ts'
import { startOwner } from '../processes/owner_process.ts'
import { collectingLogger, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

describe('a job backend joined by a process that does not own it', () => {
  const open = async () => {
    const directory = await QueueDirectory.make()
    const owner = await JoinedBackend.join({ directory: directory.path, logger: collectingLogger([]) })
    const backend = await JoinedBackend.join({ directory: directory.path, logger: collectingLogger([]) })
    const dispose = async () => {
      await backend.close()
      await owner.close()
      await directory.dispose()
    }
    const again = async () => {
      await owner.close()
      return backend
    }
    return { backend, dispose, again, other: async () => owner }
  }
  behavesLikeJobBackend(open)
  behavesLikeRateLimitedBackend(open)
  behavesLikeMeasuredBackend(open)
  behavesLikeBackendOfParents(open)
})

describe('a queue that several processes joined', () => {
  let directory: QueueDirectory
  const joined: JoinedBackend[] = []
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    for (const backend of joined.splice(0)) await backend.close()
    await directory.dispose()
  })

  async function joinQueue(): Promise<JoinedBackend> {
    const backend = await JoinedBackend.join({ directory: directory.path, logger: collectingLogger([]) })
    joined.push(backend)
    return backend
  }

  it('tells a parent what came of its children when their owner is gone meanwhile', async () => {
    const [first, second] = [await joinQueue(), await joinQueue()]
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    let goOn = () => {}
    const isReplaced = new Promise<void>((resolve) => (goOn = resolve))
    const results: unknown[] = []
    const worker = await second.process(
      async ({ data, run }) => {
        if (data['number'] !== 0) return { kind: 'completed', result: data['number'] }
        begun()
        await isReplaced
        for (const { result } of await run!.children!()) results.push(result)
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 2 },
    )
    await first.add([numbered(0, { constraints: { children: { jobs: [numbered(1), numbered(2)], onFailure: 'wait' } } })])
    await hasBegun
    await first.close()
    expect(await second.isOwner()).to.equal(true)
    goOn()
    while (results.length < 2 || (await second.counts()).active > 0) await new Promise(setImmediate)
    expect(results).to.deep.equal([1, 2])
    expect(await second.counts()).to.include({ completed: 0, 'waiting-children': 0, waiting: 0 })
    await worker.stop()
  })

  it('is owned by the first, and by another when the first is gone: workers go on, and nothing is lost', async () => {
    const [first, second, third] = [await joinQueue(), await joinQueue(), await joinQueue()]
    expect([await first.isOwner(), await second.isOwner(), await third.isOwner()]).to.deep.equal([true, false, false])
    const seen: unknown[] = []
    let told = () => {}
    const worker = await third.process(
      async ({ data }) => {
        seen.push(data['number'])
        told()
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 1 },
    )
    const ran = (): Promise<void> => new Promise((resolve) => (told = resolve))
    let done = ran()
    await second.add([numbered(1), numbered(2, { queue: 'unserved' })])
    await done
    // What ran and wasn't reported yet would run again.
    while ((await second.counts()).active > 0) await new Promise(setImmediate)
    done = ran()
    await first.close()
    await second.add([numbered(3, { id: 'third' })])
    await done
    expect(seen).to.deep.equal([1, 3])
    expect([await second.isOwner(), await third.isOwner()].filter(Boolean)).to.have.length(1)
    expect(numbersOf(await third.list('waiting'))).to.deep.equal([2])
    await worker.stop()
  })

  for (const end of ['lets go of the queue', 'is killed']) {
    it(`goes on with what others run when its owner ${end}: nothing runs twice, and what a job noted is kept`, async () => {
      const first = end === 'is killed' ? undefined : await joinQueue()
      const kill = first === undefined ? await startOwner(directory.path) : () => first.close()
      const second = await joinQueue()
      const runs: unknown[] = []
      let finish = () => {}
      let begun = () => {}
      const running = new Promise<void>((resolve) => (begun = resolve))
      await second.process(
        async ({ id, run, data }) => {
          runs.push(id)
          run!.save({ ...data, step: runs.length })
          begun()
          await new Promise<void>((resolve) => (finish = resolve))
          return { kind: 'retry', data: { ...data, again: true }, queue: 'later', priority: 0, runAt: 0 }
        },
        { queues: ['default'], concurrency: 2 },
      )
      const [id] = await second.add([numbered(1)])
      await running
      await second.counts() // what it noted has come
      await kill()
      while (!(await second.isOwner())) await new Promise(setImmediate)
      const other = await joinQueue()
      const idle = await other.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 2 })
      expect((await other.find(id!))!.state).to.equal('active')
      expect((await other.find(id!))!.data).to.deep.equal({ number: 1, step: 1 })
      finish()
      while ((await other.counts()).waiting === 0) await new Promise(setImmediate)
      expect(runs).to.deep.equal([id])
      expect(await other.find(id!)).to.deep.include({ queue: 'later', attempts: 1, data: { number: 1, again: true } })
      await idle.stop()
    })
  }

  it('goes on with a job that runs when its owner is gone, though no other of its key may begin', async () => {
    const [first, second] = [await joinQueue(), await joinQueue()]
    const constraints = { rates: [{ key: 'account/1', to: 1, per: 60_000 }] }
    const runs: unknown[] = []
    let finish = () => {}
    let begun = () => {}
    const running = new Promise<void>((resolve) => (begun = resolve))
    await second.process(
      async ({ data }) => {
        runs.push(data['number'])
        begun()
        await new Promise<void>((resolve) => (finish = resolve))
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 2 },
    )
    await first.add([numbered(1, { constraints }), numbered(2, { constraints })])
    await running
    await first.close()
    while (!(await second.isOwner()) || (await second.counts()).active === 0) await new Promise(setImmediate)
    finish()
    while ((await second.counts()).active > 0 || (await second.counts()).blocked === 0) await new Promise(setImmediate)
    expect(runs).to.deep.equal([1])
    expect(numbersOf(await second.list('blocked'))).to.deep.equal([2])
  })

  it('hears what became of a job that ended while nobody owned the queue', async () => {
    const [first, second, third] = [await joinQueue(), await joinQueue(), await joinQueue()]
    let finish = () => {}
    let begun = () => {}
    const running = new Promise<void>((resolve) => (begun = resolve))
    let runs = 0
    for (const backend of [second, third]) {
      await backend.process(
        async () => {
          runs++
          begun()
          await new Promise<void>((resolve) => (finish = resolve))
          return { kind: 'completed' }
        },
        { queues: ['default'], concurrency: 1 },
      )
    }
    await first.add([numbered(1)])
    await running
    const closing = first.close()
    finish()
    await closing
    while ((await second.counts()).active + (await second.counts()).waiting > 0) await new Promise(setImmediate)
    expect(runs).to.equal(1)
  })

  it('answers what it was asked before its owner lets go of it', async () => {
    const [first, second] = [await joinQueue(), await joinQueue()]
    const added = Array.from({ length: 200 }, (_, number) => second.add([numbered(number)]))
    const closing = first.close()
    const more = Array.from({ length: 200 }, (_, number) => second.add([numbered(number + 200)]))
    await Promise.all([...added, ...more, closing])
    expect((await second.counts()).waiting).to.equal(400)
  })

  it('has the schedules of those that still are there, whoever owns it', async () => {
    const [first, second, third] = [await joinQueue(), await joinQueue(), await joinQueue()]
    const tick = { key: 'tick', schedule: '@yearly', cron: '0 0 1 1 *', catchUp: 'skip', job: numbered(1) } as const
    await second.schedule([tick])
    await first.close()
    await second.counts()
    expect((await third.schedules()).map(({ key }) => key)).to.deep.equal(['tick'])
  })

  it('counts the jobs of each queue for whoever asks', async () => {
    const [, second] = [await joinQueue(), await joinQueue()]
    await second.add([numbered(1), numbered(2, { queue: 'mails' })])
    const counts = await second.countsByQueue()
    expect([counts['default']?.waiting, counts['mails']?.waiting]).to.deep.equal([1, 1])
  })

  it('says so when the owner is gone before it said whether a job is stored, and adds a job with an id of its own again', async () => {
    const added: NewJob[] = []
    let asked = () => {}
    const stop = shareOverSocket({ add: hang } as never, directory.path)
    function hang(jobs: readonly NewJob[]): Promise<never> {
      added.push(...jobs)
      if (added.length === 2) asked()
      return new Promise(() => {})
    }
    while ((await connectToOwner(directory.path)) === undefined) await new Promise(setImmediate)
    const backend = await joinQueue()
    const both = new Promise<void>((resolve) => (asked = resolve))
    const unnamed = backend.add([numbered(1)]).catch((error: unknown) => Reflect.get(Object(error), 'code') as string)
    const named = backend.add([numbered(2, { id: 'named' })])
    await both
    await stop()
    expect(await unnamed).to.equal('REGAUGE_QUEUE_OWNER_LOST')
    expect(await named).to.deep.equal(['named'])
    expect(await backend.isOwner()).to.equal(true)
    expect(numbersOf(await backend.list('waiting'))).to.deep.equal([2])
  })

  it('is joined again by a process that lost it while it was asleep, also when that one only works', async () => {
    const sleeper = await joinQueue()
    let finish = () => {}
    let ran = (_number: unknown): void => {}
    const begun = new Promise<void>((resolve) => (ran = () => resolve()))
    const worker = await sleeper.process(
      async ({ data }) => {
        ran(data['number'])
        await new Promise<void>((resolve) => (finish = resolve))
        return { kind: 'completed' }
      },
      { queues: ['*'], concurrency: 2 },
    )
    await sleeper.add([numbered(1)])
    await begun
    for (const name of ['owner.lock', 'socket']) await rm(join(directory.path, name))
    const killOther = await startOwner(directory.path)
    const { now } = Date
    const second = new Promise<void>((resolve) => (ran = (number) => number === 2 && resolve()))
    Date.now = () => now() + 60_000
    try {
      finish()
      while (await sleeper.isOwner()) await new Promise(setImmediate)
    } finally {
      Date.now = now
    }
    await (await joinQueue()).add([numbered(2)])
    await second
    await worker.stop({ timeout: 0 })
    await killOther()
  })

  it('is owned anew when the one before has left a name of no socket', async () => {
    await writeFile(join(directory.path, 'socket'), '')
    expect(await (await joinQueue()).isOwner()).to.equal(true)
  })
})
