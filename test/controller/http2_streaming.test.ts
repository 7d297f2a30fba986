import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import { join } from 'node:path'
import { expect } from 'chai'
import { compileAction, Controller } from '../../src/controller/index.ts'
import { ApiErrorRenderer, ClientDisconnected, Pipeline, Server } from '../../src/http/index.ts'
import { later } from './hosts.ts'

let gate = later()
let ended = later<unknown>()

class Streams extends Controller {
  async live() {
    await this.response.stream.write('first ')
    await gate.promise
    await this.response.stream.write('second')
  }
  async endless() {
    try {
      for (;;) await this.response.stream.write('y'.repeat(65_536))
    } catch (error) {
      ended.resolve(error)
      throw error
    }
  }
  events() {
    this.sse(async (events) => {
      await events.send('begin')
      await new Promise((resolve) => events.signal.addEventListener('abort', resolve))
      ended.resolve('told')
    })
  }
  file() {
    this.sendFile(import.meta.filename)
  }
}

describe('streaming over HTTP/2', () => {
  const certificate = (name: string) => join(import.meta.dirname, '../http/certificates', name)
  const reported: unknown[] = []
  let server: Server
  let session: ClientHttp2Session

  before(async () => {
    const pipeline = new Pipeline({
      errors: new ApiErrorRenderer({ details: false, report: (error) => reported.push(error) }),
      router: { find: ({ path }) => ({ endpoint: compileAction(Streams, path.slice(1)) }) },
    })
    server = new Server(pipeline, { http2: true, tls: { key: certificate('first.key.pem'), cert: certificate('first.cert.pem') } })
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
    session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
  })
  after(() => {
    session.destroy()
    return server.close({ timeout: 1000 })
  })
  beforeEach(() => {
    gate = later()
    ended = later()
  })

  const ask = (path: string, headers: Record<string, string> = {}): ClientHttp2Stream =>
    session.request({ ':path': path, ...headers }).setEncoding('utf8')

  it('sends what is written while the action runs', async () => {
    const stream = ask('/live')
    expect(await once(stream, 'data')).to.deep.equal(['first '])
    gate.resolve()
    expect(await once(stream, 'data')).to.deep.equal(['second'])
    await once(stream, 'end')
  })

  it('ends the action when the client leaves the stream', async () => {
    const stream = ask('/endless')
    await once(stream, 'data')
    stream.close(constants.NGHTTP2_CANCEL)
    expect(await ended.promise).to.be.instanceOf(ClientDisconnected)
    expect(reported).to.deep.equal([])
  })

  it('sends parts of files', async () => {
    const stream = ask('/file', { range: 'bytes=0-5' })
    const [[head], [text]] = await Promise.all([once(stream, 'response'), once(stream, 'data')])
    expect([head[':status'], text]).to.deep.equal([206, 'import'])
  })

  it('ends event streams when the server stops', async () => {
    const stream = ask('/events')
    expect(await once(stream, 'data')).to.deep.equal(['data: begin\n\n'])
    const over = once(stream, 'end')
    await Promise.all([over, server.close({ timeout: 1000 })])
    expect(await ended.promise).to.equal('told')
  })
})
