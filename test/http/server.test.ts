import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CannotListen, type Endpoint, Server } from '../../src/http/index.ts'
import { pipelineFor, portOf, sendRaw, serve, serveWith, stopServing } from './serving.ts'

const ok: Endpoint = (_request, response) => void (response.body = 'ok')

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  )
}

describe('the server', () => {
  afterEach(stopServing)

  it('listens on the port of the environment', async () => {
    const before = process.env['PORT']
    process.env['PORT'] = '0'
    try {
      const server = new Server(pipelineFor(ok))
      const { port } = await server.listen()
      expect(port).to.be.greaterThan(0)
      expect(await (await fetch(`http://localhost:${port}`)).text()).to.equal('ok')
      await server.close()
      process.env['PORT'] = '80O0'
      const error = await failureOf(server.listen())
      expect(error.message).to.equal("Cannot listen on PORT='80O0': a port is a number from 0 to 65535.")
    } finally {
      if (before === undefined) delete process.env['PORT']
      else process.env['PORT'] = before
    }
  })

  it('says in one sentence that a port is taken, and how to choose another', async () => {
    const first = new Server(pipelineFor(ok))
    await serveWith(first)
    const error = await failureOf(new Server(pipelineFor(ok)).listen({ port: portOf(first), host: '127.0.0.1' }))
    expect(error).to.be.instanceOf(CannotListen)
    expect(error.message).to.equal(`Cannot listen on port ${portOf(first)} of 127.0.0.1: another process is listening there.`)
    expect((error as CannotListen).hint).to.include('PORT')
  })

  describe('on a Unix socket', () => {
    let folder: string
    let path: string
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'regauge-socket-'))
      path = join(folder, 'api.sock')
    })
    afterEach(() => rm(folder, { recursive: true }))

    it('answers', async () => {
      const server = new Server(pipelineFor(ok))
      const { url } = await server.listen({ path })
      expect(url).to.equal(`unix:${path}`)
      const status = await new Promise((resolve) => httpRequest({ socketPath: path, path: '/' }, (res) => resolve(res.statusCode)).end())
      expect(status).to.equal(200)
      expect((await failureOf(new Server(pipelineFor(ok)).listen({ path }))).message).to.include('another process')
      await server.close({ timeout: 0 })
    })

    it('replaces one that a dead process left', async () => {
      const dead = spawn(process.execPath, [
        '-e',
        `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('open'))`,
      ])
      await once(dead.stdout, 'data')
      dead.kill('SIGKILL')
      await once(dead, 'close')
      const server = new Server(pipelineFor(ok))
      expect((await server.listen({ path })).path).to.equal(path)
      await server.close({ timeout: 0 })
    })

    it('does not replace a file that is none', async () => {
      await writeFile(path, 'precious')
      expect((await failureOf(new Server(pipelineFor(ok)).listen({ path }))).message).to.include("a file that isn't a socket is there")
      expect(await readFile(path, 'utf8')).to.equal('precious')
    })
  })

  it('finishes open requests before it closes, and keeps no idle connection', async () => {
    let answer: () => void = () => {}
    const arrived = new Promise<void>((resolve) => {
      answer = resolve
    })
    let finish: () => void = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const server = new Server(
      pipelineFor(async (_request, response) => {
        answer()
        await finished
        response.body = 'finished'
      }),
    )
    const url = await serveWith(server)
    const open = fetch(url)
    await arrived
    const closed = server.close({ timeout: 10_000 })
    expect(await failureOf(fetch(url))).to.be.instanceOf(TypeError)
    finish()
    expect(await (await open).text()).to.equal('finished')
    await closed
  })

  it('cuts what does not finish within the bound, upgraded connections included', async () => {
    const server = new Server(pipelineFor(() => new Promise(() => {})))
    const url = await serveWith(server)
    server.http.on('upgrade', (_req, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
    const arrived = new Promise((resolve) => server.http.once('request', resolve))
    const hanging = failureOf(fetch(url))
    const { hostname, port } = new URL(url)
    const upgraded = connect({ host: hostname, port: Number(port) })
    upgraded.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await Promise.all([arrived, new Promise((resolve) => upgraded.once('data', resolve))])
    const ended = new Promise((resolve) => upgraded.once('close', resolve))
    await server.close({ timeout: 1 })
    await ended
    expect(await hanging).to.be.instanceOf(TypeError)
  })

  it('hangs up on clients that send their headers too slowly', async () => {
    const url = await serve(ok, {}, { headersTimeout: 50 })
    expect(await sendRaw(url, 'GET / HTTP/1.1\r\nHost:', false)).to.match(/^HTTP\/1.1 408 /)
  })

  it('gives the headers no more time than the whole request', async () => {
    const url = await serve(ok, {}, { requestTimeout: 50 })
    expect(await sendRaw(url, 'GET / HTTP/1.1\r\nHost:', false)).to.match(/^HTTP\/1.1 408 /)
  })

  it('closes a connection that nothing comes over any more', async () => {
    const url = await serve(ok, {}, { keepAliveTimeout: 50 })
    const answer = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', false)
    expect(answer)
      .to.match(/^HTTP\/1.1 200 OK/)
      .and.match(/\r\nConnection: keep-alive\r\n/i)
  })

  it('lets as many connections wait as the backlog says', async () => {
    const server = new Server(pipelineFor(ok))
    const asked: unknown[] = []
    const { listen } = server.http
    server.http.listen = ((options: unknown, done: () => void) => {
      asked.push(options)
      return Reflect.apply(listen, server.http, [options, done])
    }) as typeof listen
    await server.listen({ port: 0, host: '127.0.0.1', backlog: 7 })
    await server.close({ timeout: 0 })
    expect(asked).to.deep.equal([{ port: 0, host: '127.0.0.1', backlog: 7 }])
  })

  it('refuses heads that are too large', async () => {
    const url = await serve(ok, {}, { maxHeaderSize: 1024 })
    expect((await fetch(url, { headers: { 'x-large': 'x'.repeat(2000) } })).status).to.equal(431)
  })

  it('closes twice without a complaint', async () => {
    const server = new Server(pipelineFor(ok))
    await server.close()
    await serveWith(server)
    await server.close()
    await server.close()
    expect(server.http.listening).to.equal(false)
  })
})
