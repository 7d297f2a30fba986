import { expect } from 'chai'
import { SidekiqClient } from '../../../adapters/rails/index.ts'
import { currentExecution, runExecution } from '../../../src/context/index.ts'
import { aroundEveryEnqueue, Job, traceJobs } from '../../../src/jobs/index.ts'
import { RecordedTraces } from '../../jobs/recorded_traces.ts'
import { HardJob, ran, sidekiqStage } from './sidekiq_stage.ts'

describe('a job on the queues of Sidekiq', () => {
  const stage = sidekiqStage(11)
  const queued = async (queue: string) => (await stage.redis.lrange(`queue:${queue}`, 0, -1)).map((text) => JSON.parse(text))
  const push = async (item: object) => {
    await stage.redis.sadd('queues', 'default')
    await stage.redis.lpush('queue:default', JSON.stringify({ retry: false, queue: 'default', jid: 'j', created_at: 1, ...item }))
  }

  class Look extends Job {
    static {
      this.queueAs('default')
      this.retryOn(RangeError, { wait: 0, attempts: 2 })
    }
    perform(): void {
      const { requestId, logTags, logFields = {} } = currentExecution()!
      ran.push([requestId, logTags, logFields['account'], this.context])
      if (ran.length === 1) throw new RangeError('again')
    }
  }

  it('takes the request, the tags and fields of the log, and what middleware gave it along, also to its retries', async () => {
    const end = aroundEveryEnqueue((job, next) => {
      job.context['tenant'] ??= 7
      return next()
    })
    try {
      await runExecution({ requestId: 'r-1', logTags: ['web'], logFields: { account: 3 } }, () => Look.performLater())
    } finally {
      end()
    }
    const [item] = await queued('default')
    expect(Object.keys(item.args[0])).to.not.include.members(['request_id', 'context'])
    await stage.runUntil(() => ran.length === 2, [Look])
    const seen = ['r-1', ['web'], 3, { tenant: 7 }]
    expect(ran).to.deep.equal([seen, seen])
  })

  it('carries nothing where there is nothing to carry', async () => {
    await HardJob.performLater(1)
    const [item] = await queued('hard')
    expect(Object.keys(item)).to.have.members(['retry', 'queue', 'wrapped', 'args', 'class', 'jid', 'created_at', 'enqueued_at'])
  })

  it('is part of the trace that it was enqueued in, as Ruby’s instrumentation writes and reads it', async () => {
    const api = new RecordedTraces()
    const end = traceJobs(api)
    try {
      await api.context.with({ span: 'the request' }, () => HardJob.performLater('ours'))
      const [item] = await queued('hard')
      expect(item.traceparent).to.equal('0')
      await push({ class: 'HardJob', args: ['theirs'], traceparent: 'of Ruby', tracestate: 5 })
      await stage.runUntil(() => ran.length === 2)
    } finally {
      end()
    }
    expect(api.told).to.have.deep.members([
      ['hard publish', 'the request', [], undefined],
      ['hard process', '0', [], undefined],
      ['default process', 'of Ruby', [], undefined],
    ])
  })

  it('takes nothing for where it was enqueued that can not be that', async () => {
    const odd = { request_id: 5, log_tags: ['web', { toString: 1 }], log_fields: ['a'], context: 'text', arguments: ['other'] }
    await push({ class: 'Look', args: [], regauge: odd, traceparent: { a: 1 } })
    await push({ class: 'Look', args: [], regauge: 'text' })
    ran.push('begun')
    await stage.runUntil(() => ran.length === 3, [Look])
    const nothing = [undefined, undefined, undefined, {}]
    expect(ran.slice(1)).to.deep.equal([nothing, nothing])
  })

  it('goes on with its next step when it was interrupted, also one of Sidekiq’s own', async () => {
    class Import extends Job {
      static override resumeOptions = { wait: 0 }
      async perform(name: string) {
        await this.step('prepare', () => void ran.push(`${name} prepares`))
        await this.step('load', ({ isResumed }) => {
          if (!isResumed) throw new Error('lost the connection')
          ran.push(`${name} loads`)
        })
      }
    }
    await Import.performLater('active')
    await new SidekiqClient(stage.redis).job('Import').performAsync('native')
    await stage.runUntil(() => ran.length >= 4, [Import])
    expect(ran).to.have.members(['active prepares', 'native prepares', 'active loads', 'native loads'])
  })
})
