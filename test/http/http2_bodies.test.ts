import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ApiErrorRenderer, type Endpoint, type PipelineOptions, Server, type ServerOptions } from '../../src/http/index.ts'
import { cancel, data, post as rawPost, rawHttp2 } from './raw_http2.ts'
import { pipelineFor, portOf, serveWith, stopServing } from './serving.ts'

const certificate = (name: string) => join(import.meta.dirname, 'certificates', name)
const tls = { key: certificate('first.key.pem'), cert: certificate('first.cert.pem') }

describe('a body over HTTP/2', () => {
  let server: Server
  let session: ClientHttp2Session | undefined
  let seen: unknown[]
  let reported: unknown[]
  let finished: Promise<unknown>
  beforeEach(() => {
    seen = []
    reported = []
  })
  afterEach(async () => {
    session?.destroy()
    await stopServing()
  })

  const echo: Endpoint = (request, response) => {
    seen.push(request.requestParameters)
    response.body = JSON.stringify(request.requestParameters)
  }
  const start = async (options: ServerOptions, pipeline: Partial<PipelineOptions> = {}, endpoint: Endpoint = echo) => {
    let finish: (error: unknown) => void = () => {}
    finished = new Promise((resolve) => (finish = resolve))
    const errors = new ApiErrorRenderer({ details: true, report: (error) => reported.push(error) })
    const onFinish: PipelineOptions['onFinish'] = (request) => finish(request.error)
    server = new Server(pipelineFor(endpoint, { errors, onFinish, ...pipeline }), { tls, http2: true, ...options })
    await serveWith(server)
  }
  const open = (): ClientHttp2Session => {
    session = connect(`https://127.0.0.1:${portOf(server)}`, { rejectUnauthorized: false })
    return session.on('error', () => {})
  }
  const post = (contentType: string, headers: Record<string, string> = {}): ClientHttp2Stream =>
    open()
      .request({ ':method': 'POST', ':path': '/', 'content-type': contentType, ...headers })
      .on('error', () => {})
  const form = 'application/x-www-form-urlencoded'
  const multipart = 'multipart/form-data; boundary=b'
  const beginning = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf of'

  for (const [type, part] of [
    [form, 'amount=10'],
    ['application/json', '1'],
    [multipart, beginning],
  ] as const) {
    it(`is not taken for complete when its client leaves the stream in the middle of it (${type.split(';')[0]})`, async () => {
      const uploadFolder = await mkdtemp(join(tmpdir(), 'regauge-left-'))
      await start({}, { request: { uploadFolder } })
      const arrived = once(server.http, 'request')
      const socket = await rawHttp2(portOf(server))
      socket.resume().write(Buffer.concat([rawPost(1, type), data(1, part)]))
      const [request] = await arrived
      await once(request, 'data')
      const uploads = async (count: number) => {
        while ((await readdir(uploadFolder)).length !== count) await new Promise(setImmediate)
      }
      await uploads(type === multipart ? 1 : 0)
      socket.write(cancel(1))
      await finished
      socket.destroy()
      await new Promise(setImmediate)
      expect([seen, reported]).to.deep.equal([[], []])
      await uploads(0)
      await rm(uploadFolder, { recursive: true })
    })

    it(`is answered 408 when it is not complete in time (${type.split(';')[0]})`, async () => {
      await start({ requestTimeout: 100 })
      const stream = post(type, { accept: 'application/json' }).setEncoding('utf8')
      stream.write(part)
      let text = ''
      stream.on('data', (chunk: string) => (text += chunk))
      const [[head]] = await Promise.all([once(stream, 'response'), once(stream, 'close')])
      expect([head[':status'], stream.rstCode]).to.deep.equal([408, constants.NGHTTP2_NO_ERROR])
      expect(text).to.include('The request was not complete after 100 ms.')
      expect([seen, reported]).to.deep.equal([[], []])
    })
  }

  it('is cut when it goes on while its answer is being sent', async () => {
    await start({ requestTimeout: 100 }, {}, async (_request, response) => {
      await response.stream.write('first')
      await new Promise((resolve) => response.raw.once('close', resolve))
    })
    const stream = post('text/plain')
    stream.write('a')
    stream.resume()
    await once(stream, 'close')
    expect(stream.rstCode).to.equal(constants.NGHTTP2_CANCEL)
    await finished
  })

  it('that came in time may be answered later', async () => {
    await start({ requestTimeout: 50 }, {}, async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      response.body = JSON.stringify(request.requestParameters)
    })
    const stream = post(form).setEncoding('utf8')
    stream.end('a=1')
    expect(await once(stream, 'data')).to.deep.equal(['{"a":"1"}'])
  })

  it('that nobody reads may be left in time, and be answered later', async () => {
    await start({ requestTimeout: 50 }, {}, async (_request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      response.body = 'late'
    })
    const stream = post('text/plain').setEncoding('utf8')
    stream.end('unread')
    expect(await once(stream, 'data')).to.deep.equal(['late'])
  })

  it('may come on a connection that is kept while something is asked, and is closed when nothing is', async () => {
    await start({ keepAliveTimeout: 100 }, {}, async (_request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      response.body = 'kept'
    })
    const session = open()
    const closed = once(session, 'close')
    const pinging = setInterval(() => session.closed || session.ping(() => {}), 10)
    const stream = session.request({ ':path': '/' }).setEncoding('utf8')
    expect(await once(stream, 'data')).to.deep.equal(['kept'])
    await closed
    clearInterval(pinging)
  })
})
