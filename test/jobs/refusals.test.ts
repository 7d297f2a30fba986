import { expect } from 'chai'
import { type InvalidJobOption, Job, JobRunner } from '../../src/jobs/index.ts'
import { jobStage } from './job_stage.ts'

class Slow extends Error {}
class Wrong extends Error {}

/** A class as an application in JavaScript would declare it. */
type Loose = Record<string, (...args: unknown[]) => unknown>

describe('A class of jobs', () => {
  const { stage, ran } = jobStage()

  describe('refuses, where it is declared,', () => {
    const handler = () => {}
    const refused: [string, (job: Loose) => unknown, string, string][] = [
      [
        'a mistyped option of retryOn',
        (job) => job['retryOn']!(Slow, { attempt: 3 }),
        "has no option 'attempt'. Did you mean attempts?",
        'wait, attempts, jitter',
      ],
      [
        'an algorithm that does not exist',
        (job) => job['retryOn']!(Slow, { wait: 'polynomialy_longer' }),
        "Did you mean 'polynomially_longer'?",
        "'polynomially_longer'",
      ],
      ['a wait that is no time', (job) => job['retryOn']!(Slow, { wait: -1 }), "can't have -1 as `wait`", 'minutes(5)'],
      ['attempts that are none', (job) => job['retryOn']!(Slow, { attempts: 0 }), "can't have 0 as `attempts`", "'unlimited'"],
      ['a jitter that is no part', (job) => job['retryOn']!(Slow, { jitter: '15%' }), 'can\'t have "15%" as `jitter`', '0.15'],
      ['a queue of retries without a name', (job) => job['retryOn']!(Slow, { queue: '' }), 'can\'t have "" as the name of a queue', ''],
      [
        'a priority of retries that is no number',
        (job) => job['retryOn']!(Slow, { priority: 'high' }),
        'can\'t have "high" as the priority',
        'whole number',
      ],
      [
        'the name of a class of Ruby',
        (job) => job['retryOn']!(Slow, 'Net::OpenTimeout', { wait: 5 }),
        'names the class Net::OpenTimeout of Ruby',
        'thrown here',
      ],
      [
        'any error, by the name that Ruby has for it',
        (job) => job['retryOn']!(Slow, 'StandardError', { wait: 5 }),
        'retryOn names StandardError of Ruby, which nothing here is',
        'Pass Error',
      ],
      ['the same for discardOn', (job) => job['discardOn']!('Exception'), 'discardOn names Exception of Ruby', 'Pass Error'],
      ['and for rescueFrom', (job) => job['rescueFrom']!('RuntimeError', handler), 'rescueFrom names RuntimeError of Ruby', 'Pass Error'],
      [
        'an error class behind the options',
        (job) => job['retryOn']!(Slow, { wait: 1 }, Wrong),
        "can't take Wrong",
        'First the error classes',
      ],
      ['retries of no error', (job) => job['retryOn']!({ wait: 1 }), 'needs an error class', 'First the error classes'],
      [
        'a mistyped option of discardOn',
        (job) => job['discardOn']!(Slow, { reports: true }),
        "has no option 'reports'. Did you mean report?",
        'report',
      ],
      ['a rescue without a handler', (job) => job['rescueFrom']!(Slow), 'needs a handler', 'the name of a method'],
      ['a rescue with a class as its handler', (job) => job['rescueFrom']!(Slow, Wrong), 'needs a handler', 'the name of a method'],
      [
        'a mistyped option of rescueFrom',
        (job) => job['rescueFrom']!(Slow, { wiht: handler }),
        "has no option 'wiht'. Did you mean with?",
        'with',
      ],
      ['an afterDiscard that is no function', (job) => job['afterDiscard']!('report'), 'needs a function', 'the job and the error'],
      ['a callback that is none', (job) => job['beforePerform']!(undefined), "can't take undefined", 'Pass a function'],
      ['no callback at all', (job) => job['aroundEnqueue']!({ prepend: true }), 'needs a callback', 'Pass a function'],
      [
        'a mistyped option of a callback',
        (job) => job['afterPerform']!(handler, { only_if: handler }),
        "has no option 'only_if'",
        'if, unless and prepend',
      ],
      [
        'a condition that is none',
        (job) => job['afterEnqueue']!(handler, { if: true }),
        "can't have true as `if`",
        'a function of the job',
      ],
      [
        'the conflict of Solid Queue in its own spelling',
        (job) => job['limitsConcurrency']!({ on_conflict: 'discard' }),
        'Did you mean onConflict?',
        'onConflict',
      ],
      [
        'a conflict that does not exist',
        (job) => job['limitsConcurrency']!({ onConflict: 'drop' }),
        'can\'t have "drop" as `onConflict`',
        "'block' or 'discard'",
      ],
      ['a limit of half a job', (job) => job['limitsConcurrency']!({ to: 0.5 }), "can't have 0.5 as `to`", '1 or more'],
      [
        'a limit of no duration',
        (job) => job['limitsConcurrency']!({ duration: '5 minutes' }),
        'can\'t have "5 minutes" as `duration`',
        'minutes(5)',
      ],
      [
        'a limit by a key that is neither text nor function',
        (job) => job['limitsConcurrency']!({ key: 7 }),
        "can't have 7 as `key`",
        'a function',
      ],
      ['a limit of a group without a name', (job) => job['limitsConcurrency']!({ group: 7 }), "can't have 7 as `group`", 'a name'],
      ['a rate of half a job', (job) => job['limitsRate']!({ to: 0.5, per: 1 }), "limitsRate can't have 0.5 as `to`", '1 or more'],
      ['a rate without a number', (job) => job['limitsRate']!({ per: 60 }), "can't have undefined as `to`", '1 or more'],
      ['a rate in no time', (job) => job['limitsRate']!({ to: 5, per: '1 minute' }), 'can\'t have "1 minute" as `per`', 'minutes(5)'],
      ['a rate without a time', (job) => job['limitsRate']!({ to: 5 }), "can't have undefined as `per`", 'minutes(5)'],
      ['a rate in the words of a queue', (job) => job['limitsRate']!({ to: 5, duration: 60 }), "has no option 'duration'", 'to, per'],
      ['a rate by a key that is a number', (job) => job['limitsRate']!({ to: 5, per: 1, key: 7 }), "can't have 7 as `key`", 'a function'],
      [
        'a rate of a group without a name',
        (job) => job['limitsRate']!({ to: 5, per: 1, group: '' }),
        'can\'t have "" as `group`',
        'a name',
      ],
      ['uniqueness for no time', (job) => job['uniqueFor']!('soon'), 'can\'t have "soon" as `for`', 'minutes(5)'],
      [
        'uniqueness in the words of Sidekiq',
        (job) => job['uniqueFor']!(60, { until: 'start' }),
        'can\'t have "start" as `until`',
        "'executing' or 'executed'",
      ],
      [
        'a mistyped option of unique',
        (job) => job['unique']!({ conflcit: 'raise' }),
        "has no option 'conflcit'. Did you mean conflict?",
        'for, until',
      ],
      ['a timeout of no time', (job) => job['timeout']!(0), "can't have 0 as `time`", 'positive'],
      ['a queue that is no name', (job) => job['queueAs']!(Symbol.for('low')), 'as the name of a queue', ''],
      [
        'a priority that is no whole number',
        (job) => job['queueWithPriority']!(1.5),
        "can't have 1.5 as the priority",
        'smaller runs first',
      ],
    ]
    for (const [what, declare, message, hint] of refused) {
      it(what, () => {
        class Declared extends Job {
          perform() {}
        }
        const error = thrownBy(() => declare(Declared as unknown as Loose))
        expect(error.code).to.equal('REGAUGE_INVALID_JOB_OPTION')
        expect(error.message)
          .to.match(/^Declared: /)
          .and.to.include(message)
        if (hint !== '') expect(error.hint).to.include(hint)
      })
    }

    it('callbacks, conditions and handlers that name no method, before any job runs', () => {
      class ByCallback extends Job {
        static {
          this.beforePerform('prepair' as 'prepare')
        }
        prepare() {}
        perform() {}
      }
      class ByCondition extends Job {
        static {
          this.afterPerform(() => {}, { unless: 'isQuite' as 'isQuiet' })
        }
        isQuiet() {}
        perform() {}
      }
      class ByHandler extends Job {
        static {
          this.rescueFrom(Slow, { with: 'wiat' as 'wait' })
        }
        wait() {}
        perform() {}
      }
      const refusals = [ByCallback, ByCondition, ByHandler].map(
        (one) => thrownBy(() => new JobRunner(stage.backend, { classes: [one] })).message,
      )
      expect(refusals).to.deep.equal([
        "ByCallback: callback 'prepair' is no method of it. Did you mean prepare?",
        "ByCondition: callback 'isQuite' is no method of it. Did you mean isQuiet?",
        "ByHandler: callback 'wiat' is no method of it. Did you mean wait?",
      ])
    })
  })

  describe('enqueued with options that make no sense', () => {
    class Note extends Job {
      perform(...args: unknown[]) {
        ran.push(...args)
      }
    }
    const loose = Note as unknown as {
      set(options: unknown): { performLater(): Promise<unknown> }
      performIn(...args: unknown[]): Promise<unknown>
    }
    const refused: [unknown, string][] = [
      [{ wait_until: 5 }, "Note: set has no option 'wait_until'. Did you mean waitUntil?"],
      [{ wait: '5' }, 'Note: wait must be a number of seconds or a duration'],
      [{ waitUntil: '2030-01-01' }, 'Note: waitUntil must be a Date'],
      [{ queue: '' }, 'Note: queue can\'t have "" as the name of a queue'],
      [{ priority: 'high' }, 'Note: priority must be a whole number'],
      [{ priority: '' }, 'Note: priority must be a whole number'],
      [{ priority: true }, 'Note: priority must be a whole number'],
    ]
    for (const [options, message] of refused) {
      it(`says so: ${JSON.stringify(options)}`, async () => {
        const error = await loose
          .set(options)
          .performLater()
          .catch((reason: Error) => reason)
        expect(error).to.have.property('message', message)
      })
    }

    it('says so where its class chooses no queue, or no priority', async () => {
      const choices: [(job: Loose) => unknown, string][] = [
        [(job) => job['queueAs']!(() => undefined), "queueAs can't have undefined as the name of a queue"],
        [(job) => job['queueAs']!(async () => 'low'), "queueAs can't have an object of Promise as the name of a queue"],
        [(job) => job['queueWithPriority']!(() => 'high'), 'queueWithPriority can\'t have "high" as the priority'],
        [(job) => job['queueWithPriority']!(async () => 1), "queueWithPriority can't have an object of Promise as the priority"],
      ]
      for (const [choose, message] of choices) {
        class Chosen extends Note {}
        choose(Chosen as unknown as Loose)
        expect(thrownBy(() => new Chosen()).message).to.equal(`Chosen: ${message}`)
      }
      class Plain extends Note {
        static override priority = () => undefined as unknown as number
      }
      expect(await Plain.performLater()).to.have.property('priority', undefined)
    })

    it('says so where a key would be the same for all its jobs, or is not known yet', async () => {
      const keys: [(...args: unknown[]) => unknown, string][] = [
        [async (id) => id, 'Promise'],
        [(id) => new Set([id]), 'Set'],
      ]
      for (const [key, name] of keys) {
        class Unique extends Note {
          static {
            this.unique({ key })
          }
        }
        class Limited extends Note {
          static {
            this.limitsConcurrency({ key })
          }
        }
        class Throttled extends Note {
          static {
            this.limitsRate({ to: 1, per: 1, key })
          }
        }
        for (const jobClass of [Unique, Limited, Throttled]) {
          const error = await jobClass.performLater(1).catch((reason: InvalidJobOption) => reason)
          expect(error).to.include({
            code: 'REGAUGE_INVALID_JOB_OPTION',
            message: `${jobClass.name}: key can't be an object of ${name}`,
          })
        }
      }
      expect(await stage.backend.counts()).to.include({ waiting: 0 })
    })

    it('takes nothing for an option that all objects have', async () => {
      Object.defineProperty(Object.prototype, 'polluted', { value: 1, enumerable: true, configurable: true, writable: true })
      try {
        class Declared extends Note {
          static {
            this.retryOn(Slow, { attempts: 2 })
            this.limitsConcurrency({ to: 1 })
          }
        }
        expect(await Declared.set({ priority: 4 }).performLater(1)).to.have.property('priority', 4)
        await Declared.performBulk([[2]], { batchSize: 1 })
      } finally {
        Reflect.deleteProperty(Object.prototype, 'polluted')
      }
      expect(await stage.backend.counts()).to.include({ waiting: 1, prioritized: 1 })
    })

    it('says so when there are no options, and no lists of arguments', async () => {
      expect(thrownBy(() => loose.set(5)).message).to.equal('Note: set takes an object of options, not 5')
      const bulk = await (Note as unknown as { performBulk(lists: unknown): Promise<unknown> })
        .performBulk([1, 2])
        .catch((reason: InvalidJobOption) => reason)
      expect(bulk).to.include({ message: 'Note: performBulk takes a list of lists', hint: 'The arguments of each job: [[1], [2]].' })
    })

    it('says so where Sidekiq would expect the time first', async () => {
      const error = await loose.performIn('an argument').catch((reason: Error) => reason)
      expect(error).to.have.property('message', 'Note: performIn can\'t have "an argument" as the time')
      const bulk = await Job.performAllLater([Note as never]).catch((reason: Error) => reason)
      expect(bulk).to.have.property('message', "Job: performAllLater can't take Note")
    })
  })
})

function thrownBy(work: () => unknown): InvalidJobOption {
  try {
    work()
  } catch (error) {
    return error as InvalidJobOption
  }
  throw new Error('nothing was thrown')
}
