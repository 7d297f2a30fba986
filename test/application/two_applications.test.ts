import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { type RegaugeHandler, regauge } from '../../adapters/express/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { applicationWith, removeFolders } from './folder.ts'

const controller = `
import { ApplicationController } from './application_controller.ts'
export class ThingsController extends ApplicationController {
  create() {
    this.render({ json: { permitted: this.params.isPermitted(), thing: this.params.get('thing') ?? null, only: this.params.permit('name').toJSON() } })
  }
  leave() { this.redirectTo('https://friend.example/') }
  show() { this.render({ json: { tag: '<b>' } }) }
}`
const routes = `
import { draw } from 'regauge'
export default draw(({ post, get }) => {
  post('things', { to: 'things#create' })
  get('leave', { to: 'things#leave' })
  get('show', { to: 'things#show' })
})`

describe('two applications in one process', () => {
  const handlers: RegaugeHandler[] = []
  const server = createServer()
  let origin = ''

  before(async () => {
    const settings = [
      "config.controller.permitAllParameters = true\nconfig.controller.escapeHtmlInJson = true\nconfig.controller.allowedRedirectHosts = ['friend.example']",
      "config.controller.onUnpermittedParameters = 'raise'\nconfig.controller.wrapParametersFormats = []",
    ]
    const app = express()
    for (const [index, lines] of settings.entries()) {
      const root = applicationWith({
        'config/application.ts': `import { configure } from 'regauge'\nexport default configure((config) => {\n${lines}\n})\n`,
        'config/routes.ts': routes,
        'app/controllers/things_controller.ts': controller,
      })
      const handler = await regauge({ root, env: 'test' })
      handlers.push(handler)
      app.use(index === 0 ? '/open' : '/strict', handler)
    }
    useLogger(createLogger({ level: 'silent' }))
    server.on('request', app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  after(async () => {
    server.close()
    for (const handler of handlers) await handler.stop()
    useLogger(undefined)
    removeFolders()
  })

  const post = (path: string) =>
    fetch(origin + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"x","other":1}' })

  it('keep their settings of parameters apart', async () => {
    const open = await post('/open/things')
    expect(await open.json()).to.deep.equal({ permitted: true, thing: { name: 'x', other: 1 }, only: { name: 'x' } })
    const strict = await post('/strict/things')
    expect(strict.status).to.equal(500)
    expect(await strict.json()).to.include({ message: 'found unpermitted parameter: :other' })
  })

  it('keep their settings of redirects and JSON apart', async () => {
    expect((await fetch(`${origin}/open/leave`, { redirect: 'manual' })).status).to.equal(302)
    expect((await fetch(`${origin}/strict/leave`, { redirect: 'manual' })).status).to.equal(500)
    expect(await (await fetch(`${origin}/open/show`)).text()).to.equal('{"tag":"\\u003cb\\u003e"}')
    expect(await (await fetch(`${origin}/strict/show`)).text()).to.equal('{"tag":"<b>"}')
  })

  it('leave the other its settings when one stops', async () => {
    await handlers[1]!.stop()
    expect((await fetch(`${origin}/open/leave`, { redirect: 'manual' })).status).to.equal(302)
  })
})
