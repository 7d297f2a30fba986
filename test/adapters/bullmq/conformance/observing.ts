import { MetricsTime } from 'bullmq'
import { expect } from 'chai'
import { next, type Stage } from './stage.ts'
import { recordingTelemetry } from './telemetry.ts'

/** Events, metrics and spans. */
export function letsObserve(stage: () => Stage): void {
  describe('observing', () => {
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

    it('forgets old events on request', async () => {
      const queue = await stage().queue()
      for (const name of ['a', 'b', 'c', 'd']) await queue.add(name, {})
      await queue.trimEvents(0)
      await queue.add('e', {})
      const events = await stage().events(queue, { lastEventId: '0', autorun: false })
      const added = next<{ jobId: string }>(events, 'added')
      void events.run()
      expect((await added).jobId).to.equal('5')
    })

    it('tells listeners that jobs have completed where no events are kept', async () => {
      const queue = await stage().queue(undefined, { streams: { events: { maxLen: 0 } } })
      const events = await stage().events(queue)
      const completed: string[] = []
      events.on('completed', ({ jobId }) => completed.push(jobId))
      await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {} })))
      let told: Promise<unknown> = Promise.resolve()
      await stage().work(queue, 3, async () => {
        await told
        told = next(events, 'completed')
      })
      await told
      expect(completed).to.deep.equal(['1', '2', '3'])
    })

    it('hands on events of one’s own', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      const told = next(events, 'greeting')
      const producer = stage().eventsProducer(queue)
      await producer.publishEvent({ eventName: 'greeting', name: 'ann', count: '2' })
      expect(await told).to.deep.equal({ name: 'ann', count: '2' })
    })

    it('tells of retries, and when they are used up', async () => {
      const queue = await stage().queue()
      const events = await stage().events(queue)
      const seen: unknown[] = []
      events.on('failed', ({ failedReason }) => seen.push(['failed', failedReason]))
      events.on('retries-exhausted', ({ attemptsMade }) => seen.push(['exhausted', Number(attemptsMade)]))
      const exhausted = next(events, 'retries-exhausted')
      await queue.add('a', {}, { attempts: 2 })
      await stage().work(queue, 1, async () => {
        throw new Error('no')
      })
      await exhausted
      await queue.add('b', {})
      expect(seen).to.have.deep.members([
        ['failed', 'no'],
        ['exhausted', 2],
      ])
    })

    it('counts finished jobs, minute by minute, and as Prometheus reads them', async () => {
      const queue = await stage().queue()
      await queue.addBulk(['a', 'b', 'bad'].map((name) => ({ name, data: {} })))
      const process = async ({ name }: { name: string }) => {
        if (name === 'bad') throw new Error('no')
      }
      await stage().work(queue, 3, process, { metrics: { maxDataPoints: MetricsTime.ONE_HOUR } })
      expect((await queue.getMetrics('completed')).meta.count).to.equal(2)
      expect((await queue.getMetrics('failed')).meta.count).to.equal(1)
      const page = await queue.exportPrometheusMetrics({ region: 'eu' })
      expect(page).to.include(`bullmq_job_completed_total{queue="${queue.name}", region="eu"} 2`)
      expect(page).to.include(`bullmq_job_failed_total{queue="${queue.name}", region="eu"} 1`)
      expect(page).to.include(`bullmq_job_count{queue="${queue.name}", state="failed", region="eu"} 1`)
    })

    it('begins a span for each step, and hands its context from the producer to the worker', async () => {
      const telemetry = recordingTelemetry()
      const queue = await stage().queue(undefined, { telemetry })
      await queue.add('a', {})
      await queue.addBulk([{ name: 'b', data: {} }])
      const contexts: unknown[] = []
      await stage().work(queue, 2, async () => void contexts.push(telemetry.contextManager.active()), { telemetry })
      const named = (part: string) => telemetry.spans.filter(({ name }) => name.includes(part))
      expect(named(`add ${queue.name}`)).to.have.length(1)
      expect(named(`addBulk ${queue.name}`)).to.have.length(1)
      const processed = named('process ')
      expect(processed).to.have.length(2)
      // The span that added a job is around the one that performs it.
      expect(processed[0]?.parent).to.equal(named(`add ${queue.name}`)[0]?.id)
      expect(contexts).to.deep.equal(processed.map(({ id }) => id))
      expect([...named('add'), ...processed].filter(({ isEnded }) => !isEnded)).to.deep.equal([])
    })

    it('keeps the context of a producer that asks for that out of the job', async () => {
      const telemetry = recordingTelemetry()
      const queue = await stage().queue(undefined, { telemetry })
      const job = await queue.add('a', {}, { telemetry: { omitContext: true } })
      expect((await queue.getJob(job.id!))?.opts.telemetry?.metadata).to.equal(undefined)
      const kept = await queue.add('b', {})
      expect((await queue.getJob(kept.id!))?.opts.telemetry?.metadata).to.be.a('string')
    })

    it('notes a failure in the span of its job', async () => {
      const telemetry = recordingTelemetry()
      const queue = await stage().queue(undefined, { telemetry })
      await queue.add('a', {})
      const fail = async () => {
        throw new Error('no')
      }
      await stage().work(queue, 1, fail, { telemetry })
      const processed = telemetry.spans.find(({ name }) => name.startsWith('process '))
      expect(processed?.events).to.deep.equal(['job failed'])
    })
  })
}
