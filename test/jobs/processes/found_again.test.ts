import fs from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import type { EmbeddedBackend, NewJob } from '../../../src/jobs/index.ts'
import { packedField } from '../journal/journal_bytes.ts'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

const hour = 3_600_000
/** With these, 12,000 jobs are 12 MB. */
const text = 'x'.repeat(900)
const many = 12_000
const perCall = 500

describe('jobs that are found on disk', () => {
  let directory: QueueDirectory
  const { readSync, openSync } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    fs.readSync = readSync
    fs.openSync = openSync
    await directory.dispose()
  })

  const range = (count: number) => Array.from({ length: count }, (_, number) => number)

  async function pileUp(backend: EmbeddedBackend, more: (number: number) => Partial<NewJob> = () => ({})): Promise<string[]> {
    const ids: string[] = []
    for (let first = 0; first < many; first += perCall) {
      const numbers = range(perCall).map((index) => first + index)
      ids.push(...idsOf(await backend.add(numbers.map((number) => numbered(number, { data: { number, text }, ...more(number) })))))
    }
    return ids
  }

  /** The numbers of the jobs that are run next, in their order. */
  async function perform(backend: EmbeddedBackend, count: number): Promise<unknown[]> {
    const seen: unknown[] = []
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const handle = async ({ data }: { data: Record<string, unknown> }) => {
      if (data['text'] !== text) throw new Error('This is not what was added.')
      if (seen.push(data['number']) === count) done()
      return { kind: 'completed' } as const
    }
    const worker = await backend.process(handle, { queues: ['*'], concurrency: 1 })
    await finished
    await worker.stop()
    return seen
  }

  /** Bytes of memory outside of the heap, without what nothing refers to. */
  function memoryInUse(): number {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    for (let round = 0; round < 3; round++) collect()
    return process.memoryUsage().arrayBuffers
  }

  /** The files of the journal that this process has open. */
  function openFiles(): string[] {
    const links = fs.readdirSync('/proc/self/fd').map((file) => linkOf(`/proc/self/fd/${file}`))
    return links.filter((path) => path.startsWith(directory.path) && path.endsWith('.journal'))
  }

  it('stay there while they wait, and run in the order they came', async () => {
    const first = directory.open({ segmentBytes: 1024 * 1024 })
    await pileUp(first)
    await first.close()
    const before = memoryInUse()
    const second = directory.open({ segmentBytes: 1024 * 1024 })
    expect(memoryInUse() - before).to.be.below(6_000_000)
    expect(await perform(second, many)).to.deep.equal(range(many))
    expect(directory.log).to.deep.equal([])
  })

  it('are what they were, those that memory needs among them too', async () => {
    const runAt = Date.now() + hour
    const kinds: Partial<NewJob>[] = [
      {},
      {},
      {},
      { runAt },
      { priority: 5 },
      { id: 'x' },
      { constraints: { unique: { key: 'u', until: 'executed', conflict: 'raise' } } },
    ]
    const more = (number: number): Partial<NewJob> => {
      const kind = kinds[number % kinds.length]!
      const unique = kind.constraints?.unique
      return { ...kind, ...(kind.id && { id: `x${number}` }), ...(unique && { constraints: { unique: { ...unique, key: `u${number}` } } }) }
    }
    const first = directory.open({ segmentBytes: 1024 * 1024 })
    const ids = await pileUp(first, more)
    await first.remove(ids.filter((_, number) => number % 5 === 0))
    await first.close()
    const second = directory.open({ segmentBytes: 1024 * 1024 })
    const left = range(many).filter((number) => number % 5 !== 0)
    for (const number of left) {
      const { priority = 0, runAt: time, constraints, id = ids[number]! } = more(number)
      const found = await second.find(ids[number]!)
      expect(found).to.deep.include({ id, data: { number, text }, priority, runAt: time })
      expect(found!.constraints).to.deep.equal(constraints)
    }
    expect(await second.find(ids[5]!)).to.equal(undefined)
    const delayed = left.filter((number) => more(number).runAt !== undefined)
    expect(numbersOf(await second.list('delayed', { limit: many }))).to.deep.equal(delayed)
    const urgent = (number: number) => more(number).priority === undefined
    const inOrder = left.filter((number) => !delayed.includes(number)).sort((a, b) => Number(urgent(b)) - Number(urgent(a)) || a - b)
    expect(await perform(second, inOrder.length)).to.deep.equal(inOrder)
  })

  it('are written anew when the journal is, and found again then', async () => {
    const first = directory.open({ segmentBytes: 256 * 1024 })
    await pileUp(first)
    await first.close()
    const second = directory.open({ segmentBytes: 256 * 1024 })
    const oldest = (await directory.journals()).at(-1)!
    expect(await perform(second, many / 2)).to.deep.equal(range(many / 2))
    const passing = () =>
      second.add(range(100).map((number) => numbered(number, { queue: 'passing', data: { text }, runAt: Date.now() + hour })))
    while ((await directory.journals())[0]! <= oldest) await second.remove(idsOf(await passing()))
    await second.close()
    const third = directory.open({ segmentBytes: 256 * 1024 })
    expect(await perform(third, many / 2)).to.deep.equal(range(many).slice(many / 2))
    expect(directory.log.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  it('run later when the disk does not give them back', async () => {
    const first = directory.open()
    await pileUp(first)
    await first.close()
    const second = directory.open()
    fs.readSync = (() => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    }) as typeof fs.readSync
    const ran = perform(second, many)
    while (directory.log.length === 0) await new Promise(setImmediate)
    fs.readSync = readSync
    expect(new Set(await ran).size).to.equal(many)
    expect(directory.log[0]!.message).to.equal('A waiting job could not be read back from the journal; it is tried again')
  })

  it('run as they were added or not at all when the disk gives back something else', async () => {
    const first = directory.open()
    await pileUp(first)
    await first.close()
    const second = directory.open()
    const file = fs.openSync(join(directory.path, (await directory.journals())[0]!), 'r+')
    const place = fs.readFileSync(file).indexOf(packedField('number', many / 2))
    fs.writeSync(file, 'X', place + 100)
    fs.closeSync(file)
    const ran = await perform(second, many - 10)
    expect(ran).not.to.include(many / 2)
    expect((await second.counts()).failed).to.equal(0)
  })

  it('stay in memory where not so many files can be opened', async () => {
    const first = directory.open({ segmentBytes: 1024 * 1024 })
    await pileUp(first)
    await first.close()
    // Each file is opened to be read, the last one before, too.
    let left = (await directory.journals()).length + 1 + 3
    fs.openSync = ((path, flags, mode) => {
      if (flags === 'r' && String(path).endsWith('.journal') && --left < 0)
        throw Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' })
      return openSync(path, flags, mode)
    }) as typeof fs.openSync
    const second = directory.open({ segmentBytes: 1024 * 1024 })
    expect(left).to.equal(-1)
    if (process.platform === 'linux') expect(openFiles()).to.deep.equal([])
    expect(await perform(second, many)).to.deep.equal(range(many))
  })

  it('are let go with the files when the queue is closed', async () => {
    const first = directory.open({ segmentBytes: 1024 * 1024 })
    await pileUp(first)
    await first.close()
    const second = directory.open({ segmentBytes: 1024 * 1024 })
    await second.close()
    if (process.platform === 'linux') expect(openFiles()).to.deep.equal([])
  })
})

function linkOf(path: string): string {
  try {
    return fs.readlinkSync(path)
  } catch {
    return ''
  }
}
