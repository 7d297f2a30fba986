import { join } from 'node:path'
import { expect } from 'chai'
import express from 'express'
import { type RegaugeHandler, regauge } from '../../../adapters/express/index.ts'
import { withExpress } from './serving.ts'

describe('regauge() in an Express application', () => {
  let handler: RegaugeHandler
  before(async () => {
    handler = await regauge({ root: join(import.meta.dirname, 'application'), env: 'test' })
  })
  after(() => handler.stop())

  it('answers what the application routes, below where it is mounted', async () => {
    await withExpress(express().use('/api', handler), async (url) => {
      const answer = await fetch(`${url}/api/greetings/ann`)
      expect([answer.status, await answer.json()]).to.deep.equal([200, { hello: 'ann', path: '/api/greetings/ann' }])
      expect((await fetch(`${url}/greetings/ann`)).status).to.equal(404)
    })
  })

  it('reads bodies, parsed before or not', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"greeting":{"text":"hi","admin":true}}' }
    for (const app of [express().use(handler), express().use(express.json(), handler)]) {
      await withExpress(app, async (url) => {
        const answer = await fetch(`${url}/greetings`, init)
        expect([answer.status, await answer.json()]).to.deep.equal([201, { text: 'hi' }])
      })
    }
  })

  it('leaves the rest to the Express application', async () => {
    const app = express().use(handler)
    app.get('/theirs', (_req, res) => void res.send('theirs'))
    await withExpress(app, async (url) => {
      expect(await (await fetch(`${url}/theirs`)).text()).to.equal('theirs')
    })
  })
})
