import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { type RegaugeHandler, regauge } from '../../adapters/express/index.ts'
import { applicationWith, removeFolders } from './folder.ts'

const files = {
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ resources, get, namespace }) => {
  resources('articles', { only: ['index', 'show'] })
  namespace('admin', () => resources('articles', { only: 'show' }))
  get('moved/:to', { to: 'articles#moved' })
  get('events', { to: 'articles#events' })
  get('up', { to: 'rails/health#show' })
})
`,
  'app/controllers/articles_controller.ts': `import { ApplicationController } from './application_controller.ts'
class Article {
  id = 7
  toParam() { return '7-hello' }
}
export class ArticlesController extends ApplicationController {
  index() { this.render({ json: [], location: new Article() }) }
  show() { this.respondTo((format) => format.json(() => this.render({ json: { id: this.params.get('id') } }))) }
  moved() {
    const targets = { record: new Article(), nested: ['admin', new Article()], action: { action: 'index', page: 2 } }
    this.redirectTo(targets[this.params.string('to')])
  }
  events() {
    this.sse(async function* () {
      yield 'begin'
      await new Promise(() => {})
    }())
  }
}
`,
  'app/controllers/admin/articles_controller.ts': `import { ApplicationController } from '../application_controller.ts'
export class ArticlesController extends ApplicationController {
  show() {}
}
`,
}

describe('answers of an application that is mounted in Express', () => {
  const server = createServer()
  let handler: RegaugeHandler
  let origin = ''

  before(async () => {
    handler = await regauge({ root: applicationWith(files), env: 'test' })
    server.on('request', express().use('/api', handler)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
    removeFolders()
  })

  const location = async (path: string) => (await fetch(`${origin}/api/${path}`, { redirect: 'manual' })).headers.get('location')

  it('name records and routes by their URLs, below the path it is mounted at', async () => {
    expect(await location('moved/record')).to.equal(`${origin}/api/articles/7-hello`)
    expect(await location('moved/nested')).to.equal(`${origin}/api/admin/articles/7-hello`)
    expect(await location('moved/action')).to.equal(`${origin}/api/articles?page=2`)
    expect(await location('articles')).to.equal(`${origin}/api/articles/7-hello`)
  })

  it('have the format of the path', async () => {
    const json = await fetch(`${origin}/api/articles/1.json`)
    expect([await json.json(), json.headers.get('vary')]).to.deep.equal([{ id: '1' }, null])
    expect((await fetch(`${origin}/api/articles/1.xml`)).status).to.equal(406)
  })

  it('tell load balancers that it is up', async () => {
    const [html, json] = [await fetch(`${origin}/api/up`, { headers: { accept: 'text/html' } }), await fetch(`${origin}/api/up.json`)]
    expect(await html.text()).to.include('background-color: green')
    expect(await json.json()).to.include({ status: 'up' })
  })

  it('end when it stops, also those that go on', async () => {
    const request = get(`${origin}/api/events`, { agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let text = ''
    response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await once(response, 'data')
    await Promise.all([once(response, 'end'), handler.stop()])
    expect([text, response.complete]).to.deep.equal(['data: begin\n\n', true])
  })
})
