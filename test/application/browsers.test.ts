import { expect } from 'chai'
import { WebSocket } from 'ws'
import { type TestApplication, testApplication } from 'regauge/testing'
import { Browser } from '../http/browser.ts'
import { applicationWith, removeFolders } from './folder.ts'

const files = {
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ get, post }) => {
  get('visits', { to: 'visits#show' })
  post('visits', { to: 'visits#create' })
  get('up', { to: 'visits#up' })
  get('outer', { to: 'visits#outer' })
})
`,
  'app/controllers/visits_controller.ts': `import { ApplicationController } from './application_controller.ts'
export class VisitsController extends ApplicationController {
  static {
    this.rateLimit({ to: 3, within: 60, only: 'create' })
  }
  show() {
    this.session['visits'] = Number(this.session['visits'] ?? 0) + 1
    this.render({ json: this.session['visits'] })
  }
  create() { this.head('no_content') }
  up() { this.render({ plain: 'up' }) }
  outer() { this.render({ json: this.cookies.signed.get('from_middleware') ?? null }) }
}
`,
}
const configured = (settings: string) => ({
  'config/application.ts': `import { configure, cookiesOf } from 'regauge'
export default configure((config) => {
  config.name = 'MyShop'
  const marks = (req, res, next) => {
    if (!req.url.startsWith('/marked') && req.url !== '/outer') return next()
    cookiesOf(req, res).signed.set('from_middleware', 'marked')
    if (req.url === '/outer') return next()
    res.end('answered')
  }
  config.middleware.use(marks)
  ${settings}
})
`,
})

describe('what browsers keep for an application', () => {
  let application: TestApplication
  let browser: Browser
  const start = async (settings = '', env = 'test') => {
    application = await testApplication({ root: applicationWith({ ...files, ...configured(settings) }), env })
    browser = new Browser(application.url)
  }
  afterEach(async () => {
    await application.stop()
    removeFolders()
  })

  it('is a session in a cookie that is called as Rails would call it', async () => {
    await start()
    await browser.visit('/visits')
    expect((await browser.visit('/visits')).json).to.equal(2)
    expect([...browser.cookies.keys()]).to.deep.equal(['_my_shop_session'])
  })

  it('is a session elsewhere where the application says so', async () => {
    await start("config.session.store = 'memory'; config.session.key = 'id'; config.session.expireAfter = 60")
    await browser.visit('/visits')
    expect((await browser.visit('/visits')).json).to.equal(2)
    expect(browser.cookies.get('id')).to.match(/^[\da-f]{32}$/)
  })

  it('is no session where there are none', async () => {
    await start("config.session.store = 'disabled'")
    expect((await browser.visit('/visits')).status).to.equal(500)
  })

  it('may be set by middleware, whoever answers', async () => {
    await start()
    const answered = await browser.visit('/marked')
    expect([answered.text, answered.setCookies.length]).to.deep.equal(['answered', 1])
    browser.cookies.clear()
    const passed = await browser.visit('/outer')
    expect([passed.text, passed.setCookies.length]).to.deep.equal(['marked', 1])
  })

  it('counts for the limits of each application', async () => {
    await start()
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await browser.visit('/visits', { method: 'POST' })).status)
    expect(statuses).to.deep.equal([204, 204, 204, 429])
  })

  it('never travels in the clear where TLS is forced', async () => {
    await start('config.forceSsl = true; config.ssl.redirect = { exclude: (request) => request.path === "/up" }')
    const redirected = await browser.visit('/visits?a=1', { headers: { 'x-forwarded-host': 'shop.example' } })
    expect([redirected.status, redirected.headers.get('location')]).to.deep.equal([301, 'https://shop.example/visits?a=1'])
    expect((await browser.visit('/up')).text).to.equal('up')
    const https = { headers: { 'x-forwarded-proto': 'https' } }
    const secure = await browser.visit('/visits', https)
    expect(secure.headers.get('strict-transport-security')).to.equal('max-age=63072000; includeSubDomains')
    expect(secure.setCookies[0]).to.match(/; samesite=lax; secure$/)
    expect((await browser.visit('/nowhere', https)).headers.get('strict-transport-security'), 'of an error').to.match(/^max-age/)
    expect((await browser.visit('/marked', https)).setCookies[0], 'of middleware').to.match(/; secure$/)
  })

  it('is told only to hosts that are ours', async () => {
    await start("config.hosts.push('.shop.example', '127.0.0.0/8'); config.hostAuthorization.exclude = (request) => request.path === '/up'")
    const at = (host: string, path = '/visits') => browser.visit(path, { headers: { 'x-forwarded-host': host } })
    expect((await browser.visit('/visits')).status).to.equal(200)
    expect((await at('api.shop.example')).status).to.equal(200)
    const refused = await at('evil.example')
    expect([refused.status, refused.text]).to.deep.equal([
      403,
      "Blocked hosts: evil.example\n\nTo allow them, add them to config.hosts: config.hosts.push('evil.example')\n",
    ])
    expect((await at('evil.example', '/up')).status).to.equal(200)
  })

  it('is told to localhost and addresses alone in development', async () => {
    await start('', 'development')
    expect((await browser.visit('/up')).status).to.equal(200)
    expect((await browser.visit('/up', { headers: { 'x-forwarded-host': 'rebound.example' } })).status).to.equal(403)
  })

  describe('with channels', () => {
    const channels = {
      'app/channels/application_cable/connection.ts': `import { Connection as BaseConnection, cookiesOf, sessionOf } from 'regauge'
export class Connection extends BaseConnection {
  static { this.identifiedBy('visits') }
  async connect() {
    this.visits = String((await sessionOf(this.request))['visits'] ?? cookiesOf(this.request).get('nothing') ?? 'none')
  }
}
`,
      'app/channels/visits_channel.ts': `import { Channel } from 'regauge'
export class VisitsChannel extends Channel {
  subscribed() { this.transmit(this.visits) }
}
`,
    }
    /** What the channel says first to a connection with these headers; undefined when it may not connect. */
    const connected = (headers: Record<string, string>) =>
      new Promise<unknown>((resolve, reject) => {
        const socket = new WebSocket(`${application.url.replace('http', 'ws')}/cable`, ['actioncable-v1-json'], { headers })
        socket.on('message', (data) => {
          const { type, message } = JSON.parse(String(data)) as { type?: string; message?: unknown }
          if (type === 'welcome') socket.send(JSON.stringify({ command: 'subscribe', identifier: '{"channel":"VisitsChannel"}' }))
          if (type !== undefined || message === undefined) return
          socket.close()
          resolve(message)
        })
        socket.on('unexpected-response', () => resolve(undefined))
        socket.on('error', reject)
      })

    it('is told to the connections of the same browser', async () => {
      application = await testApplication({ root: applicationWith({ ...files, ...configured(''), ...channels }), env: 'test' })
      browser = new Browser(application.url)
      await browser.visit('/visits')
      const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
      expect(await connected({ cookie, origin: 'http://localhost' })).to.equal('1')
      expect(await connected({ origin: 'http://localhost' })).to.equal('none')
    })

    it('is told to no page of a host that is not ours', async () => {
      const root = applicationWith({ ...files, ...configured("config.hosts.push('shop.example')"), ...channels })
      application = await testApplication({ root, env: 'test' })
      expect(await connected({ host: 'shop.example', origin: 'http://shop.example' })).to.equal('none')
      expect(await connected({ host: 'evil.example', origin: 'http://evil.example' })).to.equal(undefined)
    })
  })
})
