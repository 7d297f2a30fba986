import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Queue } from 'bullmq'
import { expect } from 'chai'
import type { Stage } from './stage.ts'

const folder = join(import.meta.dirname, '../processors')

/** Processors in processes and threads of their own. */
export function runsSandboxes(stage: () => Stage): void {
  describe('sandboxes', () => {
    const steps = (queue: Queue, list: readonly string[], opts: object = {}) =>
      queue.addBulk(list.map((step) => ({ name: 'example', data: { step, pid: process.pid }, opts })))

    /** Without the options of this process, so that none of them compiles TypeScript. */
    const plainly = { workerForkOptions: { execArgv: [] } }

    it('runs a file in a process of its own, which reports, logs and keeps data', async () => {
      const queue = await stage().queue()
      const [added] = await steps(queue, ['report'])
      await stage().work(queue, 1, join(folder, 'steps.cjs'))
      const job = await queue.getJob(added?.id ?? '')
      expect(job?.returnvalue).to.deep.equal({ id: added?.id, isOwn: true })
      expect(job?.progress).to.deep.equal({ done: 7 })
      expect(job?.data).to.deep.include({ step: 'report', seen: 0 })
      expect((await queue.getJobLogs(added?.id ?? '')).logs).to.deep.equal([`example of ${queue.name}`])
    })

    it('runs a module, named by a URL, in a thread', async () => {
      const queue = await stage().queue()
      await queue.add('threaded', {})
      const file = pathToFileURL(join(folder, 'thread.mjs'))
      const [job] = await stage().work(queue, 1, file, { useWorkerThreads: true })
      expect(job).to.deep.include({ returnvalue: { isMainThread: false, name: 'threaded' }, progress: 50 })
    })

    it('runs TypeScript when its process knows how', async () => {
      const queue = await stage().queue()
      await queue.add('typed', { text: 'four' })
      const [job] = await stage().work(queue, 1, join(folder, 'typed.ts'), { workerForkOptions: { execArgv: ['--import', 'tsx'] } })
      expect(job?.returnvalue).to.equal(4)
    })

    it('fails a job that throws, or whose process ends, and runs the next', async () => {
      const queue = await stage().queue()
      await steps(queue, ['fail', 'hopeless', 'exit', 'report'], { attempts: 1 })
      const jobs = await stage().work(queue, 4, join(folder, 'steps.cjs'), plainly)
      expect(jobs.map(({ failedReason }) => failedReason)).to.deep.equal([
        'no good',
        'never',
        'Unexpected exit code: 3 signal: null',
        undefined,
      ])
    })

    it('lets a job put itself off, and wait again', async () => {
      const queue = await stage().queue()
      await steps(queue, ['delay', 'wait'])
      const jobs = await stage().work(queue, 2, join(folder, 'steps.cjs'), plainly)
      expect(jobs.map(({ attemptsMade, attemptsStarted }) => [attemptsMade, attemptsStarted])).to.deep.equal([
        [1, 2],
        [1, 2],
      ])
    })

    it('tells a parent what its children returned', async () => {
      const queue = await stage().queue()
      const child = { name: 'child', queueName: queue.name, data: { step: 'report', pid: process.pid } }
      await stage()
        .flows()
        .add({ name: 'parent', queueName: queue.name, data: { step: 'children' }, children: [child] })
      const [, parent] = await stage().work(queue, 2, join(folder, 'steps.cjs'), plainly)
      expect(Object.values(parent?.returnvalue)).to.have.length(1)
    })
  })
}
