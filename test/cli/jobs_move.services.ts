import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { bullmqBackend } from '../../adapters/bullmq/index.ts'
import { EmbeddedBackend, type JobBackend } from '../../src/jobs/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { expectEqualFamilies, expectNone, fillEqualFamilies } from '../jobs/moving/moved_family_jobs.ts'
import { expectFilled, fill } from '../jobs/moving/moved_jobs.ts'
import { endCommands, regauge, startRegauge } from './command.ts'
import { heldWorker } from '../jobs/held_worker.ts'

const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const count = 150
const files = {
  'config/recurring.yml': 'development:\n  yearly: { class: Greet, args: [world], schedule: "0 0 1 1 * UTC" }\n',
  'app/jobs/greet.ts': "import { Job } from 'regauge'\nexport class Greet extends Job {\n  perform(_name: string) {}\n}\n",
}
const unique = { key: 'only one', until: 'executed', conflict: 'discard' } as const
const uniqueJob = { queue: 'kept', name: 'Example', data: { job_id: 'unique', number: 1 }, constraints: { unique } }

describe('regauge jobs:move', () => {
  let root: string
  let prefix: string
  beforeEach(() => {
    root = applicationWith(files)
    prefix = `regauge-test-${randomUUID()}`
  })
  afterEach(async () => {
    endCommands()
    removeFolders()
    const redis = new Redis(redisUrl)
    const keys = await redis.keys(`${prefix}:*`)
    if (keys.length > 0) await redis.del(...keys)
    await redis.quit()
  })

  const directory = () => join(root, 'storage/jobs/development')
  const open: Readonly<Record<string, () => Promise<JobBackend>>> = {
    embedded: async () => new EmbeddedBackend({ directory: directory() }),
    bullmq: () => bullmqBackend({ connection: redisUrl, prefix }),
  }
  const words = (from: string, to: string) => {
    const places = ['--from', from, '--to', to, '--connection', redisUrl, '--prefix', prefix]
    return ['jobs:move', '--root', root, '--json', ...places]
  }

  async function filled(kind: string): Promise<void> {
    const backend = await open[kind]!()
    await fill(backend, count)
    await backend.pause!('kept')
    await backend.add([uniqueJob])
    await backend.close()
  }

  async function expectMoved(kind: string): Promise<void> {
    const backend = await open[kind]!()
    expect(await backend.add([uniqueJob])).to.deep.equal([null])
    const [kept] = await backend.list('waiting', { queue: 'kept' })
    expect(await backend.remove([kept!.id])).to.equal(1)
    await backend.resume!('kept')
    await expectFilled(backend, count)
    await backend.close()
  }

  for (const [from, to] of [
    ['embedded', 'bullmq'],
    ['bullmq', 'embedded'],
  ] as const) {
    it(`takes waiting, delayed, failed, paused and unique jobs and schedules from ${from} to ${to}`, async () => {
      await filled(from)
      const { stdout, stderr, status } = await regauge(words(from, to))
      expect(status, stderr).to.equal(0)
      const report = JSON.parse(stdout) as { moved: object; paused: string[] }
      expect(report).to.deep.include({ from, to, schedules: 1, running: 0 })
      expect(report.moved).to.deep.equal({
        failed: count,
        delayed: count,
        blocked: 0,
        prioritized: count,
        waiting: 2 * count + 1,
        'waiting-children': 0,
      })
      expect(report.paused.toSorted()).to.deep.equal(['kept', 'stopped'])
      await expectMoved(to)
    }).timeout(240_000)

    it(`goes on from ${from} to ${to} where it was killed: nothing is lost, and nothing there twice`, async () => {
      await filled(from)
      for (const progress of [/^\d+ of/m, /^[3-9]\d\d of/m]) {
        const moving = startRegauge(words(from, to).filter((word) => word !== '--json'))
        await Promise.race([moving.says(progress), moving.ended])
        moving.process.kill('SIGKILL')
        await moving.ended
      }
      const { stderr, status } = await regauge(words(from, to))
      expect(status, stderr).to.equal(0)
      expect(existsSync(`${directory()}.move.json`)).to.equal(false)
      await expectMoved(to)
    }).timeout(240_000)
  }

  for (const [from, to] of [
    ['embedded', 'bullmq'],
    ['bullmq', 'embedded'],
  ] as const) {
    it(`takes no family apart from ${from} to ${to} when it is killed again and again`, async () => {
      const source = await open[from]!()
      await fillEqualFamilies(source, 60)
      await source.close()
      for (const progress of [/^\d+ of/m, /^[4-9]\d of/m, /^\d+ of/m]) {
        const moving = startRegauge(words(from, to).filter((word) => word !== '--json'))
        await Promise.race([moving.says(progress), moving.ended])
        moving.process.kill('SIGKILL')
        await moving.ended
      }
      const { stderr, status } = await regauge(words(from, to))
      expect(status, stderr).to.equal(0)
      const [left, target] = [await open[from]!(), await open[to]!()]
      await expectNone(left)
      await expectEqualFamilies(target, 60)
      for (const backend of [left, target]) await backend.close()
    }).timeout(240_000)
  }

  it('names a family of which a job runs elsewhere, and exits with 1', async () => {
    const elsewhere = await open['bullmq']!()
    const job = (name: string, queue: string) => ({ queue, name, data: {} })
    const children = { jobs: [job('Row', 'rows'), job('Row', 'later')], onFailure: 'wait' as const }
    const [id, row] = await elsewhere.add([{ ...job('Sum', 'later'), constraints: { children } }])
    const { worker, release } = await heldWorker(elsewhere, ['rows'])
    const inWords = words('bullmq', 'embedded').filter((word) => word !== '--json')
    const planned = await regauge([...inWords, '--dry-run'])
    const asJson = await regauge([...words('bullmq', 'embedded'), '--dry-run'])
    const { stdout, status } = await regauge(inWords)
    release()
    await worker.stop()
    await elsewhere.close()
    expect([planned.status, asJson.status, status]).to.deep.equal([1, 1, 1])
    expect(planned.stdout).to.include(`Sum (${id}) in later would stay with its family of 3: Row (${row}) runs`)
    const family = { id, queue: 'later', name: 'Sum', jobs: 3, reason: `Row (${row}) runs` }
    expect(JSON.parse(asJson.stdout)).to.deep.include({ dryRun: true, running: 1, families: [family] })
    expect(stdout).to.include(`Sum (${id}) in later stays with its family of 3: Row (${row}) runs`)
  }).timeout(120_000)

  for (const [from, to] of [
    ['embedded', 'bullmq'],
    ['bullmq', 'embedded'],
  ] as const) {
    it(`writes nothing to Redis when it only plans from ${from} to ${to}`, async () => {
      const { stdout, stderr, status } = await regauge([...words(from, to), '--dry-run'])
      expect(status, stderr).to.equal(0)
      expect(JSON.parse(stdout)).to.include({ dryRun: true, schedules: 0 })
      const redis = new Redis(redisUrl)
      expect(await redis.keys(`${prefix}:*`)).to.deep.equal([])
      await redis.quit()
    }).timeout(60_000)
  }

  it('refuses another direction while a move is unfinished', async () => {
    await filled('embedded')
    const moving = startRegauge(words('embedded', 'bullmq').filter((word) => word !== '--json'))
    await moving.says(/^\d+ of/m)
    moving.process.kill('SIGKILL')
    await moving.ended
    const { status, stderr } = await regauge(words('bullmq', 'embedded'))
    expect([status, /from embedded to bullmq/.test(stderr)], stderr).to.deep.equal([1, true])
  }).timeout(120_000)
})
