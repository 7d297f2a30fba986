import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { expect } from 'chai'
import type { Outcome, ReservedJob } from '../../src/jobs/index.ts'
import { QueueDirectory } from './queue_directory.ts'
import { diaryOf, startQueueProcess } from './queue_process.ts'

const rounds = Number(process.env['CRASH_ROUNDS'] ?? 4)

describe('the job queue when its process is killed', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it(`runs every acknowledged job at least once, over ${rounds} kills at random moments under load`, async function () {
    this.timeout(10_000 + rounds * 3000)
    const added = new Set<string>()
    const ran = new Map<string, number>()
    for (let round = 0; round < rounds; round++) {
      const child = await startQueueProcess(directory.path, 'load')
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 300)
      await once(child.process, 'close')
      for (const line of (await readFile(diaryOf(directory.path), 'utf8')).split('\n').slice(0, -1)) {
        const [what, number] = line.split(' ') as [string, string]
        if (what === 'added') added.add(number)
        else ran.set(number, (ran.get(number) ?? 0) + 1)
      }
      await rm(diaryOf(directory.path))
    }
    expect(added.size).to.be.greaterThan(0)

    const backend = directory.open()
    const { waiting, delayed } = await backend.counts()
    let toRun = waiting + delayed
    if (toRun > 0) {
      let done = () => {}
      const finished = new Promise<void>((resolve) => (done = resolve))
      await backend.process(
        async ({ data }) => {
          ran.set(String(data['number']), (ran.get(String(data['number'])) ?? 0) + 1)
          if (--toRun === 0) done()
          return { kind: 'completed' }
        },
        { queues: ['*'], concurrency: 4 },
      )
      await finished
    }
    expect(await backend.list('failed')).to.deep.equal([])
    expect([...added].filter((number) => !ran.has(number))).to.deep.equal([])
    expect(directory.log.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  it('counts the attempt that the crash ended', async () => {
    await killWhileRunning()
    const backend = directory.open()
    const attempt = await new Promise<number>((resolve) => {
      const handle = async (job: ReservedJob): Promise<Outcome> => {
        resolve(job.attempt)
        return { kind: 'completed' }
      }
      void backend.process(handle, { queues: ['hanging'], concurrency: 1 })
    })
    expect(attempt).to.equal(2)
  })

  it('gives a job up that its process keeps dying of', async () => {
    await killWhileRunning()
    const backend = directory.open({ maxRecoveries: 0 })
    expect(await backend.counts()).to.include({ waiting: 1, failed: 1 })
    expect((await backend.list('failed'))[0]!.error).to.deep.equal({
      name: 'ProcessDied',
      message: 'The process died 1 times while it ran.',
    })
  })

  async function killWhileRunning(): Promise<void> {
    const child = await startQueueProcess(directory.path, 'hang')
    child.kill('SIGKILL')
    await once(child.process, 'close')
  }
})

describe('the job queue when the disk is full', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it('refuses the job with a clear error, goes on with those that fit, and loses none', async () => {
    const child = await startQueueProcess(directory.path, 'hold', 'trap "" XFSZ; ulimit -f 64; exec "$@"')
    expect(await child.add(1)).to.equal('added 1')
    expect(await child.add(2, 200_000)).to.match(/^REGAUGE_QUEUE_WRITE_FAILED The job could not be stored in .*: EFBIG/)
    expect(await child.add(3)).to.equal('added 3')
    child.kill('SIGKILL')
    await once(child.process, 'close')
    const jobs = await directory.open().list('waiting')
    expect(jobs.map(({ data }) => data['number'])).to.deep.equal([1, 3])
    expect(directory.log).to.deep.equal([])
  })
})
