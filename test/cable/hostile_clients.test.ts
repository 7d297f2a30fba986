import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'chai'
import { broadcast, Channel } from '../../src/cable/index.ts'
import { type CableServer, frames, messages, perform, startCable, subscribe } from './cable_server.ts'

let received: unknown

class EchoChannel extends Channel {
  keep(data: object) {
    received = data
  }
  echo(data: { text: string }) {
    this.transmit(data.text)
  }
}

class MembersChannel extends Channel {
  override subscribed() {
    this.streamFrom('members')
    throw new Error('not a member')
  }
  secret() {
    this.transmit('secret')
  }
}

const deep = '['.repeat(100_000) + ']'.repeat(100_000)

describe('a hostile client', () => {
  let stage: CableServer
  beforeEach(async () => {
    received = undefined
    stage = await startCable({ channels: [EchoChannel, MembersChannel] })
  })
  afterEach(() => stage.close())

  for (const [what, command] of Object.entries({
    'an identifier that is no text': '{"command":"unsubscribe","identifier":{"toString":1,"valueOf":1}}',
    'a message for an identifier that is no text': '{"command":"message","identifier":{"toString":1,"valueOf":1},"data":"{}"}',
    'an identifier nested a hundred thousand levels deep': `{"command":"unsubscribe","identifier":${deep}}`,
    'a command nested a hundred thousand levels deep': `{"command":${deep}}`,
    'data nested a hundred thousand levels deep': JSON.stringify({
      command: 'message',
      identifier: '{"channel":"EchoChannel"}',
      data: deep,
    }),
    'params nested a hundred thousand levels deep': JSON.stringify({
      command: 'subscribe',
      identifier: `{"channel":"EchoChannel","a":${deep}}`,
    }),
  })) {
    it(`cannot end the process with ${what}`, async () => {
      const client = await stage.connect()
      client.text(command)
      subscribe(client, { channel: 'EchoChannel' })
      perform(client, { channel: 'EchoChannel' }, { action: 'echo', text: 'still here' })
      await stage.settle(client)
      expect(messages(client)).to.deep.equal(['still here'])
    })
  }

  it('sends objects that inherit nothing, so that none of them is taken for operators of a condition', async () => {
    const client = await stage.connect()
    subscribe(client, { channel: 'EchoChannel' })
    perform(client, { channel: 'EchoChannel' }, { action: 'keep', email: { not: '' }, list: [{ gt: 0 }] })
    await stage.settle(client)
    const { email, list } = received as { email: object; list: object[] }
    for (const object of [received as object, email, list[0]!]) {
      expect(Object.getPrototypeOf(object)).not.to.equal(Object.prototype)
      expect('constructor' in object).to.equal(false)
    }
    expect(received).to.deep.equal({ action: 'keep', email: { not: '' }, list: [{ gt: 0 }] })
  })

  it('is let go when it was refused, also when it keeps its side of the connection open', async () => {
    const [accepted] = await Promise.all([
      once(stage.server, 'connection'),
      (async () => {
        const socket = connect({ port: stage.port, host: '127.0.0.1', allowHalfOpen: true })
        socket.on('error', () => {})
        socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
        socket.resume()
      })(),
    ])
    const socket = accepted[0] as import('node:net').Socket
    if (!socket.destroyed) await once(socket, 'close')
    expect(socket.destroyed).to.equal(true)
    expect(frames(await stage.connect())).to.be.an('array')
  })

  for (const [what, framing, sent, body] of [
    ['no body', '', [], ''],
    ['a body of a known length', 'Content-Length: 5\r\n', ['he', 'llo'], 'hello'],
    ['a body of unknown length', 'Transfer-Encoding: chunked\r\n', ['2\r\nhe\r\n', '3\r\nllo\r\n0\r\n\r\n'], 'hello'],
  ] as const) {
    it(`is answered as if it had not asked, when it asks for another protocol than WebSocket with ${what}`, async () => {
      stage.server.removeAllListeners('request').on('request', async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk)
        response.end(JSON.stringify([request.method, request.url, request.headers['x-a'], String(Buffer.concat(chunks))]))
      })
      const socket = connect({ port: stage.port, host: '127.0.0.1' })
      const received: Buffer[] = []
      socket.on('data', (chunk) => received.push(chunk))
      socket.write(
        'POST /x?a=1 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n',
      )
      socket.write(`X-A: 1\r\n${framing}\r\n`)
      for (const part of sent) socket.write(part)
      await once(socket, 'close')
      const [head, answer] = Buffer.concat(received).toString().split('\r\n\r\n')
      expect(head).to.match(/^HTTP\/1.1 200 OK\r\n/)
      expect(JSON.parse(answer!.replace(/^[0-9a-f]+\r\n/, ''))).to.deep.equal(['POST', '/x?a=1', '1', body])
    })
  }

  it('is let go when nobody wants its upgrade, also where others listen', async () => {
    stage.server.on('upgrade', () => {})
    const socket = connect({ port: stage.port, host: '127.0.0.1', allowHalfOpen: true })
    const received: Buffer[] = []
    socket.on('data', (chunk) => received.push(chunk))
    socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await once(socket, 'end')
    socket.destroy()
    expect(String(Buffer.concat(received))).to.match(/^HTTP\/1.1 404 /)
  })

  it('can do and hear nothing on a channel that failed while it subscribed', async () => {
    const client = await stage.connect()
    subscribe(client, { channel: 'MembersChannel' })
    perform(client, { channel: 'MembersChannel' }, { action: 'secret' })
    await stage.settle(client)
    await broadcast('members', 'secret')
    await stage.settle(client)
    expect(messages(client)).to.deep.equal([])
  })
})
