import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createEmbeddedBackend } from '../../../adapters/bullmq/embedded/factory.ts'
import { behavesLikeBullmq } from './conformance/index.ts'
import { next, Stage } from './conformance/stage.ts'

describe('BullMQ without Redis', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'regauge-bullmq-'))))
  afterEach(() => rm(directory, { recursive: true }))

  for (const durability of ['fsync', 'memory']) {
    describe(`with durability ${durability}`, () => {
      const place = () => ({ factory: createEmbeddedBackend, connection: { directory, durability } })
      behavesLikeBullmq(place)

      it('runs no job before whoever lets it run has heard that this is stored', async () => {
        const stage = new Stage(place())
        const queue = await stage.queue()
        const [delayed, bad] = [await queue.add('delayed', {}, { delay: 60_000 }), await queue.add('bad', {})]
        const order: string[] = []
        let fails = true
        const process = async ({ name }: { name: string }) => {
          if (fails) throw new Error('no')
          order.push(`ran ${name}`)
        }
        const worker = await stage.worker(queue, process, { autorun: false })
        const failed = next(worker, 'failed')
        void worker.run()
        await failed
        fails = false
        const letRun = async (name: string, work: () => Promise<unknown>) => {
          const completed = next(worker, 'completed')
          await work()
          order.push(`told of ${name}`)
          await completed
        }
        await letRun('delayed', () => delayed.promote())
        await letRun('bad', () => bad.retry())
        await queue.pause()
        await queue.add('waiting', {})
        await letRun('waiting', () => queue.resume())
        await stage.dispose()
        expect(order).to.deep.equal(['delayed', 'bad', 'waiting'].flatMap((name) => [`told of ${name}`, `ran ${name}`]))
      })

      it('tells listeners on when a job has said that its progress is nothing', async () => {
        const stage = new Stage(place())
        const queue = await stage.queue()
        await queue.add('vague', { n: 1 })
        const [job] = await stage.work(queue, 1, async (job) => {
          await job.updateProgress(undefined as never)
          await job.updateData(undefined)
        })
        const events = await stage.events(queue, { autorun: false })
        const seen = Promise.all([next(events, 'progress'), next(events, 'completed')])
        void events.run()
        const told = await seen
        const stored = await queue.getJob(job!.id!)
        await stage.dispose()
        expect(told[0]).to.deep.include({ data: null })
        expect([stored?.progress, stored?.data]).to.deep.equal([0, {}])
      })
    })
  }
})
