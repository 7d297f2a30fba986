import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { connectToOwner, EmbeddedBackend, Job, type JobBackend, JobRunner, useJobBackend } from '../../../src/jobs/index.ts'
import { protocolVersion } from '../../../src/jobs/remote/greeting.ts'
import { collectingLogger, numbered, QueueDirectory } from '../queue_directory.ts'

type Message = Record<string, unknown>

describe('the owner of a queue', () => {
  let directory: QueueDirectory
  let owned: EmbeddedBackend
  beforeEach(async () => {
    directory = await QueueDirectory.make()
    owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
    await (await connected()).close()
  })
  afterEach(async () => {
    useJobBackend(undefined)
    await owned.close()
    await directory.dispose()
  })

  async function connected() {
    for (;;) {
      const backend = await connectToOwner(directory.path)
      if (backend !== undefined) return backend
      await new Promise(setImmediate)
    }
  }

  /** A process that has taken a job, and says what it likes of it. */
  async function worker(): Promise<{ run: unknown; say(line: string): void; hear(): Promise<Message | undefined> }> {
    const socket = net.connect(join(directory.path, readFileSync(join(directory.path, 'socket'), 'utf8')))
    socket.on('error', () => {})
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    const say = (line: string) => void socket.write(`${line}\n`)
    const hear = async () => {
      const { value, done } = (await lines.next()) as { value: string; done: boolean }
      return done ? undefined : (JSON.parse(value) as Message)
    }
    say(`{"kind":"call","id":0,"method":"hello","protocol":${protocolVersion}}`)
    await hear()
    await owned.add([numbered(1)])
    say('{"kind":"call","id":1,"method":"process","worker":1,"options":{"queues":["*"],"concurrency":1}}')
    const messages = [await hear(), await hear()]
    return { run: messages.find((message) => message?.['kind'] === 'job')!['run'], say, hear }
  }

  // Of nested arrays and objects, Node 26 writes any number of levels, but for objects with keys that are indices.
  const deep = `${'{"0":'.repeat(200_000)}1${'}'.repeat(200_000)}`
  const deepArray = `${'['.repeat(200_000)}${']'.repeat(200_000)}`

  for (const [what, outcome] of [
    ['a retry', `{"kind":"retry","queue":"default","data":{"a":${deep}},"runAt":0,"priority":0}`],
    ['a result', `{"kind":"completed","result":${deep}}`],
    ['an error', `{"kind":"failed","error":{"name":"Error","message":"no","stack":${deep}}}`],
  ] as const) {
    it(`takes ${what} that it can read, but not write, for the death of the process`, async () => {
      const { run, say, hear } = await worker()
      say(`{"kind":"outcome","run":${run},"outcome":${outcome}}`)
      expect((await hear())!['kind']).to.equal('job')
      const [job] = await owned.list('active')
      expect(job).to.include({ attempts: 2 })
    })
  }

  for (const [what, line] of [
    ['progress', (run: unknown) => `{"kind":"progress","run":${run},"data":{"a":${deep}}}`],
    ['the number of a call', () => `{"kind":"call","id":${deep},"method":"counts"}`],
  ] as const) {
    it(`lets go of who sends ${what} that it can read, but not write`, async () => {
      const { run, say, hear } = await worker()
      say(line(run))
      expect(await hear()).to.equal(undefined)
      const again = await connected()
      expect(await again.counts()).to.include({ waiting: 1 })
      await again.close()
    })
  }

  it('refuses what is added, scheduled or asked for so', async () => {
    const { say, hear } = await worker()
    const job = `{"queue":"default","name":"Example","data":{"a":${deep}}}`
    const calls = [
      `"method":"add","args":[[${job}]]`,
      `"method":"schedule","args":[[{"key":"k","cron":"0 0 1 1 *","schedule":"@yearly","catchUp":"skip","job":${job}}]]`,
      `"method":"process","worker":${deep},"options":{"queues":["*"],"concurrency":1}`,
      `"method":"find","args":[${deepArray}]`,
    ]
    for (const call of calls) {
      say(`{"kind":"call","id":2,${call}}`)
      expect(await hear())
        .to.include({ kind: 'answer', id: 2 })
        .and.have.nested.property('error.message')
    }
    expect(await owned.schedules()).to.deep.equal([])
  })

  for (const [what, put] of [
    ['a text that no path may be', (path: string) => writeFileSync(path, 'a\0b.sock')],
    ['a text that is too long for a path', (path: string) => writeFileSync(path, 'x'.repeat(2000))],
    ['the path of the directory', (path: string) => writeFileSync(path, '.')],
    ['a path that there is not', (path: string) => writeFileSync(path, '/none/1.sock')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to what never ends', (path: string) => symlinkSync('/dev/zero', path)],
    ['a pipe that nobody writes to', (path: string) => execFileSync('mkfifo', [path])],
  ] as const) {
    it(`is not found by ${what}`, async () => {
      await owned.close()
      put(join(directory.path, 'socket'))
      expect(await connectToOwner(directory.path)).to.equal(undefined)
    })
  }

  it('is not waited for when it takes a greeting and says nothing', async function () {
    this.timeout(30_000)
    await owned.close()
    const taken: net.Socket[] = []
    const server = net.createServer((socket) => void taken.push(socket.on('error', () => {}).resume()))
    server.listen(join(directory.path, 'silent.sock'))
    await once(server, 'listening')
    writeFileSync(join(directory.path, 'socket'), 'silent.sock')
    expect(await connectToOwner(directory.path)).to.equal(undefined)
    for (const socket of taken) socket.destroy()
    server.close()
    await once(server, 'close')
  })

  for (const [where, backend] of [
    ['the owner', async () => owned as JobBackend],
    ['another process', connected],
  ] as const) {
    it(`fails jobs of ${where} whatever they throw`, async () => {
      const odd = { message: 5n, stack: { a: 5n }, name: Symbol('odd') }
      const thrown: unknown[] = [
        Object.assign(new Error('no'), odd),
        Object.assign(new Error('no'), { message: { toString: 1 } }),
        Object.create(null),
      ]
      class Odd extends Job {
        perform(index: number) {
          throw thrown[index]
        }
      }
      const used = await backend()
      useJobBackend(used)
      const runner = new JobRunner(used, { classes: [Odd], logger: collectingLogger([]) })
      await runner.start()
      for (const index of thrown.keys()) await Odd.performLater(index)
      while ((await owned.counts()).failed < thrown.length) await new Promise(setImmediate)
      await runner.stop()
      const failures = (await owned.list('failed')).map(({ error }) => error!)
      expect(failures.map(({ name, message }) => [typeof name, typeof message])).to.deep.equal(thrown.map(() => ['string', 'string']))
      expect(failures[0]).to.include({ name: 'Error', message: '5' })
      if (used !== owned) await used.close?.()
    })
  }
})
