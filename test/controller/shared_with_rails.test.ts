import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { Controller } from '../../src/controller/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { KeyGenerator } from '../../src/messages/index.ts'
import type { Browser } from '../http/browser.ts'
import { stopServing } from '../http/serving.ts'
import { browseController } from './browsing.ts'

class Shared extends Controller {
  static {
    this.protectFromForgery({ with: 'exception' })
  }
  whoami() {
    const { cookies, session } = this
    const plain = cookies.get('plain')
    const [signed, remember] = [cookies.signed.get('signed'), cookies.signed.get('remember')]
    this.render({ json: { session: { ...session }, signed, secret: cookies.encrypted.get('secret'), plain, remember } })
  }
  change() {
    this.session['changed'] = true
    this.head('no_content')
  }
}

/** What Rails sent to a browser, and said of it: see test/goldens/record/shared_browser.ru. */
const recorded = JSON.parse(readFileSync(new URL('rails_browser.json', import.meta.url), 'utf8')) as {
  readonly secret_key_base: string
  readonly cookies: Record<string, string>
  readonly csrf: string
  readonly whoami: object
}

describe('a browser that signed in to Rails', () => {
  let browser: Browser
  before(() => useLogger(createLogger({ level: 'silent' })))
  after(() => useLogger(undefined))
  beforeEach(async () => {
    const keys = new KeyGenerator(recorded.secret_key_base, { iterations: 1000 })
    browser = await browseController(Shared, ['whoami', 'change'], { keys, session: { key: '_shop_session', store: 'cookie' } })
    for (const [name, value] of Object.entries(recorded.cookies)) browser.cookies.set(name, value)
  })
  afterEach(stopServing)

  it('is known here by its session and its cookies', async () => {
    expect((await browser.visit('/whoami')).json).to.deep.equal(recorded.whoami)
  })

  it('may change something here with a token of a page of Rails', async () => {
    const change = (token: string) => browser.visit('/change', { method: 'POST', headers: { 'x-csrf-token': token } })
    expect((await change(recorded.csrf)).status).to.equal(204)
    expect((await change(recorded.csrf.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')))).status).to.equal(422)
    expect((await browser.visit('/change', { method: 'POST' })).status).to.equal(422)
    expect((await browser.visit('/whoami')).json).to.have.nested.property('session.changed', true)
  })
})
