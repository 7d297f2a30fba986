import { expect } from 'chai'
import { Job, recurringTasks, traceJobs, type TracingOptions } from '../../src/jobs/index.ts'
import { jobStage } from './job_stage.ts'
import { RecordedTraces } from './recorded_traces.ts'

describe('traces of jobs', () => {
  const { stage, ran } = jobStage()
  let api: RecordedTraces
  let end: () => void
  const trace = (options?: TracingOptions) => {
    api = new RecordedTraces()
    end = traceJobs(api, options)
  }
  afterEach(() => end())

  class Mail extends Job {
    static {
      this.queueAs('mailers')
      this.retryOn(TypeError, { wait: 0, attempts: 2 })
    }
    perform(to: string) {
      ran.push(api.context.active().span)
      if (to === 'nobody') throw new TypeError('no address')
    }
  }

  it('go from where a job is enqueued to each time that it is performed', async () => {
    trace()
    await api.context.with({ span: 'the request' }, () => Mail.performLater('nobody'))
    await stage.runAll([Mail])
    expect(api.told).to.deep.equal([
      ['mailers publish', 'the request', [], undefined],
      ['mailers process', '0', [], '2 no address'],
      ['mailers process', '0', [], '2 no address'],
    ])
    expect(ran).to.deep.equal(['1', '2'])
    expect(api.spans.every(({ isEnded }) => isEnded)).to.equal(true)
    const [failed] = await stage.backend.list('failed')
    expect(api.spans.map(({ kind, attributes }) => [kind, attributes])).to.deep.equal(
      [undefined, 1, 2].map((executions) => [
        executions === undefined ? 3 : 4,
        {
          'code.namespace': 'Mail',
          'messaging.system': 'active_job',
          'messaging.destination': 'mailers',
          'messaging.message.id': failed!.data['job_id'],
          'messaging.active_job.message.priority': undefined,
          'messaging.active_job.message.provider_job_id': failed!.id,
          'messaging.active_job.executions': executions,
        },
      ]),
    )
  })

  it('are links to it where that is asked for, and are named after the class', async () => {
    trace({ propagation: 'link', naming: 'class' })
    await api.context.with({ span: 'the request' }, () => Job.performAllLater(new Mail('ann'), new Mail('bob')))
    await stage.runAll([Mail])
    expect(api.told).to.deep.equal([
      ['Mail publish', 'the request', [], undefined],
      ['Mail publish', 'the request', [], undefined],
      ['Mail process', undefined, ['0'], undefined],
      ['Mail process', undefined, ['1'], undefined],
    ])
  })

  it('are of where it is performed at once, and begin with a schedule', async () => {
    trace()
    await api.context.with({ span: 'the request' }, () => Mail.performNow('ann'))
    const { now } = Date
    try {
      for (const time of ['2026-01-01T12:00:30Z', '2026-01-01T12:01:00Z']) {
        Date.now = () => Date.parse(time)
        await stage.backend.schedule(recurringTasks({ tick: { class: 'Mail', schedule: '* * * * *', args: ['ann'] } }, 'test', [Mail]))
      }
    } finally {
      Date.now = now
    }
    await stage.runAll([Mail])
    expect(api.told).to.deep.equal([
      ['mailers process', 'the request', [], undefined],
      ['mailers publish', undefined, [], undefined],
      ['mailers process', '1', [], undefined],
    ])
  })

  it('end with what ends them', async () => {
    trace()
    end()
    await Mail.performLater('ann')
    await stage.runAll([Mail])
    expect(api.spans).to.deep.equal([])
    expect(ran).to.deep.equal([undefined])
  })
})
