import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type PeerCertificate } from 'node:tls'
import { expect } from 'chai'
import type { RequestHandler } from 'express'
import { expressHost } from '../../adapters/express/index.ts'
import { CannotListen, type Endpoint, type Middleware, Server, type ServerOptions } from '../../src/http/index.ts'
import { pipelineFor, portOf, serve, serveWith, stopServing } from './serving.ts'

const certificate = (name: string) => join(import.meta.dirname, 'certificates', name)
const tls = { key: certificate('first.key.pem'), cert: certificate('first.cert.pem') }

const describeRequest: Endpoint = (request, response) => {
  response.contentType = 'application/json'
  response.setHeader('set-cookie', ['a=1', 'b=2'])
  response.body = JSON.stringify({
    version: request.raw.httpVersion,
    url: request.url.replace(/:\d+/, ''),
    parameters: request.requestParameters,
  })
}

interface Answer {
  readonly headers: Record<string, unknown>
  readonly body: string
}

/** One request over HTTP/2. */
function askHttp2(url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url, { rejectUnauthorized: false })
    session.once('error', reject)
    const stream = session.request(headers)
    let head: Record<string, unknown> = {}
    let text = ''
    stream.once('response', (received) => {
      head = received
    })
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    stream.once('end', () => {
      session.close()
      resolve({ headers: head, body: text })
    })
    stream.once('error', reject).end(body)
  })
}

function askHttps(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { rejectUnauthorized: false, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.once('end', () => resolve({ headers: response.headers, body }))
    })
      .once('error', reject)
      .end()
  })
}

function certificateOf(server: Server): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: portOf(server), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

describe('what the server speaks', () => {
  afterEach(stopServing)

  const serveTls = (endpoint: Endpoint, options: ServerOptions = {}, middleware: Middleware[] = []) =>
    serveWith(new Server(pipelineFor(endpoint, { middleware }), { tls, host: expressHost(), ...options }))

  it('is HTTPS with a certificate', async () => {
    const url = await serveTls(describeRequest)
    expect(url).to.match(/^https:/)
    expect(JSON.parse((await askHttps(`${url}/a?b=1`)).body)).to.deep.equal({
      version: '1.1',
      url: 'https://127.0.0.1/a?b=1',
      parameters: {},
    })
  })

  it('is HTTP/2 when it is asked for, and HTTP/1.1 to those that do not know it', async () => {
    const url = await serveTls(describeRequest, { http2: true })
    const { headers, body } = await askHttp2(url, { ':path': '/a?b=1' })
    expect([headers[':status'], headers['set-cookie']]).to.deep.equal([200, ['a=1', 'b=2']])
    expect(JSON.parse(body)).to.deep.equal({ version: '2.0', url: 'https://127.0.0.1/a?b=1', parameters: {} })
    expect(JSON.parse((await askHttps(url)).body)).to.have.property('version', '1.1')
  })

  it('reads bodies over HTTP/2, with and without a length', async () => {
    const url = await serveTls(describeRequest, { http2: true })
    const head = { ':method': 'POST', ':path': '/', 'content-type': 'application/json' }
    for (const headers of [head, { ...head, 'content-length': '7' }]) {
      const { body } = await askHttp2(url, headers, '{"a":1}')
      expect((JSON.parse(body) as { parameters: object }).parameters).to.deep.equal({ a: 1 })
    }
  })

  it('answers errors and HEAD over HTTP/2', async () => {
    const url = await serveTls(describeRequest, { http2: true })
    expect((await askHttp2(url, { ':path': '/nowhere' })).headers[':status']).to.equal(404)
    expect((await askHttp2(url, { ':method': 'HEAD', ':path': '/' })).body).to.equal('')
  })

  it('gives middleware what Express does over HTTP/2 too', async () => {
    const answer: RequestHandler = (req, res) =>
      void res
        .status(201)
        .cookie('a', '1')
        .json({
          ip: req.ip,
          protocol: req.protocol,
          host: req.hostname,
          agent: req.get('user-agent'),
          locals: res.locals,
          query: req.query,
        })
    const url = await serveTls(describeRequest, { http2: true }, [answer])
    const { headers, body } = await askHttp2(url, { ':path': '/a?b=1', 'user-agent': 'test' })
    expect([headers[':status'], headers['set-cookie']]).to.deep.equal([201, ['a=1; Path=/']])
    expect(JSON.parse(body)).to.deep.equal({
      ip: '127.0.0.1',
      protocol: 'https',
      host: '127.0.0.1',
      agent: 'test',
      locals: {},
      query: { b: '1' },
    })
  })

  it('finishes an open stream of HTTP/2 before it closes', async () => {
    let arrive: () => void = () => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    let finish: () => void = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const endpoint: Endpoint = async (_request, response) => {
      arrive()
      await finished
      response.body = 'finished'
    }
    const server = new Server(pipelineFor(endpoint), { tls, http2: true })
    const answer = askHttp2(await serveWith(server), { ':path': '/' })
    await arrived
    const closed = server.close({ timeout: 10_000 })
    finish()
    expect((await answer).body).to.equal('finished')
    await closed
  })

  it('shows a new certificate when it is told to read it again, and keeps the old one when it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regauge-tls-'))
    try {
      const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
      const put = async (name: string) => {
        await copyFile(certificate(`${name}.key.pem`), files.key)
        await copyFile(certificate(`${name}.cert.pem`), files.cert)
      }
      await put('first')
      const server = new Server(pipelineFor(describeRequest), { tls: files })
      await serveWith(server)
      expect((await certificateOf(server)).subject.CN).to.equal('first.test')
      await put('second')
      server.reloadCertificate()
      expect((await certificateOf(server)).subject.CN).to.equal('second.test')
      await rm(files.cert)
      expect(() => server.reloadCertificate()).to.throw(CannotListen, 'cert.pem')
      expect((await certificateOf(server)).subject.CN).to.equal('second.test')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says which file of a certificate is missing', () => {
    const make = () => new Server(pipelineFor(describeRequest), { tls: { ...tls, key: '/nowhere/key.pem' } })
    expect(make).to.throw(CannotListen, "Cannot listen on a TLS port: /nowhere/key.pem can't be read (ENOENT).")
  })

  it('lets in through a Unix socket whom its mode names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regauge-mode-'))
    const server = new Server(pipelineFor(describeRequest))
    try {
      const { path } = await server.listen({ path: join(folder, 'api.sock'), socketMode: 0o660 })
      expect((await stat(path!)).mode & 0o777).to.equal(0o660)
    } finally {
      await server.close({ timeout: 0 })
      await rm(folder, { recursive: true })
    }
  })

  it('closes a connection after as many requests as it may have', async () => {
    const url = await serve(describeRequest, {}, { maxRequestsPerConnection: 1 })
    expect((await fetch(url)).headers.get('connection')).to.equal('close')
  })

  it('closes connections beyond as many as there may be', async () => {
    const url = await serve(describeRequest, {}, { maxConnections: 1 })
    const { hostname, port } = new URL(url)
    const first = connect(Number(port), hostname)
    const answered = new Promise((resolve) => first.once('data', resolve))
    first.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await answered
    const second = connect(Number(port), hostname)
    await new Promise((resolve) => second.once('error', () => {}).once('close', resolve))
    first.destroy()
  })
})
