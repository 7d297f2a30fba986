import { expect } from 'chai'
import { callbackChain, Controller, describeCallbacks, type Proceed } from '../../src/controller/index.ts'
import { type Serving, serve } from './serving.ts'

describe('callbacks of a controller', () => {
  let log: string[]
  let serving: Serving | undefined
  beforeEach(() => {
    log = []
  })
  afterEach(() => serving?.close())

  class Base extends Controller {
    static {
      this.beforeAction('authenticate')
    }
    authenticate() {
      log.push('authenticate')
    }
    index() {
      log.push('index')
      this.render({ json: { ok: true } })
    }
    show() {
      log.push('show')
    }
  }

  it('run before, around and after the action, inherited ones first', async () => {
    class Orders extends Base {
      static {
        this.aroundAction('timed')
        this.beforeAction('load', 'check')
        this.afterAction((controller) => log.push(`after ${controller.actionName}`))
      }
      async timed(proceed: Proceed) {
        log.push('in')
        await proceed()
        log.push('out')
      }
      load() {
        log.push('load')
      }
      async check() {
        log.push('check')
      }
    }
    serving = await serve(Orders, ['index'])
    await serving.get('index')
    expect(log).to.deep.equal(['authenticate', 'in', 'load', 'check', 'index', 'after index', 'out'])
  })

  it('end the request when one of them renders', async () => {
    class Orders extends Base {
      static {
        this.beforeAction('deny')
        this.afterAction('never')
      }
      async deny() {
        this.render({ json: { error: 'no' }, status: 'forbidden' })
      }
      never() {
        log.push('never')
      }
    }
    serving = await serve(Orders, ['index'])
    const answer = await serving.get('index')
    expect(answer.status).to.equal(403)
    expect(answer.json).to.deep.equal({ error: 'no' })
    expect(log).to.deep.equal(['authenticate'])
  })

  it('are for the actions of only and except, and when if holds and unless does not', async () => {
    class Orders extends Base {
      static {
        this.skipBeforeAction('authenticate', { only: 'show' })
        this.beforeAction('a', { only: ['show'] })
        this.beforeAction('b', { except: 'show' })
        this.beforeAction('c', { if: 'isOpen' })
        this.beforeAction('d', { unless: [(controller) => controller.isOpen()] })
        this.beforeAction('e', { if: async () => true })
      }
      async isOpen() {
        return true
      }
      a() {
        log.push('a')
      }
      b() {
        log.push('b')
      }
      c() {
        log.push('c')
      }
      d() {
        log.push('d')
      }
      e() {
        log.push('e')
      }
    }
    serving = await serve(Orders, ['index', 'show'])
    await serving.get('index')
    expect(log.splice(0)).to.deep.equal(['authenticate', 'b', 'c', 'e', 'index'])
    await serving.get('show')
    expect(log).to.deep.equal(['a', 'c', 'e', 'show'])
  })

  it('of a parent stay as they are when a child skips them', async () => {
    class Open extends Base {
      static {
        this.skipBeforeAction('authenticate')
      }
    }
    expect(callbackChain(Open)).to.deep.equal([])
    serving = await serve(Base, ['index'])
    await serving.get('index')
    expect(log).to.deep.equal(['authenticate', 'index'])
  })

  it('that surround the action may swallow its error', async () => {
    class Orders extends Controller {
      static {
        this.aroundAction(async (controller, proceed) => {
          try {
            await proceed()
          } catch {
            controller.render({ plain: 'rescued' })
          }
        })
      }
      async index() {
        throw new Error('boom')
      }
    }
    serving = await serve(Orders, ['index'])
    expect((await serving.get('index')).text).to.equal('rescued')
    expect(serving.reported).to.deep.equal([])
  })

  it('that forget to await what they surround are waited for, and its error is not lost', async () => {
    let finish = () => {}
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    class Orders extends Controller {
      static {
        this.aroundAction((_controller, proceed) => {
          proceed()
          return Promise.resolve().then(finish)
        })
      }
      async index() {
        await gate
        this.render({ plain: 'late' })
      }
      async fails() {
        await gate
        throw new Error('late')
      }
    }
    serving = await serve(Orders, ['index', 'fails'])
    expect((await serving.get('index')).text).to.equal('late')
    expect((await serving.get('fails')).status).to.equal(500)
    expect(serving.reported.map(String)).to.deep.equal(['Error: late'])
  })

  it('can be listed, for a controller or for one action', () => {
    class Orders extends Base {
      static {
        this.skipBeforeAction('authenticate', { only: 'show' })
        this.beforeAction('load', { only: ['show', 'edit'], if: ['isOpen', (controller) => controller.isPerformed] })
        this.afterAction({ after() {} })
      }
    }
    expect(describeCallbacks(Orders)).to.deep.equal([
      { kind: 'before', callback: 'authenticate', except: ['show'] },
      { kind: 'before', callback: 'load', only: ['show', 'edit'], if: ['isOpen', '(function)'] },
      { kind: 'after', callback: '(object)' },
    ])
    expect(describeCallbacks(Orders, 'show').map(({ callback }) => callback)).to.deep.equal(['load', '(object)'])
  })
})
