import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Queue, Worker } from 'bullmq'
import { expect } from 'chai'
import { createEmbeddedBackend } from '../../../../adapters/bullmq/embedded/factory.ts'
import { configureQueues } from '../../../../adapters/bullmq/embedded/options.ts'
import { logger } from '../../../../src/logging/index.ts'
import { frame, saltOf } from '../../../jobs/journal/journal_bytes.ts'
import { collectingLogger } from '../../../jobs/queue_directory.ts'
import { notesOf, startProcess } from './process.ts'

const rounds = Number(process.env['CRASH_ROUNDS'] ?? 4)

describe('BullMQ’s queues on disk', () => {
  let directory: string
  const open: { close(): Promise<unknown> }[] = []
  const log: Parameters<typeof collectingLogger>[0] = []
  before(() => configureQueues({ logger: collectingLogger(log) }))
  after(() => configureQueues({ logger }))
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'regauge-bullmq-'))
    log.length = 0
  })
  afterEach(async () => {
    await closeAll()
    rmSync(directory, { recursive: true })
  })

  const connection = () => ({ directory: join(directory, 'queues') })
  const closeAll = async () => {
    for (const each of open.splice(0)) await each.close()
  }
  function queue(name = 'work'): Queue {
    const opened = new Queue(name, { connection: connection() } as object as never, createEmbeddedBackend as never)
    opened.on('error', () => {})
    open.push(opened)
    return opened
  }
  function worker(process: ((job: { name: string }) => Promise<unknown>) | null, options: object = {}): Worker {
    const opened = new Worker('work', process, { connection: connection(), ...options } as object as never, createEmbeddedBackend as never)
    opened.on('error', () => {})
    open.push(opened)
    return opened
  }
  const files = () => readdirSync(connection().directory).filter((name) => name.endsWith('.queues'))
  const fileOf = (name: string) => join(connection().directory, name)

  it(`loses nothing that was acknowledged, over ${rounds} kills at random moments under load`, async function () {
    this.timeout(20_000 + rounds * 4000)
    for (let round = 0; round < rounds; round++) {
      const { kill } = await startProcess(directory, 'load')
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
      await kill()
    }
    const ran = new Set<string>()
    const jobs = queue()
    const left = await jobs.getJobCountByTypes('waiting', 'delayed', 'prioritized', 'active', 'waiting-children')
    let unfinished = left
    if (unfinished > 0) {
      const last = worker(async ({ name }) => void ran.add(name), { concurrency: 4, maxStalledCount: 1000, autorun: false })
      await new Promise<void>((resolve) => {
        last.on('completed', () => void (--unfinished === 0 && resolve()))
        void last.run()
      })
    }
    const notes = notesOf(directory)
    for (const [word, name] of notes) if (word === 'ran') ran.add(name)
    const added = notes.flatMap(([word, name]) => (word === 'added' ? [name] : []))
    expect(added.length).to.be.greaterThan(0)
    expect(added.filter((name) => !ran.has(name))).to.deep.equal([])
    expect(await jobs.getFailedCount()).to.equal(0)
  })

  it('gives a job back whose process died with it, and counts that', async () => {
    const { kill } = await startProcess(directory, 'hang')
    await kill()
    const stalled: string[] = []
    const next = worker(async () => {}, { autorun: false })
    next.on('stalled', (id: string) => stalled.push(id))
    const done = new Promise<number>((resolve) => next.on('completed', ({ stalledCounter }) => resolve(stalledCounter)))
    void next.run()
    expect(await done).to.equal(1)
    expect(stalled).to.deep.equal(['1'])
  })

  it('keeps order, options, schedules, flows, logs and settings', async () => {
    const jobs = queue()
    for (const name of ['b', 'c']) await jobs.add(name, { name }, { attempts: 3 })
    await jobs.add('a', {}, { lifo: true })
    for (const priority of [2, 1]) await jobs.add(`p${priority}`, {}, { priority })
    await jobs.add('later', {}, { delay: 100_000, deduplication: { id: 'd' } })
    await jobs.upsertJobScheduler('nightly', { pattern: '0 3 * * *' }, { name: 'nightly', data: { n: 1 } })
    const first = await jobs.getJob('1')
    await first?.log('one')
    await first?.updateProgress(30)
    await jobs.setGlobalConcurrency(7)
    await jobs.pause()
    const before = await describeQueue(jobs)
    await closeAll()
    const again = queue()
    expect(await describeQueue(again)).to.deep.equal(before)
    expect((await again.add('new', {})).id).to.equal('8')
    expect((await again.add('later', {}, { deduplication: { id: 'd' } })).id).to.equal('6')
  })

  it('writes its files anew when most of them is of no use any more', async () => {
    const jobs = queue()
    await jobs.add('kept', { text: 'still here' }, { delay: 100_000 })
    await closeAll()
    const { kill } = await startProcess(directory, 'load')
    const grown = () => files().some((name) => Number.parseInt(name, 10) > 3)
    while (!grown()) await new Promise((resolve) => setTimeout(resolve, 20))
    await kill()
    expect(files()).not.to.include('00000001.queues')
    const [kept] = (await queue().getDelayed()).filter(({ name }) => name === 'kept')
    expect(kept?.data).to.deep.equal({ text: 'still here' })
  })

  it('drops the torn end of a write that nobody was told of', async () => {
    const jobs = queue()
    for (const name of ['a', 'b']) await jobs.add(name, {})
    await closeAll()
    const [name = ''] = files()
    const bytes = readFileSync(fileOf(name))
    writeFileSync(fileOf(name), bytes.subarray(0, -5))
    const again = queue()
    expect((await again.getWaiting()).map((job) => job.name)).to.deep.equal(['a'])
    expect(log.map(({ level }) => level)).to.deep.equal(['warn'])
    await again.add('c', {})
    await closeAll()
    expect((await queue().getWaiting()).map((job) => job.name)).to.deep.equal(['a', 'c'])
  })

  it('skips what is corrupt, saves it, and keeps the rest', async () => {
    const jobs = queue()
    for (const name of ['first', 'corrupt', 'last']) await jobs.add(name, {})
    await closeAll()
    const [name = ''] = files()
    const bytes = readFileSync(fileOf(name))
    bytes.write('KORRUPT', bytes.indexOf('corrupt'))
    writeFileSync(fileOf(name), bytes)
    expect((await queue().getWaiting()).map((job) => job.name)).to.deep.equal(['first', 'last'])
    expect(log.map(({ level }) => level)).to.deep.equal(['error'])
    const [saved = ''] = readdirSync(fileOf('quarantine'))
    expect(readFileSync(join(fileOf('quarantine'), saved), 'utf8')).to.include('KORRUPT')
  })

  for (const nonsense of ['no JSON', '7', '[7]', '[["j","bull:work","1",null]]', '[["c","bull:work",null,3]]']) {
    it(`passes over ${nonsense} in a frame whose checksum is right`, async () => {
      await queue().add('first', {})
      await closeAll()
      const [name = ''] = files()
      const bytes = readFileSync(fileOf(name))
      writeFileSync(fileOf(name), Buffer.concat([bytes, frame(Buffer.from(nonsense), saltOf(bytes))]))
      const jobs = queue()
      expect((await jobs.getWaiting()).map((job) => job.name)).to.deep.equal(['first'])
      await jobs.add('second', {})
      await closeAll()
      expect((await queue().getWaiting()).map((job) => job.name)).to.deep.equal(['first', 'second'])
    })
  }

  it('refuses files that another version wrote', async () => {
    await queue().add('a', {})
    await closeAll()
    const [name = ''] = files()
    const bytes = readFileSync(fileOf(name))
    bytes.writeUInt16LE(9, 8)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 36)), 36)
    writeFileSync(fileOf(name), bytes)
    const error = await queue()
      .add('b', {})
      .catch((reason: Error) => reason)
    expect(error).to.have.property('code', 'REGAUGE_QUEUE_UNREADABLE')
    expect(statSync(fileOf(name)).size).to.be.greaterThan(0)
  })

  it('opens a directory that version 1 of the format wrote, and writes it anew some time', async () => {
    mkdirSync(connection().directory)
    copyFileSync(join(import.meta.dirname, 'version_1.queues'), fileOf('00000001.queues'))
    const jobs = queue()
    expect(await jobs.isPaused()).to.equal(true)
    expect(await jobs.getGlobalConcurrency()).to.equal(7)
    const waiting = (await jobs.getJobs(['waiting', 'prioritized'], 0, -1, true)).map(({ name, data }) => [name, data])
    expect(waiting).to.deep.equal([
      ['a', { n: 1 }],
      ['child', {}],
      ['b', { text: '日本' }],
    ])
    expect((await jobs.getDelayed()).map(({ id, delay }) => [id, delay > 0])).to.deep.equal([['3', true]])
    expect(await jobs.getJobLogs('1')).to.deep.equal({ logs: ['one'], count: 1 })
    expect(await jobs.getWaitingChildrenCount()).to.equal(1)
    await jobs.add('new', {})
    await closeAll()
    expect(files()).to.deep.equal(['00000001.queues', '00000002.queues'])
    expect((await queue().getJobs(['waiting'], 0, -1, true)).map(({ name }) => name)).to.deep.equal(['a', 'child', 'new'])
    expect(log).to.deep.equal([])
  })

  it('writes and runs nothing more when another process took the directory over while this one slept', async () => {
    const jobs = queue()
    await jobs.add('a', {})
    writeFileSync(fileOf('owner.lock'), '{"pid":1,"host":"another","token":"theirs"}')
    const { now } = Date
    Date.now = () => now() + 60_000
    try {
      const refused = await jobs.add('b', {}).catch((reason: Error) => reason)
      expect(refused).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    } finally {
      Date.now = now
    }
    const taken = await worker(null)
      .getNextJob('token')
      .catch((reason: Error) => reason)
    expect(taken).to.have.property('code', 'REGAUGE_QUEUE_OWNED')
    const counted = await jobs.count().catch((reason: Error) => reason)
    expect(counted).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    expect(readFileSync(fileOf('owner.lock'), 'utf8')).to.include('theirs')
  })

  it('refuses the job that a full disk has no room for, and goes on with those that fit', async () => {
    const { kill } = await startProcess(directory, 'full', 'trap "" XFSZ; ulimit -f 64; exec "$@"')
    await kill()
    const notes = notesOf(directory)
    expect(notes[0]).to.deep.equal(['added', 'small'])
    expect(notes[1]?.[0]).to.equal('refused')
    expect(notes[1]?.[1]).to.match(/^large REGAUGE_QUEUE_WRITE_FAILED The job could not be stored in .*: EFBIG/)
    expect(notes[2]).to.deep.equal(['added', 'last'])
    expect((await queue().getWaiting()).map(({ name }) => name)).to.deep.equal(['small', 'last'])
  })

  async function describeQueue(jobs: Queue) {
    const types = ['waiting', 'prioritized', 'delayed'] as const
    const listed = []
    for (const type of types) listed.push((await jobs.getJobs([type], 0, -1, true)).map((job) => job.toJSON()))
    // As JSON: what isn't set may be undefined or missing.
    return JSON.stringify({
      listed,
      logs: await jobs.getJobLogs('1'),
      schedulers: await jobs.getJobSchedulers(),
      concurrency: await jobs.getGlobalConcurrency(),
      isPaused: await jobs.isPaused(),
    })
  }
})
