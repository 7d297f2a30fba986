import { expect } from 'chai'
import { Job, type JobRun } from '../../src/jobs/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'
import { JobStage } from './job_stage.ts'

describe('the events of the steps of a job', () => {
  let stage: JobStage
  beforeEach(() => {
    stage = new JobStage()
  })
  afterEach(() => stage.dispose())

  const stepEvents = /^(step|step_started|step_skipped|interrupt|resume)\.active_job$/

  async function eventsOf(work: () => Promise<unknown>): Promise<NotificationEvent[]> {
    const events: NotificationEvent[] = []
    await subscribed(stepEvents, (event) => events.push(event), work)
    return events
  }
  const step = ({ payload }: NotificationEvent) => payload['step'] as { name: string; cursor: unknown; isResumed: boolean }

  it('tell of steps that begin, end and fail, are resumed and skipped', async () => {
    class Import extends Job {
      static override resumeOptions = { wait: 0 }
      async perform() {
        await this.step('prepare', () => {})
        await this.step<number>(
          'rows',
          (current) => {
            current.advance()
            if (!current.isResumed) throw new RangeError('lost')
          },
          { start: 0 },
        )
      }
    }
    const events = await eventsOf(async () => {
      await Import.performLater()
      await stage.runAll([Import])
    })
    expect(events.map(({ name }) => name.replace('.active_job', ''))).to.deep.equal([
      ...['step_started', 'step', 'step_started', 'step'],
      ...['resume', 'step_skipped', 'step_started', 'step'],
    ])
    expect([0, 2, 6].map((index) => step(events[index]!).name)).to.deep.equal(['prepare', 'rows', 'rows'])
    expect(events[1]!.payload).to.include({ interrupted: false, adapter: stage.backend }).and.not.have.property('exception')
    expect(events[3]!.payload['exception']).to.deep.equal(['RangeError', 'lost'])
    expect(step(events[3]!).cursor).to.equal(1)
    const { job, current_step: current, ...progress } = events[4]!.payload
    expect(job).to.be.instanceOf(Import)
    expect((current as { name: string }).name).to.equal('rows')
    expect(progress).to.deep.equal({ description: "at 'rows', cursor '1'", completed_steps: ['prepare'], adapter: stage.backend })
    expect(events[5]!.payload['step']).to.equal('prepare')
    expect(step(events[6]!).isResumed).to.equal(true)
  })

  it('tell that a job goes on before it comes to a step, and of no interruption after its last one', async () => {
    const run = { isStopping: false, save: () => {} }
    class Two extends Job {
      async perform() {
        events.push({ name: 'perform' } as NotificationEvent)
        await this.step('one', () => {})
        await this.step('two', () => {
          run.isStopping = true
        })
        events.push({ name: 'done' } as NotificationEvent)
      }
    }
    const events: NotificationEvent[] = []
    const continuation = { completed: ['one'] }
    const job = Two.restore({ data: { job_id: 'a', arguments: [], continuation }, queue: 'default', priority: 0, runAt: undefined })
    job.reservation = { retry: undefined, run }
    await subscribed(
      stepEvents,
      (event) => events.push(event),
      () => job.performNow(),
    )
    expect(events.map(({ name }) => name.replace('.active_job', ''))).to.deep.equal([
      'resume',
      ...['perform', 'step_skipped', 'step_started', 'step', 'done'],
    ])
    expect(events[0]!.payload).to.include({ description: "after 'one'", current_step: null })
    expect(job.resumptions).to.equal(1)
  })

  it('tell of an interruption, with its reason and where the job was', async () => {
    class Long extends Job {
      async perform() {
        await this.step<number>('rows', (current) => current.advance(), { start: 3 })
      }
    }
    const run: JobRun = { isStopping: true, save: () => {} }
    const job = new Long()
    job.reservation = { retry: undefined, run }
    const events = await eventsOf(() => job.performNow())
    expect(events.map(({ name }) => name)).to.deep.equal(['step_started.active_job', 'interrupt.active_job', 'step.active_job'])
    expect(events[1]!.payload).to.include({ reason: 'stopping', description: "at 'rows', cursor '4'" })
    expect(events[2]!.payload).to.include({ interrupted: true })
  })
})
