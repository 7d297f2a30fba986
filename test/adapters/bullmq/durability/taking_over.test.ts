import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, QueueEvents, Worker } from 'bullmq'
import { expect } from 'chai'
import { createEmbeddedBackend } from '../../../../adapters/bullmq/embedded/factory.ts'
import { notesOf, type QueueProcess, startProcess } from './process.ts'

const kills = Number(process.env['CRASH_ROUNDS'] ?? 4)

describe('BullMQ’s queues that several processes share', function () {
  // Each of them starts processes, and waits until another takes over.
  this.timeout(60_000)
  let directory: string
  const open: { close(): Promise<unknown> }[] = []
  const processes = new Set<QueueProcess>()
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'regauge-bullmq-'))))
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close()
    for (const each of processes) await each.kill()
    processes.clear()
    rmSync(directory, { recursive: true })
  })

  const options = () => ({ connection: { directory: join(directory, 'queues') } }) as object
  const factory = createEmbeddedBackend as never
  const queue = () => opened(new Queue('work', options() as never, factory))
  const worker = (process: (job: { name: string }) => Promise<unknown>, more: object = {}) =>
    opened(new Worker('work', process, { ...options(), ...more } as never, factory))
  const ownerPid = () => (JSON.parse(readFileSync(join(directory, 'queues/owner.lock'), 'utf8')) as { pid: number }).pid

  function opened<T extends { on(event: 'error', listener: () => void): unknown; close(): Promise<unknown> }>(one: T): T {
    one.on('error', () => {})
    open.push(one)
    return one
  }

  async function start(mode: 'hold' | 'load' | 'ahead'): Promise<QueueProcess> {
    const started = await startProcess(directory, mode)
    processes.add(started)
    return started
  }

  async function kill(one: QueueProcess): Promise<void> {
    processes.delete(one)
    await one.kill()
  }

  it('are there for whoever comes second, and stay when their owner is killed', async () => {
    const owner = await start('hold')
    const jobs = queue()
    await jobs.add('second', {})
    expect((await jobs.getWaiting()).map(({ name }) => name)).to.have.members(['second', 'held'])
    await kill(owner)
    await jobs.add('third', {}, { jobId: 'third' })
    expect((await jobs.getWaiting()).map(({ name }) => name)).to.have.members(['second', 'held', 'third'])
    expect(ownerPid()).to.equal(process.pid)
  })

  it('let a job end that runs while their owner is killed: its lock stays, and nobody runs it again', async () => {
    const owner = await start('hold')
    const jobs = queue()
    const events = opened(new QueueEvents('work', options() as never, factory))
    await events.waitUntilReady()
    const runs: string[] = []
    let finish = () => {}
    let begun = () => {}
    const running = new Promise<void>((resolve) => (begun = resolve))
    worker(async ({ name }) => {
      runs.push(name)
      begun()
      await new Promise<void>((resolve) => (finish = resolve))
      return 'done'
    })
    await running
    await kill(owner)
    const job = (await jobs.getActive())[0]!
    expect(ownerPid()).to.equal(process.pid)
    // The first look for stalled jobs of a worker that comes now.
    const idle = worker(async ({ name }) => runs.push(name), { autorun: false })
    await idle.startStalledCheckTimer()
    const ended = job.waitUntilFinished(events)
    finish()
    expect(await ended).to.equal('done')
    expect(runs).to.deep.equal(['held'])
  })

  it('tell a listener what happens after their owner is killed, also when the clock of the next is behind', async () => {
    const owner = await start('ahead')
    const jobs = queue()
    const events = opened(new QueueEvents('work', options() as never, factory))
    await events.waitUntilReady()
    const told: string[] = []
    let tell = (_: string) => {}
    const toldOf = (wanted: string) => new Promise<void>((resolve) => (tell = (id) => id === wanted && resolve()))
    events.on('added', ({ jobId }) => {
      told.push(jobId)
      tell(jobId)
    })
    const before = toldOf('before')
    await jobs.add('before', {}, { jobId: 'before' })
    await before
    await kill(owner)
    const after = toldOf('fourth')
    for (const jobId of ['second', 'third', 'fourth']) await jobs.add(jobId, {}, { jobId })
    await after
    expect(told).to.deep.equal(['before', 'second', 'third', 'fourth'])
  })

  it('let a worker go on waiting when their owner is killed, and end when it is closed', async () => {
    const owner = await start('hold')
    const jobs = queue()
    let ran = (_: string) => {}
    const next = () => new Promise<string>((resolve) => (ran = resolve))
    const first = next()
    const waiting = worker(async ({ name }) => ran(name), { drainDelay: 60 })
    const completed = new Promise<unknown>((resolve) => waiting.once('completed', resolve))
    expect(await first).to.equal('held')
    await completed
    await jobs.add('later', {}, { delay: 100_000 }) // on the disk with what came before
    await kill(owner)
    const second = next()
    await jobs.add('after', {}, { jobId: 'after' })
    expect(await second).to.equal('after')
    await waiting.close()
  })

  it(`lose nothing that was acknowledged, over ${kills} kills of whichever owns them`, async function () {
    this.timeout(60_000 + kills * 20_000)
    await Promise.all([start('load'), start('load'), start('load')])
    for (let killed = 0; killed < kills; killed++) {
      const added = () => notesOf(directory).length
      const enough = added() + 100
      while (added() < enough) await new Promise((resolve) => setImmediate(resolve))
      const owner = [...processes].find(({ child }) => child.pid === ownerPid())
      if (owner === undefined) continue
      await kill(owner)
      await start('load')
    }
    for (const one of [...processes]) await kill(one)
    const ran = new Set<string>()
    const jobs = queue()
    worker(async ({ name }) => void ran.add(name), { concurrency: 10, maxStalledCount: 1000, stalledInterval: 500 })
    const left = () => jobs.getJobCountByTypes('waiting', 'delayed', 'prioritized', 'active', 'waiting-children')
    while ((await left()) > 0) await new Promise((resolve) => setImmediate(resolve))
    const notes = notesOf(directory)
    for (const [word, name] of notes) if (word === 'ran') ran.add(name)
    const added = notes.flatMap(([word, name]) => (word === 'added' ? [name] : []))
    expect(added.filter((name) => !ran.has(name))).to.deep.equal([])
    expect(await jobs.getFailedCount()).to.equal(0)
  })
})
