import { expect } from 'chai'
import { runExecution } from '../../src/context/index.ts'
import { abort } from '../../src/errors/index.ts'
import { aroundEveryEnqueue, type ChildJob, DuplicateJob, Job, type NewJob, useJobBackend } from '../../src/jobs/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'
import { jobStage } from './job_stage.ts'

describe('a job that waits for others', () => {
  const { stage, ran } = jobStage()

  class Unsold extends Error {}
  class Broken extends Error {}
  let seen: ChildJob[] = []

  class ImportRow extends Job {
    static {
      this.retryOn(Unsold, { wait: 0, attempts: 2 })
      this.discardOn(Broken)
    }
    perform(row: number, error?: 'Unsold' | 'Broken' | 'Error') {
      ran.push(row)
      if (error === 'Unsold') throw new Unsold()
      if (error === 'Broken') throw new Broken()
      if (error === 'Error') throw new TypeError('no such column')
      return { row, at: new Date(row) }
    }
  }
  class SendSummary extends Job {
    async perform(id: number) {
      seen = await this.children()
      ran.push(`summary ${id}`)
    }
  }
  const all = [ImportRow, SendSummary]
  const row = (number: number, error?: 'Unsold' | 'Broken' | 'Error') => new ImportRow(number, error)

  it('is enqueued with them, and runs when they are done', async () => {
    const children = [row(1), row(2)]
    const summary = await new SendSummary(7).after(children).enqueue()
    expect(summary).to.be.instanceOf(SendSummary)
    expect(await stage.backend.counts()).to.include({ waiting: 2, 'waiting-children': 1 })
    expect(children.map(({ isSuccessfullyEnqueued, providerJobId }) => [isSuccessfullyEnqueued, providerJobId])).to.deep.equal([
      [true, '2'],
      [true, '3'],
    ])
    await stage.runAll(all)
    expect(ran).to.deep.equal([1, 2, 'summary 7'])
    expect(await stage.backend.counts()).to.include({ completed: 0, failed: 0 })
  })

  it('may ask what they answered', async () => {
    await new SendSummary(7).after([row(1), row(2)]).enqueue()
    await stage.runAll(all)
    expect(seen).to.deep.equal([
      { id: '2', name: 'ImportRow', state: 'completed', result: { row: 1, at: new Date(1) }, error: undefined },
      { id: '3', name: 'ImportRow', state: 'completed', result: { row: 2, at: new Date(2) }, error: undefined },
    ])
  })

  it('may ask how those ended that were given up', async () => {
    await new SendSummary(7).after([row(1, 'Error'), row(2, 'Broken'), row(3, 'Unsold'), row(4)], { onFailure: 'run' }).enqueue()
    await stage.runAll(all)
    expect(seen.map(({ state, error }) => [state, error?.name])).to.deep.equal([
      ['failed', 'TypeError'],
      ['discarded', undefined],
      ['failed', 'Unsold'],
      ['completed', undefined],
    ])
    expect(ran.filter((number) => number === 3)).to.have.length(2)
  })

  it('has no children when it waited for none, or runs here and now', async () => {
    await SendSummary.performLater(1)
    await stage.runAll(all)
    expect(seen).to.deep.equal([])
    await SendSummary.performNow(2)
    expect(seen).to.deep.equal([])
  })

  it('waits by default for one that failed, until that is run again', async () => {
    await new SendSummary(7).after([row(1, 'Error')]).enqueue()
    await stage.runAll(all)
    expect(await stage.backend.counts()).to.include({ failed: 1, 'waiting-children': 1 })
    await stage.backend.remove(['2'])
    await stage.runAll(all)
    expect(ran).to.deep.equal([1, 'summary 7'])
  })

  it('fails with one of them, when it is to', async () => {
    await new SendSummary(7).after([row(1), row(2, 'Error')], { onFailure: 'fail' }).enqueue()
    await stage.runAll(all)
    const summary = (await stage.backend.list('failed')).find(({ name }) => name === 'SendSummary')
    expect(summary!.error).to.deep.equal({
      name: 'ChildFailed',
      message: 'Its child ImportRow (3) failed with TypeError: no such column',
    })
  })

  it('goes where and when it is set to', async () => {
    await new SendSummary(7)
      .set({ queue: 'reports', priority: 3, wait: 3600 })
      .after([row(1).set({ queue: 'rows' })])
      .enqueue()
    expect((await stage.backend.list('waiting'))[0]).to.include({ queue: 'rows' })
    await stage.runAll(all)
    const [summary] = await stage.backend.list('delayed')
    expect(summary).to.include({ queue: 'reports', priority: 3, name: 'SendSummary' })
    expect(summary!.runAt).to.be.within(Date.now() + 3_590_000, Date.now() + 3_600_000)
  })

  it('waits for jobs that wait for others', async () => {
    const first = new SendSummary(1).after([row(1)])
    await new SendSummary(3).after([first, new SendSummary(2).after([row(2), row(3)])]).enqueue()
    await stage.runAll(all)
    expect(ran.at(-1)).to.equal('summary 3')
    expect(ran).to.have.members([1, 2, 3, 'summary 1', 'summary 2', 'summary 3'])
    expect(seen.map(({ name }) => name)).to.deep.equal(['SendSummary', 'SendSummary'])
  })

  it('stands at the top of many levels', async () => {
    let job: Job = new SendSummary(0)
    for (let level = 1; level <= 1000; level++) job = new SendSummary(level).after([job])
    await job.enqueue()
    await stage.runAll(all)
    expect(ran).to.deep.equal(Array.from({ length: 1001 }, (_, level) => `summary ${level}`))
    expect(await stage.backend.counts()).to.include({ 'waiting-children': 0, completed: 0 })
  })

  describe('with what is around the enqueuing of jobs', () => {
    it('sends each of them through middleware and callbacks, around the storing of all', async () => {
      class Row extends ImportRow {
        static {
          this.aroundEnqueue(async (job, next) => {
            ran.push(`before ${job.arguments[0]}`)
            await next()
            ran.push(`after ${job.arguments[0]} ${job.isSuccessfullyEnqueued}`)
          })
        }
      }
      const end = aroundEveryEnqueue(async (job, next) => {
        job.context['tenant'] = 'north'
        await next()
      })
      await new SendSummary(7).after([new Row(1), new Row(2)]).enqueue()
      end()
      expect(ran).to.deep.equal(['before 1', 'before 2', 'after 1 true', 'after 2 true'])
      const stored = [...(await stage.backend.list('waiting')), ...(await stage.backend.list('waiting-children'))]
      expect(stored.map(({ data }) => data['context'])).to.deep.equal(Array(3).fill({ tenant: 'north' }))
    })

    it('does not wait for one that a callback stopped', async () => {
      class Row extends ImportRow {
        static {
          this.beforeEnqueue((job) => {
            if (job.arguments[0] === 1) abort()
          })
        }
      }
      const stopped = new Row(1)
      expect(await new SendSummary(7).after([stopped, new Row(2)]).enqueue()).to.be.instanceOf(SendSummary)
      expect(stopped.isSuccessfullyEnqueued).to.equal(false)
      await stage.runAll([Row, SendSummary])
      expect(ran).to.deep.equal([2, 'summary 7'])
    })

    it('enqueues none of them when a callback stopped it', async () => {
      class Summary extends SendSummary {
        static {
          this.beforeEnqueue(() => abort())
        }
      }
      expect(await new Summary(7).after([row(1)]).enqueue()).to.equal(false)
      expect(await stage.backend.counts()).to.include({ waiting: 0, 'waiting-children': 0 })
    })

    it('enqueues none of them when a callback throws, and tells those that had come so far', async () => {
      class Row extends ImportRow {
        static {
          this.aroundEnqueue(async (job, next) => {
            if (job.arguments[0] === 2) throw new RangeError('no')
            await next().catch((error: Error) => {
              ran.push(error.message)
              throw error
            })
          })
        }
      }
      const error = await new SendSummary(7)
        .after([new Row(1), new Row(2)])
        .enqueue()
        .catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(RangeError)
      expect(ran).to.deep.equal(['no'])
      expect(await stage.backend.counts()).to.include({ waiting: 0, 'waiting-children': 0 })
    })

    it('tells of each', async () => {
      const told: unknown[] = []
      const listen = ({ payload }: NotificationEvent) => void told.push((payload['job'] as Job).arguments[0])
      await subscribed('enqueue.active_job', listen, () => new SendSummary(7).after([row(1), row(2)]).enqueue())
      expect(told).to.have.members([7, 1, 2])
    })
  })

  describe('with constraints', () => {
    class UniqueRow extends ImportRow {
      static {
        this.unique({ conflict: 'discard' })
      }
    }

    it('does not wait for one that is there already', async () => {
      await UniqueRow.performLater(1)
      const again = new UniqueRow(1)
      await new SendSummary(7).after([again, new UniqueRow(2)]).enqueue()
      expect(again.isSuccessfullyEnqueued).to.equal(false)
      await stage.runAll([UniqueRow, SendSummary])
      expect(seen).to.have.length(1)
    })

    it('is not enqueued, nor are they, when it is there already', async () => {
      class UniqueSummary extends SendSummary {
        static {
          this.unique()
        }
      }
      await new UniqueSummary(7).after([row(1)]).enqueue()
      const child = row(2)
      expect(await new UniqueSummary(7).after([child]).enqueue()).to.equal(false)
      expect(child.isSuccessfullyEnqueued).to.equal(false)
      expect(await stage.backend.counts()).to.include({ waiting: 1, 'waiting-children': 1 })
    })

    it('is not enqueued when one of them is refused', async () => {
      class OneRow extends ImportRow {
        static {
          this.unique({ conflict: 'raise' })
        }
      }
      await OneRow.performLater(1)
      const error = await new SendSummary(7)
        .after([row(2), new OneRow(1)])
        .enqueue()
        .catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(DuplicateJob)
      expect(await stage.backend.counts()).to.include({ waiting: 1, 'waiting-children': 0 })
    })
  })

  describe('within a database transaction', () => {
    const inTransaction = async (work: () => Promise<void>, isCommitted = true) => {
      const waiting: (() => unknown)[] = []
      await runExecution({ transaction: { afterAllCommits: (later) => void waiting.push(later) } }, work)
      if (isCommitted) for (const later of waiting) await later()
    }

    it('is enqueued with them after the commit, as all were then', async () => {
      await inTransaction(async () => {
        const child = row(1)
        expect(await new SendSummary(7).after([child]).enqueue()).to.be.instanceOf(SendSummary)
        expect(child.isSuccessfullyEnqueued).to.equal(true)
        child.arguments[0] = 2
        expect(await stage.backend.counts()).to.include({ waiting: 0, 'waiting-children': 0 })
      })
      await stage.runAll(all)
      expect(ran).to.deep.equal([1, 'summary 7'])
    })

    it('is not, without a commit', async () => {
      await inTransaction(async () => void (await new SendSummary(7).after([row(1)]).enqueue()), false)
      expect(await stage.backend.counts()).to.include({ waiting: 0, 'waiting-children': 0 })
    })
  })

  describe('is refused', () => {
    const message = async (work: () => unknown): Promise<string> => {
      try {
        await work()
      } catch (error) {
        return (error as Error).message
      }
      throw new Error('nothing was thrown')
    }

    it('when what it waits for are no jobs', async () => {
      expect(await message(() => new SendSummary(7).after([7 as never]))).to.equal("SendSummary: after can't take 7")
      expect(await message(() => new SendSummary(7).after(row(1) as never))).to.include("can't take an object of ImportRow")
      expect(await message(() => new SendSummary(7).after([], { onFailure: 'ignore' as never }))).to.include('`onFailure`')
      expect(await message(() => new SendSummary(7).after([]).after([]))).to.include('was called before')
    })

    it('when it would wait for itself, or one of them is waited for twice', async () => {
      const summary = new SendSummary(7)
      expect(await message(() => summary.after([summary]).enqueue())).to.include('the same SendSummary twice')
      const child = row(1)
      expect(await message(() => new SendSummary(8).after([child, child]).enqueue())).to.include('the same ImportRow twice')
    })

    it('below too many levels', async () => {
      let job: Job = new SendSummary(0)
      for (let level = 1; level <= 1001; level++) job = new SendSummary(level).after([job])
      expect(await message(() => job.enqueue())).to.include('more than 1000 levels')
    })

    it('where it could not wait', async () => {
      expect(await message(() => new SendSummary(7).after([row(1)]).performNow())).to.include("performNow can't wait for other jobs")
      expect(await message(() => Job.performAllLater(new SendSummary(7).after([row(1)])))).to.include(
        "performAllLater can't take a job that waits for others",
      )
    })

    it('by a backend that knows no such thing', async () => {
      const { backend } = stage
      useJobBackend({ add: (entries: readonly NewJob[]) => backend.add(entries) } as never)
      expect(await message(() => new SendSummary(7).after([row(1)]).enqueue())).to.include('is not possible on this job backend')
      useJobBackend(backend)
    })

    it('while it runs', async () => {
      let refused = ''
      class Late extends Job {
        async perform() {
          refused = await message(() => this.after([row(1)]))
        }
      }
      await Late.performLater()
      await stage.runAll([Late])
      expect(refused).to.include('is too late for a job that runs')
    })
  })
})
