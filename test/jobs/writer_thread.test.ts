import type { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { EmbeddedBackend } from '../../src/jobs/index.ts'
import type { WriteOrder } from '../../src/jobs/journal/writer_thread.ts'
import { numbered, QueueDirectory } from './queue_directory.ts'

const inFlight = 500
const text = 'x'.repeat(300)
type Outcome = 'stored' | string

describe('the thread that writes while much is added', function () {
  this.timeout(60_000)
  let directory: QueueDirectory
  /** The thread, and how many orders it has done. */
  let thread: Worker | undefined
  let done: number
  let isOver: boolean

  beforeEach(async () => {
    directory = await QueueDirectory.make()
    thread = undefined
    done = 0
    isOver = false
    process.once('worker', watch)
  })
  afterEach(async () => {
    process.off('worker', watch)
    await directory.dispose()
  })

  function watch(worker: Worker): void {
    thread = worker
    worker.on('message', (message) => void (done += message === 'ready' ? 0 : 1))
    worker.once('exit', () => void (isOver = true))
  }

  /** Keeps hundreds of jobs in flight, one behind the other, until `isEnough` says so.
   * @returns what became of each number */
  async function addMuch(backend: EmbeddedBackend, isEnough: () => boolean): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    let next = 0
    const addOneByOne = async () => {
      while (!isEnough()) {
        const number = next++
        outcomes[number] = await backend.add([numbered(number, { data: { number, text } })]).then(
          () => 'stored',
          (error: Error) => Reflect.get(error, 'code') as string,
        )
      }
    }
    await Promise.all(Array.from({ length: inFlight }, addOneByOne))
    return outcomes
  }

  /** The numbers of all jobs that are there after a start. */
  async function numbersAfterStart(): Promise<Set<unknown>> {
    const reopened = directory.open()
    const { waiting } = await reopened.counts()
    const jobs = await reopened.list('waiting', { limit: waiting })
    expect(jobs.every(({ data }) => data['text'] === text)).to.equal(true)
    return new Set(jobs.map(({ data }) => data['number']))
  }

  function storedOf(outcomes: readonly Outcome[]): Set<unknown> {
    return new Set(outcomes.flatMap((outcome, number) => (outcome === 'stored' ? [number] : [])))
  }

  it('writes all that was acknowledged, and ends with the queue', async () => {
    const backend = directory.open()
    const outcomes = await addMuch(backend, () => done > 40)
    expect(new Set(outcomes)).to.deep.equal(new Set(['stored']))
    await backend.close()
    while (!isOver) await new Promise(setImmediate)
    expect(await numbersAfterStart()).to.deep.equal(storedOf(outcomes))
  })

  it('does not come where there is little to write', async () => {
    const backend = directory.open()
    for (let count = 0; count < 300; count++) await backend.add([numbered(count)])
    expect(thread).to.equal(undefined)
  })

  it('is done without when it dies: what it was given is written all the same', async () => {
    const backend = directory.open()
    let isEnding = false
    const outcomes = await addMuch(backend, () => {
      if (done >= 10 && !isEnding) void thread!.terminate()
      isEnding ||= done >= 10
      return isOver
    })
    outcomes.push(...(await backend.add([numbered(outcomes.length, { data: { number: outcomes.length, text } })]).then(() => ['stored'])))
    expect(new Set(outcomes)).to.deep.equal(new Set(['stored']))
    await backend.close()
    expect(await numbersAfterStart()).to.deep.equal(storedOf(outcomes))
  })

  it('tells what it could not write: nobody is told that it is there', async () => {
    const backend = directory.open()
    let orders = 0
    /** The third order from now on is said to be for a file that isn't there. */
    const spoil = (worker: Worker) => {
      const post = worker.postMessage.bind(worker)
      worker.postMessage = (order: WriteOrder) => post(++orders === 3 ? { ...order, file: 2 ** 30 } : order)
    }
    let isSpoiled = false
    const outcomes = await addMuch(backend, () => {
      if (done >= 5 && !isSpoiled) spoil(thread!)
      isSpoiled ||= done >= 5
      return orders >= 20
    })
    expect(new Set(outcomes)).to.deep.equal(new Set(['stored', 'REGAUGE_QUEUE_WRITE_FAILED']))
    expect(directory.log.map(({ message }) => message)).to.deep.equal([
      'The job queue can not be written',
      'The job queue can be written again',
    ])
    await backend.close()
    expect(await numbersAfterStart()).to.deep.equal(storedOf(outcomes))
  })
})
