import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { expect } from 'chai'
import type { Outcome, ReservedJob } from '../../../src/jobs/index.ts'
import { QueueDirectory } from '../queue_directory.ts'
import { diaryOf, startQueueProcess } from '../processes/queue_process.ts'

const rounds = Number(process.env['CRASH_ROUNDS'] ?? 4)

describe('the job queue when its process is killed', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it(`runs every acknowledged job at least once, over ${rounds} kills at random moments under load`, async function () {
    this.timeout(30_000 + rounds * 15_000)
    await runsEveryAcknowledgedJob('load')
  })

  it(`runs every acknowledged job at least once when jobs pile up and two writes are under way, over ${rounds} kills`, async function () {
    this.timeout(30_000 + rounds * 15_000)
    await runsEveryAcknowledgedJob('flood')
  })

  it('leaves no limit stuck and no key taken, and loses no unique job, while a schedule runs', async function () {
    this.timeout(30_000 + rounds * 15_000)
    const added = new Set<string>()
    const ran = new Set<string>()
    for (let round = 0; round < rounds; round++) {
      for (const [what, subject] of await killUnderLoad('constrained')) {
        expect(what).to.be.oneOf(['added', 'ran'], `${what} ${subject}`)
        if (what === 'added') added.add(subject)
        else ran.add(subject)
      }
    }
    expect(added.size).to.be.greaterThan(0)
    const backend = directory.open()
    await backend.process(
      async ({ data }) => {
        ran.add(String(data['number']))
        return { kind: 'completed' }
      },
      { queues: ['*'], concurrency: 4 },
    )
    for (let left = 1; left > 0; ) {
      await new Promise(setImmediate)
      const { waiting, delayed, blocked, active } = await backend.counts()
      left = waiting + delayed + blocked + active
    }
    expect([...added].filter((number) => !ran.has(number))).to.deep.equal([])
    expect(await backend.list('failed')).to.deep.equal([])
    const unique = { key: 'unique/0', until: 'executed', conflict: 'raise' } as const
    expect(await backend.add([{ queue: 'default', name: 'Example', data: {}, constraints: { unique } }])).to.have.length(1)
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
      message: 'The process died 1 time while it ran.',
    })
  })

  async function runsEveryAcknowledgedJob(mode: 'load' | 'flood'): Promise<void> {
    const added = new Set<string>()
    const ran = new Map<string, number>()
    for (let round = 0; round < rounds; round++) {
      for (const [what, number] of await killUnderLoad(mode)) {
        if (what === 'added') added.add(number)
        else ran.set(number, (ran.get(number) ?? 0) + 1)
      }
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
  }

  /** What a process under load noted until it was killed. */
  async function killUnderLoad(mode: 'load' | 'flood' | 'constrained'): Promise<[what: string, subject: string][]> {
    const child = await startQueueProcess(directory.path, mode)
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 300)
    await once(child.process, 'close')
    const lines = (await readFile(diaryOf(directory.path), 'utf8')).split('\n').slice(0, -1)
    await rm(diaryOf(directory.path))
    return lines.map((line) => line.split(' ') as [string, string])
  }

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
