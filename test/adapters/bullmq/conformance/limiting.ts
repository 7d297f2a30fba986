import { Worker } from 'bullmq'
import { expect } from 'chai'
import { timePasses } from '../../../clock.ts'
import { namesOf, next, type Stage } from './stage.ts'

/** Limits on how many jobs run, and on how many of a kind are added. */
export function limitsJobs(stage: () => Stage): void {
  describe('limiting', () => {
    it('starts as many jobs in a while as the limiter allows', async () => {
      const queue = await stage().queue()
      await queue.addBulk([1, 2, 3, 4].map((n) => ({ name: `${n}`, data: {} })))
      const starts: number[] = []
      await stage().work(queue, 4, async ({ processedOn = 0 }) => void starts.push(processedOn), { limiter: { max: 2, duration: 100 } })
      expect((starts[2] ?? 0) - (starts[0] ?? 0)).to.be.at.least(95)
    })

    it('stops when a job says that the other side is busy, and runs the job later', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const attempts: number[] = []
      const [job] = await stage().work(
        queue,
        1,
        async () => {
          attempts.push(Date.now())
          if (attempts.length > 1) return
          await queue.rateLimit(80)
          throw Worker.RateLimitError()
        },
        { limiter: { max: 10, duration: 10 } },
      )
      expect((attempts[1] ?? 0) - (attempts[0] ?? 0)).to.be.at.least(75)
      expect(job?.attemptsMade).to.equal(1)
    })

    it('starts no more jobs in a while than the whole queue may, whatever its workers could', async () => {
      const queue = await stage().queue()
      await queue.setGlobalRateLimit(2, 150)
      await queue.addBulk([1, 2, 3].map((n) => ({ name: `${n}`, data: {} })))
      const starts: number[] = []
      await stage().work(queue, 3, async ({ processedOn = 0 }) => void starts.push(processedOn), { concurrency: 5 })
      expect((starts[2] ?? 0) - (starts[0] ?? 0)).to.be.at.least(140)
    })

    it('stops a worker for a while that asks for it', async () => {
      const queue = await stage().queue()
      const worker = await stage().worker(queue, async () => {}, { autorun: false, limiter: { max: 100, duration: 1000 } })
      await worker.rateLimit(100)
      const [before] = [Date.now(), await queue.add('a', {})]
      const completed = next(worker, 'completed')
      void worker.run()
      await completed
      expect(Date.now() - before).to.be.at.least(80)
    })

    it('tells how long a limit lasts, and lifts it', async () => {
      const queue = await stage().queue()
      await queue.rateLimit(10_000)
      expect(await queue.getRateLimitTtl()).to.be.within(1, 10_000)
      expect(await queue.removeRateLimitKey()).to.equal(1)
      expect(await queue.getRateLimitTtl()).to.equal(-2)
    })

    it('runs no more jobs at a time than the whole queue may, whatever its workers could', async () => {
      const queue = await stage().queue()
      await queue.setGlobalConcurrency(2)
      await queue.addBulk([1, 2, 3, 4, 5, 6].map((n) => ({ name: `${n}`, data: {} })))
      let [running, most] = [0, 0]
      await stage().work(
        queue,
        6,
        async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 5))
          running--
        },
        { concurrency: 5 },
      )
      expect(most).to.equal(2)
      expect(await queue.getGlobalConcurrency()).to.equal(2)
    })

    it('adds one job of a kind until it is finished', async () => {
      const queue = await stage().queue()
      const deduplication = { id: 'only' }
      const ids = [await queue.add('a', {}, { deduplication }), await queue.add('b', {}, { deduplication })].map(({ id }) => id)
      expect(ids).to.deep.equal(['1', '1'])
      await stage().work(queue, 1)
      expect((await queue.add('c', {}, { deduplication })).id).to.equal('3')
    })

    it('adds one job of a kind in a while, finished or not', async () => {
      const queue = await stage().queue()
      const [long, short] = [
        { id: 'long', ttl: 60_000 },
        { id: 'short', ttl: 1 },
      ]
      for (const deduplication of [long, short]) await queue.add('first', {}, { deduplication })
      await stage().work(queue, 2)
      await timePasses(2)
      for (const deduplication of [long, short]) await queue.add(deduplication.id, {}, { deduplication })
      expect(await queue.getDeduplicationJobId('long')).to.equal('1')
      expect(namesOf(await queue.getWaiting())).to.deep.equal(['short'])
    })

    it('replaces a delayed job of a kind by the newest', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      const deduplicated = next(events, 'deduplicated')
      const options = { delay: 60_000, deduplication: { id: 'debounced', ttl: 60_000, extend: true, replace: true } }
      for (const name of ['a', 'b', 'c']) await queue.add(name, {}, options)
      expect(await deduplicated).to.deep.equal({ jobId: '2', deduplicationId: 'debounced', deduplicatedJobId: '1' })
      expect(namesOf(await queue.getDelayed())).to.deep.equal(['c'])
      await queue.promoteJobs()
      expect(namesOf(await stage().work(queue, 1))).to.deep.equal(['c'])
    })

    it('keeps the newest job of a kind for when the one that runs is done', async () => {
      const queue = await stage().queue()
      const deduplication = { id: 'latest', keepLastIfActive: true }
      await queue.add('a', {}, { deduplication })
      const jobs = await stage().work(queue, 2, async ({ name }) => {
        if (name !== 'a') return
        for (const later of ['b', 'c']) await queue.add(later, {}, { deduplication })
      })
      expect(namesOf(jobs)).to.deep.equal(['a', 'c'])
    })

    it('frees a kind on demand', async () => {
      const queue = await stage().queue()
      await queue.add('a', {}, { deduplication: { id: 'x' } })
      expect(await queue.removeDeduplicationKey('x')).to.equal(1)
      await queue.add('b', {}, { deduplication: { id: 'x' } })
      expect(await queue.count()).to.equal(2)
    })
  })
}
