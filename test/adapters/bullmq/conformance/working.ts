import { type Job, UnrecoverableError } from 'bullmq'
import { expect } from 'chai'
import { timePasses } from '../../../clock.ts'
import { next, type Stage } from './stage.ts'

/** What becomes of jobs that workers take. */
export function worksOnJobs(stage: () => Stage): void {
  describe('working', () => {
    it('keeps what a job returned, its progress and its log', async () => {
      const queue = await stage().queue()
      const added = await queue.add('a', {}, { keepLogs: 2 })
      await stage().work(queue, 1, async (job) => {
        await job.updateProgress({ done: 7 })
        for (const row of ['one', 'two', 'three']) await job.log(row)
        return { answer: 42 }
      })
      const job = await queue.getJob(added.id ?? '')
      expect(job).to.deep.include({ returnvalue: { answer: 42 }, progress: { done: 7 }, attemptsMade: 1, attemptsStarted: 1 })
      expect(await queue.getJobLogs(added.id ?? '')).to.deep.equal({ logs: ['two', 'three'], count: 2 })
      expect(await added.getState()).to.equal('completed')
    })

    it('tries a failed job again, at once and after a backoff, and keeps why it failed', async () => {
      const queue = await stage().queue()
      const job = await queue.add('a', {}, { attempts: 3, backoff: { type: 'fixed', delay: 20 } })
      const [failed] = await stage().work(queue, 1, async ({ attemptsMade }) => {
        throw new Error(`attempt ${attemptsMade + 1}`)
      })
      expect(failed).to.deep.include({ failedReason: 'attempt 3', attemptsMade: 3 })
      expect((await queue.getJob(job.id ?? ''))?.stacktrace).to.have.length(3)
      expect(await queue.getFailedCount()).to.equal(1)
    })

    it('gives up at once after an unrecoverable error', async () => {
      const queue = await stage().queue()
      await queue.add('a', {}, { attempts: 5 })
      const [failed] = await stage().work(queue, 1, async () => {
        throw new UnrecoverableError('never')
      })
      expect(failed?.attemptsMade).to.equal(1)
    })

    it('runs finished jobs again', async () => {
      const queue = await stage().queue()
      let isBroken = true
      const process = async () => {
        if (isBroken) throw new Error('broken')
        return 'well'
      }
      for (const name of ['a', 'b']) await queue.add(name, {})
      const [first] = await stage().work(queue, 2, process)
      isBroken = false
      const failed = await queue.getJob(first?.id ?? '')
      await failed?.retry('failed', { resetAttemptsMade: true })
      expect(await queue.getJobCounts('failed', 'waiting')).to.deep.equal({ failed: 1, waiting: 1 })
      await queue.retryJobs()
      const again = await stage().work(queue, 2, process)
      expect(again.map(({ name, returnvalue, attemptsMade }) => [name, returnvalue, attemptsMade])).to.deep.equal([
        ['a', 'well', 1],
        ['b', 'well', 2],
      ])
    })

    it('keeps as many finished jobs as asked, and none older', async () => {
      const queue = await stage().queue()
      await queue.addBulk([1, 2, 3, 4, 5].map((n) => ({ name: `${n}`, data: {}, opts: { removeOnComplete: { count: 2 } } })))
      await stage().work(queue, 5)
      expect((await queue.getCompleted()).map(({ name }) => name)).to.deep.equal(['5', '4'])
      await queue.addBulk([6, 7].map((n) => ({ name: `${n}`, data: {}, opts: { removeOnComplete: true } })))
      await stage().work(queue, 2)
      expect(await queue.getCompletedCount()).to.equal(2)
      await timePasses(10)
      await queue.add('8', {}, { removeOnComplete: { age: 0.01, count: 10 } })
      await stage().work(queue, 1)
      expect((await queue.getCompleted()).map(({ name }) => name)).to.deep.equal(['8'])
    })

    it('lets a job be worked on by hand, under the token of its lock', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const worker = await stage().worker(queue, null)
      const job = await worker.getNextJob('mine')
      const error = await job?.moveToCompleted('x', 'other', false).catch((reason: Error) => reason.message)
      expect(error).to.equal('Lock mismatch for job 1. Cmd moveToFinished from active')
      expect(await job?.extendLock('mine', 5000)).to.equal(1)
      await job?.moveToCompleted('x', 'mine', false)
      expect(await job?.getState()).to.equal('completed')
    })

    it('gives back the jobs of a worker that is gone, and fails those that it keeps dying of', async () => {
      const queue = await stage().queue()
      const job = await queue.add('a', {})
      const dead = await stage().worker(queue, null, { lockDuration: 1, skipStalledCheck: true })
      for (const token of ['one', 'two']) {
        await dead.getNextJob(token)
        await timePasses(1)
        const guard = await stage().worker(queue, null, { stalledInterval: 5, maxStalledCount: 1 })
        const stalled = next<string>(guard, 'stalled')
        await guard.startStalledCheckTimer()
        expect(await stalled).to.equal(job.id)
        await guard.close()
      }
      const [failed] = await stage().work(queue, 1)
      expect(failed?.failedReason).to.equal('job stalled more than allowable limit')
    })

    it('waits while the queue is paused, and goes on when it is resumed', async () => {
      const queue = await stage().queue()
      await queue.pause()
      const seen: string[] = []
      const worker = await stage().worker(queue, async ({ name }) => void seen.push(name))
      await queue.add('a', {})
      expect(await queue.isPaused()).to.equal(true)
      expect(await queue.getJobCounts('waiting', 'active')).to.deep.equal({ waiting: 1, active: 0 })
      const completed = next<Job>(worker, 'completed')
      await queue.resume()
      await completed
      expect(seen).to.deep.equal(['a'])
    })

    it('answers who waits for the end of a job', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      await stage().worker(queue, async ({ name }) => {
        if (name === 'bad') throw new Error('no')
        return 'yes'
      })
      const [good, bad] = [await queue.add('good', {}), await queue.add('bad', {})]
      expect(await good.waitUntilFinished(events)).to.equal('yes')
      expect(await bad.waitUntilFinished(events).catch((error: Error) => error.message)).to.equal('no')
    })

    it('lists its workers', async () => {
      const queue = await stage().queue()
      const worker = await stage().worker(queue, async () => {}, { name: 'ann' })
      await stage().worker(queue, async () => {})
      expect((await queue.getWorkers()).map(({ name }) => name).sort()).to.have.length(2)
      await worker.close()
      expect(await queue.getWorkersCount()).to.equal(1)
    })
  })
}
