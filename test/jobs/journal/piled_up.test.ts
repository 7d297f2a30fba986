import fs from 'node:fs'
import { expect } from 'chai'
import type { EmbeddedBackend, NewJob } from '../../../src/jobs/index.ts'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

/** With these, 12,000 jobs are 12 MB: three times what stays in memory. */
const text = 'x'.repeat(900)
const many = 12_000
const perCall = 500

describe('jobs that pile up', () => {
  let directory: QueueDirectory
  const { readSync } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    fs.readSync = readSync
    await directory.dispose()
  })

  const bulky = (number: number, more: Partial<NewJob> = {}) => numbered(number, { data: { number, text }, ...more })
  const range = (count: number) => Array.from({ length: count }, (_, number) => number)

  async function pileUp(backend: EmbeddedBackend, job: (number: number) => NewJob = bulky): Promise<string[]> {
    const ids: string[] = []
    for (let first = 0; first < many; first += perCall) {
      ids.push(...idsOf(await backend.add(range(perCall).map((index) => job(first + index)))))
    }
    return ids
  }

  async function perform(backend: EmbeddedBackend, count: number, queues: string[], concurrency = 1): Promise<unknown[]> {
    const seen: unknown[] = []
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = await backend.process(
      async ({ data }) => {
        if (data['text'] !== text) throw new Error('This is not what was added.')
        if (seen.push(data['number']) === count) done()
        return { kind: 'completed' }
      },
      { queues, concurrency },
    )
    await finished
    await worker.stop()
    return seen
  }

  it('run in the order they came, though memory holds only the newest', async () => {
    const backend = directory.open()
    const before = process.memoryUsage().arrayBuffers
    await pileUp(backend)
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(8_000_000)
    expect(await perform(backend, many, ['default'])).to.deep.equal(range(many))
    expect(await backend.counts()).to.include({ waiting: 0, active: 0 })
    expect(directory.log).to.deep.equal([])
  })

  it('run oldest first across queues, behind those that are more urgent', async () => {
    const backend = directory.open()
    await pileUp(backend, (number) => bulky(number, { queue: `q${number % 3}`, ...(number === 9000 && { priority: -1 }) }))
    const seen = await perform(backend, many, ['q*'], 10)
    expect(seen).to.deep.equal([9000, ...range(many).filter((number) => number !== 9000)])
  })

  it('are found, listed, counted and removed', async () => {
    const backend = directory.open()
    const ids = await pileUp(backend, (number) => bulky(number, { queue: number < 100 ? 'few' : 'default' }))
    expect(await backend.find(ids[50]!)).to.deep.include({ state: 'waiting', queue: 'few', data: { number: 50, text } })
    expect(await backend.find(ids[many - 1]!)).to.deep.include({ data: { number: many - 1, text } })
    expect(numbersOf(await backend.list('waiting', { queue: 'default', offset: 5000, limit: 3 }))).to.deep.equal([5100, 5101, 5102])
    expect((await backend.countsByQueue())['few']).to.include({ waiting: 100, prioritized: 0 })
    expect((await backend.countsByQueue())['default']).to.include({ waiting: many - 100, failed: 0 })
    expect(await backend.remove(ids.slice(200, many - 100))).to.equal(many - 300)
    expect(await backend.remove(ids.slice(200, 300))).to.equal(0)
    const left = [...range(many).slice(100, 200), ...range(many).slice(-100)]
    expect(numbersOf(await backend.list('waiting', { queue: 'default', limit: 1000 }))).to.deep.equal(left)
    expect(await perform(backend, 200, ['default'])).to.deep.equal(left)
  })

  it('are there after the journal was written anew, and after a restart', async () => {
    const first = directory.open({ segmentBytes: 256 * 1024 })
    const ids = await pileUp(first)
    const kept = range(many).filter((number) => number % 3 === 0)
    await first.remove(ids.filter((_, number) => number % 3 !== 0))
    // The journal is written anew a portion at a time, while it is written to.
    while ((await directory.journals())[0] === '00000001.journal') await first.add([bulky(-1, { queue: 'other' })])
    expect(await perform(first, 1000, ['default'])).to.deep.equal(kept.slice(0, 1000))
    await first.close()

    const second = directory.open({ segmentBytes: 256 * 1024 })
    await pileUp(second, (number) => bulky(many + number))
    const left = [...kept.slice(1000), ...range(many).map((number) => many + number)]
    expect(await perform(second, left.length, ['default'], 20)).to.deep.equal(left)
    expect(directory.log.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  it('are read back from a piece of memory whose first part is in a file that is gone', async () => {
    const backend = directory.open({ segmentBytes: 64 * 1024 })
    const add = (number: number) => backend.add([bulky(number, { queue: 'kept' })])
    const ids = idsOf(await backend.add(range(1000).map((number) => bulky(number))))
    await backend.remove(ids)
    let number = 0
    while ((await directory.journals())[0] === '00000001.journal') await add(number++)
    // Now memory lets go of what was written around the beginning of the newer files.
    await pileUp(backend)
    expect(await perform(backend, number, ['kept'])).to.deep.equal(range(number))
    expect(directory.log).to.deep.equal([])
  })

  it('run later when the disk does not give them back, and hold up no others', async () => {
    const backend = directory.open()
    await pileUp(backend)
    let refusals = 0
    fs.readSync = (() => {
      refusals++
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    }) as typeof fs.readSync
    await backend.add([bulky(-1, { queue: 'other' })])
    expect(await perform(backend, 1, ['default', 'other'])).to.have.length(1)
    expect(refusals).to.be.greaterThan(0)
    fs.readSync = readSync
    const { waiting } = await backend.counts()
    const seen = await perform(backend, waiting, ['default', 'other'], 10)
    expect(new Set(seen).size).to.equal(waiting)
    expect(directory.log.map(({ message }) => message)).to.include(
      'A waiting job could not be read back from the journal; it is tried again',
    )
  })
})
