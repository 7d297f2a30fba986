import { expect } from 'chai'
import { namesOf, type Stage } from './stage.ts'

/** Listings and cleaning up. */
export function managesQueues(stage: () => Stage): void {
  describe('managing', () => {
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

    it('answers what was asked before a queue is closed', async () => {
      const queue = await stage().queue()
      const closed = await stage().again(queue)
      const answers = Promise.all([closed.add('a', {}), closed.addBulk([{ name: 'b', data: {} }]), closed.getDelayedCount()])
      const [[job, added, delayed]] = await Promise.all([answers, closed.close()])
      expect([job.id, ...added.map(({ id }) => id)]).to.have.members(['1', '2'])
      expect(delayed).to.equal(0)
      expect(await queue.count()).to.equal(2)
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
  })
}
