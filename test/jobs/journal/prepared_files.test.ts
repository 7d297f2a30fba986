import fs from 'node:fs'
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'
import { packedField } from './journal_bytes.ts'

const segmentBytes = 16 * 1024
const text = 'x'.repeat(500)

describe('the next file of the job journal', () => {
  let directory: QueueDirectory
  let crashed: QueueDirectory
  let added: number[]
  const { write, fsync } = fs
  beforeEach(async function () {
    // Elsewhere a write doesn't wait for the disk by itself, and nothing is won.
    if (process.platform !== 'linux') this.skip()
    directory = await QueueDirectory.make()
    crashed = await QueueDirectory.make()
    added = []
  })
  afterEach(async () => {
    Object.assign(fs, { write, fsync })
    await directory?.dispose()
    await crashed?.dispose()
  })

  async function add(backend: EmbeddedBackend): Promise<void> {
    added.push(added.length)
    await backend.add([numbered(added.at(-1)!, { data: { number: added.at(-1), text } })])
  }

  const pathOf = (number: number, { path } = directory) => join(path, `0000000${number}.journal`)
  const sizeOf = (path: string) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    )

  /** Adds jobs until the second file is there, full of zeros. */
  async function addUntilPrepared(backend: EmbeddedBackend): Promise<void> {
    const isNamed = new Promise<void>((resolve) => {
      fs.fsync = ((file: number, callback: (error: Error | null) => void) => {
        fsync(file, (error) => {
          callback(error)
          resolve()
        })
      }) as unknown as typeof fs.fsync
    })
    while ((await sizeOf(pathOf(1))) < segmentBytes / 4) await add(backend)
    await isNamed
  }

  /** What the process would leave if it died now. */
  async function crash(): Promise<EmbeddedBackend> {
    await cp(directory.path, crashed.path, { recursive: true })
    await rm(join(crashed.path, 'owner.lock'))
    return crashed.open()
  }

  async function foundAfterCrash(): Promise<unknown[]> {
    return numbersOf(await (await crash()).list('waiting', { limit: 1000 }))
  }

  it('is made in advance, and taken as soon as it is there', async () => {
    const backend = directory.open({ segmentBytes })
    await addUntilPrepared(backend)
    expect((await readFile(pathOf(2))).every((byte) => byte === 0)).to.equal(true)
    await add(backend)
    expect((await readFile(pathOf(2))).includes(packedField('number', Number(added.at(-1))))).to.equal(true)
    expect(await sizeOf(pathOf(2))).to.be.greaterThan(segmentBytes)
    await backend.close()
    expect(await sizeOf(pathOf(2))).to.be.lessThan(segmentBytes)
    expect(numbersOf(await directory.open().list('waiting', { limit: 1000 }))).to.deep.equal(added)
    expect(directory.log).to.deep.equal([])
  })

  it('is no damage after a crash, used or not', async () => {
    const backend = directory.open({ segmentBytes })
    await addUntilPrepared(backend)
    expect(await foundAfterCrash()).to.deep.equal(added)
    expect(await crashed.journals()).to.deep.equal(['00000001.journal'])
    await crashed.dispose()
    crashed = await QueueDirectory.make()
    for (let count = 0; count < 3; count++) await add(backend)
    expect(await foundAfterCrash()).to.deep.equal(added)
    expect(await sizeOf(pathOf(2, crashed))).to.be.lessThan(segmentBytes)
    expect(crashed.log).to.deep.equal([])
  })

  it('loses no more than what was torn off or flipped', async () => {
    const backend = directory.open({ segmentBytes })
    await addUntilPrepared(backend)
    for (let count = 0; count < 3; count++) await add(backend)
    const intact = await readFile(pathOf(2))
    const end = intact.findLastIndex((byte) => byte !== 0)
    for (const [offset, lost] of [
      [end - 10, 1],
      [12, 0],
    ] as const) {
      const bytes = Buffer.from(intact)
      bytes[offset]! ^= 4
      await writeFile(pathOf(2), bytes)
      expect(await foundAfterCrash()).to.deep.equal(added.slice(0, added.length - lost))
      await crashed.dispose()
      crashed = await QueueDirectory.make()
    }
    const torn = Buffer.from(intact).fill(0, end - 300)
    await writeFile(pathOf(2), torn)
    expect(await foundAfterCrash()).to.deep.equal(added.slice(0, -1))
    expect(crashed.log.map(({ level, message, fields }) => [level, message, Number(fields['bytes']) < 600])).to.deep.equal([
      ['warn', 'The end of the job journal was torn by a crash; it was never acknowledged and is dropped', true],
    ])
    await writeFile(pathOf(2), intact)
  })

  it('is done without while the disk is full', async () => {
    const full = (...args: unknown[]) =>
      setImmediate(args.at(-1) as (error: Error) => void, Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
    fs.write = full as unknown as typeof fs.write
    const backend = directory.open({ segmentBytes })
    while ((await directory.journals()).length < 4) await add(backend)
    expect(await foundAfterCrash()).to.deep.equal(added)
    expect([...directory.log, ...crashed.log]).to.deep.equal([])
  })
})
