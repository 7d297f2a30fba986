import fs from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

describe('jobs that were refused since the disk took only a part of what was to be written', () => {
  let directory: QueueDirectory
  const { writev, ftruncateSync, fsyncSync } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    Object.assign(fs, { writev, ftruncateSync, fsyncSync })
    await directory.dispose()
  })

  /** All of it comes to disk, and the system says that it doesn't. */
  function failBehindWrites(): void {
    fs.writev = ((...args: Parameters<typeof writev>) => {
      const done = args.pop() as unknown as (error: Error | null, written: number) => void
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      Reflect.apply(writev, fs, [...args, () => done(full, 0)])
    }) as unknown as typeof fs.writev
  }

  /** What a loss of power would leave of the journal: a file that was shortened has its old length until that is synced. */
  function disk() {
    const unsynced = new Map<number, Buffer>()
    fs.ftruncateSync = (file, length) => {
      unsynced.set(file, fs.readFileSync(`/proc/self/fd/${file}`))
      ftruncateSync(file, length)
    }
    fs.fsyncSync = (file) => {
      fsyncSync(file)
      unsynced.delete(file)
    }
    return {
      async afterLossOfPower(): Promise<QueueDirectory> {
        const copy = await QueueDirectory.make()
        await cp(directory.path, copy.path, { recursive: true })
        await rm(join(copy.path, 'owner.lock'))
        const [journal] = await copy.journals()
        for (const bytes of unsynced.values()) fs.writeFileSync(join(copy.path, journal!), bytes)
        return copy
      },
    }
  }

  async function refuse(backend: EmbeddedBackend, number: number): Promise<void> {
    failBehindWrites()
    const refused = await backend.add([numbered(number)]).catch((error: Error) => error)
    expect(refused).to.have.property('code', 'REGAUGE_QUEUE_WRITE_FAILED')
    fs.writev = writev
  }

  it('are not there after a loss of power', async function () {
    if (process.platform !== 'linux') this.skip() // what was in a file is read by its descriptor
    const backend = directory.open()
    await backend.add([numbered(1)])
    const { afterLossOfPower } = disk()
    await refuse(backend, 2)
    const copy = await afterLossOfPower()
    expect(numbersOf(await copy.open().list('waiting'))).to.deep.equal([1])
    await copy.dispose()
  })

  it('are not there after a restart when the file could not be shortened, but something was written since', async () => {
    const backend = directory.open()
    await backend.add([numbered(1)])
    fs.ftruncateSync = () => {
      throw Object.assign(new Error('EIO: i/o error, ftruncate'), { code: 'EIO' })
    }
    await refuse(backend, 2)
    await backend.pause('other')
    await backend.add([numbered(3)])
    await backend.close()
    const reopened = directory.open()
    expect(numbersOf(await reopened.list('waiting'))).to.deep.equal([1, 3])
    expect(await reopened.paused()).to.deep.equal(['other'])
  })
})
