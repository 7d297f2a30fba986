import { expect } from 'chai'
import { Controller, controllerSettings } from '../../src/controller/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import type { Browser } from '../http/browser.ts'
import { stopServing } from '../http/serving.ts'
import { browseController } from './browsing.ts'

class Protected extends Controller {
  token() {
    this.session['user_id'] ??= 1
    const form = this.params.has('path') ? { action: this.params.string('path')!, method: this.params.string('verb') ?? 'post' } : {}
    this.render({ plain: this.formAuthenticityToken(form) })
  }
  change() {
    const user = this.session['user_id'] ?? null
    this.session['changed'] = true
    this.cookies.set('changed', 'yes')
    this.render({ json: { user } })
  }
  script() {
    this.render({ js: 'alert(1)' })
  }
  async signOut() {
    await this.resetSession()
    this.head('no_content')
  }
}

const actions = ['token', 'change', 'script', 'signOut']

describe('protection from forgery', () => {
  before(() => useLogger(createLogger({ level: 'silent' })))
  after(() => useLogger(undefined))
  afterEach(stopServing)

  const tokenOf = async (browser: Browser, query = '') => (await browser.visit(`/token${query}`)).text
  const post = (browser: Browser, path: string, headers: Record<string, string> = {}, body?: string) =>
    browser.visit(path, { method: 'POST', headers, ...(body !== undefined && { body }) })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('lets a controller look for the token in a place of its own', async () => {
    class Elsewhere extends Protected {
      static {
        this.protectFromForgery({ with: 'exception' })
      }
      override isVerifiedRequest() {
        return super.isVerifiedRequest() || this.isValidAuthenticityToken(this.request.headers['X-XSRF-TOKEN'])
      }
    }
    const browser = await browseController(Elsewhere, actions)
    const token = await tokenOf(browser)
    expect((await post(browser, '/change', { 'x-xsrf-token': token })).status).to.equal(200)
    expect((await post(browser, '/change', { 'x-xsrf-token': `${token}x` })).status).to.equal(422)
  })

  describe('with an error', () => {
    class Strict extends Protected {
      static {
        this.protectFromForgery({ with: 'exception' })
      }
    }
    let browser: Browser
    beforeEach(async () => {
      browser = await browseController(Strict, actions)
    })

    it('refuses requests without a token with 422', async () => {
      await tokenOf(browser)
      expect((await post(browser, '/change')).status).to.equal(422)
      expect((await post(browser, '/change', { 'x-csrf-token': '' })).status).to.equal(422)
      expect((await post(browser, '/change', { 'x-csrf-token': 'é'.repeat(3) })).status).to.equal(422)
    })

    it('takes every token of the session, in a header or a field', async () => {
      const [first, second] = [await tokenOf(browser), await tokenOf(browser)]
      expect(first).not.to.equal(second)
      expect((await post(browser, '/change', { 'x-csrf-token': first })).json).to.deep.equal({ user: 1 })
      expect((await post(browser, '/change', form, `authenticity_token=${second}`)).json).to.deep.equal({ user: 1 })
      expect((await post(browser, '/change', form, 'authenticity_token[x]=1')).status).to.equal(422)
    })

    it('takes no token of another session', async () => {
      const other = await browseController(Strict, actions)
      await tokenOf(browser)
      expect((await post(browser, '/change', { 'x-csrf-token': await tokenOf(other) })).status).to.equal(422)
    })

    it('takes a token of one form for its path and method only', async () => {
      const right = await tokenOf(browser, '?path=/change')
      expect((await post(browser, '/change', { 'x-csrf-token': right })).status).to.equal(200)
      for (const query of ['?path=/script', '?path=/change&verb=patch']) {
        expect((await post(browser, '/change', { 'x-csrf-token': await tokenOf(browser, query) })).status, query).to.equal(422)
      }
      const absolute = await tokenOf(browser, '?path=https://other.example/change/%3Fa=1')
      expect((await post(browser, '/change', { 'x-csrf-token': absolute })).status).to.equal(200)
    })

    it('asks nothing of GET and HEAD', async () => {
      expect((await browser.visit('/change')).status).to.equal(200)
      expect((await browser.visit('/change', { method: 'HEAD' })).status).to.equal(200)
    })

    it('takes no token of before a reset', async () => {
      const before = await tokenOf(browser)
      await browser.visit('/signOut')
      await tokenOf(browser)
      expect((await post(browser, '/change', { 'x-csrf-token': before })).status).to.equal(422)
    })

    it('refuses other origins, whatever they send', async () => {
      const token = await tokenOf(browser)
      const from = (origin: string, host: string) => post(browser, '/change', { 'x-csrf-token': token, origin, 'x-forwarded-host': host })
      expect((await from('http://shop.example', 'shop.example')).status).to.equal(200)
      expect((await from('https://shop.example', 'shop.example')).status).to.equal(422)
      expect((await from('http://evil.example', 'shop.example')).status).to.equal(422)
      expect((await from('null', 'shop.example')).status).to.equal(422)
    })

    it('keeps scripts of other sites from reading ours', async () => {
      expect((await browser.visit('/script')).status).to.equal(422)
      expect((await browser.visit('/script', { headers: { 'x-requested-with': 'XMLHttpRequest' } })).status).to.equal(200)
    })

    it('is off where the application says so', async () => {
      controllerSettings.allowForgeryProtection = false
      try {
        expect((await post(browser, '/change')).status).to.equal(200)
      } finally {
        controllerSettings.allowForgeryProtection = true
      }
    })

    it('is off where there are no sessions', async () => {
      class Read extends Strict {
        override change() {
          this.head('no_content')
        }
      }
      const without = await browseController(Read, actions, { session: undefined })
      expect((await post(without, '/change')).status).to.equal(204)
    })

    it('is left out where a child skips it', async () => {
      class Open extends Strict {
        static {
          this.skipForgeryProtection({ only: 'change' })
        }
      }
      const open = await browseController(Open, actions)
      expect((await post(open, '/change')).status).to.equal(200)
      expect((await post(open, '/token')).status).to.equal(422)
    })
  })

  it('goes on without session and cookies, and changes neither', async () => {
    class Null extends Protected {
      static {
        this.protectFromForgery()
      }
    }
    const browser = await browseController(Null, actions)
    const token = await tokenOf(browser)
    const forged = await post(browser, '/change')
    expect([forged.json, forged.setCookies]).to.deep.equal([{ user: null }, []])
    expect((await post(browser, '/change', { 'x-csrf-token': token })).json).to.deep.equal({ user: 1 })
  })

  it('goes on with a new session', async () => {
    class Reset extends Protected {
      static {
        this.protectFromForgery({ with: 'reset_session' })
      }
    }
    const browser = await browseController(Reset, actions)
    await tokenOf(browser)
    expect((await post(browser, '/change')).json).to.deep.equal({ user: null })
  })

  it('does what a function does, before the callbacks declared so far', async () => {
    const order: string[] = []
    class Custom extends Protected {
      static {
        this.beforeAction(() => void order.push('callback'))
        this.protectFromForgery({
          prepend: true,
          only: 'change',
          with: (controller: Custom) => {
            order.push('reaction')
            controller.render({ plain: 'no', status: 'forbidden' })
          },
        })
      }
    }
    const browser = await browseController(Custom, actions)
    expect((await post(browser, '/change')).status).to.equal(403)
    expect(order).to.deep.equal(['reaction'])
  })

  it('keeps its secret in a cookie beside the session, when it is told to', async () => {
    class InCookie extends Protected {
      static {
        this.protectFromForgery({ with: 'exception', store: 'cookie' })
      }
    }
    const browser = await browseController(InCookie, actions)
    await tokenOf(browser) // the session begins here, so that the secret isn't of this one yet
    const token = await tokenOf(browser)
    expect(browser.cookies.has('csrf_token')).to.equal(true)
    expect((await post(browser, '/change', { 'x-csrf-token': token })).status).to.equal(200)
    browser.cookies.delete('_test_session')
    expect((await post(browser, '/change', { 'x-csrf-token': token })).status).to.equal(422)
  })

  it('is refused at boot when it is told to do what does not exist', () => {
    const declare = (options: object) => () => {
      class Wrong extends Controller {}
      Wrong.protectFromForgery(options as never)
    }
    expect(declare({ with: 'raise' })).to.throw("Wrong protects from forgery with with: 'raise', which doesn't exist.")
    expect(declare({ store: 'redis' })).to.throw("store: 'redis'")
  })
})
