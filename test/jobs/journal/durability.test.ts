import { copyFile, open, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend, Outcome } from '../../../src/jobs/index.ts'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'
import { packedField } from './journal_bytes.ts'

describe('the job queue on disk', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  async function handle(backend: EmbeddedBackend, count: number, outcome: (number: number) => Outcome): Promise<void> {
    let done = () => {}
    let seen = 0
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = await backend.process(
      async ({ data }) => {
        if (++seen === count) done()
        return outcome(data['number'] as number)
      },
      { queues: ['*'], concurrency: 1 },
    )
    await finished
    await worker.stop()
  }

  it('keeps waiting, delayed, prioritised and failed jobs through a restart', async () => {
    const first = directory.open()
    await first.add([numbered(0)])
    await handle(first, 1, () => ({ kind: 'failed', error: { name: 'Error', message: 'no' } }))
    const runAt = Date.now() + 3_600_000
    await first.add([numbered(1), numbered(2, { priority: 5 }), numbered(3, { runAt }), numbered(4, { queue: 'é' })])
    await first.close()

    const second = directory.open()
    expect(await second.counts()).to.include({ waiting: 2, prioritized: 1, delayed: 1, failed: 1, active: 0 })
    expect((await second.list('delayed'))[0]).to.deep.include({ runAt, data: { number: 3 } })
    expect((await second.list('failed'))[0]!.error).to.include({ name: 'Error', message: 'no' })
    expect((await second.list('waiting')).map(({ queue }) => queue)).to.deep.equal(['default', 'é'])
  })

  it('keeps jobs through the death of the process with durability interval, too', async () => {
    const first = directory.open({ durability: 'interval' })
    await first.add([numbered(1)])
    await first.close()
    expect(numbersOf(await directory.open({ durability: 'interval' }).list('waiting'))).to.deep.equal([1])
  })

  it('forgets what completed before a restart', async () => {
    const first = directory.open()
    await first.add([numbered(1), numbered(2)])
    await handle(first, 1, () => ({ kind: 'completed' }))
    await first.close()
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([2])
  })

  it('never gives an id twice, even when all jobs are gone', async () => {
    const first = directory.open({ segmentBytes: 100 })
    const ids = idsOf(await first.add([numbered(1)]))
    await first.remove(ids)
    await first.close()
    const second = directory.open({ segmentBytes: 100 })
    ids.push(...idsOf(await second.add([numbered(2)])))
    await second.remove(ids)
    await second.close()
    ids.push(...idsOf(await directory.open().add([numbered(3)])))
    expect(new Set(ids).size).to.equal(3)
  })

  it('stays small however many jobs pass through', async () => {
    const backend = directory.open({ segmentBytes: 4096 })
    await backend.add([numbered(-1, { runAt: Date.now() + 3_600_000 })])
    for (let round = 0; round < 40; round++) {
      await backend.add(Array.from({ length: 50 }, (_, index) => numbered(round * 50 + index)))
      await handle(backend, 50, () => ({ kind: 'completed' }))
    }
    await backend.close()
    expect((await directory.journals()).length).to.be.at.most(5)
    const reopened = directory.open()
    expect(numbersOf(await reopened.list('delayed'))).to.deep.equal([-1])
    expect(await reopened.counts()).to.include({ waiting: 0, active: 0 })
  })

  it('writes nothing again that is all needed, however long its text is in bytes', async () => {
    const backend = directory.open({ segmentBytes: 4096 })
    for (let number = 0; number < 100; number++) await backend.add([numbered(number, { data: { number, text: '日本語'.repeat(100) } })])
    await backend.close()
    const [first] = await directory.journals()
    expect(first).to.equal('00000001.journal')
    expect((await directory.journals()).length).to.be.within(20, 30)
  })

  it('keeps the order of jobs that compaction wrote again', async () => {
    const backend = directory.open({ segmentBytes: 1024 })
    const keep = await backend.add(Array.from({ length: 20 }, (_, index) => numbered(index, { queue: 'kept' })))
    for (let round = 0; round < 60; round++) {
      const ids = idsOf(await backend.add(Array.from({ length: 20 }, () => numbered(round, { queue: 'passing' }))))
      await backend.remove(ids)
    }
    await backend.close()
    expect(keep.length).to.equal(20)
    const kept = (await directory.open().list('waiting')).filter(({ queue }) => queue === 'kept')
    expect(numbersOf(kept)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index))
  })

  it('keeps delayed jobs that are found, removed and written again, and runs them by their times', async () => {
    const first = directory.open({ segmentBytes: 4096 })
    const runAt = Date.now() + 3_600_000
    const ids = idsOf(await first.add(Array.from({ length: 600 }, (_, number) => numbered(number, { runAt: runAt - number }))))
    expect(await first.find(ids[7]!)).to.deep.include({ state: 'delayed', runAt: runAt - 7, data: { number: 7 } })
    expect(await first.remove(ids.slice(10))).to.equal(590)
    for (let round = 0; round < 10; round++) await first.remove(idsOf(await first.add([numbered(round), numbered(round, { runAt })])))
    expect(await first.counts()).to.include({ waiting: 0, delayed: 10 })
    expect(numbersOf(await first.list('delayed')).sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await first.close()

    const second = directory.open()
    expect(await second.counts()).to.include({ waiting: 0, delayed: 10 })
    expect(await second.find(ids[7]!)).to.deep.include({ state: 'delayed', runAt: runAt - 7, data: { number: 7 } })
    await second.remove([ids[7]!])
    await second.add([numbered(20, { runAt: Date.now() + 1000 }), numbered(21, { runAt: Date.now() + 500 })])
    const order: unknown[] = []
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const handler = async ({ data }: { readonly data: Record<string, unknown> }): Promise<Outcome> => {
      if (order.push(data['number']) === 2) done()
      return { kind: 'completed' }
    }
    await second.process(handler, { queues: ['*'], concurrency: 1 })
    await finished
    expect(order).to.deep.equal([21, 20])
    await second.close()
    expect(numbersOf(await directory.open().list('delayed')).sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 8, 9])
  })

  it('keeps a job that is stored at the moment when compaction begins', async () => {
    const backend = directory.open({ segmentBytes: 1024 })
    const passing = Array.from({ length: 400 }, (_, number) => numbered(number, { data: { text: 'x'.repeat(1000) } }))
    const ids = idsOf(await backend.add(passing))
    const removed = backend.remove(ids)
    const added = backend.add([numbered(1)])
    await new Promise(setImmediate)
    const large = backend.add([numbered(2, { data: { number: 2, text: 'x'.repeat(70_000) } })])
    await Promise.all([removed, added, large])
    for (let number = 3; number < 10; number++) await backend.add([numbered(number)])
    await backend.close()
    expect((await directory.journals())[0]).not.to.equal('00000001.journal')
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('drops a torn end and says so', async () => {
    const first = directory.open()
    await first.add([numbered(1)])
    await first.add([numbered(2)])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 5))

    const second = directory.open()
    expect(numbersOf(await second.list('waiting'))).to.deep.equal([1])
    expect(directory.log.map(({ level, message }) => [level, message])).to.deep.include([
      'warn',
      'The end of the job journal was torn by a crash; it was never acknowledged and is dropped',
    ])
    await second.add([numbered(3)])
    await second.close()
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 3])
  })

  it('skips a corrupt record, saves its bytes and says so', async () => {
    const first = directory.open()
    for (const number of [1, 2, 3]) await first.add([numbered(number)])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const bytes = await readFile(path)
    bytes[bytes.indexOf(packedField('number', 2)) + 7]! ^= 1
    await writeFile(path, bytes)

    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 3])
    const report = directory.log.find(({ level }) => level === 'error')
    expect(report?.message).to.equal('A part of the job journal is corrupt; it was skipped and saved')
    expect(await readFile(report!.fields['quarantine'] as string, 'latin1')).to.contain('number')
  })

  it('finds the jobs behind a record whose length is corrupt', async () => {
    const first = directory.open()
    for (const number of [1, 2, 3]) await first.add([numbered(number)])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const bytes = await readFile(path)
    const second = bytes.indexOf(Buffer.from([0xf7, 0xfb]), bytes.indexOf(packedField('number', 1)))
    bytes.writeUInt32LE(0x00ffffff, second + 2)
    await writeFile(path, bytes)
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 3])
  })

  it('survives any flipped bit: what else was stored is still there', async () => {
    const first = directory.open()
    for (let number = 0; number < 10; number++) await first.add([numbered(number)])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const intact = await readFile(path)
    for (let offset = 0; offset < intact.length; offset += 37) {
      const bytes = Buffer.from(intact)
      bytes[offset]! ^= 1 << (offset % 8)
      await writeFile(path, bytes)
      const backend = directory.open()
      expect((await backend.list('waiting')).length).to.be.at.least(9)
      await backend.close()
      for (const journal of await directory.journals()) if (journal !== name) throw new Error(`${journal} was made`)
    }
  })

  it('loses no more to a flipped bit than the records that share a checksum with it: some 4 KB', async () => {
    const first = directory.open()
    await first.add(Array.from({ length: 300 }, (_, number) => numbered(number)))
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const intact = await readFile(path)
    const shortest = Math.floor((intact.length - 40) / 300) - 4
    for (let offset = 40; offset < intact.length; offset += 997) {
      const bytes = Buffer.from(intact)
      bytes[offset]! ^= 1 << (offset % 8)
      await writeFile(path, bytes)
      const backend = directory.open()
      const left = numbersOf(await backend.list('waiting', { limit: 300 }))
      await backend.close()
      expect(left.length).to.be.within(300 - Math.ceil(4096 / shortest) - 1, 299)
      const lost = Array.from({ length: 300 }, (_, number) => number).filter((number) => !left.includes(number))
      expect(lost).to.deep.equal(Array.from({ length: lost.length }, (_, index) => lost[0]! + index))
    }
  })

  it('finds the rest of the jobs of a file of version 1 whose record is corrupt', async () => {
    const path = join(directory.path, '00000001.journal')
    const bytes = await readFile(join(import.meta.dirname, 'version_1.journal'))
    bytes[bytes.indexOf('{"number":0}') + 10]! ^= 1
    await writeFile(path, bytes)
    const backend = directory.open()
    expect(await backend.counts()).to.include({ waiting: 3, prioritized: 1, delayed: 1, active: 0 })
    expect(directory.log.map(({ level }) => level)).to.deep.equal(['error'])
  })

  it('keeps what is behind a corrupt header', async () => {
    const first = directory.open()
    for (const number of [1, 2, 3]) await first.add([numbered(number)])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const bytes = await readFile(path)
    bytes.fill(0, 0, 40)
    await writeFile(path, bytes)
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 2, 3])
    expect(directory.log.map(({ level }) => level)).to.deep.equal(['error'])
  })

  for (const [version, nextId] of [
    [1, '9'],
    [2, '10'],
    [3, '11'],
  ] as const) {
    it(`reads what version ${version} of the format wrote`, async () => {
      await copyFile(join(import.meta.dirname, `version_${version}.journal`), join(directory.path, '00000001.journal'))
      const backend = directory.open()
      expect(await backend.counts()).to.include({ waiting: 3, prioritized: 1, delayed: 1, failed: 1, active: 0 })
      expect((await backend.list('failed'))[0]).to.deep.include({ data: { number: 0 }, attempts: 1, id: '1' })
      expect(await backend.find('mine')).to.deep.include({ queue: 'é', data: { number: 4, text: '日本' } })
      expect((await backend.list('delayed'))[0]!.runAt).to.equal(4102444800000)
      expect(await backend.paused()).to.deep.equal(['slow'])
      const unique = { key: 'u', until: 'executed', conflict: 'discard' } as const
      expect(await backend.add([numbered(6, { constraints: { unique } }), numbered(7)])).to.deep.equal([null, nextId])
      expect(directory.log).to.deep.equal([])
    })
  }

  it('refuses a journal of a version that it does not know', async () => {
    const first = directory.open()
    await first.add([numbered(1)])
    await first.close()
    const [name] = await directory.journals()
    const { crc32 } = await import('node:zlib')
    const file = await open(join(directory.path, name!), 'r+')
    const header = Buffer.alloc(40)
    await file.read(header, 0, 40, 0)
    header.writeUInt16LE(9, 8)
    header.writeUInt32LE(crc32(header.subarray(0, 36)), 36)
    await file.write(header, 0, 40, 0)
    await file.close()
    expect(() => directory.open()).to.throw(/format is version 9, this package reads version 3/)
    expect(await readdir(directory.path)).not.to.include('owner.lock')
  })

  it('keeps data as JSON has them', async () => {
    const values = {
      texts: ['', 'plain', 'a "quoted"\\ text', '\n\u0000\u007f', 'é日本😀', '\ud800', '\u2028', '</script>'],
      numbers: [0, -0, 1.5, 1e21, -1e-7, Number.NaN, Number.POSITIVE_INFINITY],
      others: [true, false, null, undefined, () => 1, Symbol('s'), [], {}, [[]], new Array(2)],
      'a "key"': 1,
      é: 2,
      none: undefined,
      method: () => 1,
      dates: [new Date(0), { nested: new Date(1) }],
      own: { toJSON: () => ({ is: 'own' }) },
      boxed: [new String('s'), new Number(1)],
      instance: new (class Point {
        x = 1
      })(),
      bare: Object.assign(Object.create(null), { x: 1 }),
      number: 1,
    }
    const more = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { [key]: value, after: 1 }]))
    const first = directory.open()
    for (const data of [values, ...Object.values(more)]) await first.add([numbered(1, { data })])
    await first.close()
    const expected = [values, ...Object.values(more)].map((data) => JSON.parse(JSON.stringify(data)) as unknown)
    expect((await directory.open().list('waiting')).map(({ data }) => data)).to.deep.equal(expected)
  })

  it('keeps whole what a getter answers, even when it answers twice and differently', async () => {
    const first = directory.open()
    let times = 0
    const data = {
      get text() {
        return 'x'.repeat(1 + 200_000 * times++)
      },
    }
    await first.add([numbered(1), numbered(2, { data }), numbered(3)])
    await first.close()
    const stored = await directory.open().list('waiting')
    expect(numbersOf(stored)).to.deep.equal([1, undefined, 3])
    expect(stored[1]!.data['text']).to.match(/^x+$/)
    expect(directory.log).to.deep.equal([])
  })

  it('keeps the jobs that a getter adds while it is read, too', async () => {
    const first = directory.open()
    const added: Promise<unknown>[] = []
    const data = {
      get number() {
        added.push(first.add([numbered(2)]))
        return 1
      },
    }
    await first.add([numbered(1, { data }), numbered(3)])
    await Promise.all(added)
    await first.close()
    const stored = numbersOf(await directory.open().list('waiting'))
    expect(stored).to.have.length(added.length + 2)
    expect(new Set(stored)).to.deep.equal(new Set([1, 2, 3]))
    expect(directory.log).to.deep.equal([])
  })

  it('says what JSON says of data that it can not carry', async () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const backend = directory.open()
    for (const data of [circular, { big: 1n }]) {
      const refused = await backend.add([numbered(1), numbered(1, { data })]).catch((error: Error) => error)
      expect(refused).to.be.instanceOf(TypeError)
    }
    await backend.add([numbered(2)])
    expect(numbersOf(await backend.list('waiting'))).to.deep.equal([2])
    await backend.close()
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([2])
  })

  it('refuses data that are too large, and takes the next job', async () => {
    const backend = directory.open({ maxDataLength: 100 })
    const refused = await backend.add([numbered(1, { data: { text: 'x'.repeat(200) } })]).catch((error: Error) => error)
    expect(refused).to.have.property('code', 'REGAUGE_JOB_TOO_LARGE')
    await backend.add([numbered(2)])
    expect(numbersOf(await backend.list('waiting'))).to.deep.equal([2])
  })

  it('refuses an id of a job that could be one of its own', async () => {
    const refused = await directory
      .open()
      .add([numbered(1, { id: '17' })])
      .catch((error: Error) => error)
    expect(refused).to.have.property('code', 'REGAUGE_INVALID_JOB_ID')
  })

  it('refuses jobs after it was closed', async () => {
    const backend = directory.open()
    await backend.close()
    expect(await backend.add([numbered(1)]).catch((error: Error) => error)).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
  })
})
