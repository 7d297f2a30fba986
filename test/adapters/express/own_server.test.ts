import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import compression from 'compression'
import cors from 'cors'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import helmet from 'helmet'
import morgan from 'morgan'
import type { Endpoint, Middleware, UploadedFile } from '../../../src/http/index.ts'
import { Pipeline, Server } from '../../../src/http/index.ts'
import { ApiErrorRenderer } from '../../../src/http/index.ts'
import { expressHost } from '../../../adapters/express/index.ts'
import { pipelineFor, serveWith, stopServing } from '../../http/serving.ts'
import { serveOurs } from './serving.ts'

const echo: Endpoint = (request, response) => {
  response.contentType = 'application/json; charset=utf-8'
  response.body = JSON.stringify(request.parameters)
}

describe('middleware written for Express on our own server', () => {
  afterEach(stopServing)

  it('finds what Express gives a request', async () => {
    const seen: RequestHandler = (req, res, next) => {
      res.locals['seen'] = [
        req.get('x-a'),
        req.path,
        req.originalUrl,
        req.baseUrl,
        req.hostname,
        req.ip,
        req.protocol,
        req.query['a'],
        req.xhr,
      ]
      res.locals['same'] = req.res === res && res.req === req && req.app === res.app
      next()
    }
    const answer: RequestHandler = (_req, res) => void res.status(201).json(res.locals)
    const url = await serveOurs(echo, [seen, answer])
    const response = await fetch(`${url}/path?a=1`, { headers: { 'x-a': 'b' } })
    expect(response.status).to.equal(201)
    expect(response.headers.get('x-powered-by')).to.equal(null)
    expect(await response.json()).to.deep.equal({
      seen: ['b', '/path', '/path?a=1', '', '127.0.0.1', '127.0.0.1', 'http', '1', false],
      same: true,
    })
  })

  it('answers by res.send, res.redirect, res.sendStatus and res.cookie', async () => {
    const answer: RequestHandler = (req, res, next) => {
      if (req.path === '/redirect') res.redirect('/elsewhere')
      else if (req.path === '/gone') res.sendStatus(410)
      else if (req.path === '/cookie') res.cookie('a', '1').send('<p>')
      else next()
    }
    const url = await serveOurs(echo, [answer])
    const redirect = await fetch(`${url}/redirect`, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).to.deep.equal([302, '/elsewhere'])
    expect((await fetch(`${url}/gone`)).status).to.equal(410)
    const cookie = await fetch(`${url}/cookie`)
    expect(cookie.headers.get('set-cookie')).to.equal('a=1; Path=/')
    expect(cookie.headers.get('content-type')).to.equal('text/html; charset=utf-8')
    expect((await fetch(`${url}/else`)).status).to.equal(200)
  })

  it('finds what Express works out of headers, and what belongs to its application', async () => {
    const seen: RequestHandler = (req, res) =>
      void res
        .status(202)
        .type('json')
        .vary('Accept')
        .links({ next: '/2' })
        .send({
          accepts: req.accepts('json', 'html'),
          is: req.is('json'),
          fresh: req.fresh,
          secure: req.secure,
          subdomains: req.subdomains,
          setting: req.app.get('team'),
          locals: res.locals,
        })
    const pipeline = pipelineFor(echo, { middleware: [seen as unknown as Middleware] })
    const url = await serveWith(new Server(pipeline, { host: expressHost({ team: 'ours' }) }))
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/html' }, body: '{}' })
    expect([answer.status, answer.headers.get('vary'), answer.headers.get('link')]).to.deep.equal([202, 'Accept', '</2>; rel="next"'])
    expect(await answer.json()).to.deep.equal({
      accepts: 'html',
      is: 'json',
      fresh: false,
      secure: false,
      subdomains: [],
      setting: 'ours',
      locals: {},
    })
  })

  it('sends files by res.sendFile and res.download, and hands on what fails', async () => {
    const answer: RequestHandler = (req, res) => {
      if (req.path === '/download') res.download(import.meta.filename, 'this.ts')
      else res.sendFile(req.path === '/file' ? import.meta.filename : '/nowhere/at-all')
    }
    const url = await serveOurs(echo, [answer])
    expect(await (await fetch(`${url}/file`)).text()).to.include('res.sendFile')
    const download = await fetch(`${url}/download`)
    expect(download.headers.get('content-disposition')).to.equal('attachment; filename=this.ts')
    await download.body?.cancel()
    expect((await fetch(`${url}/missing`)).status).to.equal(404)
  })

  it('says that there are no views', async () => {
    const errors: unknown[] = []
    const render: RequestHandler = (_req, res) => res.render('index')
    const pipeline = pipelineFor(echo, {
      middleware: [render as unknown as Middleware],
      errors: new ApiErrorRenderer({ details: false, report: (error) => errors.push(error) }),
    })
    const url = await serveWith(new Server(pipeline, { host: expressHost() }))
    expect((await fetch(url)).status).to.equal(500)
    expect(String(errors[0])).to.include("res.render('index') was called, and there are no views on this server.")
  })

  it('changes nothing of Node and of Express', async () => {
    const names = () =>
      [IncomingMessage.prototype, ServerResponse.prototype, express.request, express.response].map((one) => Reflect.ownKeys(one))
    const before = names()
    const url = await serveOurs(echo, [(_req: unknown, _res: unknown, next: () => void) => next()])
    await fetch(url)
    expect(names()).to.deep.equal(before)
    expect(express.response.render).to.not.equal(undefined)
  })

  it('reads bodies: what express.json() has parsed are the parameters', async () => {
    const url = await serveOurs(echo, [express.json(), express.urlencoded({ extended: true })])
    const post = (type: string, body: string) => fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
    expect(await (await post('application/json', '{"a":[1,null]}')).json()).to.deep.equal({ a: [1] })
    expect(await (await post('application/x-www-form-urlencoded', 'a[b]=1')).json()).to.deep.equal({ a: { b: '1' } })
    const broken = await post('application/json', '{"a"')
    expect([broken.status, await broken.json()]).to.deep.equal([400, { status: 400, error: 'Bad Request' }])
  })

  it('serves files with express.static', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regauge-static-'))
    try {
      await writeFile(join(folder, 'a.txt'), 'static')
      const url = await serveOurs(echo, [express.static(folder)])
      const answer = await fetch(`${url}/a.txt`)
      expect([answer.headers.get('content-type'), await answer.text()]).to.deep.equal(['text/plain; charset=utf-8', 'static'])
      expect(await (await fetch(`${url}/b.txt?b=1`)).json()).to.deep.equal({ b: '1' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('sets and changes headers: helmet, cors, compression', async () => {
    const body = 'x'.repeat(10_000)
    const url = await serveOurs(
      (_request, response) => {
        response.contentType = 'text/plain'
        response.body = body
      },
      [helmet(), cors({ origin: 'https://a.example' }), compression()],
    )
    const answer = await fetch(url, { headers: { origin: 'https://a.example', 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('x-dns-prefetch-control')).to.equal('off')
    expect(answer.headers.get('access-control-allow-origin')).to.equal('https://a.example')
    expect(answer.headers.get('content-encoding')).to.equal('gzip')
    expect(answer.headers.get('vary')).to.equal('Origin, Accept-Encoding')
    expect(await answer.text()).to.equal(body)
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).to.deep.equal([204, 'GET,HEAD,PUT,PATCH,POST,DELETE'])
  })

  it('keeps a session with express-session', async () => {
    const counting: RequestHandler = (req, _res, next) => {
      const kept = req.session as unknown as { visits?: number }
      kept.visits = (kept.visits ?? 0) + 1
      next()
    }
    const url = await serveOurs(
      (request, response) => {
        response.body = String((request.raw as unknown as { session: { visits: number } }).session.visits)
      },
      [session({ secret: 'test', resave: false, saveUninitialized: true }), counting],
    )
    const first = await fetch(url)
    const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!
    expect(await first.text()).to.equal('1')
    expect(await (await fetch(url, { headers: { cookie } })).text()).to.equal('2')
  })

  it('logs with morgan', async () => {
    const line = new Promise<string>((resolve) => {
      const log = morgan(':method :url :status :res[content-length]', { stream: { write: resolve } })
      serveOurs(echo, [log]).then((url) => fetch(`${url}/logged?a=1`))
    })
    expect(await line).to.equal('GET /logged?a=1 200 9\n')
  })

  it('is mounted at a path: an Express application and a router see the path below', async () => {
    const app = express()
    app.get('/stats', (req, res) => void res.json({ path: req.path, baseUrl: req.baseUrl, originalUrl: req.originalUrl }))
    const router = express.Router()
    router.get('/list', (req, res) => void res.json({ path: req.path, baseUrl: req.baseUrl, originalUrl: req.originalUrl }))
    const pipeline = new Pipeline({
      errors: new ApiErrorRenderer({ details: false }),
      router: {
        find({ pathInfo }) {
          if (pathInfo.startsWith('/admin')) return { mount: app as unknown as Middleware, at: '/admin' }
          return pathInfo.startsWith('/queues') ? { mount: router as unknown as Middleware, at: '/queues' } : null
        },
      },
    })
    const url = await serveWith(new Server(pipeline, { host: expressHost() }))
    const stats = await (await fetch(`${url}/admin/stats?a=1`)).json()
    expect(stats).to.deep.equal({ path: '/stats', baseUrl: '/admin', originalUrl: '/admin/stats?a=1' })
    const list = await (await fetch(`${url}/queues/list`)).json()
    expect(list).to.deep.equal({ path: '/list', baseUrl: '/queues', originalUrl: '/queues/list' })
    const missing = await fetch(`${url}/queues/none`)
    expect([missing.status, await missing.json()]).to.deep.equal([404, { status: 404, error: 'Not Found' }])
  })

  it('leaves uploads to us', async () => {
    const url = await serveOurs(
      (request, response) => void (response.body = (request.parameters['f'] as UploadedFile).originalFilename),
      [express.json()],
    )
    const body = new FormData()
    body.append('f', new File(['x'], 'a.txt'))
    expect(await (await fetch(url, { method: 'POST', body })).text()).to.equal('a.txt')
  })
})
