import { expect } from 'chai'
import type { Queue } from 'bullmq'
import { namesOf, type Stage } from './stage.ts'

/** Parents that wait for their children. */
export function runsFlows(stage: () => Stage): void {
  describe('flows', () => {
    const child = (queue: Queue, name: string, opts: object = {}) => ({ name, queueName: queue.name, data: {}, opts })
    const failOn =
      (bad: string) =>
      async ({ name }: { name: string }) => {
        if (name === bad) throw new Error(`${name} is bad`)
        return name.toUpperCase()
      }

    it('runs a parent after its children, with what they returned', async () => {
      const [parents, children] = [await stage().queue(), await stage().queue()]
      const { job } = await stage()
        .flows()
        .add({ name: 'parent', queueName: parents.name, children: [child(children, 'a'), child(children, 'b')] })
      expect(await job.getState()).to.equal('waiting-children')
      expect(await job.getDependenciesCount()).to.deep.include({ unprocessed: 2, processed: 0 })
      await stage().work(children, 2, failOn(''))
      expect(await job.getState()).to.equal('waiting')
      await stage().work(parents, 1)
      expect(Object.values(await job.getChildrenValues()).sort()).to.deep.equal(['A', 'B'])
    })

    it('reads a tree as it was added', async () => {
      const queue = await stage().queue()
      const flows = stage().flows()
      const leaf = child(queue, 'leaf')
      const { job } = await flows.add({ name: 'root', queueName: queue.name, children: [{ ...child(queue, 'middle'), children: [leaf] }] })
      const tree = await flows.getFlow({ id: job.id ?? '', queueName: queue.name })
      expect(tree?.children?.[0]?.job.name).to.equal('middle')
      expect(tree?.children?.[0]?.children?.[0]?.job.name).to.equal('leaf')
      expect(namesOf(await stage().work(queue, 3))).to.deep.equal(['leaf', 'middle', 'root'])
    })

    it('fails a parent with a child that takes it down', async () => {
      const queue = await stage().queue()
      const { job, children } = await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, children: [child(queue, 'bad', { failParentOnFailure: true })] })
      await stage().work(queue, 2, failOn('bad'))
      const parent = await queue.getJob(job.id ?? '')
      expect(parent?.failedReason).to.equal(`child ${queue.toKey(children?.[0]?.job.id ?? '')} failed`)
      expect(await parent?.getDependencies()).to.deep.include({ failed: [queue.toKey(children?.[0]?.job.id ?? '')] })
    })

    it('runs a parent in spite of a child whose failure it ignores, and tells it why', async () => {
      const queue = await stage().queue()
      const { job } = await stage()
        .flows()
        .add({
          name: 'parent',
          queueName: queue.name,
          children: [child(queue, 'bad', { ignoreDependencyOnFailure: true }), child(queue, 'good')],
        })
      await stage().work(queue, 3, failOn('bad'))
      expect(Object.values(await job.getIgnoredChildrenFailures())).to.deep.equal(['bad is bad'])
      expect(await job.getState()).to.equal('completed')
    })

    it('goes on without a child that is struck off when it fails', async () => {
      const queue = await stage().queue()
      const { job } = await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, children: [child(queue, 'bad', { removeDependencyOnFailure: true })] })
      await stage().work(queue, 2, failOn('bad'))
      expect(await job.getDependencies()).to.deep.equal({ processed: {}, unprocessed: [], ignored: {}, failed: [] })
      expect(await job.getState()).to.equal('completed')
    })

    it('runs a parent as soon as a child fails that lets it continue', async () => {
      const queue = await stage().queue()
      const { job } = await stage()
        .flows()
        .add({
          name: 'parent',
          queueName: queue.name,
          children: [child(queue, 'slow', { delay: 100_000 }), child(queue, 'bad', { continueParentOnFailure: true })],
        })
      const jobs = await stage().work(queue, 2, async (running) => {
        if (running.name === 'bad') throw new Error('bad')
        await running.removeUnprocessedChildren()
      })
      expect(namesOf(jobs)).to.deep.equal(['bad', 'parent'])
      expect(await job.getState()).to.equal('completed')
      expect(await job.getDependenciesCount()).to.deep.include({ unprocessed: 0, ignored: 1 })
      expect(await queue.getDelayedCount()).to.equal(0)
    })

    it('removes a tree from its root', async () => {
      const queue = await stage().queue()
      const { job } = await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, children: [child(queue, 'a'), child(queue, 'b')] })
      await job.remove()
      expect(await queue.getJobCounts('waiting', 'waiting-children')).to.deep.equal({ waiting: 0, 'waiting-children': 0 })
    })

    it('lets a running job wait for children that it adds', async () => {
      const queue = await stage().queue()
      await queue.add('parent', { step: 1 })
      const { WaitingChildrenError } = await import('bullmq')
      const jobs = await stage().work(queue, 2, async (job, token) => {
        if (job.name !== 'parent' || job.data.step === 2) return
        const parent = { id: job.id ?? '', queue: job.queueQualifiedName }
        await queue.add('child', {}, { parent })
        await job.updateData({ step: 2 })
        if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError()
      })
      expect(namesOf(jobs)).to.deep.equal(['child', 'parent'])
    })
  })
}
