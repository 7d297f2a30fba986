import { expect } from 'chai'
import { namesOf, next, type Stage } from './stage.ts'

const hour = 3_600_000

/** Schedules, and what becomes of the jobs that they plan. */
export function schedulesJobs(stage: () => Stage): void {
  describe('scheduling', () => {
    it('runs a job again and again', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('tick', { every: 30 }, { name: 'tick', data: { n: 1 } })
      const jobs = await stage().work(queue, 3)
      expect(jobs.every(({ name, data }) => name === 'tick' && data.n === 1)).to.equal(true)
      const [first, second] = jobs.map(({ id }) => Number(id?.split(':').at(-1)))
      expect(((second ?? 0) - (first ?? 0)) % 30).to.equal(0)
      expect(await queue.getJobScheduler('tick')).to.deep.include({ key: 'tick', name: 'tick', every: 30 })
    })

    it('follows a cron pattern in a time zone', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('nightly', { pattern: '0 15 3 * * *', tz: 'Europe/Berlin', limit: 5 })
      const due = new Date((await queue.getJobScheduler('nightly'))?.next ?? 0)
      expect(due.toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' })).to.equal('03:15:00')
      expect(await queue.getJobSchedulers()).to.have.length(1)
    })

    it('begins at once on request, and follows its pattern then', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('yearly', { pattern: '0 0 0 1 1 *', tz: 'UTC', immediately: true }, { name: 'yearly' })
      const planned = async () => (await queue.getJobScheduler('yearly'))?.next ?? 0
      expect(namesOf(await stage().work(queue, 1))).to.deep.equal(['yearly'])
      const due = new Date(await planned())
      expect([due.getUTCMonth(), due.getUTCDate(), due.getTime() > Date.now()]).to.deep.equal([0, 1, true])
      expect(await queue.getDelayedCount()).to.equal(1)
    })

    it('begins at a date', async () => {
      const queue = await stage().queue()
      const startDate = Date.now() + 5 * hour
      await queue.upsertJobScheduler('later', { every: hour, startDate })
      await queue.upsertJobScheduler('patterned', { pattern: '0 0 * * * *', tz: 'UTC', startDate })
      expect((await queue.getJobScheduler('later'))?.next).to.be.at.least(startDate)
      const due = (await queue.getJobScheduler('patterned'))?.next ?? 0
      expect(due).to.be.within(startDate, startDate + hour)
      expect(due % hour).to.equal(0)
    })

    it('ends at its limit, and refuses to begin after its end', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('twice', { every: 10, limit: 2 })
      await stage().work(queue, 2)
      expect(await queue.getJobCounts('delayed', 'waiting', 'completed')).to.deep.equal({ delayed: 0, waiting: 0, completed: 2 })
      const refused = await queue
        .upsertJobScheduler('over', { every: 10, endDate: Date.now() - hour })
        .catch((error: Error) => error.message)
      expect(refused).to.equal('End date must be greater than current timestamp')
    })

    it('plans nothing after its end', async () => {
      const queue = await stage().queue()
      const endDate = Date.now() + hour
      const pattern = `0 30 ${(new Date().getUTCHours() + 2) % 24} * * *`
      await queue.upsertJobScheduler('short', { pattern, tz: 'UTC', endDate, immediately: true }, { name: 'short' })
      expect(namesOf(await stage().work(queue, 1))).to.deep.equal(['short'])
      expect(await queue.getJobCounts('delayed', 'waiting')).to.deep.equal({ delayed: 0, waiting: 0 })
    })

    it('refuses a pattern together with an interval, and neither', async () => {
      const queue = await stage().queue()
      const refusals = [{ every: 10, pattern: '* * * * *' }, {}].map((repeat) =>
        queue.upsertJobScheduler('wrong', repeat).catch((error: Error) => error.message),
      )
      expect(await Promise.all(refusals)).to.deep.equal([
        'Both .pattern and .every options are defined for this repeatable job',
        'Either .pattern or .every options must be defined for this repeatable job',
      ])
    })

    it('replaces the planned job when a schedule changes, and removes it with the schedule', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('s', { every: 100_000, offset: 5000 }, { name: 'old', data: { n: 1 } })
      await queue.upsertJobScheduler('s', { every: 200_000, offset: 5000 }, { name: 'new', data: { n: 2 }, opts: { attempts: 4 } })
      const planned = await queue.getDelayed()
      expect(planned.map(({ name, data, opts }) => [name, data, opts.attempts])).to.deep.equal([['new', { n: 2 }, 4]])
      expect(await queue.getJobScheduler('s')).to.deep.include({
        every: 200_000,
        name: 'new',
        template: { data: { n: 2 }, opts: { attempts: 4 } },
      })
      expect(await queue.removeJobScheduler('s')).to.equal(true)
      expect(await queue.getDelayedCount()).to.equal(0)
      expect(await queue.removeJobScheduler('s')).to.equal(false)
    })

    it('turns an interval into a pattern, and back', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('s', { every: hour })
      await queue.upsertJobScheduler('s', { pattern: '0 0 0 1 1 *', tz: 'UTC' })
      const patterned = await queue.getJobScheduler('s')
      expect([patterned?.pattern, patterned?.every]).to.deep.equal(['0 0 0 1 1 *', undefined])
      await queue.upsertJobScheduler('s', { every: hour })
      const regular = await queue.getJobScheduler('s')
      expect([regular?.pattern, regular?.every]).to.deep.equal([undefined, hour])
      expect((await queue.getDelayedCount()) + (await queue.getWaitingCount())).to.equal(1)
    })

    it('lists schedules in pages, by when they are next', async () => {
      const queue = await stage().queue()
      for (const [index, name] of ['a', 'b', 'c'].entries()) {
        await queue.upsertJobScheduler(name, { every: 10 * hour, startDate: Date.now() + (index + 1) * 10 * hour })
      }
      expect(await queue.getJobSchedulersCount()).to.equal(3)
      expect((await queue.getJobSchedulers(0, 1, true)).map(({ key }) => key)).to.deep.equal(['a', 'b'])
      expect((await queue.getJobSchedulers(0, 0)).map(({ key }) => key)).to.deep.equal(['c'])
    })

    it('goes on when its job fails for good', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('bad', { every: 15 }, { name: 'bad' })
      const jobs = await stage().work(queue, 3, async () => {
        throw new Error('no')
      })
      expect(jobs.slice(0, 3).map(({ failedReason }) => failedReason)).to.deep.equal(['no', 'no', 'no'])
    })

    it('tells of the jobs that it plans', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      const delayed = next<{ jobId: string }>(events, 'delayed')
      await queue.upsertJobScheduler('told', { every: hour, startDate: Date.now() + hour })
      expect((await delayed).jobId).to.match(/^repeat:told:\d+$/)
    })
  })
}
