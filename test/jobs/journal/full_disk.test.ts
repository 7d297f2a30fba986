import fs from 'node:fs'
import { expect } from 'chai'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

describe('the job queue while nothing can be written', () => {
  let directory: QueueDirectory
  const { statfsSync, writev } = fs
  const { now } = Date
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    Object.assign(fs, { statfsSync, writev })
    Date.now = now
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

  it('takes jobs as long as there is room for them, though there is none to write the journal anew', async () => {
    const backend = directory.open({ segmentBytes: 100_000 })
    const jobs = (count: number) => Array.from({ length: count }, (_, number) => numbered(number, { data: { text: 'x'.repeat(300) } }))
    const passThrough = async () => backend.remove(idsOf(await backend.add(jobs(20))))
    let written = 0
    let size = Number.POSITIVE_INFINITY
    fs.writev = ((...args: Parameters<typeof writev>) => {
      for (const { byteLength } of args[1]) written += byteLength
      const done = args.at(-1) as unknown as (error: Error) => void
      if (written <= size) writev(...args)
      else setImmediate(done, new Error('ENOSPC: no space left on device, write'))
    }) as unknown as typeof fs.writev
    fs.statfsSync = (() => ({ bavail: size - written, bsize: 1 })) as unknown as typeof fs.statfsSync
    await backend.add(jobs(1000))
    // As much again has to be written when the journal is written anew: soon, and more than there is room for.
    while (written < 820_000) await passThrough()
    size = written + 300_000
    while (written < size - 20_000) await passThrough()
    expect(directory.log).to.deep.equal([])
    // Somebody has made room.
    size = Number.POSITIVE_INFINITY
    Date.now = () => now() + 60_000
    while ((await directory.journals()).includes('00000001.journal')) await passThrough()
    expect(await backend.counts()).to.include({ waiting: 1000 })
  })
})
