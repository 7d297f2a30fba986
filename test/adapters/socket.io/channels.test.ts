import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { io, type Socket } from 'socket.io-client'
import { type Answer, type Identifier, SocketIoTransport } from '../../../adapters/socket.io/index.ts'
import { ActionCableTransport, broadcast, Cable, type CableConfig, Channel, Connection } from '../../../src/cable/index.ts'
import { LocalPubSub, usePubSub } from '../../../src/pubsub/index.ts'
import { RawClient } from '../../cable/raw_client.ts'

class ApplicationConnection extends Connection {
  static {
    this.identifiedBy('current_name')
  }
  declare current_name: string
  override connect() {
    if (this.params['token'] === 'bad') this.rejectUnauthorizedConnection()
    this.current_name = String(this.params['token'])
  }
}

class ChatChannel extends Channel {
  declare readonly current_name: string
  override subscribed() {
    if (!this.params['room']) return this.reject()
    this.streamFrom(`chat_${this.params['room']}`)
  }
  async speak(data: { text: string }) {
    await broadcast(`chat_${this.params['room']}`, { from: this.current_name, text: data.text })
  }
  echo(data: object) {
    this.transmit(data)
  }
  fail() {
    throw new Error('no')
  }
}

describe('the socket.io transport', () => {
  let server: Server
  let cable: Cable
  let transport: SocketIoTransport
  let actionCable: ActionCableTransport
  const clients: Socket[] = []
  const before = usePubSub(undefined)

  const start = async (config: CableConfig = {}) => {
    server = createServer((_, response) => void response.writeHead(404).end())
    const pubsub = new LocalPubSub()
    usePubSub(pubsub)
    const silent = { debug() {}, info() {}, warn() {}, error() {} }
    const channels = new Map([['ChatChannel', ChatChannel]])
    cable = new Cable({ pubsub, channels, connectionClass: ApplicationConnection, config, logger: silent })
    transport = new SocketIoTransport()
    actionCable = new ActionCableTransport()
    transport.attach(server, cable)
    actionCable.attach(server, cable)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  const port = () => (server.address() as AddressInfo).port
  const connect = (token: string, options: object = {}): Socket => {
    const client = io(`http://127.0.0.1:${port()}`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 5,
      ...options,
    })
    clients.push(client)
    return client
  }
  const heard = (client: Socket) =>
    new Promise<[Identifier, unknown]>((resolve) => client.once('message', (...args) => resolve(args as [Identifier, unknown])))
  const ask = (client: Socket, event: string, ...args: unknown[]): Promise<Answer> => client.emitWithAck(event, ...args)

  beforeEach(() => start())
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect()
    await Promise.all([transport.close({ timeout: 100 }), actionCable.close({ timeout: 0 })])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    usePubSub(before)
  })

  const lobby = { channel: 'ChatChannel', room: 'lobby' }

  it('serves the channels: subscribe, perform, message', async () => {
    const [ann, bob] = [connect('ann'), connect('bob')]
    expect(await ask(ann, 'subscribe', lobby)).to.deep.equal({ ok: true })
    const message = heard(ann)
    await ask(bob, 'subscribe', { room: 'lobby', channel: 'ChatChannel' })
    expect(await ask(bob, 'perform', lobby, 'speak', { text: 'Hello' })).to.deep.equal({ ok: true })
    expect(await message).to.deep.equal([lobby, { from: 'bob', text: 'Hello' }])
  })

  it('works over HTTP polling, too', async () => {
    const client = connect('ann', { transports: ['polling'] })
    await ask(client, 'subscribe', lobby)
    const message = heard(client)
    await broadcast('chat_lobby', 1)
    expect(await message).to.deep.equal([lobby, 1])
  })

  it('reaches clients of both transports with one broadcast', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    const rails = await RawClient.connect(port(), '/cable?token=bob', ['actioncable-v1-json'], { origin: `http://127.0.0.1:${port()}` })
    rails.text(JSON.stringify({ command: 'subscribe', identifier: JSON.stringify(lobby) }))
    await rails.barrier()
    await cable.idle()
    const message = heard(client)
    await broadcast('chat_lobby', 'to all')
    expect(await message).to.deep.equal([lobby, 'to all'])
    await rails.barrier()
    expect(rails.seen.at(-1)).to.deep.equal({
      message: '{"identifier":"{\\"channel\\":\\"ChatChannel\\",\\"room\\":\\"lobby\\"}","message":"to all"}',
    })
    rails.socket.destroy()
  })

  it('turns away connections that connect rejects', async () => {
    const client = connect('bad')
    const error = await new Promise<Error>((resolve) => client.once('connect_error', resolve))
    expect(error.message).to.equal('unauthorized')
    expect(cable.connectionCount).to.equal(0)
  })

  it('names what went wrong with a command', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    const answers = [
      await ask(client, 'subscribe', lobby),
      await ask(client, 'subscribe', 'ChatChannel'),
      await ask(client, 'subscribe', 'NoChannel'),
      await ask(client, 'subscribe', 5),
      await ask(client, 'subscribe', { room: 1 }),
      await ask(client, 'perform', 'ChatChannel', 'echo'),
      await ask(client, 'perform', lobby, 'subscribed'),
      await ask(client, 'perform', lobby, 'fail'),
      await ask(client, 'perform', lobby, 'echo', [1]),
      await ask(client, 'unsubscribe', lobby),
      await ask(client, 'unsubscribe', lobby),
    ]
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error))).to.deep.equal([
      'already_subscribed',
      'rejected',
      'unknown_channel',
      'invalid',
      'invalid',
      'not_subscribed',
      'unknown_action',
      'failed',
      'invalid',
      'ok',
      'not_subscribed',
    ])
  })

  it('refuses a command nested a few thousand levels deep, and goes on', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    let nested: unknown = 'end'
    for (let i = 0; i < 2_000; i++) nested = { a: nested }
    expect(await ask(client, 'perform', lobby, 'echo', { nested })).to.deep.equal({ ok: false, error: 'invalid' })
    expect(await ask(client, 'subscribe', { channel: 'ChatChannel', nested } as Identifier)).to.deep.equal({ ok: false, error: 'invalid' })
    expect(await ask(client, 'perform', lobby, 'echo', { text: 'still here' })).to.deep.equal({ ok: true })
  })

  it('keeps keys away that could reach a prototype', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    const message = heard(client)
    await ask(client, 'perform', lobby, 'echo', JSON.parse('{"a":{"__proto__":{"admin":true}}}'))
    expect(await message).to.deep.equal([lobby, { a: {}, action: 'echo' }])
  })

  it('ends connections from our side; the client stays away when told so', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    const closing = new Promise((resolve) => client.once('closing', resolve))
    const reason = new Promise((resolve) => client.once('disconnect', resolve))
    await cable.disconnect({ current_name: 'ann' }, { reconnect: false })
    expect(await closing).to.deep.equal({ reason: 'remote', reconnect: false })
    expect(await reason).to.equal('io server disconnect')
    expect(client.active).to.equal(false)
  })

  it('brings clients back after a restart', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    const back = new Promise((resolve) => client.once('connect', () => resolve(undefined)))
    cable.restart()
    await back
    expect(await ask(client, 'subscribe', lobby)).to.deep.equal({ ok: true })
  })

  it('refuses pages of other origins', async () => {
    const client = connect('ann', { extraHeaders: { origin: 'http://evil.example' } })
    const error = await new Promise<Error>((resolve) => client.once('connect_error', resolve))
    expect(error).to.be.instanceOf(Error)
    expect(cable.connectionCount).to.equal(0)
  })

  it('ends the connection of a client that does not read; others go on', async () => {
    const [slow, quick] = [connect('slow', { reconnection: false }), connect('quick')]
    for (const client of [slow, quick]) await ask(client, 'subscribe', lobby)
    const { ws } = slow.io.engine.transport as unknown as { ws: { _socket: { pause(): void; destroy(): void } } }
    ws._socket.pause()
    while (cable.connectionCount === 2) {
      const message = heard(quick)
      await broadcast('chat_lobby', 'x'.repeat(200_000))
      await message
    }
    ws._socket.destroy()
    expect(cable.connections().map(({ identifier }) => identifier)).to.deep.equal(['quick'])
  })

  it('frees streams and sessions when clients go', async () => {
    const client = connect('ann')
    await ask(client, 'subscribe', lobby)
    client.disconnect()
    while (cable.connectionCount > 0) await new Promise(setImmediate)
    await cable.idle()
    await new Promise(setImmediate)
    expect(cable.streams.statistics()).to.deep.equal([])
  })

  it('says goodbye to everyone when it closes', async () => {
    const client = connect('ann', { reconnection: false })
    await ask(client, 'subscribe', lobby)
    const closing = new Promise((resolve) => client.once('closing', resolve))
    await transport.close({ timeout: 1_000 })
    expect(await closing).to.deep.equal({ reason: 'server_restart', reconnect: true })
    expect(cable.connectionCount).to.equal(0)
  })
})
