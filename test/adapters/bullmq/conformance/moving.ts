import { DelayedError, WaitingError } from 'bullmq'
import { expect } from 'chai'
import { namesOf, next, type Stage } from './stage.ts'

/** Jobs that move from state to state by themselves, or because somebody says so. */
export function movesJobs(stage: () => Stage): void {
  describe('moving', () => {
    it('lets a running job wait again, without counting that as an attempt', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      let isFirst = true
      const [job] = await stage().work(queue, 1, async (running, token) => {
        if (!isFirst) return 'done'
        isFirst = false
        await running.moveToWait(token)
        throw new WaitingError()
      })
      expect(job).to.deep.include({ returnvalue: 'done', attemptsMade: 1, attemptsStarted: 2 })
    })

    it('lets a running job put itself off, without counting that as an attempt', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      let due = 0
      const [job] = await stage().work(queue, 1, async (running, token) => {
        if (due > 0) return Date.now() >= due
        due = Date.now() + 40
        await running.moveToDelayed(due, token)
        throw new DelayedError()
      })
      expect(job).to.deep.include({ returnvalue: true, attemptsMade: 1, attemptsStarted: 2 })
    })

    it('moves nothing without the token of its lock', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const worker = await stage().worker(queue, null)
      const job = await worker.getNextJob('mine')
      const refusals = [job?.moveToWait('other'), job?.moveToDelayed(Date.now() + 1000, 'other')]
      const messages = await Promise.all(refusals.map((refused) => refused?.then(String, (error: Error) => error.message)))
      expect(messages.map((message) => message?.split('.')[0])).to.deep.equal(Array(2).fill(`Lock mismatch for job ${job?.id}`))
      expect(await job?.getState()).to.equal('active')
    })

    it('doesn’t wait for children when there are none', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const worker = await stage().worker(queue, null)
      const job = await worker.getNextJob('mine')
      expect(await job?.moveToWaitingChildren('mine')).to.equal(false)
      expect(await job?.isActive()).to.equal(true)
    })

    it('runs completed jobs again, as many at a time as asked', async () => {
      const queue = await stage().queue()
      await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {} })))
      await stage().work(queue, 3)
      await queue.retryJobs({ state: 'completed', count: 1 })
      expect(await queue.getJobCounts('completed', 'waiting')).to.deep.equal({ completed: 0, waiting: 3 })
      expect(namesOf(await stage().work(queue, 3)).sort()).to.deep.equal(['a', 'b', 'c'])
    })

    it('runs none again that failed after a time', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      const fail = async () => {
        throw new Error('no')
      }
      const [failed] = await stage().work(queue, 1, fail)
      await queue.retryJobs({ timestamp: (failed?.finishedOn ?? 0) - 1 })
      expect(await queue.getFailedCount()).to.equal(1)
      await queue.retryJobs({ timestamp: failed?.finishedOn ?? 0 })
      expect(await queue.getJobCounts('failed', 'waiting')).to.deep.equal({ failed: 0, waiting: 1 })
    })

    it('refuses to run a job again that isn’t finished, or is gone', async () => {
      const queue = await stage().queue()
      const [waiting, gone] = [await queue.add('a', {}), await queue.add('b', {})]
      await gone.remove()
      const messages = await Promise.all([waiting, gone].map((job) => job.retry('completed').catch((error: Error) => error.message)))
      expect(messages).to.deep.equal([
        `Job ${waiting.id} is not in the completed state. reprocessJob`,
        `Missing key for job ${gone.id}. reprocessJob`,
      ])
    })

    it('puts a job off that would be tried again, as long as the job itself says', async () => {
      const queue = await stage().queue()
      await queue.add('a', {}, { attempts: 2, backoff: { type: 'own' } })
      const delays: [number, string | undefined][] = []
      const starts: number[] = []
      const backoffStrategy = (attempts: number, type?: string) => {
        delays.push([attempts, type])
        return 30
      }
      const process = async () => {
        starts.push(Date.now())
        if (starts.length === 1) throw new Error('once more')
      }
      await stage().work(queue, 1, process, { settings: { backoffStrategy } })
      expect(delays).to.deep.equal([[1, 'own']])
      expect(starts[1]! - starts[0]!).to.be.at.least(30)
    })

    it('hands a job out to one that asks for it, and blocks until there is one', async () => {
      const queue = await stage().queue()
      const worker = await stage().worker(queue, null)
      expect(await worker.getNextJob('t', { block: false })).to.equal(undefined)
      const waiting = worker.getNextJob('t')
      await queue.add('a', {})
      expect((await waiting)?.name).to.equal('a')
    })

    it('tells a running job that it is cancelled', async () => {
      const queue = await stage().queue()
      await queue.add('a', {})
      let begin = () => {}
      const hasBegun = new Promise<void>((resolve) => (begin = resolve))
      const worker = await stage().worker(queue, (_job, _token, signal) => {
        begin()
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error(`stopped: ${signal.reason}`))))
      })
      const failed = next<{ failedReason: string }>(worker, 'failed')
      await hasBegun
      expect(worker.cancelJob('1', 'enough')).to.equal(true)
      expect((await failed).failedReason).to.equal('stopped: enough')
      expect(worker.cancelJob('1')).to.equal(false)
    })

    it('holds a worker that is paused, and goes on where it was', async () => {
      const queue = await stage().queue()
      const seen: string[] = []
      const worker = await stage().worker(queue, async ({ name }) => void seen.push(name))
      await worker.pause()
      await queue.add('a', {})
      expect([worker.isPaused(), seen, await queue.getWaitingCount()]).to.deep.equal([true, [], 1])
      const completed = next(worker, 'completed')
      worker.resume()
      await completed
      expect(seen).to.deep.equal(['a'])
    })
  })
}
