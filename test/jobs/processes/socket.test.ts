import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import {
  connectToOwner,
  DuplicateJob,
  EmbeddedBackend,
  JobTooLarge,
  JoinedBackend,
  QueueProtocolMismatch,
  type ReservedJob,
} from '../../../src/jobs/index.ts'
import { protocolVersion } from '../../../src/jobs/remote/greeting.ts'
import { behavesLikeJobBackend } from '../conformance/backend_conformance.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

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

  /** A process that says what it likes. */
  async function stranger(): Promise<{ socket: net.Socket; say(message: object): void; hear(): Promise<Record<string, unknown>> }> {
    await (await connected(directory.path)).close()
    const socket = net.connect(join(directory.path, readFileSync(join(directory.path, 'socket'), 'utf8')))
    socket.on('error', () => {})
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    return {
      socket,
      say: (message) => void socket.write(`${JSON.stringify(message)}\n`),
      hear: async () => JSON.parse(String((await lines.next()).value)) as Record<string, unknown>,
    }
  }

  for (const [who, first, met] of [
    ['does not greet', { kind: 'call', id: 7, method: 'counts', args: [] }, 'an unknown version of the protocol'],
    ['is of another version', { kind: 'call', id: 7, method: 'hello', protocol: 99 }, 'version 99 of the protocol'],
  ] as const) {
    it(`tells a process that ${who} why it is let go, in the form of an answer`, async () => {
      const { socket, say, hear } = await stranger()
      const closed = once(socket, 'close')
      say(first)
      const { kind, id, error } = (await hear()) as { kind: string; id: number; error: Record<string, unknown> }
      expect([kind, id, error['code']]).to.deep.equal(['answer', 7, 'REGAUGE_QUEUE_PROTOCOL'])
      expect(error['message']).to.include(`${met} was met, and version ${protocolVersion} expected`)
      await closed
    })
  }

  it('lets go of who asks and asks, and reads nothing', async function () {
    this.timeout(60_000)
    const path = directory.path
    const other = await connected(path)
    const data = { job_id: 'a', arguments: ['x'.repeat(1_000_000)] }
    await other.add(Array.from({ length: 8 }, () => ({ queue: 'default', name: 'Large', data })))
    await other.close()
    const socket = net.connect(join(path, readFileSync(join(path, 'socket'), 'utf8')))
    socket.on('error', () => {})
    socket.pause()
    const say = (message: object) => socket.write(`${JSON.stringify(message)}\n`)
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    for (let id = 1; id <= 40; id++) say({ kind: 'call', id, method: 'list', args: ['waiting'] })
    // Writing goes on failing once the owner has let go; nothing of its answers is read before.
    while (!socket.destroyed) {
      say({ kind: 'call', id: 0, method: 'counts', args: [] })
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const again = await connected(path)
    expect(await again.counts()).to.include({ waiting: 8 })
    await again.close()
  })

  it('brings answers however long they are, and says what is too long to be asked', async function () {
    this.timeout(60_000)
    const data = { text: 'x'.repeat(7_500_000) }
    const large = Array.from({ length: 10 }, () => ({ queue: 'default', name: 'Large', data }))
    await owned.add(large)
    const other = await connected(directory.path)
    expect(await other.list('waiting')).to.have.length(10)
    const refused = await other.add(large).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(JobTooLarge)
    expect((refused as Error).message).to.match(/one message to the process that owns the queue are 750\d+ characters/)
    expect(await other.counts()).to.include({ waiting: 10 })
    await other.close()
  })

  it('lets go of who is of another version, and goes on sending', async () => {
    await (await connected(directory.path)).close()
    const path = join(directory.path, readFileSync(join(directory.path, 'socket'), 'utf8'))
    const socket = net.connect({ path, allowHalfOpen: true })
    socket.on('error', () => {})
    socket.resume()
    const line = `${JSON.stringify({ kind: 'call', method: 'x'.repeat(60_000) })}\n`
    while (!socket.destroyed) {
      socket.write(line)
      await new Promise(setImmediate)
    }
  })

  it('refuses what makes no sense, and goes on', async () => {
    const { say, hear } = await stranger()
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    expect(await hear()).to.deep.equal({ kind: 'answer', id: 0, result: { protocol: protocolVersion } })
    const good = { queue: 'default', name: 'Example', data: {} }
    const calls: [method: string, argument: unknown, refusal: RegExp][] = [
      ['add', null, /must be a list/],
      ['add', [{ ...good, queue: 5 }], /must have a queue/],
      ['add', [{ ...good, data: 'text' }], /data of a job must be an object/],
      ['add', [{ ...good, runAt: 'soon' }], /time must be a number/],
      ['add', [{ ...good, runAt: 1e300 }], /time must be a number that a Date may have/],
      ['add', [{ ...good, priority: 1.5 }], /priority must be a whole number/],
      ['add', [{ ...good, priority: 2 ** 31 }], /priority must be a whole number of four bytes/],
      ['add', [{ ...good, constraints: { limit: { key: 'k', to: '5', duration: 1 } } }], /limit must have/],
      ['add', [{ ...good, constraints: { limit: { key: 'k', to: 0, duration: 1 } } }], /limit must have/],
      ['add', [{ ...good, constraints: { rates: { key: 'k', to: 1, per: 1 } } }], /rates must have/],
      ['add', [{ ...good, constraints: { rates: [{ key: 'k', to: 1, per: 0 }] } }], /rates must have/],
      ['add', [{ ...good, constraints: { rates: [null] } }], /rate must be an object/],
      ['retry', 'all', /list of texts/],
      ['schedule', [{ key: 'k', cron: 'every blue moon', job: good }], /./],
      ['constructor', [], /no method constructor/],
    ]
    for (const [index, [method, argument, refusal]] of calls.entries()) {
      say({ kind: 'call', id: index + 1, method, args: [argument] })
      const { id, error } = (await hear()) as { id: number; error: { message: string } }
      expect([id, error.message]).to.satisfy(([number, message]: [number, string]) => number === index + 1 && refusal.test(message))
    }
    expect((await owned.counts()).waiting).to.equal(0)
  })

  it('keeps no time for a schedule that has none after it', async () => {
    const { say, hear } = await stranger()
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    await hear()
    const tick = { key: 'tick', schedule: '@yearly', cron: '0 0 1 1 *', catchUp: 'skip', job: numbered(1) } as const
    for (const after of [1e300, -1e300, 9e15]) {
      say({ kind: 'call', id: 1, method: 'schedule', args: [[tick], { tick: { after } }] })
      expect(await hear()).to.have.nested.property('error.message', 'times must be numbers that a Date may have')
    }
    await owned.schedule([tick])
    expect((await owned.schedules()).map(({ key }) => key)).to.deep.equal(['tick'])
  })

  it('takes no worker that makes no sense, nor two of one number', async () => {
    const { say, hear } = await stranger()
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    await hear()
    const good = { queues: ['none'], concurrency: 1 }
    const refused: [options: unknown, refusal: RegExp][] = [
      [undefined, /options of a worker must be an object/],
      [{ ...good, queues: [5] }, /list of texts/],
      [{ ...good, concurrency: 'many' }, /concurrency of a worker must be a number/],
      [{ ...good, weights: { none: 0 } }, /weights must be positive/],
      [{ ...good, running: [{ id: 5 }] }, /must have an id and an attempt/],
      [{ ...good, running: [null] }, /a job that runs must be an object/],
    ]
    for (const [options, refusal] of refused) {
      say({ kind: 'call', id: 1, method: 'process', worker: 1, options })
      expect((await hear()) as { error: { message: string } })
        .to.have.nested.property('error.message')
        .that.matches(refusal)
    }
    say({ kind: 'call', id: 1, method: 'process', worker: 1, options: good })
    expect(await hear()).to.deep.equal({ kind: 'answer', id: 1 })
    say({ kind: 'call', id: 2, method: 'process', worker: 1, options: good })
    expect(await hear()).to.have.nested.property('error.message', 'there is a worker 1 already')
  })

  it('keeps what a job carries when its progress makes no sense', async () => {
    const { say, hear } = await stranger()
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    await hear()
    await owned.add([numbered(1)])
    say({ kind: 'call', id: 1, method: 'process', worker: 1, options: { queues: ['*'], concurrency: 1 } })
    const messages = [await hear(), await hear()]
    const { run } = messages.find(({ kind }) => kind === 'job') as { run: number }
    say({ kind: 'progress', run, data: [1, 2] })
    say({ kind: 'call', id: 2, method: 'counts', args: [] })
    await hear()
    expect(numbersOf(await owned.list('active'))).to.deep.equal([1])
  })

  it('counts an outcome that makes no sense as the death of the process', async () => {
    const { say, hear } = await stranger()
    say({ kind: 'call', id: 0, method: 'hello', protocol: protocolVersion })
    await hear()
    const [id] = await owned.add([numbered(1)])
    say({ kind: 'call', id: 1, method: 'process', worker: 1, options: { queues: ['*'], concurrency: 1 } })
    const messages = [await hear(), await hear()]
    const { run } = messages.find(({ kind }) => kind === 'job') as { run: number }
    say({ kind: 'outcome', run, outcome: { kind: 'retry', queue: 5 } })
    expect((await hear())['kind']).to.equal('job')
    expect((await owned.find(id!))!.attempts).to.equal(2)
  })

  it('is not used when its owner is of another version', async () => {
    await (await connected(directory.path)).close()
    await owned.close()
    for (const [answer, theirs] of [
      [{ kind: 'answer', id: 0, error: { name: 'Error', message: 'a queue has no method hello' } }, 'an unknown version'],
      [{ kind: 'answer', id: 0, error: { code: 'REGAUGE_QUEUE_PROTOCOL', details: { ours: 3 }, name: 'x', message: 'x' } }, 'version 3'],
    ] as const) {
      const server = net.createServer(
        (socket) =>
          void socket
            .on('error', () => {})
            .resume()
            .write(`${JSON.stringify(answer)}\n`),
      )
      server.listen(join(directory.path, 'other.sock'))
      await once(server, 'listening')
      writeFileSync(join(directory.path, 'socket'), 'other.sock')
      const error = await JoinedBackend.join({ directory: directory.path }).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(QueueProtocolMismatch)
      expect((error as Error).message).to.include(`${theirs} of the protocol was met, and version ${protocolVersion} expected`)
      server.close()
      await once(server, 'close')
    }
  })

  describe('of a directory that others may look into', () => {
    let path: string
    beforeEach(async () => {
      await owned.close()
      chmodSync(directory.path, 0o755)
      owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
      await (await connected(directory.path)).close()
      path = readFileSync(join(directory.path, 'socket'), 'utf8')
    })

    it('is in a folder of its own, which is left to nobody', async () => {
      expect(dirname(path)).not.to.equal(directory.path)
      expect(statSync(dirname(path)).mode & 0o077).to.equal(0)
      await owned.close()
      expect(existsSync(dirname(path))).to.equal(false)
    })

    it('is not used when others may write to that folder, or it is a link', async () => {
      chmodSync(dirname(path), 0o777)
      expect(await connectToOwner(directory.path)).to.equal(undefined)
      chmodSync(dirname(path), 0o700)
      renameSync(dirname(path), `${dirname(path)}.moved`)
      symlinkSync(`${dirname(path)}.moved`, dirname(path))
      expect(await connectToOwner(directory.path)).to.equal(undefined)
      rmSync(dirname(path))
      renameSync(`${dirname(path)}.moved`, dirname(path))
      await (await connected(directory.path)).close()
    })

    it('takes the place of what an owner that was killed has left', async () => {
      const left = mkdtempSync(join(tmpdir(), 'regauge-'))
      writeFileSync(join(left, '1.sock'), '')
      await owned.close()
      writeFileSync(join(directory.path, 'socket'), join(left, '1.sock'))
      owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
      expect(existsSync(left)).to.equal(false)
    })
  })

  it('is done without where its place can not be told', async () => {
    await owned.close()
    mkdirSync(join(directory.path, `socket.${process.pid}`))
    owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
    await owned.add([numbered(1)])
    expect(await connectToOwner(directory.path)).to.equal(undefined)
    expect(numbersOf(await owned.list('waiting'))).to.deep.equal([1])
  })

  it('is gone with its owner', async () => {
    await (await connected(directory.path)).close()
    await owned.close()
    expect(await connectToOwner(directory.path)).to.equal(undefined)
  })
})
