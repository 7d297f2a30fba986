import { expect } from 'chai'
import { namesOf, type Stage } from './stage.ts'

/** What queues and jobs answer when they are asked. */
export function answersQuestions(stage: () => Stage): void {
  describe('reading', () => {
    const entries = (names: readonly string[], opts: object = {}) => names.map((name) => ({ name, data: {}, opts }))
    const fail = async ({ name }: { name: string }) => {
      if (name === 'bad') throw new Error('no')
    }

    it('counts jobs by state', async () => {
      const queue = await stage().queue()
      await queue.addBulk([...entries(['bad', 'good', 'good'])])
      await stage().work(queue, 3, fail)
      await queue.addBulk([...entries(['a', 'b']), ...entries(['p'], { priority: 3 }), ...entries(['d'], { delay: 60_000 })])
      await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, children: [{ name: 'child', queueName: queue.name, opts: { delay: 60_000 } }] })
      const worker = await stage().worker(queue, null)
      await worker.getNextJob('t')
      expect(await queue.getJobCounts()).to.deep.include({
        active: 1,
        completed: 2,
        delayed: 2,
        failed: 1,
        prioritized: 1,
        waiting: 1,
        'waiting-children': 1,
      })
      const each = [
        queue.getActiveCount(),
        queue.getCompletedCount(),
        queue.getDelayedCount(),
        queue.getFailedCount(),
        queue.getPrioritizedCount(),
        queue.getWaitingCount(),
        queue.getWaitingChildrenCount(),
      ]
      expect(await Promise.all(each)).to.deep.equal([1, 2, 2, 1, 1, 1, 1])
      expect(await queue.getJobCountByTypes('completed', 'failed', 'active')).to.equal(4)
      expect(await queue.count()).to.equal(5)
    })

    it('says of a job in which state it is', async () => {
      const queue = await stage().queue()
      const [bad, good] = await queue.addBulk(entries(['bad', 'good']))
      await stage().work(queue, 2, fail)
      const [waiting, prioritized, delayed] = [
        await queue.add('a', {}),
        await queue.add('p', {}, { priority: 1 }),
        await queue.add('d', {}, { delay: 60_000 }),
      ]
      const jobs = [bad, good, waiting, prioritized, delayed]
      const states = ['failed', 'completed', 'waiting', 'prioritized', 'delayed']
      expect(await Promise.all(jobs.map((job) => job!.getState()))).to.deep.equal(states)
      expect(await Promise.all(jobs.map((job) => queue.getJobState(job!.id!)))).to.deep.equal(states)
      expect(await queue.getJobState('none')).to.equal('unknown')
      expect([await bad?.isFailed(), await good?.isCompleted(), await waiting.isWaiting(), await delayed.isDelayed()]).to.deep.equal(
        Array(4).fill(true),
      )
    })

    it('pages through the log of a job, in either order, and shortens it', async () => {
      const queue = await stage().queue()
      const job = await queue.add('a', {})
      for (const row of ['one', 'two', 'three', 'four']) await job.log(row)
      expect(await queue.addJobLog(job.id!, 'five')).to.equal(5)
      expect(await queue.getJobLogs(job.id!, 1, 2)).to.deep.equal({ logs: ['two', 'three'], count: 5 })
      expect(await queue.getJobLogs(job.id!, 0, 1, false)).to.deep.equal({ logs: ['five', 'four'], count: 5 })
      await job.clearLogs(2)
      expect((await queue.getJobLogs(job.id!)).logs).to.deep.equal(['four', 'five'])
      await job.clearLogs()
      expect(await queue.getJobLogs(job.id!)).to.deep.equal({ logs: [], count: 0 })
    })

    it('pages through the children of a job', async () => {
      const [parents, finished, open] = [await stage().queue(), await stage().queue(), await stage().queue()]
      const children = Array.from({ length: 25 }, (_, index) => ({ name: 'child', queueName: (index < 10 ? finished : open).name }))
      const { job } = await stage().flows().add({ name: 'parent', queueName: parents.name, children })
      await stage().work(finished, 10)
      const seen = { processed: new Set<string>(), unprocessed: new Set<string>() }
      for (const kind of ['processed', 'unprocessed'] as const) {
        let cursor = 0
        do {
          const page = await job.getDependencies({ [kind]: { cursor, count: 4 } })
          for (const key of kind === 'processed' ? Object.keys(page.processed!) : page.unprocessed!) seen[kind].add(key)
          cursor = (kind === 'processed' ? page.nextProcessedCursor : page.nextUnprocessedCursor) ?? 0
        } while (cursor !== 0)
      }
      expect([seen.processed.size, seen.unprocessed.size]).to.deep.equal([10, 15])
      expect(await job.getDependenciesCount()).to.deep.include({ processed: 10, unprocessed: 15 })
      const { items } = await parents.getDependencies(job.id!, 'pending', 0, 4)
      expect(items).to.have.length(5)
    })

    it('sets a child free of its parent', async () => {
      const queue = await stage().queue()
      const tree = await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, children: [{ name: 'child', queueName: queue.name, opts: { delay: 60_000 } }] })
      const child = tree.children![0]!.job
      expect(await child.removeChildDependency()).to.equal(true)
      expect(await tree.job.getState()).to.equal('waiting')
    })

    it('knows the limits of the whole queue, and whether it has reached them', async () => {
      const queue = await stage().queue()
      expect(await queue.isMaxed()).to.equal(false)
      await queue.setGlobalConcurrency(1)
      await queue.setGlobalRateLimit(7, 1000)
      await queue.addBulk(entries(['a', 'b']))
      const worker = await stage().worker(queue, null)
      const job = await worker.getNextJob('t')
      expect(await queue.isMaxed()).to.equal(true)
      expect(await queue.getGlobalRateLimit()).to.deep.equal({ max: 7, duration: 1000 })
      expect(await queue.getMeta()).to.deep.include({ concurrency: 1, max: 7, duration: 1000 })
      await job?.moveToCompleted(1, 't', false)
      expect(await queue.isMaxed()).to.equal(false)
      await queue.removeGlobalConcurrency()
      await queue.removeGlobalRateLimit()
      expect([await queue.getGlobalConcurrency(), await queue.getGlobalRateLimit()]).to.deep.equal([null, null])
    })

    it('cleans each state apart', async () => {
      const queue = await stage().queue()
      await queue.addBulk(entries(['bad', 'good', 'good']))
      await stage().work(queue, 3, fail)
      await queue.addBulk([...entries(['w']), ...entries(['p', 'p'], { priority: 2 }), ...entries(['d'], { delay: 60_000 })])
      const removed: [string, number][] = []
      for (const state of ['failed', 'completed', 'wait', 'prioritized', 'delayed'] as const) {
        removed.push([state, (await queue.clean(0, 100, state)).length])
      }
      expect(removed).to.deep.equal([
        ['failed', 1],
        ['completed', 2],
        ['wait', 1],
        ['prioritized', 2],
        ['delayed', 1],
      ])
      expect(Object.values(await queue.getJobCounts()).every((count) => count === 0)).to.equal(true)
    })

    it('empties a queue but for what runs, and the delayed on request', async () => {
      const queue = await stage().queue()
      await queue.addBulk([...entries(['a', 'b']), ...entries(['p'], { priority: 2 }), ...entries(['d'], { delay: 60_000 })])
      const worker = await stage().worker(queue, null)
      await worker.getNextJob('t')
      await queue.drain()
      expect(await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active')).to.deep.equal({
        waiting: 0,
        prioritized: 0,
        delayed: 1,
        active: 1,
      })
      await queue.drain(true)
      expect(await queue.getJobCounts('delayed', 'active')).to.deep.equal({ delayed: 0, active: 1 })
    })

    it('promotes so many delayed jobs at a time until none are left', async () => {
      const queue = await stage().queue()
      await queue.addBulk(entries(['a', 'b', 'c'], { delay: 60_000 }))
      await queue.promoteJobs({ count: 2 })
      expect(await queue.getJobCounts('delayed', 'waiting')).to.deep.equal({ delayed: 0, waiting: 3 })
    })

    it('keeps a queue apart from one of the same name under another prefix', async () => {
      const queue = await stage().queue()
      const other = await stage().queue(queue.name, { prefix: 'elsewhere' })
      await queue.add('a', {})
      await other.addBulk(entries(['b', 'c']))
      expect([await queue.count(), await other.count()]).to.deep.equal([1, 2])
      expect(namesOf(await queue.getWaiting())).to.deep.equal(['a'])
    })

    it('removes a job with its children, or leaves them', async () => {
      const queue = await stage().queue()
      const child = { name: 'child', queueName: queue.name }
      const add = async () =>
        (
          await stage()
            .flows()
            .add({ name: 'parent', queueName: queue.name, children: [child] })
        ).job
      await (await add()).remove({ removeChildren: true })
      expect(await queue.count()).to.equal(0)
      await (await add()).remove({ removeChildren: false })
      expect(namesOf(await queue.getWaiting())).to.deep.equal(['child'])
    })
  })
}
