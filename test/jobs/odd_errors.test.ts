import { expect } from 'chai'
import { Job, type RetryAttempt } from '../../src/jobs/index.ts'
import { jobStage } from './job_stage.ts'

describe('a job that throws what can not be read', () => {
  const { stage, ran } = jobStage()

  const unreadable = () => {
    throw new Error('not even that')
  }
  const withGetter = (name: string) => Object.defineProperty(new RangeError('no stock'), name, { get: unreadable })
  /** What is thrown, and the name and text it is kept with. */
  const kinds: readonly (readonly [string, () => unknown, string])[] = [
    ['nothing', () => undefined, 'Error: undefined'],
    ['an object without a prototype', () => Object.create(null), 'Error: object'],
    ['a symbol', () => Symbol('odd'), 'Error: Symbol(odd)'],
    ['a proxy that says nothing', () => new Proxy({}, { get: unreadable, getPrototypeOf: unreadable }), 'Error: object'],
    ['an error that is frozen', () => Object.freeze(new RangeError('no stock')), 'RangeError: no stock'],
    ['an error without a message', () => withGetter('message'), 'RangeError: object'],
    ['an error without a name', () => withGetter('name'), 'RangeError: no stock'],
    ['an error without a stack', () => withGetter('stack'), 'RangeError: no stock'],
    ['an error without a cause', () => withGetter('cause'), 'RangeError: no stock'],
    ['an error with a symbol as its message', () => Object.assign(new RangeError(), { message: Symbol('odd') }), 'RangeError: Symbol(odd)'],
    ['an error by a proxy', () => new Error('no stock', { cause: new Proxy({}, { getPrototypeOf: unreadable }) }), 'Error: no stock'],
  ]

  for (const [what, thrown, kept] of kinds) {
    class Retried extends Job {
      static {
        this.retryOn(Error, { wait: 0, attempts: 2 })
        this.discardOn('NoStock', TypeError)
        this.afterDiscard(() => ran.push('given up'))
      }
      perform() {
        ran.push(this.executions)
        throw thrown()
      }
    }
    class Deciding extends Job {
      static {
        this.afterDiscard(() => ran.push('given up'))
      }
      static override retryInterval(_error: Error, { attempt }: RetryAttempt) {
        ran.push('asked')
        return attempt === 1 ? 0 : false
      }
      perform() {
        ran.push(this.executions)
        throw thrown()
      }
    }
    class Dropped extends Job {
      static {
        this.discardOn(Error, () => ran.push('dropped'))
      }
      perform() {
        throw thrown()
      }
    }

    it(`is retried, dropped or kept as its class says, when it is ${what}`, async () => {
      for (const jobClass of [Retried, Deciding, Dropped]) {
        await jobClass.performLater()
        await stage.runAll([jobClass])
        ran.push('|')
      }
      expect(ran).to.deep.equal([1, 2, 'given up', '|', 1, 'asked', 2, 'asked', 'given up', '|', 'dropped', '|'])
      const failed = await stage.backend.list('failed')
      expect(failed.map(({ error }) => `${error?.name}: ${error?.message}`)).to.deep.equal([kept, kept])
    })
  }
})
