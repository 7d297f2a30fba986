import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { frame, headerBytes, put, record, remove, saltOf, saltOfFile, start, text, texts, uint32 } from './journal_bytes.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

const whole = put()
const senseless: Readonly<Record<string, Buffer>> = {
  'no record but the length of one': Buffer.from([1, 0, 0, 0]),
  'a record of no bytes': Buffer.from([0, 0, 0, 0, 1]),
  'a record of four gigabytes': record(whole, 0xffffffff),
  'a record that is longer by one': record(whole, whole.length + 1),
  'a record that is shorter by one': record(whole, whole.length - 1),
  'a text of four gigabytes': record(put({ texts: [text('default', 0xffffffff), ...texts.slice(1)] })),
  'texts that overlap': record(put({ texts: [text('default', 3), ...texts.slice(1)] })),
  'a record of no kind': record(Buffer.from([9, 1, 2])),
  'a job of no state': record(put({ state: 255 })),
  'a job that was made at no time': record(put({ createdAt: Number.NaN })),
  'a job that runs at no time': record(put({ state: 1, runAt: Number.POSITIVE_INFINITY })),
  'constraints that are no JSON': record(put({ flags: 2, texts: [...texts, text('{"a":')] })),
  'constraints that are no object': record(put({ flags: 2, texts: [...texts, text('null')] })),
  'a note that is no JSON': record(put({ state: 9, texts: [text(''), text('queue:default'), text('{"paused":')] })),
  'a note that is no object': record(put({ state: 9, texts: [text(''), text('queue:default'), text('true')] })),
  'an error that is no JSON': record(put({ state: 4, flags: 4, texts: [...texts, text('[')] })),
}
for (const number of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1.5, 2 ** 53, 1e300])
  for (const [what, made] of Object.entries({ 'a job': put({ sequence: number }), 'a start': start(number), 'a removal': remove(number) }))
    Object.assign(senseless, { [`${what} numbered ${number}`]: record(made) })

describe('journals that somebody else wrote', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  /** Writes frames behind those of a queue with the job 1, and before that of the job 9. */
  async function inserted(body: (salt: number) => Buffer): Promise<string> {
    const backend = directory.open()
    await backend.add([numbered(1)])
    await backend.close()
    const [name] = (await readdir(directory.path)).filter((each) => each.endsWith('.journal'))
    const path = join(directory.path, name!)
    const bytes = await readFile(path)
    expect(bytes.length).to.be.above(headerBytes)
    const salt = saltOf(bytes)
    const last = frame(record(put({ sequence: 9, texts: [text('default'), text('A'), text('{"number":9}')] })), salt)
    await writeFile(path, Buffer.concat([bytes, body(salt), last]))
    return path
  }

  for (const [what, body] of Object.entries(senseless))
    it(`lose no other job for ${what}`, async () => {
      await inserted((salt) => frame(body, salt))
      const backend = directory.open()
      expect(numbersOf(await backend.list('waiting'))).to.deep.equal([1, 9])
      await backend.add([numbered(10)])
      expect(numbersOf(await backend.list('waiting'))).to.deep.equal([1, 9, 10])
    })

  for (const length of [0, 1, 0x7fffffff, 0xffffffff])
    it(`lose no other job for a frame that claims ${length} bytes`, async () => {
      await inserted((salt) => frame(record(whole), salt, length))
      expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 9])
    })

  it('keep what stands beside a job that makes no sense', async () => {
    const broken = record(put({ sequence: 8, flags: 2, texts: [...texts, text('{')] }))
    await inserted((salt) => frame(Buffer.concat([record(whole), broken, record(put({ sequence: 6 }))]), salt))
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 7, 7, 9])
  })

  it('are read where megabytes are full of what might be frames, each of them long', async () => {
    await inserted(() => {
      const marks = Buffer.alloc(4 * 1024 * 1024)
      for (let at = 0; at < marks.length; at += 6) Buffer.concat([Buffer.from([0xf7, 0xfb]), uint32(marks.length - at)]).copy(marks, at)
      return marks
    })
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 9])
    expect(directory.log.map(({ level }) => level)).to.deep.equal(['error'])
  })

  it('are read where frames are in frames, and each has the right checksum', async () => {
    const depth = 2000
    await inserted((salt) => {
      let body = record(whole)
      for (let level = 0; level < depth; level++) body = frame(body, salt)
      return body
    })
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 9])
    expect(await readdir(join(directory.path, 'quarantine'))).to.have.length(1)
  })

  it('are saved as they stood, also those of version 1', async () => {
    const path = join(directory.path, '00000001.journal')
    const older = await readFile(join(import.meta.dirname, 'version_1.journal'))
    const salt = saltOf(older)
    const senseless = frame(put({ flags: 2, texts: [...texts, text('null')] }), salt)
    const silent = frame(Buffer.alloc(100), salt)
    await writeFile(path, Buffer.concat([older, senseless, silent, frame(put({ sequence: 99 }), salt)]))
    expect(await directory.open().find('99')).to.deep.include({ data: { number: 7 } })
    const saved = await readdir(join(directory.path, 'quarantine'))
    expect(saved).to.have.length(1)
    expect(await readFile(join(directory.path, 'quarantine', saved[0]!))).to.deep.equal(senseless)
  })

  it('of version 1 lose no other job for a frame that claims what is behind', async () => {
    const path = join(directory.path, '00000001.journal')
    const older = await readFile(join(import.meta.dirname, 'version_1.journal'))
    const salt = saltOf(older)
    const sequences = Array.from({ length: 100 }, (_, index) => 100 + index)
    const others = Buffer.concat(sequences.map((sequence) => frame(put({ sequence }), salt)))
    const claiming = Buffer.concat([Buffer.from([0xf7, 0xfb]), uint32(others.length + 20), uint32(0)])
    await writeFile(path, Buffer.concat([older, claiming, claiming, others, Buffer.alloc(40, 1)]))
    const found = (await directory.open().list('waiting', { limit: 1000 })).map(({ id }) => Number(id))
    expect(found).to.include.members(sequences)
  })

  it('are saved in one piece where many frames make no sense, also at their end', async () => {
    const path = await inserted((salt) => Buffer.concat(Array.from({ length: 1000 }, () => frame(Buffer.from([9, 1, 2]), salt))))
    await appendFile(path, frame(Buffer.from([9, 1, 2]), await saltOfFile(path)))
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 9])
    expect(directory.log.map(({ level, fields }) => [level, fields['bytes']])).to.deep.equal([
      ['error', 13_000],
      ['error', 13],
    ])
  })

  it('are read where a frame holds hundreds of thousands of records', async () => {
    const many = Buffer.concat(Array.from({ length: 300_000 }, (_, index) => record(remove(index + 100))))
    await inserted((salt) => frame(many, salt))
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 9])
  })
})
