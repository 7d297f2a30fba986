import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { expect } from 'chai'
import { type Endpoint, Server, type ServerOptions } from '../../src/http/index.ts'
import { get as rawGet, rawHttp2 } from './raw_http2.ts'
import { pipelineFor, portOf, serveWith, stopServing } from './serving.ts'

const certificate = (name: string) => join(import.meta.dirname, 'certificates', name)
const tls = { key: certificate('first.key.pem'), cert: certificate('first.cert.pem') }

/** More than a system keeps for a client that doesn't read. */
const large = Buffer.alloc(40 * 1024 * 1024, 'x')
const answerLarge: Endpoint = (_request, response) => void (response.body = large)
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a client that reads its answer too slowly', () => {
  let server: Server
  let finished: Promise<void>
  afterEach(stopServing)

  /** Starts a server; `finished` is when the first answer is over. */
  const start = async (endpoint: Endpoint, options: ServerOptions) => {
    let finish: () => void = () => {}
    finished = new Promise((resolve) => (finish = resolve))
    server = new Server(pipelineFor(endpoint, { onFinish: () => finish() }), options)
    await serveWith(server)
  }
  const open = (): Socket => {
    const socket = connect(portOf(server), '127.0.0.1')
    socket.on('error', () => {}).write(get)
    return socket
  }
  const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))
  const connections = () => new Promise((resolve) => server.http.getConnections((_error, count) => resolve(count)))

  it('is cut when it never reads, and its answer is over', async () => {
    await start(answerLarge, { writeTimeout: 100 })
    const socket = open().pause()
    await finished
    socket.resume()
    await closed(socket)
    expect(await connections()).to.equal(0)
  })

  it('is cut when it reads a byte now and then', async () => {
    await start(answerLarge, { writeTimeout: 200, minWriteRate: 1024 * 1024 * 1024 })
    const socket = open()
    const reading = setInterval(() => socket.read(1), 10)
    await finished
    clearInterval(reading)
    socket.resume()
    await closed(socket)
  })

  it('is cut over TLS too', async () => {
    await start(answerLarge, { writeTimeout: 100, tls })
    const socket = connectTls({ port: portOf(server), host: '127.0.0.1', rejectUnauthorized: false }, () => socket.write(get))
    socket.on('error', () => {}).pause()
    await finished
    socket.resume()
    await closed(socket)
  })

  it('leaves nothing of requests that wait behind the one it does not read', async () => {
    let begun = 0
    let ended = 0
    let all: () => void = () => {}
    const over = new Promise<void>((resolve) => (all = resolve))
    const endpoint: Endpoint = (_request, response) => {
      begun++
      response.body = large
      response.raw.once('close', () => ++ended === begun && all())
    }
    await start(endpoint, { writeTimeout: 100 })
    const socket = open().pause()
    socket.write(get.repeat(3))
    await over
    expect(begun).to.equal(4)
    socket.destroy()
  })

  it("leaves nothing of answers that lie in the system's own buffers, wholly or in part", async () => {
    let ended = 0
    let all: () => void = () => {}
    const over = new Promise<void>((resolve) => (all = resolve))
    const endpoint: Endpoint = (_request, response) => {
      response.body = Buffer.alloc(4_000_000, 'x')
      response.raw.once('close', () => ++ended === 30 && all())
    }
    await start(endpoint, { writeTimeout: 200 })
    const sockets = Array.from({ length: 30 }, () => open().pause())
    await over
    for (const socket of sockets) socket.destroy()
  })

  it('ends the source of a stream that it does not read', async () => {
    let isEnded: (value: unknown) => void = () => {}
    const ended = new Promise((resolve) => (isEnded = resolve))
    const endless = async function* () {
      try {
        for (;;) yield Buffer.alloc(65_536)
      } finally {
        isEnded('closed')
      }
    }
    await start((_request, response) => void (response.body = Readable.from(endless())), { writeTimeout: 100 })
    const socket = open().pause()
    expect(await ended).to.equal('closed')
    socket.destroy()
  })

  it('is waited for while it reads at the least rate', async () => {
    await start(answerLarge, { writeTimeout: 400, minWriteRate: 1 })
    const socket = open()
    let received = 0
    // A part of what comes, then a rest that is shorter than the time allowed.
    socket.on('data', (chunk: Buffer) => {
      const before = received
      received += chunk.length
      if (Math.floor(received / 4_000_000) === Math.floor(before / 4_000_000)) return
      socket.pause()
      setTimeout(() => socket.resume(), 60)
    })
    await finished
    while (received < large.length) await once(socket, 'data')
    socket.destroy()
  })

  it('is waited for when nothing is there to read, as between two events of a stream', async () => {
    let write: (text: string) => Promise<void> = () => Promise.resolve()
    const endpoint: Endpoint = async (_request, response) => {
      write = (text) => response.stream.write(text)
      await write('first')
      await new Promise((resolve) => response.raw.once('close', resolve))
    }
    await start(endpoint, { writeTimeout: 20 })
    const socket = open().setEncoding('utf8')
    let text = ''
    const until = async (end: string) => {
      while (!text.includes(end)) text += String((await once(socket, 'data'))[0])
    }
    await until('first')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await write('second')
    await until('second')
    socket.destroy()
  })

  it('is waited for without end when there is no limit', async () => {
    await start(answerLarge, { writeTimeout: 0 })
    const socket = open().pause()
    await once(server.http, 'request')
    await new Promise((resolve) => setTimeout(resolve, 200))
    let received = 0
    socket.on('data', (chunk: Buffer) => (received += chunk.length)).resume()
    while (received < large.length) await once(socket, 'data')
    socket.destroy()
  })

  describe('over HTTP/2', () => {
    let session: ClientHttp2Session | undefined
    afterEach(() => session?.destroy())

    const connectTo = () => {
      session = connectHttp2(`https://127.0.0.1:${portOf(server)}`, { rejectUnauthorized: false })
      session.on('error', () => {})
    }
    const ask = (): ClientHttp2Stream => session!.request({ ':path': '/' }).on('error', () => {})

    it('loses its stream, and the connection goes on', async () => {
      await start(answerLarge, { writeTimeout: 100, minWriteRate: 1024 * 1024, tls, http2: true })
      connectTo()
      const stream = ask().pause()
      const over = once(stream, 'close')
      await finished
      await over
      expect(stream.rstCode).to.equal(constants.NGHTTP2_CANCEL)
      const next = ask()
      let received = 0
      next.on('data', (chunk: Buffer) => (received += chunk.length))
      await once(next, 'end')
      expect([received, session!.destroyed]).to.deep.equal([large.length, false])
    })

    it('loses its connection when it reads none of it', async () => {
      await start(answerLarge, { writeTimeout: 100, minWriteRate: 1024 * 1024, tls, http2: true })
      const socket = await rawHttp2(portOf(server))
      socket.write(rawGet(1))
      socket.on('error', () => {}).pause()
      await finished
      socket.resume()
      await closed(socket)
      expect(await connections()).to.equal(0)
    })

    it('is waited for when nothing is there to read', async () => {
      let write: (text: string) => Promise<void> = () => Promise.resolve()
      const endpoint: Endpoint = async (_request, response) => {
        write = (text) => response.stream.write(text)
        await write('first')
        await new Promise((resolve) => response.raw.once('close', resolve))
      }
      await start(endpoint, { writeTimeout: 20, tls, http2: true })
      connectTo()
      const stream = ask().setEncoding('utf8')
      expect(await once(stream, 'data')).to.deep.equal(['first'])
      await new Promise((resolve) => setTimeout(resolve, 200))
      await write('second')
      expect(await once(stream, 'data')).to.deep.equal(['second'])
    })
  })
})
