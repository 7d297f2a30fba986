import fs from 'node:fs'
import { expect } from 'chai'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

describe('the job queue while nothing can be written', () => {
  let directory: QueueDirectory
  const { writev } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    fs.writev = writev
    await directory.dispose()
  })

  function fillDisk(): void {
    const full = (...args: unknown[]) => {
      const callback = args.at(-1) as (error: Error) => void
      setImmediate(callback, Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
    }
    fs.writev = full as unknown as typeof fs.writev
  }

  it('goes on with the jobs it has, and stores what became of them as soon as it can', async () => {
    const backend = directory.open()
    await backend.add([numbered(1), numbered(2)])
    fillDisk()
    const seen: unknown[] = []
    const finished = new Promise<void>((resolve) => {
      void backend.process(
        async ({ data, attempt }) => {
          seen.push(data['number'])
          if (data['number'] === 2 && attempt === 1) return { kind: 'retry', data, queue: 'later', priority: 0, runAt: 0 }
          if (seen.length === 3) setImmediate(resolve)
          return { kind: 'completed' }
        },
        { queues: ['default', 'later'], concurrency: 1 },
      )
    })
    const refused = await backend.add([numbered(3), numbered(4)]).catch((error: Error) => error)
    expect((refused as Error).message).to.match(/^The job could not be stored in .*: ENOSPC: no space left on device, write$/)
    await finished
    expect(seen).to.deep.equal([1, 2, 2])
    fs.writev = writev
    await backend.add([numbered(5, { queue: 'unserved' })])
    await backend.close()
    expect(directory.log.map(({ message }) => message)).to.deep.equal([
      'The job queue can not be written',
      'The job queue can be written again',
    ])

    const reopened = directory.open()
    expect(numbersOf(await reopened.list('waiting'))).to.deep.equal([5])
    expect(await reopened.counts()).to.include({ active: 0, delayed: 0, failed: 0 })
  })

  it('may add a job of the same id again after it was refused', async () => {
    const backend = directory.open()
    fillDisk()
    const refused = await backend.add([numbered(1, { id: 'welcome' })]).catch((error: Error) => error)
    expect(refused).to.have.property('code', 'REGAUGE_QUEUE_WRITE_FAILED')
    fs.writev = writev
    await backend.add([numbered(2, { id: 'welcome' })])
    expect(numbersOf(await backend.list('waiting'))).to.deep.equal([2])
  })

  it('refuses whoever adds a job again that could not be stored, whatever else he adds', async () => {
    const backend = directory.open()
    fillDisk()
    const codeOf = (error: Error) => Reflect.get(error, 'code')
    const first = backend.add([numbered(1, { id: 'welcome' })]).catch(codeOf)
    await new Promise(setImmediate)
    const second = backend.add([numbered(2, { id: 'welcome' }), numbered(3)]).catch(codeOf)
    fs.writev = writev
    expect(await Promise.all([first, second])).to.deep.equal(['REGAUGE_QUEUE_WRITE_FAILED', 'REGAUGE_QUEUE_WRITE_FAILED'])
    expect(await backend.add([numbered(4)])).to.have.length(1)
    await backend.close()
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([4])
  })
})
