import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { CurrentAttributes, InvalidCurrentAttribute, UnknownCurrentAttribute } from '../../src/application/index.ts'
import { runExecution, withExecution } from '../../src/context/index.ts'
import { Controller } from '../../src/controller/index.ts'
import { type Serving, serve } from '../controller/serving.ts'

class Current extends CurrentAttributes {
  static {
    this.attribute('account', 'user', 'session')
    this.attribute('notices', { default: [] })
    this.attribute('counter', { default: () => 7 })
  }
  declare static account: string | undefined
  declare static user: string | undefined
  declare static notices: string[]
  declare static counter: number

  static get session(): string | undefined {
    return String(this.readAttribute('session'))
  }
  static set session(session: string | undefined) {
    this.writeAttribute('session', session)
    this.user = session?.split(':')[0]
  }

  static greeting() {
    return `Hello ${this.user}`
  }
}

class Other extends CurrentAttributes {
  static {
    this.attribute('user')
  }
  declare static user: string | undefined
}

class WhoController extends Controller {
  static {
    this.beforeAction('remember')
    this.aroundAction((_, proceed) => withExecution({ locale: 'de' }, proceed))
    this.beforeAction(() => Current.notices.push('inside'))
  }
  remember() {
    Current.user = this.params.string('user')
  }
  async show() {
    await setImmediate()
    this.render({ json: [Current.user, Current.notices, Current.counter, Current.account ?? null, Other.user ?? null] })
  }
}

describe('current attributes', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(WhoController, ['show'])
  })
  after(() => serving.close())
  afterEach(() => CurrentAttributes.resetAll())

  it('belong to one request, whatever runs beside it, and are gone with it', async () => {
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    const answers = await Promise.all(users.map(async (user) => (await serving.get(`show?user=${user}`)).json as unknown))
    expect(answers).to.deep.equal(users.map((user) => [user, ['inside'], 7, null, null]))
    expect([Current.user, Current.notices]).to.deep.equal([undefined, []])
  })

  it('stay set for what comes after the block of a locale or a transaction', () => {
    runExecution({}, () => {
      withExecution({ locale: 'de' }, () => {
        Current.user = 'ann'
      })
      expect(Current.user).to.equal('ann')
    })
    withExecution({ locale: 'de' }, () => {
      Current.user = 'outside'
    })
    expect(Current.user).to.equal('outside')
    runExecution({}, () => expect(Current.user).to.equal(undefined))
  })

  it('are set for a piece of work, and what runs beside it sees its own', async () => {
    Current.user = 'ann'
    Current.account = 'main'
    const seen = await Promise.all(
      ['bob', 'eve'].map((user) =>
        Current.with({ user }, async () => {
          await setImmediate()
          Current.account = 'kept'
          return [Current.user, Current.attributes['user'], Current.greeting()]
        }),
      ),
    )
    expect(seen).to.deep.equal([
      ['bob', 'bob', 'Hello bob'],
      ['eve', 'eve', 'Hello eve'],
    ])
    expect([Current.user, Current.account]).to.deep.equal(['ann', 'kept'])
    expect(Current.set({ user: undefined }, () => Current.user)).to.equal(undefined)
    expect(() => Current.with({ user: 'eve' }, () => JSON.parse('{'))).to.throw(SyntaxError)
    expect(Current.user).to.equal('ann')
  })

  it('may have setters of their own', () => {
    Current.session = 'ann:1'
    expect([Current.session, Current.user]).to.deep.equal(['ann:1', 'ann'])
    expect(Current.attributes).to.include({ user: 'ann', session: 'ann:1' })
  })

  it('are set through their setters, and all that these wrote is as before afterwards', async () => {
    Current.session = 'ann:1'
    const seen = await Current.set({ session: 'bob:2' }, async (current) => {
      await setImmediate()
      current.user += '!'
      Other.user = 'kept'
      return [current.user, current.session]
    })
    expect(seen).to.deep.equal(['bob!', 'bob:2'])
    expect([Current.user, Current.session, Other.user]).to.deep.equal(['ann', 'ann:1', 'kept'])
  })

  it('that were reset in a piece of work are set again after it, those that it had set', () => {
    Current.user = 'ann'
    Current.account = 'main'
    Current.set({ user: 'bob' }, () => {
      Current.reset()
      expect([Current.user, Current.account]).to.deep.equal([undefined, undefined])
    })
    expect([Current.user, Current.account]).to.deep.equal(['ann', undefined])
  })

  it('that were not declared are named, and never become a field that all requests share', () => {
    const written = (work: () => unknown): string => {
      try {
        work()
        return 'nothing'
      } catch (error) {
        return error instanceof UnknownCurrentAttribute ? error.message : String(error)
      }
    }
    const message = "Current has no attribute 'usr'. Did you mean user?"
    const usr = { usr: 'ann' } as never
    expect(written(() => Current.set(usr, () => 1))).to.equal(message)
    expect(written(() => Object.assign(Current, usr))).to.equal(message)
    expect(written(() => Current.writeAttribute('usr', 'ann'))).to.equal(message)
    expect('usr' in Current).to.equal(false)
  })

  it('begin as functions say that are called on the class', () => {
    class Named extends CurrentAttributes {
      static {
        this.attribute('title', {
          default(this: { name: string }) {
            return `${this.name}!`
          },
        })
      }
      declare static title: string
    }
    expect(Named.title).to.equal('Named!')
  })

  it('are forgotten when they are reset', () => {
    Current.user = 'ann'
    Other.user = 'eve'
    Current.reset()
    expect([Current.user, Other.user]).to.deep.equal([undefined, 'eve'])
    CurrentAttributes.resetAll()
    expect(Other.user).to.equal(undefined)
  })

  it('are inherited, and not named as what every class has', () => {
    class Child extends Current {
      static {
        this.attribute('theme')
      }
      declare static theme: string | undefined
    }
    Child.theme = 'dark'
    Child.user = 'ann'
    expect([Child.theme, Child.user, Current.user]).to.deep.equal(['dark', 'ann', undefined])
    expect(() => Child.attribute('reset')).to.throw(InvalidCurrentAttribute, "Child can't have an attribute 'reset'")
  })
})
