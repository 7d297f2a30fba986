import fs from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { later } from '../../clock.ts'
import { idsOf, numbered, QueueDirectory } from '../queue_directory.ts'
import { packedField } from './journal_bytes.ts'

/** More than stays in memory are the first of these, with their text. */
const text = 'x'.repeat(900)
const many = 3000
const perCall = 100
const options = { segmentBytes: 256 * 1024 }

describe('waiting jobs whose records the disk does not give back', () => {
  let directory: QueueDirectory
  const { readSync, rename } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    Object.assign(fs, { readSync, rename })
    await directory.dispose()
  })

  const bulky = (number: number) => numbered(number, { data: { number, text } })
  const pass = async (backend: EmbeddedBackend) =>
    backend.remove(idsOf(await backend.add(Array.from({ length: 50 }, () => numbered(-1, { queue: 'passing', data: { text } })))))

  async function pileUp(backend: EmbeddedBackend): Promise<string[]> {
    const ids: string[] = []
    while (ids.length < many) {
      const first = ids.length
      ids.push(...idsOf(await backend.add(Array.from({ length: perCall }, (_, index) => bulky(first + index)))))
    }
    return ids
  }

  /** Makes one job unreadable. @returns its id */
  async function damage(id: string): Promise<void> {
    for (const name of await directory.journals()) {
      const path = join(directory.path, name)
      const bytes = await readFile(path)
      const at = bytes.indexOf(packedField('number', Number(id)))
      if (at < 0) continue
      bytes[at + 40] = 0
      await writeFile(path, bytes)
      return
    }
    throw new Error(`no file has the job ${id}`)
  }

  /** Lets as much pass through the queue as makes the journal be written anew, or fail to be. */
  async function writeAnew(backend: EmbeddedBackend): Promise<void> {
    const [first] = await directory.journals()
    const said = messages().length
    while ((await directory.journals())[0] === first && messages().length === said) await pass(backend)
  }

  const files = async () => (await directory.journals()).length
  const messages = () => directory.log.map(({ message }) => message)

  it('are shown among the others, with what is wrong', async () => {
    const backend = directory.open(options)
    const ids = await pileUp(backend)
    await damage('7')
    const listed = await backend.list('waiting', { limit: 20 })
    expect(listed.map(({ id }) => id)).to.deep.equal(ids.slice(0, 20))
    const shown = listed.filter(({ dataError }) => dataError !== undefined)
    expect(shown.map(({ id }) => id)).to.include(ids[7])
    expect(shown[0]).to.include({ name: 'Unreadable', queue: 'default' })
    expect(await backend.metrics()).to.have.property('default')
  })

  it('fail when they could not be read for a while, so that the journal is made smaller, and their file is kept', async () => {
    const backend = directory.open(options)
    const ids = await pileUp(backend)
    await damage('7')
    await writeAnew(backend)
    expect(messages()).to.deep.equal(['The job journal can not be made smaller; it is tried again'])
    const before = await files()
    await later(61, () => writeAnew(backend))
    expect(messages()).to.include('A waiting job can not be read back from the journal; it has failed, and its file is put into quarantine')
    while ((await files()) > before / 2) await pass(backend)

    const failed = await backend.list('failed')
    expect(failed.map(({ id }) => id)).to.include(ids[7])
    expect(failed[0]).to.include({ name: 'Unreadable', queue: 'default' })
    expect(failed[0]!.error).to.have.property('name', 'QueueUnreadable')
    expect(failed[0]!.dataError).to.have.property('name', 'JobDataUnreadable')
    // Those whose checksum they share are in the same frame.
    expect(failed.length).to.be.within(1, 10)
    expect(await backend.counts()).to.include({ waiting: many - failed.length })
    expect(await backend.retry(failed.map(({ id }) => id))).to.equal(0)
    const kept = await readdir(join(directory.path, 'quarantine'))
    expect(kept).to.have.length(1)
    expect((await readFile(join(directory.path, 'quarantine', kept[0]!))).includes(packedField('number', 7))).to.equal(true)

    await backend.close()
    const reopened = directory.open(options)
    expect(await reopened.counts()).to.include({ waiting: many - failed.length, failed: failed.length })
    expect((await reopened.find(ids[7]!))?.dataError).to.have.property('name', 'JobDataUnreadable')
    expect(await reopened.remove(failed.map(({ id }) => id))).to.equal(failed.length)
    expect(await reopened.counts()).to.include({ failed: 0 })
  })

  it('fail alone when the disk has lost a part of what is read at once', async () => {
    const backend = directory.open(options)
    await pileUp(backend)
    const { ino } = fs.statSync(join(directory.path, (await directory.journals())[0]!))
    const lost = 30_000
    fs.readSync = ((...args: [number, Buffer, number, number, number]) => {
      const [file, , , length, position] = args
      if (fs.fstatSync(file).ino === ino && position <= lost && position + length > lost)
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
      return readSync(...args)
    }) as typeof fs.readSync
    await writeAnew(backend)
    await later(61, () => writeAnew(backend))
    const failed = await backend.list('failed', { limit: 1000 })
    // A part of a frame or of two, of 64 KB with more than 60 jobs.
    expect(failed.length).to.be.within(1, 15)
    expect(await backend.counts()).to.include({ waiting: many - failed.length })
  })

  it('keep no queue from being closed while their file goes into quarantine', async () => {
    const backend = directory.open(options)
    await pileUp(backend)
    await damage('7')
    await writeAnew(backend)
    let isThere = false
    fs.rename = ((from: string, to: string) => {
      fs.renameSync(from, to)
      isThere = true // and nobody is told
    }) as unknown as typeof fs.rename
    await later(61, () => writeAnew(backend))
    while (!isThere) await pass(backend)
    await backend.close()
    expect(await readdir(join(directory.path, 'quarantine'))).to.have.length(1)
  })

  it('go on waiting when the disk gives them back later', async () => {
    const backend = directory.open(options)
    await pileUp(backend)
    fs.readSync = (() => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    }) as typeof fs.readSync
    await writeAnew(backend)
    expect(messages()).to.deep.equal(['The job journal can not be made smaller; it is tried again'])
    fs.readSync = readSync
    await later(61, () => writeAnew(backend))
    await backend.close()
    const reopened = directory.open(options)
    expect(await reopened.counts()).to.include({ waiting: many, failed: 0 })
    expect(await readdir(directory.path)).not.to.include('quarantine')
  })
})
