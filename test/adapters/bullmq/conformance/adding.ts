import { expect } from 'chai'
import { timePasses } from '../../../clock.ts'
import { namesOf, next, type Stage } from './stage.ts'

/** Adding jobs, and the order in which they are taken. */
export function addsJobs(stage: () => Stage): void {
  describe('adding', () => {
    it('numbers jobs from 1, and keeps an id of one’s own', async () => {
      const queue = await stage().queue()
      const ids = [await queue.add('a', {}), await queue.add('b', {}, { jobId: 'mine' }), await queue.add('c', {})].map(({ id }) => id)
      expect(ids).to.deep.equal(['1', 'mine', '3'])
    })

    it('leaves a job alone whose id is added again, and says so', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      const duplicated = next(events, 'duplicated')
      await queue.add('first', { n: 1 }, { jobId: 'x' })
      await queue.add('second', { n: 2 }, { jobId: 'x' })
      expect(await duplicated).to.deep.equal({ jobId: 'x' })
      expect((await queue.getJob('x'))?.name).to.equal('first')
      expect(await queue.count()).to.equal(1)
    })

    it('hands a job to the worker as it was added', async () => {
      const queue = await stage().queue()
      const data = { text: 'é\u0000"', list: [1, null, { deep: true }], __proto__: { x: 1 } }
      await queue.add('example', data, { attempts: 3, backoff: { type: 'fixed', delay: 5 }, keepLogs: 2 })
      const [job] = await stage().work(queue, 1)
      expect(job).to.deep.include({ name: 'example', data: { text: data.text, list: data.list } })
      expect(job?.opts).to.deep.include({ attempts: 3, backoff: { type: 'fixed', delay: 5 }, keepLogs: 2 })
    })

    it('takes jobs in the order they came, those added with lifo first', async () => {
      const queue = await stage().queue()
      for (const name of ['a', 'b', 'c']) await queue.add(name, {})
      for (const name of ['last', 'first']) await queue.add(name, {}, { lifo: true })
      expect(namesOf(await stage().work(queue, 5))).to.deep.equal(['first', 'last', 'a', 'b', 'c'])
    })

    it('takes prioritized jobs by their number, after those without one', async () => {
      const queue = await stage().queue()
      for (const priority of [3, 1, 2, 1]) await queue.add(`p${priority}`, {}, { priority })
      await queue.add('none', {})
      expect(await queue.getCountsPerPriority([0, 1, 2, 3, 4])).to.deep.equal({ 0: 1, 1: 2, 2: 1, 3: 1, 4: 0 })
      expect(namesOf(await stage().work(queue, 5))).to.deep.equal(['none', 'p1', 'p1', 'p2', 'p3'])
    })

    it('moves a waiting job when its priority changes', async () => {
      const queue = await stage().queue()
      const jobs = await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {}, opts: { priority: 5 } })))
      await jobs[2]?.changePriority({ priority: 1 })
      await jobs[0]?.changePriority({ priority: 9 })
      expect(namesOf(await stage().work(queue, 3))).to.deep.equal(['c', 'b', 'a'])
    })

    it('holds delayed jobs back until they are due', async () => {
      const queue = await stage().queue()
      const before = Date.now()
      await queue.addBulk([
        { name: 'later', data: {}, opts: { delay: 120 } },
        { name: 'sooner', data: {}, opts: { delay: 40 } },
      ])
      const started: Record<string, number> = {}
      await stage().work(queue, 2, async ({ name }) => void (started[name] = Date.now() - before))
      expect(started['sooner']).to.be.at.least(40)
      expect(started['later']).to.be.at.least(120)
    })

    it('takes delayed jobs by when they were due, whenever they were added', async () => {
      const queue = await stage().queue()
      await queue.addBulk([
        { name: 'later', data: {}, opts: { delay: 10 } },
        { name: 'sooner', data: {}, opts: { delay: 5 } },
      ])
      await timePasses(15)
      expect(namesOf(await stage().work(queue, 2))).to.deep.equal(['sooner', 'later'])
    })

    it('promotes one delayed job, all of them, or gives one another delay', async () => {
      const queue = await stage().queue()
      const [a, b] = await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {}, opts: { delay: 100_000 } })))
      await a?.promote()
      expect(await a?.getState()).to.equal('waiting')
      await b?.changeDelay(200_000)
      expect((await queue.getDelayed()).map(({ name, delay }) => [name, delay])).to.deep.equal([
        ['c', 100_000],
        ['b', 200_000],
      ])
      await queue.promoteJobs()
      expect(namesOf(await stage().work(queue, 3))).to.deep.equal(['a', 'c', 'b'])
    })

    it('refuses to promote what isn’t delayed', async () => {
      const queue = await stage().queue()
      const job = await queue.add('a', {})
      const error = await job.promote().then(
        () => undefined,
        (reason: Error) => reason.message,
      )
      expect(error).to.equal(`Job ${job.id} is not in the delayed state. promote`)
    })

    it('removes a job, but not one that a worker has', async () => {
      const queue = await stage().queue()
      const [waiting, active] = await queue.addBulk([
        { name: 'waiting', data: {}, opts: { delay: 10_000 } },
        { name: 'active', data: {} },
      ])
      const worker = await stage().worker(queue, null)
      await worker.getNextJob('token')
      await waiting?.remove()
      expect(await queue.getJob(waiting?.id ?? '')).to.equal(undefined)
      expect(await queue.remove(active?.id ?? '')).to.equal(0)
      expect(await active?.getState()).to.equal('active')
    })
  })
}
