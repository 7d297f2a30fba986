import fs from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

const text = 'x'.repeat(900)
/** So many jobs that their records aren't held back for those of the write before. */
const many = 60

describe('the job queue while two writes are under way', () => {
  let directory: QueueDirectory
  /** The writes that were begun, in order. */
  let held: ((error?: Error) => Promise<void>)[]
  const { writev } = fs
  beforeEach(async () => {
    directory = await QueueDirectory.make()
    held = []
  })
  afterEach(async () => {
    fs.writev = writev
    await directory.dispose()
  })

  /** Lets each write wait until it is told to go on, or to fail. */
  function holdWrites(): void {
    fs.writev = ((file: number, pieces: Buffer[], position: number, callback: (error: Error | null, written: number) => void) => {
      held.push(
        (error) =>
          new Promise((done) => {
            const settle = (failure: Error | null, written: number) => {
              callback(failure, written)
              setImmediate(done)
            }
            if (error === undefined) writev(file, pieces, position, settle)
            else settle(error, 0)
          }),
      )
    }) as unknown as typeof fs.writev
  }

  /** Adds jobs with numbers from `first` on; tells what became of the call. */
  function add(backend: EmbeddedBackend, first: number) {
    const entries = Array.from({ length: many }, (_, index) => numbered(first + index, { data: { number: first + index, text } }))
    const call = { outcome: 'none yet' }
    const settled = backend.add(entries).then(
      () => void (call.outcome = 'stored'),
      (error: Error) => void (call.outcome = Reflect.get(error, 'code') as string),
    )
    return Object.assign(call, { settled })
  }

  async function begun(writes: number): Promise<void> {
    while (held.length < writes) await new Promise(setImmediate)
  }

  async function addTwice(backend: EmbeddedBackend) {
    await backend.add([numbered(-1)])
    holdWrites()
    const first = add(backend, 0)
    await begun(1)
    const second = add(backend, 100)
    await begun(2)
    return { first, second }
  }

  const numbers = (first: number) => Array.from({ length: many }, (_, index) => first + index)
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

  it('tells of the second after the first', async () => {
    const backend = directory.open()
    const { first, second } = await addTwice(backend)
    await held[1]!()
    expect([first.outcome, second.outcome]).to.deep.equal(['none yet', 'none yet'])
    expect(await backend.counts()).to.include({ waiting: 1 })
    await held[0]!()
    await Promise.all([first.settled, second.settled])
    expect([first.outcome, second.outcome]).to.deep.equal(['stored', 'stored'])
    fs.writev = writev
    await backend.close()
    expect(numbersOf(await directory.open().list('waiting', { limit: 200 }))).to.deep.equal([-1, ...numbers(0), ...numbers(100)])
  })

  it('refuses both when the first fails, though the second is on disk', async () => {
    const backend = directory.open()
    const { first, second } = await addTwice(backend)
    await held[1]!()
    await held[0]!(full())
    await Promise.all([first.settled, second.settled])
    expect([first.outcome, second.outcome]).to.deep.equal(['REGAUGE_QUEUE_WRITE_FAILED', 'REGAUGE_QUEUE_WRITE_FAILED'])
    fs.writev = writev
    await backend.add([numbered(300)])
    expect(numbersOf(await backend.list('waiting', { limit: 200 }))).to.deep.equal([-1, 300])
    await backend.close()
    expect(numbersOf(await directory.open().list('waiting', { limit: 200 }))).to.deep.equal([-1, 300])
    expect(directory.log.map(({ message }) => message)).to.deep.equal([
      'The job queue can not be written',
      'The job queue can be written again',
    ])
  })

  it('stores the first when the second fails before it is done', async () => {
    const backend = directory.open()
    const { first, second } = await addTwice(backend)
    await held[1]!(full())
    expect([first.outcome, second.outcome]).to.deep.equal(['none yet', 'none yet'])
    await held[0]!()
    await Promise.all([first.settled, second.settled])
    expect([first.outcome, second.outcome]).to.deep.equal(['stored', 'REGAUGE_QUEUE_WRITE_FAILED'])
    fs.writev = writev
    await backend.add([numbered(300)])
    await backend.close()
    expect(numbersOf(await directory.open().list('waiting', { limit: 200 }))).to.deep.equal([-1, ...numbers(0), 300])
  })

  it('finds what was behind the first when the crash came before that was written, and says so once', async () => {
    const first = directory.open()
    await first.add([numbered(1)])
    const start = (await readFile(await journal())).length
    await first.add([numbered(2, { data: { number: 2, text } })])
    const end = (await readFile(await journal())).length
    await first.add([numbered(3)])
    await first.close()
    const bytes = await readFile(await journal())
    await writeFile(await journal(), bytes.fill(0, start + 30, end))

    const second = directory.open()
    expect(numbersOf(await second.list('waiting'))).to.deep.equal([1, 3])
    await second.add([numbered(4)])
    await second.close()
    const third = directory.open()
    expect(numbersOf(await third.list('waiting'))).to.deep.equal([1, 3, 4])
    expect(directory.log.map(({ level, message }) => [level, message])).to.deep.equal([
      ['warn', 'A part of the job journal was not written before a crash; it was never acknowledged and is skipped'],
    ])

    async function journal(): Promise<string> {
      return join(directory.path, (await directory.journals())[0]!)
    }
  })
})
