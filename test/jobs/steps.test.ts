import { once } from 'node:events'
import { expect } from 'chai'
import { Job, type JobStep, JobRunner, ResumeLimitReached, useJobBackend } from '../../src/jobs/index.ts'
import { JobStage } from './job_stage.ts'
import { collectingLogger, QueueDirectory } from './queue_directory.ts'
import { startQueueProcess } from './processes/queue_process.ts'

describe('a job of several steps', () => {
  let stage: JobStage
  const ran: string[] = []
  beforeEach(() => {
    ran.splice(0)
    stage = new JobStage()
  })
  afterEach(() => stage.dispose())

  it('goes on with the step that failed, at its cursor', async () => {
    class Import extends Job {
      static override resumeOptions = { wait: 0 }
      async perform(count: number) {
        await this.step('prepare')
        await this.step<number>(
          'rows',
          (step) => {
            while (step.cursor < count) {
              if (step.cursor === 2 && !step.isResumed) throw new Error('lost the connection')
              ran.push(`row ${step.cursor}`)
              step.advance()
            }
          },
          { start: 0 },
        )
      }
      prepare() {
        ran.push('prepare')
      }
    }
    await Import.performLater(4)
    await stage.runAll([Import])
    expect(ran).to.deep.equal(['prepare', 'row 0', 'row 1', 'row 2', 'row 3'])
    expect(await stage.backend.counts()).to.include({ failed: 0 })
  })

  it('keeps how far it is also when the clock was set back', async () => {
    const { now } = Date
    const kept: unknown[] = []
    class Counting extends Job {
      async perform() {
        await this.step<number>('count', async (step) => {
          for (const hours of [0, 1, 2]) {
            Date.now = () => now() - hours * 3_600_000
            step.set(hours)
            kept.push((await stage.backend.list('active'))[0]!.data['continuation'])
          }
        })
      }
    }
    try {
      await Counting.performLater()
      await stage.runAll([Counting])
    } finally {
      Date.now = now
    }
    expect(kept).to.deep.equal([0, 1, 2].map((cursor) => ({ completed: [], current: ['count', cursor] })))
  })

  it('is interrupted at a checkpoint when its runner stops, and goes on with the next one', async () => {
    let reached = () => {}
    const isReached = new Promise<void>((resolve) => (reached = resolve))
    class Long extends Job {
      static override resumeOptions = { wait: 0 }
      async perform() {
        await this.step<number>(
          'loop',
          async (step) => {
            while (step.cursor < 3) {
              ran.push(`turn ${step.cursor}`)
              reached()
              await new Promise(setImmediate)
              step.advance()
            }
          },
          { start: 0 },
        )
      }
    }
    await Long.performLater()
    const runner = new JobRunner(stage.backend, { classes: [Long], logger: collectingLogger([]) })
    await runner.start()
    await isReached
    expect(await runner.stop()).to.deep.equal({ unfinished: 0 })
    expect(ran.length).to.be.lessThan(3)
    await stage.runAll([Long])
    expect(ran).to.deep.equal(['turn 0', 'turn 1', 'turn 2'])
  })

  it('runs an isolated step in a run of its own', async () => {
    class Isolated extends Job {
      static override resumeOptions = { wait: 0 }
      async perform() {
        await this.step('one', () => ran.push(`one in ${this.executions}`))
        await this.step('two', () => ran.push(`two in ${this.executions}`), { isolated: true })
        await this.step('three', () => ran.push(`three in ${this.executions}`))
      }
    }
    await Isolated.performLater()
    await stage.runAll([Isolated])
    expect(ran).to.deep.equal(['one in 1', 'two in 2', 'three in 3'])
  })

  it('fails when it was resumed as often as its class allows', async () => {
    class Stuck extends Job {
      static override resumeOptions = { wait: 0 }
      static override maxResumptions = 2
      static {
        this.discardOn(ResumeLimitReached, (_job, error) => ran.push(error.message))
      }
      async perform() {
        await this.step<number>('count', (step) => step.advance(), { start: 0 })
        await this.step(`step ${this.executions}`, () => {
          throw new Error('never')
        })
      }
    }
    class Advancing extends Stuck {
      override async perform() {
        const countOn = (step: JobStep<number>) => {
          step.advance()
          throw new Error('again')
        }
        await this.step<number>('count', countOn, { start: 0 })
      }
    }
    await Advancing.performLater()
    await stage.runAll([Advancing])
    expect(ran).to.deep.equal(['Advancing was resumed a maximum of 2 times.'])
  })

  it('is refused steps that are nested, repeated, missing or in another order', async () => {
    class Nested extends Job {
      async perform() {
        await this.step('outer', () => this.step('inner', () => {}))
      }
    }
    class Repeated extends Job {
      static override resumeErrorsAfterAdvancing = false
      async perform() {
        await this.step('one', () => {})
        await this.step('one', () => {})
      }
    }
    class Missing extends Job {
      async perform() {
        await this.step('nowhere')
      }
    }
    const messageOf = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message)
    expect(await messageOf(Nested.performNow())).to.equal("Nested: the step 'inner' is nested inside step 'outer'.")
    expect(await messageOf(Repeated.performNow())).to.equal("Repeated: the step 'one' has already been encountered.")
    expect(await messageOf(Missing.performNow())).to.match(/the step 'nowhere' has no work/)
  })

  it('is refused steps without name or work, options that there are not, and cursors that can not advance', async () => {
    type Loose = { step(...args: unknown[]): Promise<void> }
    const refused: [unknown[], string][] = [
      [[undefined, () => {}], 'has no name'],
      [['x', 5], 'has no work'],
      [['missing'], 'has no work'],
      [['x', () => {}, { strat: 0 }], "has no option 'strat': the options are start and isolated."],
      [['x', (step: { advance(): void }) => step.advance()], "can't advance from null"],
      [['x', (step: { advance(): void }) => step.advance(), { start: '1' }], 'can\'t advance from "1"'],
    ]
    for (const [args, message] of refused) {
      class Odd extends Job {
        async perform() {
          await (this as unknown as Loose).step(...args)
        }
      }
      const error = await Odd.performNow().catch((reason: Error) => reason)
      expect(error).to.have.property('code', 'REGAUGE_INVALID_STEP')
      expect((error as Error).message).to.include(message)
    }
  })

  it('goes on where it was when its process is killed', async function () {
    this.timeout(20_000)
    const directory = await QueueDirectory.make()
    try {
      const child = await startQueueProcess(directory.path, 'steps')
      child.kill('SIGKILL')
      await once(child.process, 'close')
      const backend = directory.open()
      useJobBackend(backend)
      class StepJob extends Job {
        async perform() {
          await this.step('first', () => ran.push('first'))
          await this.step('second', () => ran.push('second'))
        }
      }
      const runner = new JobRunner(backend, { classes: [StepJob], logger: collectingLogger([]) })
      await runner.start()
      while (ran.length === 0) await new Promise(setImmediate)
      await runner.stop()
      expect(ran).to.deep.equal(['second'])
    } finally {
      await directory.dispose()
    }
  })
})
