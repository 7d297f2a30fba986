import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import express, { type NextFunction, type Request, type Response } from 'express'
import type { Configuration } from 'regauge'
import { type RegaugeHandler, regauge } from '../../../adapters/express/index.ts'
import { withExpress } from './serving.ts'

describe('regauge() in an Express application', () => {
  let handler: RegaugeHandler
  let folder: string
  let count = 0
  const temporary = (config: Configuration) => {
    config.jobs.directory = join(folder, String(count++))
  }
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regauge-mounted-'))
    handler = await regauge({ root: join(import.meta.dirname, 'application'), env: 'test', configure: temporary })
  })
  after(async () => {
    await handler.stop()
    rmSync(folder, { recursive: true })
  })

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

  it('makes the path it is mounted at the beginning of URLs', async () => {
    await withExpress(express().use('/v2', handler), async (url) => {
      expect(await (await fetch(`${url}/v2/links/ann`)).json()).to.deep.equal({
        path: '/v2/greetings/ann',
        url: `${url}/v2/greetings/ann`,
      })
    })
  })

  it('passes on methods that its paths do not answer to, and HEAD and OPTIONS of what it does not route', async () => {
    const app = express().use(handler)
    app.delete('/greetings/ann', (_req, res) => void res.send('theirs'))
    app.get('/theirs', (_req, res) => void res.send('theirs'))
    await withExpress(app, async (url) => {
      expect(await (await fetch(`${url}/greetings/ann`, { method: 'DELETE' })).text()).to.equal('theirs')
      expect((await fetch(`${url}/theirs`, { method: 'HEAD' })).status).to.equal(200)
      expect((await fetch(`${url}/theirs`, { method: 'OPTIONS' })).headers.get('allow')).to.equal('GET, HEAD')
      expect((await fetch(`${url}/nobody`)).status).to.equal(404)
    })
  })

  it('hands errors to the handlers of Express when it is asked to, with the status they have', async () => {
    const passing = await regauge({ root: join(import.meta.dirname, 'teams'), env: 'test', errors: 'express', configure: temporary })
    const app = express().use(passing)
    app.use((error: Error & { status?: number }, _req: Request, res: Response, _next: NextFunction) => {
      res.status(error.status ?? 503).send(`theirs: ${error.message}`)
    })
    await withExpress(app, async (url) => {
      const failed = await fetch(`${url}/fail`)
      expect([failed.status, await failed.text(), failed.headers.get('x-request-id')]).to.deep.equal([503, 'theirs: out of luck', null])
      const broken = await fetch(`${url}/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })
      expect(broken.status).to.equal(400)
      expect(await broken.text()).to.match(/^theirs: Error occurred while parsing request parameters/)
    }).finally(() => passing.stop())
  })

  it('is mounted beside another application, each with its own routes and settings', async () => {
    const other = await regauge({
      root: join(import.meta.dirname, 'teams'),
      env: 'test',
      configure: (config) => {
        temporary(config)
        config.http.defaultHeaders = { 'x-team': 'other' }
      },
    })
    await withExpress(express().use('/one', handler).use('/two', other), async (url) => {
      const one = await fetch(`${url}/one/links/ann`)
      expect([one.headers.get('x-team'), ((await one.json()) as { path: string }).path]).to.deep.equal([null, '/one/greetings/ann'])
      const two = await fetch(`${url}/two/hello/ann`)
      expect([two.headers.get('x-team'), ((await two.json()) as { hello: string }).hello]).to.deep.equal(['other', 'ann'])
      expect((await fetch(`${url}/two/greetings/ann`)).status).to.equal(404)
    }).finally(() => other.stop())
  })

  it('sends the files of its public folder where it is mounted', async () => {
    await withExpress(express().use('/api', handler), async (url) => {
      expect(await (await fetch(`${url}/api/robots.txt`)).text()).to.equal('User-agent: *\n')
      expect((await fetch(`${url}/robots.txt`)).status).to.equal(404)
    })
  })
})
