import { expect } from 'chai'
import { SidekiqBackend } from '../../../adapters/rails/index.ts'
import { type JobStateName, JobRunner, type Page, type StoredJob } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../../jobs/queue_directory.ts'
import { HardJob, sidekiqStage } from './sidekiq_stage.ts'

describe('the jobs of Sidekiq, listed,', () => {
  const stage = sidekiqStage(14)
  const item = (jid: string, queue = 'default') => JSON.stringify({ class: 'HardJob', args: [], queue, jid, created_at: 1 })
  const shown = async (state: JobStateName, page: Page = {}) =>
    (await stage.backend.list(state, page)).map(({ id, dataError }) => (dataError === undefined ? id : '?'))

  describe('with what is no job among them', () => {
    const members = ['1', '2', 'no JSON', '3', '{"class":5}', '4', '5'].map((text) => (/^\d$/.test(text) ? item(text) : text))
    const expected = ['1', '2', '?', '3', '?', '4', '5']
    const places: Record<string, { state: JobStateName; fill: () => Promise<unknown> }> = {
      'of the dead set': { state: 'failed', fill: () => stage.redis.zadd('dead', ...members.flatMap((member, index) => [index, member])) },
      'of the set of retries': {
        state: 'delayed',
        fill: () => stage.redis.zadd('retry', ...members.flatMap((member, index) => [index, member])),
      },
      'of several queues': {
        state: 'waiting',
        fill: async () => {
          await stage.redis.sadd('queues', 'a', 'b', 'c')
          await stage.redis.lpush('queue:a', ...members.slice(0, 3))
          await stage.redis.lpush('queue:c', ...members.slice(3))
        },
      },
      'of two sets': {
        state: 'delayed',
        fill: async () => {
          await stage.redis.zadd('schedule', ...members.slice(0, 3).flatMap((member, index) => [index, member]))
          await stage.redis.zadd('retry', ...members.slice(3).flatMap((member, index) => [index, member]))
        },
      },
    }
    for (const [name, { state, fill }] of Object.entries(places)) {
      it(`are on one page each, ${name}`, async () => {
        await fill()
        expect(await shown(state)).to.deep.equal(expected)
        for (const limit of [1, 2, 3, 4]) {
          const pages: string[] = []
          for (let offset = 0; offset < expected.length; offset += limit) {
            const page = await shown(state, { offset, limit })
            expect(page).to.have.length(Math.min(limit, expected.length - offset))
            pages.push(...page)
          }
          expect(pages).to.deep.equal(expected)
        }
        expect(await shown(state, { limit: Number.POSITIVE_INFINITY, offset: 5 })).to.deep.equal(['4', '5'])
        expect(await shown(state, { limit: 0 })).to.deep.equal([])
        expect(await shown(state, { offset: 7 })).to.deep.equal([])
      })
    }

    it('say why that can not be read, and forget it on request, but do not run it', async () => {
      await stage.redis.zadd('dead', 1, 'no JSON', 2, '{"class":"HardJob","args":[],"queue":"default"}')
      const [broken, nameless] = await stage.backend.list('failed')
      expect(broken).to.deep.include({ name: 'Unreadable', state: 'failed', data: {}, finishedAt: 1000, attempts: 0 })
      expect(broken!.dataError).to.deep.equal({
        name: 'JobDataUnreadable',
        message: `The data of the job ${broken!.id} (Unreadable) can't be read: they are no job of Sidekiq's.`,
      })
      expect(await stage.backend.find(broken!.id)).to.deep.equal(broken)
      expect(await stage.backend.retry([broken!.id])).to.equal(0)
      expect(await stage.backend.remove([broken!.id])).to.equal(1)
      expect(await stage.backend.retry([nameless!.id])).to.equal(1)
      expect(await stage.backend.counts()).to.include({ failed: 0, waiting: 1 })
    })
  })

  it('are those of one queue', async () => {
    for (const [index, queue] of ['odd', 'even', 'odd', 'even'].entries()) {
      await stage.redis.zadd('dead', index, item(`${index + 1}`, queue))
    }
    await stage.redis.zadd('dead', 1.5, 'no JSON')
    await HardJob.set({ queue: 'other' }).performLater()
    expect(await shown('failed', { queue: 'even', offset: 1 })).to.deep.equal(['4'])
    expect(await stage.backend.list('waiting', { queue: 'hard' })).to.deep.equal([])
    expect(await stage.backend.list('waiting', { queue: 'other' })).to.have.length(1)
  })

  it('have times and counts also where theirs are none', async () => {
    await stage.redis.sadd('queues', 'default')
    const odd = { class: 'HardJob', args: [], queue: 'default', retry_count: -1e300, error_class: 'Odd', error_message: { toString: 1 } }
    const items = [
      { ...odd, jid: { toString: 1 } },
      { ...odd, jid: 'early', created_at: { valueOf: 1 } },
      { ...odd, jid: 'late', created_at: 1e300 },
    ]
    await stage.redis.rpush('queue:default', ...items.map((item) => JSON.stringify(item)))
    await stage.redis.zadd('schedule', 'inf', JSON.stringify({ ...odd, jid: 'never' }))
    const isShown = ({ createdAt, runAt = 0 }: StoredJob) => new Date(createdAt).getTime() + new Date(runAt).getTime() >= 0
    const all = [...(await stage.backend.list('waiting')), ...(await stage.backend.list('delayed'))]
    const jobs = all.filter(({ dataError }) => dataError === undefined)
    expect(jobs.map(({ id, attempts, error }) => [id, attempts, error])).to.have.deep.members(
      ['early', 'late', 'never'].map((id) => [id, 0, { name: 'Odd', message: '' }]),
    )
    expect(jobs.filter(isShown).length).to.equal(3)
    expect(await stage.backend.remove(['early', 'late', 'never'])).to.equal(3)
  })

  it('are no more read of the dead than is asked for', async () => {
    await stage.redis.zadd('dead', ...Array.from({ length: 500 }, (_, index) => [index, item(`${index}`)]).flat())
    let read = 0
    const call = async (command: string, ...args: (string | number)[]) => {
      const answer = await stage.redis.call(command, ...args)
      if (command === 'ZRANGE') read += (answer as unknown[]).flat().length / 2
      return answer
    }
    const runner = new JobRunner(new SidekiqBackend({ call }), { classes: [HardJob], logger: collectingLogger([]) })
    await runner.start()
    await runner.stop()
    expect(read).to.equal(500)
  })
})
