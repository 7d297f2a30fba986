import { expect } from 'chai'
import { MetricsTime } from 'bullmq'
import { namesOf, next, type Stage } from './stage.ts'

/** Schedules, listings, events and cleaning up. */
export function managesQueues(stage: () => Stage): void {
  describe('managing', () => {
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

    it('replaces the planned job when a schedule changes, and removes it with the schedule', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('s', { every: 100_000, offset: 5000 })
      await queue.upsertJobScheduler('s', { every: 200_000, offset: 5000 })
      expect(await queue.getDelayedCount()).to.equal(1)
      expect(await queue.removeJobScheduler('s')).to.equal(true)
      expect(await queue.getDelayedCount()).to.equal(0)
      expect(await queue.removeJobScheduler('s')).to.equal(false)
    })

    it('ends a schedule at its limit', async () => {
      const queue = await stage().queue()
      await queue.upsertJobScheduler('twice', { every: 10, limit: 2 })
      await stage().work(queue, 2)
      expect(await queue.getJobCounts('delayed', 'waiting', 'completed')).to.deep.equal({ delayed: 0, waiting: 0, completed: 2 })
    })

    it('lists jobs in either order, in pages', async () => {
      const queue = await stage().queue()
      await queue.addBulk(['a', 'b', 'c', 'd'].map((name) => ({ name, data: {} })))
      expect(namesOf(await queue.getJobs('waiting', 0, 1, true))).to.deep.equal(['a', 'b'])
      expect(namesOf(await queue.getJobs('waiting', 0, 1, false))).to.deep.equal(['d', 'c'])
      expect(namesOf(await queue.getWaiting(1, -1))).to.deep.equal(['b', 'c', 'd'])
      await stage().work(queue, 4)
      expect(namesOf(await queue.getCompleted(0, 2))).to.deep.equal(['d', 'c', 'b'])
      expect(namesOf(await queue.getJobs('completed', 1, 2, true))).to.deep.equal(['b', 'c'])
    })

    it('tells of everything that happens to a job, in order, from any event on', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      await stage().work(queue, 1, async (job) => job.updateProgress(50))
      const events = await stage().events(queue, { lastEventId: '0', autorun: false })
      const seen: [string, string][] = []
      const all = ['added', 'waiting', 'active', 'progress', 'completed'] as const
      for (const event of all) events.on(event, (_: unknown, id: string) => seen.push([event, id]))
      const drained = next(events, 'drained')
      void events.run()
      await drained
      expect(seen.map(([event]) => event)).to.deep.equal([...all])
      const later = await stage().events(queue, { lastEventId: seen[2]?.[1], autorun: false })
      const progress = next(later, 'progress')
      void later.run()
      expect(await progress).to.deep.equal({ jobId: '1', data: 50 })
    })

    it('drains and cleans', async () => {
      const queue = await stage().queue()
      await queue.addBulk(['a', 'b'].map((name) => ({ name, data: {} })))
      await stage().work(queue, 2)
      await queue.add('c', {})
      await queue.add('d', {}, { delay: 10_000 })
      await queue.drain()
      expect(await queue.getJobCounts('waiting', 'delayed')).to.deep.equal({ waiting: 0, delayed: 1 })
      expect(await queue.clean(10_000, 10, 'completed')).to.deep.equal([])
      expect(await queue.clean(0, 1, 'completed')).to.deep.equal(['1'])
      await queue.drain(true)
      expect(await queue.count()).to.equal(0)
    })

    it('refuses to obliterate a queue at work', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const worker = await stage().worker(queue, null)
      await worker.getNextJob('t')
      expect(await queue.obliterate().catch((error: Error) => error.message)).to.equal('Cannot obliterate queue with active jobs')
      await queue.obliterate({ force: true })
      expect(await queue.getJobCounts('active', 'waiting')).to.deep.equal({ active: 0, waiting: 0 })
    })

    it('counts finished jobs', async () => {
      const queue = await stage().queue()
      await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {} })))
      await stage().work(queue, 3, async () => {}, { metrics: { maxDataPoints: MetricsTime.ONE_HOUR } })
      expect((await queue.getMetrics('completed')).meta.count).to.equal(3)
    })
  })
}
