import { expect } from 'chai'
import { CurrentAttributes } from '../../src/application/index.ts'
import { Channel } from '../../src/cable/index.ts'
import { runExecution, runToEnd } from '../../src/context/index.ts'
import { Controller } from '../../src/controller/index.ts'
import { reporter } from '../../src/errors/reporter.ts'
import { Job } from '../../src/jobs/index.ts'
import { perform, startCable, subscribe } from '../cable/cable_server.ts'
import { serve } from '../controller/serving.ts'
import { JobStage } from '../jobs/job_stage.ts'

let told: unknown[] = []
let heard = () => {}

class Current extends CurrentAttributes {
  static {
    this.attribute('user')
    this.attribute('notices', { default: [] })
    this.beforeReset((current) => told.push(['before', current.user]), 'second')
    this.resets((current) => told.push(['after', current.user, current.notices]))
    this.resets('last')
  }
  declare static user: string | undefined
  declare static notices: string[]

  static second() {
    told.push(['second', this.user])
  }
  static last() {
    told.push('last')
    heard()
  }
}

const around = (user: string | undefined) => [['before', user], ['second', user], 'last', ['after', undefined, []]]

describe('what is done around the reset of current attributes', () => {
  beforeEach(() => {
    told = []
  })
  afterEach(() => CurrentAttributes.resetAll())

  /** Resolves when a reset is over. */
  const reset = () => new Promise<void>((resolve) => (heard = resolve))

  it('sees the values before it, and after it, from what was declared last to the first, none', () => {
    Current.user = 'ann'
    Current.reset()
    expect(told).to.deep.equal(around('ann'))
  })

  it('is inherited, and what a class below declares goes around it', () => {
    class Child extends Current {
      static {
        this.beforeReset(() => told.push('child before'))
        this.afterReset(() => told.push('child after'))
      }
    }
    Child.user = 'eve'
    Child.reset()
    expect(told).to.deep.equal([['before', 'eve'], ['second', 'eve'], 'child before', 'child after', 'last', ['after', undefined, []]])
  })

  it('fails with a name that is no method', () => {
    class Typo extends CurrentAttributes {
      static {
        this.attribute('user')
        this.resets('clearZon' as never)
      }
      static clearZone() {}
    }
    expect(() => runExecution({}, () => Typo.reset())).to.throw(
      "Typo calls 'clearZon' around its reset, but has no static method of that name. Did you mean clearZone?",
    )
  })

  it('is done when a request has been answered, and its action is over', async () => {
    let finish: (() => void) | undefined
    class ShowController extends Controller {
      async show() {
        Current.user = this.params.string('user')
        if (Current.user === 'slow') await new Promise<void>((resolve) => (finish = resolve))
        told.push(Current.user)
        this.render({ json: [Current.user] })
      }
      async none() {
        this.head('no_content')
      }
    }
    const serving = await serve(ShowController, ['show', 'none'])
    try {
      let over = reset()
      expect((await serving.get('show?user=ann')).json).to.deep.equal(['ann'])
      await over
      expect(told).to.deep.equal(['ann', ...around('ann')])

      told = []
      const leaving = new AbortController()
      over = reset()
      const gone = serving.get('show?user=slow', { signal: leaving.signal }).catch(() => 'gone')
      while (finish === undefined) await new Promise(setImmediate)
      leaving.abort()
      await gone
      await serving.get('none')
      expect(told).to.deep.equal([])
      ;(finish as () => void)()
      await over
      expect(told).to.deep.equal(['slow', ...around('slow')])
    } finally {
      await serving.close()
    }
  })

  it('is done after each job, also one that fails', async () => {
    class Note extends Job {
      perform(user: string) {
        told.push(Current.user ?? 'nobody')
        Current.user = user
        if (user === 'bob') throw new Error('Failed')
      }
    }
    const stage = new JobStage()
    try {
      await Note.performLater('ann')
      await Note.performLater('bob')
      await stage.runAll([Note], { workers: [{ queues: ['*'], concurrency: 1 }] })
      expect(told).to.deep.equal(['nobody', ...around('ann'), 'nobody', ...around('bob')])
    } finally {
      stage.dispose()
    }
  })

  it('is done after each message of a channel', async () => {
    class NotesChannel extends Channel {
      async note({ user }: { user: string }) {
        told.push(Current.user ?? 'nobody')
        Current.user = user
        await new Promise(setImmediate)
      }
    }
    const stage = await startCable({ channels: [NotesChannel] })
    try {
      const client = await stage.connect()
      subscribe(client, { channel: 'NotesChannel' })
      for (const user of ['ann', 'bob']) perform(client, { channel: 'NotesChannel' }, { action: 'note', user })
      await stage.settle(client)
      expect(told).to.deep.equal(['nobody', ...around('ann'), 'nobody', ...around('bob')])
    } finally {
      await stage.close()
    }
  })

  it('is done after work that an application runs, as a test does, whether it succeeds or fails', async () => {
    const work = [
      () => 1,
      async () => new Promise((resolve) => setImmediate(resolve)),
      () => JSON.parse('{'),
      async () => {
        throw new Error('Failed')
      },
    ]
    for (const [place, each] of work.entries()) {
      told = []
      const run = async () =>
        runToEnd({}, () => {
          Current.user = `user ${place}`
          return each()
        })
      await run().catch(() => undefined)
      expect(told).to.deep.equal(around(`user ${place}`))
    }
    expect(Current.user).to.equal(undefined)
  })

  it('is reported when it fails at the end of a request, which has been answered', async () => {
    class Failing extends CurrentAttributes {
      static {
        this.attribute('user')
        this.resets(async () => {
          throw new Error('Later')
        })
        this.beforeReset(() => {
          if (this.user === 'ann') throw new Error('At once')
        })
      }
      declare static user: string
    }
    class ShowController extends Controller {
      show() {
        Failing.user = String(this.params.string('user'))
        this.render({ json: [Failing.user] })
      }
    }
    const errors: string[] = []
    const subscriber = { report: (error: unknown) => void errors.push((error as Error).message) }
    reporter.subscribe(subscriber)
    const serving = await serve(ShowController, ['show'])
    try {
      for (const user of ['ann', 'bob']) expect((await serving.get(`show?user=${user}`)).json).to.deep.equal([user])
      while (errors.length < 2) await new Promise(setImmediate)
      expect(errors).to.deep.equal(['At once', 'Later'])
    } finally {
      reporter.unsubscribe(subscriber)
      await serving.close()
    }
  })
})
