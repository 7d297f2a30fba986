import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { frame, packedField, put, record, saltOfFile, text } from './journal_bytes.ts'
import { EmbeddedBackend, JobRunner, moveJobs } from '../../../src/jobs/index.ts'
import { collectingLogger, numbered, QueueDirectory } from '../queue_directory.ts'

/** What they are, and what stands there instead. */
const kinds: Readonly<Record<string, { readonly data: string | Buffer; readonly flags?: number }>> = {
  'no JSON': { data: '{"number":' },
  'no JSON object': { data: '[7]' },
  'no MessagePack': { data: Buffer.from([0xde, 0, 2, ...packedField('number', 7)]), flags: 8 },
  'no MessagePack object': { data: Buffer.from([7]), flags: 8 },
}

describe('jobs whose data can not be read', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  /** A queue with the jobs 1 and 2, and between them the job 7, whose data are these. */
  async function queueWith(data: string | Buffer, { isFailed = false, flags = 0 } = {}): Promise<EmbeddedBackend> {
    const first = directory.open()
    await first.add([numbered(1)])
    await first.close()
    const path = join(directory.path, (await directory.journals())[0]!)
    const details = text(JSON.stringify({ finishedAt: Date.now(), error: { name: 'Error', message: 'no' } }))
    const readable = [text('default'), text('Example'), text(data)]
    const broken = isFailed
      ? put({ sequence: 7, state: 4, flags: 4 + flags, texts: [...readable, details] })
      : put({ sequence: 7, flags, texts: readable })
    await appendFile(path, frame(record(broken), await saltOfFile(path)))
    const backend = directory.open()
    await backend.add([numbered(2)])
    return backend
  }

  /** Runs jobs until none waits. @returns the numbers of those that ran */
  async function runAll(backend: EmbeddedBackend): Promise<unknown[]> {
    const ran: unknown[] = []
    const handler = async ({ data }: { data: { readonly [key: string]: unknown } }) => {
      ran.push(data['number'])
      return { kind: 'completed' } as const
    }
    const worker = await backend.process(handler, { queues: ['*'], concurrency: 1 })
    for (let left = 1; left > 0; ) {
      const { waiting, active } = await backend.counts()
      left = waiting + active
      await new Promise(setImmediate)
    }
    await worker.stop()
    return ran
  }

  for (const [what, { data, flags = 0 }] of Object.entries(kinds)) {
    const message = `The data of the job 7 (Example) can't be read: they are ${what}.`

    it(`are listed and found, with what is wrong, among the others: ${what}`, async () => {
      const backend = await queueWith(data, { flags })
      const marked = { id: '7', data: {}, dataError: { name: 'JobDataUnreadable', message } }
      const listed = await backend.list('waiting')
      expect(listed.map((job) => job.data)).to.deep.equal([{ number: 1 }, {}, { number: 2 }])
      expect(listed[1]).to.deep.include(marked)
      expect(listed[0]).not.to.have.property('dataError')
      expect(await backend.find('7')).to.deep.include(marked)
    })

    it(`fail when their turn comes, and let the others run: ${what}`, async () => {
      const backend = await queueWith(data, { flags })
      expect(await runAll(backend)).to.deep.equal([1, 2])
      const [failed] = await backend.list('failed')
      expect(failed!.error).to.include({ name: 'JobDataUnreadable', message })
      expect(directory.log.map(({ level, message: line }) => [level, line.startsWith(message)])).to.deep.include(['error', true])
    })
  }

  it('stay failed when they are retried, though others run again', async () => {
    const backend = await queueWith('{', { isFailed: true })
    const worker = await backend.process(async () => ({ kind: 'failed', error: { name: 'Error', message: 'no' } }), {
      queues: ['*'],
      concurrency: 1,
    })
    while ((await backend.counts()).failed < 3) await new Promise(setImmediate)
    await worker.stop()
    expect(await backend.retry(['1', '7', '8'])).to.equal(2)
    expect((await backend.list('failed')).map(({ id }) => id)).to.deep.equal(['7'])
    expect(await runAll(backend)).to.deep.equal([1, 2])
  })

  it('are removed as others are, also for good', async () => {
    const backend = await queueWith('{')
    expect(await backend.remove(['7'])).to.equal(1)
    await backend.close()
    expect((await directory.open().list('waiting')).map(({ id }) => id)).to.deep.equal(['1', '8'])
  })

  it('keep no runner from starting', async () => {
    const backend = await queueWith('{', { isFailed: true })
    const runner = new JobRunner(backend, { classes: [], logger: collectingLogger(directory.log) })
    await runner.start()
    await runner.stop()
    expect((await backend.list('failed')).map(({ id }) => id)).to.include('7')
  })

  it('stay where they are when jobs are moved to another backend', async () => {
    const backend = await queueWith('{')
    const target = new EmbeddedBackend({ durability: 'memory' })
    const memory = { read: () => undefined, write: () => {}, forget: () => {} }
    const report = await moveJobs({ from: { name: 'here', backend }, to: { name: 'there', backend: target }, memory })
    expect(report).to.deep.include({ unreadable: 1, running: 0 })
    expect(report.moved).to.include({ waiting: 2 })
    expect((await backend.list('waiting')).map(({ id }) => id)).to.deep.equal(['7'])
    expect((await target.list('waiting')).map(({ data }) => data)).to.deep.equal([{ number: 1 }, { number: 2 }])
    await target.close()
  })
})
