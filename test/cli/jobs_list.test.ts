import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'
import { expect } from 'chai'
import { EmbeddedBackend, type NewJob, type StoredJob } from '../../src/jobs/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { heldWorker } from '../jobs/held_worker.ts'
import { endCommands, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

/** Twelve jobs: of two classes and in two queues, some of which are delayed. */
const jobs = Array.from({ length: 12 }, (_, number) => ({
  queue: number % 2 === 0 ? 'default' : 'mailers',
  name: number % 3 === 0 ? 'Greet' : 'Count',
  data: { job_id: `job-${number}`, number },
  ...(number > 8 && { runAt: Date.now() + 3_600_000 }),
}))

describe('regauge jobs list', () => {
  let root: string
  beforeEach(() => (root = applicationWith({})))
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  async function addHere(entries: readonly NewJob[]): Promise<void> {
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    const backend = new EmbeddedBackend({ directory })
    await backend.add(entries)
    await backend.close()
  }

  async function listed(...words: string[]): Promise<number[]> {
    const { stdout, stderr, status } = await regaugeHere(['jobs', 'list', '--root', root, '--json', ...words])
    expect([status, stderr]).to.deep.equal([0, ''])
    return (JSON.parse(stdout) as { data: { number: number } }[]).map(({ data }) => data.number)
  }

  async function expectParts(): Promise<void> {
    expect(await listed()).to.deep.equal([0, 2, 4, 6, 8, 1, 3, 5, 7, 9, 10, 11])
    expect(await listed('--queue', 'mailers')).to.deep.equal([1, 3, 5, 7, 9, 11])
    expect(await listed('delayed', '--queue', 'mailers')).to.deep.equal([9, 11])
    expect(await listed('--class', 'Greet')).to.deep.equal([0, 6, 3, 9])
    expect(await listed('waiting', '--class', 'Greet', '--queue', 'mailers')).to.deep.equal([3])
    expect(await listed('waiting', '--offset', '4', '--limit', '2')).to.deep.equal([8, 1])
    expect(await listed('--offset', '8', '--limit', '2')).to.deep.equal([7, 9])
    expect(await listed('--class', 'Greet', '--offset', '1', '--limit', '2')).to.deep.equal([6, 3])
    expect(await listed('--queue', 'mailers', '--offset', '5')).to.deep.equal([11])
    expect(await listed('--offset', '12')).to.deep.equal([])
    expect(await listed('--queue', 'mail')).to.deep.equal([])
    expect(await listed('--class', 'greet')).to.deep.equal([])
  }

  it('narrows the jobs by queue and class, and passes the first ones over', async () => {
    await addHere(jobs)
    await expectParts()
  }).timeout(60_000)

  it('does so through the process that owns the queue', async () => {
    await addHere(jobs)
    const owner = startRegauge(['console', '--root', root], { cwd: root, keepsInput: true })
    owner.process.stdin!.write("const { application } = await import('regauge')\nawait application().jobs.counts()\n'opened'\n")
    await owner.prints(/'opened'/)
    await expectParts()
  }).timeout(60_000)

  it('finds jobs of a class behind pages of others', async () => {
    const others = Array.from({ length: 1200 }, (_, number) => ({ queue: 'default', name: 'Count', data: { number } }))
    await addHere([...others, { queue: 'default', name: 'Greet', data: { number: 1200 } }])
    expect(await listed('--class', 'Greet')).to.deep.equal([1200])
    expect(await listed('waiting', '--class', 'Count', '--offset', '1198')).to.deep.equal([1198, 1199])
  }).timeout(60_000)

  it('says that there are more than it lists, and how to see them', async () => {
    await addHere(jobs)
    const list = (...words: string[]) => regaugeHere(['jobs', 'list', '--root', root, ...words])
    const first = await list('--limit', '5', '--offset', '2')
    expect(first.stdout.trimEnd().split('\n')).to.have.length(5)
    expect(first.stderr).to.equal('there are more: --offset 7 lists those that follow\n')
    expect((await list('--limit', '12')).stderr).to.equal('')
    expect(await listed('--limit', '5')).to.have.length(5)
  }).timeout(60_000)

  it('says since when a job has failed, not since when it is there', async () => {
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    const backend = new EmbeddedBackend({ directory })
    await backend.add([{ queue: 'default', name: 'Count', data: {}, runAt: Date.now() + 1 }])
    const { worker, release } = await heldWorker(backend, ['default'], { kind: 'failed', error: { name: 'Error', message: 'no' } })
    const beganAt = Date.now()
    while (Date.now() === beganAt) await immediate()
    release()
    await worker.stop()
    await backend.close()
    const [job] = JSON.parse((await regaugeHere(['jobs', 'list', 'failed', '--root', root, '--json'])).stdout) as StoredJob[]
    expect(job!.finishedAt).to.be.above(beganAt)
    const { stdout } = await regaugeHere(['jobs', 'list', 'failed', '--root', root])
    expect(stdout).to.include(` since ${new Date(job!.finishedAt!).toISOString()} `)
  }).timeout(60_000)

  it('says which event goes to which subscriber', async () => {
    const deliver = (args: unknown[]) => ({ queue: 'default', name: 'DeliverEvent', data: { job_id: 'd', arguments: args } })
    await addHere([deliver(['SendReceipt', 'OrderPlaced', { orderId: 1 }]), deliver([])])
    const list = (...words: string[]) => regaugeHere(['jobs', ...words, '--root', root])
    expect((await list('list')).stdout).to.match(
      /^1 +waiting +default +DeliverEvent OrderPlaced -> SendReceipt +attempts 0.*\n2 +waiting +default +DeliverEvent +attempts 0/,
    )
    expect((await list('show', '1')).stdout).to.match(/^title +DeliverEvent OrderPlaced -> SendReceipt$/m)
    const [job] = JSON.parse((await list('list', '--json')).stdout) as object[]
    expect(job).to.include({ name: 'DeliverEvent', title: 'DeliverEvent OrderPlaced -> SendReceipt' })
    expect(await listed('--class', 'DeliverEvent')).to.have.length(2)
  }).timeout(60_000)

  it('finds a job by its own id behind more than ten thousand others', async () => {
    const own = '29141499-9f7f-4277-ab99-f05bc0982817'
    const others = Array.from({ length: 10_001 }, (_, number) => ({ queue: 'default', name: 'Count', data: { number } }))
    await addHere([...others, { queue: 'default', name: 'Greet', data: { job_id: own } }])
    const { stdout } = await regaugeHere(['jobs', 'show', own, '--root', root])
    expect(stdout).to.match(/^id +10002$/m)
  }).timeout(60_000)

  for (const [option, value, expected] of [
    ['--offset', '-1', 'A whole number is expected.'],
    ['--offset', 'two', 'A whole number is expected.'],
    ['--offset', '', 'A whole number is expected.'],
    ['--offset', '9007199254740993', 'A whole number is expected.'],
    ['--limit', '1e3', 'A whole number is expected.'],
    ['--limit', '0', 'A whole number from 1 is expected.'],
    ['--queue', '', 'A name is expected.'],
    ['--class', ' ', 'A name is expected.'],
  ] as const) {
    it(`refuses ${option} '${value}', with exit status 2`, async () => {
      const { status, stdout, stderr } = await regaugeHere(['jobs', 'list', '--root', root, '--json', `${option}=${value}`])
      expect([status, stdout]).to.deep.equal([2, ''])
      expect(stderr).to.include(option).and.include(`argument '${value}' is invalid. ${expected}`)
    })
  }

  it('explains what it takes', async () => {
    const { stdout } = await regaugeHere(['jobs', 'list', '--help'])
    for (const option of ['--queue <name>', '--class <name>', '--offset <count>', '-n, --limit <count>']) expect(stdout).to.include(option)
  })
})
