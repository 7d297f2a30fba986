import { expect } from 'chai'
import express, { type NextFunction, type Request, type Response } from 'express'
import type { Endpoint } from '../../../src/http/index.ts'
import { mounted, withExpress } from './serving.ts'

const where: Endpoint = (request, response) => {
  const { path, pathInfo, scriptName, fullpath, parameters } = request
  response.contentType = 'application/json; charset=utf-8'
  response.body = JSON.stringify({ path, pathInfo, scriptName, fullpath, parameters })
}

describe('a pipeline mounted in an Express application', () => {
  it('has the prefix as its script name', async () => {
    const app = express().use('/api', mounted(where))
    await withExpress(app, async (url) => {
      expect(await (await fetch(`${url}/api/articles?a=1`)).json()).to.deep.equal({
        path: '/api/articles',
        pathInfo: '/articles',
        scriptName: '/api',
        fullpath: '/api/articles?a=1',
        parameters: { a: '1' },
      })
    })
  })

  it('lets what it does not route fall through, untouched by its middleware', async () => {
    const middleware = (_req: Request, res: Response, next: NextFunction) => {
      res.setHeader('x-ours', '1')
      next()
    }
    const app = express().use(mounted(where, [middleware]))
    app.get('/nowhere', (_req, res) => void res.send('theirs'))
    await withExpress(app, async (url) => {
      const theirs = await fetch(`${url}/nowhere`)
      expect([await theirs.text(), theirs.headers.get('x-ours'), theirs.headers.get('x-request-id')]).to.deep.equal(['theirs', null, null])
      expect((await fetch(`${url}/ours`)).headers.get('x-ours')).to.equal('1')
    })
  })

  it('uses the body that express.json() has read', async () => {
    const app = express().use(express.json(), mounted(where))
    await withExpress(app, async (url) => {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":{"b":1}}' })
      expect(((await answer.json()) as { parameters: unknown }).parameters).to.deep.equal({ a: { b: 1 } })
    })
  })

  it('reads the body itself where nobody has', async () => {
    await withExpress(express().use(mounted(where)), async (url) => {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[1]' })
      expect(((await answer.json()) as { parameters: unknown }).parameters).to.deep.equal({ _json: [1] })
    })
  })

  it('does not wait for a body that somebody else has read up', async () => {
    const app = express().use((req, _res, next) => void req.on('end', () => next()).resume(), mounted(where))
    await withExpress(app, async (url) => {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[1]' })
      expect(answer.status).to.equal(200)
    })
  })

  it('answers its own errors, and leaves theirs alone', async () => {
    const app = express().use(
      mounted(() => {
        throw new Error('ours')
      }),
    )
    app.get('/nowhere', () => {
      throw new Error('theirs')
    })
    app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => void res.status(503).send(error.message))
    await withExpress(app, async (url) => {
      const ours = await fetch(url)
      expect([ours.status, await ours.json()]).to.deep.equal([500, { status: 500, error: 'Internal Server Error' }])
      const theirs = await fetch(`${url}/nowhere`)
      expect([theirs.status, await theirs.text()]).to.deep.equal([503, 'theirs'])
    })
  })

  it('keeps the headers and cookies that the application has set', async () => {
    const app = express()
    app.use((_req, res, next) => {
      res.cookie('theirs', '1').set('x-theirs', '1')
      next()
    })
    app.use(mounted((_request, response) => response.setHeader('set-cookie', 'ours=1')))
    await withExpress(app, async (url) => {
      const { headers } = await fetch(url)
      expect(headers.getSetCookie()).to.deep.equal(['theirs=1; Path=/', 'ours=1'])
      expect(headers.get('x-theirs')).to.equal('1')
    })
  })
})
