import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'chai'
import { broadcast, Channel, Connection } from '../../src/cable/index.ts'
import { type CableServer, frames, messages, perform, startCable, subscribe } from './cable_server.ts'
import { RawClient } from './raw_client.ts'

class EchoChannel extends Channel {
  echo(data: { text: string }) {
    this.transmit(data.text)
  }
}

describe('a connection', () => {
  let stage: CableServer
  afterEach(() => stage.close())

  it('makes its identifiers readable on its channels', async () => {
    class NamedConnection extends Connection {
      static {
        this.identifiedBy('current_name')
      }
      declare current_name: string
      override connect() {
        this.current_name = String(this.request.params['token'] ?? 'guest')
      }
    }
    class WhoChannel extends Channel {
      declare readonly current_name: string
      who() {
        this.transmit(this.current_name)
      }
    }
    stage = await startCable({ channels: [WhoChannel], connectionClass: NamedConnection })
    const client = await stage.connect('/cable?token=ann')
    subscribe(client, { channel: 'WhoChannel' })
    perform(client, { channel: 'WhoChannel' }, { action: 'who' })
    await stage.settle(client)
    expect(messages(client)).to.deep.equal(['ann'])
  })

  it('reads cookies and headers of the handshake', async () => {
    let seen: unknown
    class CookieConnection extends Connection {
      override connect() {
        seen = [this.cookies['session'], Object.keys(this.cookies), this.request.headers['x-tenant'], this.request.path]
      }
    }
    stage = await startCable({ connectionClass: CookieConnection })
    const client = await RawClient.connect(stage.port, '/cable?a=1', ['actioncable-v1-json'], {
      cookie: 'session=a%20b; session=other; __proto__=x',
      'x-tenant': 'north',
    })
    await stage.settle(client)
    client.socket.destroy()
    expect(seen).to.deep.equal(['a b', ['session'], 'north', '/cable'])
  })

  it('runs callbacks around each command, and tells its rescue handler of errors', async () => {
    const seen: string[] = []
    class WatchedConnection extends Connection {
      static {
        this.beforeCommand(() => seen.push('before'))
        this.afterCommand(() => seen.push('after'))
        this.rescueFrom(RangeError, (_, error) => seen.push(error.message))
      }
    }
    class RangeChannel extends Channel {
      fail() {
        throw new RangeError('too far')
      }
    }
    stage = await startCable({ channels: [RangeChannel], connectionClass: WatchedConnection })
    const client = await stage.connect()
    subscribe(client, { channel: 'RangeChannel' })
    perform(client, { channel: 'RangeChannel' }, { action: 'fail' })
    await stage.settle(client)
    expect(seen).to.deep.equal(['before', 'after', 'before', 'too far'])
  })

  it('ends from our side, for all connections of one identity', async () => {
    class UserConnection extends Connection {
      static {
        this.identifiedBy('user')
      }
      declare user: { id: string; toGidParam(): string }
      override connect() {
        const id = String(this.params['token'])
        this.user = { id, toGidParam: () => `user-${id}` }
      }
    }
    stage = await startCable({ connectionClass: UserConnection })
    const [ann, bob] = await Promise.all([stage.connect('/cable?token=ann'), stage.connect('/cable?token=bob')])
    const gone = new Promise((resolve) => ann.socket.once('close', resolve))
    await stage.cable.disconnect({ user: { toGidParam: () => 'user-ann' } }, { reconnect: false })
    await gone
    expect(frames(ann).at(-1)).to.deep.equal({ type: 'disconnect', reason: 'remote', reconnect: false })
    await stage.settle(bob)
    expect(bob.isGone).to.equal(false)
    const error = await stage.cable.disconnect({ name: 'ann' }).catch((error) => error)
    expect(error.message).to.contain('declared with identifiedBy user')
  })

  it('is ended when connect takes too long', async () => {
    class HangingConnection extends Connection {
      override connect() {
        return new Promise<void>(() => undefined)
      }
    }
    stage = await startCable({ connectionClass: HangingConnection, config: { limits: { connectTimeout: 20 } } })
    const client = await RawClient.connect(stage.port, '/cable', [])
    await new Promise((resolve) => client.socket.once('close', resolve))
    expect(stage.logged.join()).to.contain('connect did not succeed in 20 ms')
  })

  it('is listed with its subscriptions and streams', async () => {
    class ListedChannel extends Channel {
      override subscribed() {
        this.streamFrom('listed')
      }
    }
    stage = await startCable({ channels: [ListedChannel] })
    const client = await stage.connect()
    subscribe(client, { channel: 'ListedChannel' })
    await stage.settle(client)
    expect(stage.cable.connections()[0]?.subscriptions).to.deep.equal([
      { channel: 'ListedChannel', identifier: '{"channel":"ListedChannel"}', streams: ['listed'] },
    ])
    expect(stage.cable.streams.statistics()).to.deep.equal([{ stream: 'listed', listeners: 1 }])
  })

  it('tells channels and connection when the client has gone, and frees its streams', async () => {
    const seen: string[] = []
    let left = () => {}
    const done = new Promise<void>((resolve) => (left = resolve))
    class LeavingConnection extends Connection {
      override disconnect() {
        seen.push('disconnect')
        left()
      }
    }
    class LeavingChannel extends Channel {
      override subscribed() {
        this.streamFrom('leaving')
      }
      override async unsubscribed() {
        seen.push('unsubscribed')
        throw new Error('ignored')
      }
    }
    stage = await startCable({ channels: [LeavingChannel], connectionClass: LeavingConnection })
    const client = await stage.connect()
    subscribe(client, { channel: 'LeavingChannel' })
    await stage.settle(client)
    client.socket.destroy()
    await done
    expect(seen).to.deep.equal(['unsubscribed', 'disconnect'])
    expect(stage.cable.streams.statistics()).to.deep.equal([])
  })
})

describe('the limits of a connection', () => {
  let stage: CableServer
  afterEach(() => stage.close())

  it('closes it for a message that is too large', async () => {
    stage = await startCable({ channels: [EchoChannel], config: { limits: { messageBytes: 1000 } } })
    const client = await stage.connect()
    client.text('x'.repeat(1001))
    await new Promise((resolve) => client.socket.once('close', resolve))
    expect(client.seen.at(-1)).to.deep.equal({ close: { code: 1009, reason: '' } })
  })

  it('rejects subscriptions beyond the limit', async () => {
    stage = await startCable({ channels: [EchoChannel], config: { limits: { subscriptions: 2 } } })
    const client = await stage.connect()
    for (const n of [1, 2, 3]) subscribe(client, { channel: 'EchoChannel', n })
    await stage.settle(client)
    expect(frames(client).map((frame) => frame['type'])).to.deep.equal([
      'welcome',
      'confirm_subscription',
      'confirm_subscription',
      'reject_subscription',
    ])
  })

  it('refuses streams beyond the limit', async () => {
    class GreedyChannel extends Channel {
      listen() {
        for (let n = 0; n < 10; n++) this.streamFrom(`stream ${n}`)
      }
    }
    stage = await startCable({ channels: [GreedyChannel], config: { limits: { streams: 3 } } })
    const client = await stage.connect()
    subscribe(client, { channel: 'GreedyChannel' })
    perform(client, { channel: 'GreedyChannel' }, { action: 'listen' })
    await stage.settle(client)
    expect(stage.cable.streams.statistics()).to.have.length(3)
    expect(stage.logged).to.include('Could not execute a command')
  })

  it('stops reading while many messages wait, and loses none of them', async () => {
    let release = () => {}
    let handled = 0
    class BusyChannel extends Channel {
      async wait() {
        await new Promise<void>((resolve) => (release = resolve))
      }
      count() {
        handled++
      }
    }
    stage = await startCable({ channels: [BusyChannel], config: { limits: { waitingMessages: 5_000 } } })
    const client = await stage.connect()
    subscribe(client, { channel: 'BusyChannel' })
    perform(client, { channel: 'BusyChannel' }, { action: 'wait' })
    await client.barrier()
    for (let n = 0; n < 8_000; n++) perform(client, { channel: 'BusyChannel' }, { action: 'count' })
    await new Promise(setImmediate)
    release()
    await client.barrier()
    await stage.settle(client)
    expect(handled).to.equal(8_000)
  })

  it('ends it when messages pile up where reading cannot stop', async () => {
    class StuckChannel extends Channel {
      stuck() {
        return new Promise(() => undefined)
      }
    }
    stage = await startCable({ channels: [StuckChannel], config: { limits: { waitingMessages: 10 } } })
    const client = await stage.connect()
    subscribe(client, { channel: 'StuckChannel' })
    for (let n = 0; n < 100; n++) perform(client, { channel: 'StuckChannel' }, { action: 'stuck' })
    await new Promise((resolve) => client.socket.once('close', resolve))
    expect(stage.logged.join()).to.contain('more than 10 messages wait')
  })

  it('ends it when the client does not read what it is sent; others go on', async () => {
    let left = () => {}
    const gone = new Promise<void>((resolve) => (left = resolve))
    class SlowConnection extends Connection {
      override disconnect() {
        if (this.params['slow'] !== undefined) left()
      }
    }
    class FeedChannel extends Channel {
      override subscribed() {
        this.streamFrom('feed')
      }
    }
    stage = await startCable({ channels: [FeedChannel], connectionClass: SlowConnection, config: { limits: { bufferedBytes: 300_000 } } })
    const slow = await stage.connect('/cable?slow=1')
    const quick = await stage.connect()
    for (const client of [slow, quick]) {
      subscribe(client, { channel: 'FeedChannel' })
      await stage.settle(client)
    }
    slow.socket.pause()
    let sent = 0
    while (stage.cable.connectionCount === 2) {
      await broadcast('feed', 'x'.repeat(100_000))
      sent++
      await stage.settle(quick)
    }
    await gone
    expect(messages(quick)).to.have.length(sent)
    expect(stage.logged.join()).to.contain('more than 300000 bytes wait')
  })

  it('ends it when the client no longer answers pings', async () => {
    stage = await startCable({})
    const client = await stage.connect()
    client.socket.pause()
    while (stage.cable.connectionCount === 1) {
      stage.transport.beat()
      await new Promise(setImmediate)
    }
    expect(stage.cable.connectionCount).to.equal(0)
  })
})

describe('the endpoint', () => {
  let stage: CableServer
  afterEach(() => stage.close())

  it('refuses upgrades to other paths when nobody else takes them', async () => {
    stage = await startCable({})
    const client = await RawClient.connect(stage.port, '/other', [])
    expect(client.seen).to.deep.equal([{ refused: 404 }])
  })

  it('leaves upgrades to other paths to those who take them', async () => {
    stage = await startCable({})
    stage.server.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 Mine\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    const client = await RawClient.connect(stage.port, '/other', [])
    expect(client.seen).to.deep.equal([{ refused: 418 }])
  })

  it('leaves upgrades alone that others have taken, also while their body is under way', async () => {
    stage = await startCable({})
    stage.server.on('upgrade', (request, socket) => {
      if (request.url !== '/other') return
      socket.on('end', () => socket.destroy()).resume()
      socket.write('HTTP/1.1 101 Mine\r\n\r\n')
    })
    const upgrade = (path: string) => {
      const socket = connect({ port: stage.port, host: '127.0.0.1' })
      const seen = { text: '' }
      socket.setEncoding('latin1').on('data', (text) => {
        seen.text += text
      })
      const framing = 'Content-Length: 2\r\n'
      socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${framing}\r\n`)
      return { socket, seen }
    }
    const taken = upgrade('/other')
    await once(taken.socket, 'data')
    const nobodys = upgrade('/nowhere')
    await once(nobodys.socket, 'close') // by then it would have been refused as well
    expect(nobodys.seen.text).to.match(/^HTTP\/1.1 404 /)
    expect(taken.seen.text).to.equal('HTTP/1.1 101 Mine\r\n\r\n')
    taken.socket.end()
  })

  it('says goodbye to everyone when it closes, and cuts off who stays', async () => {
    stage = await startCable({})
    const client = await stage.connect()
    await stage.transport.close({ timeout: 1_000 })
    expect(frames(client).at(-1)).to.deep.equal({ type: 'disconnect', reason: 'server_restart', reconnect: true })
    expect(stage.cable.connectionCount).to.equal(0)
  })

  it('waits at its close until the channels have been told, but not forever', async () => {
    const told: string[] = []
    class FarewellChannel extends Channel {
      override async unsubscribed() {
        if (this.params['hangs']) await new Promise(() => undefined)
        await new Promise(setImmediate)
        told.push('unsubscribed')
      }
    }
    stage = await startCable({ channels: [FarewellChannel] })
    const client = await stage.connect()
    subscribe(client, { channel: 'FarewellChannel' })
    await stage.settle(client)
    await stage.transport.close({ timeout: 10_000 })
    expect(told).to.deep.equal(['unsubscribed'])

    await stage.close()
    stage = await startCable({ channels: [FarewellChannel] })
    const other = await stage.connect()
    subscribe(other, { channel: 'FarewellChannel', hangs: true })
    await stage.settle(other)
    await stage.transport.close({ timeout: 10 })
    expect(told).to.deep.equal(['unsubscribed'])
  })

  it('sends each client many messages of one moment in the order they came', async () => {
    class BurstChannel extends Channel {
      override subscribed() {
        this.streamFrom('burst')
      }
      burst() {
        this.transmit('own')
      }
    }
    stage = await startCable({ channels: [BurstChannel] })
    const clients = await Promise.all([stage.connect(), stage.connect(), stage.connect()])
    for (const client of clients) {
      subscribe(client, { channel: 'BurstChannel' })
      await stage.settle(client)
    }
    const texts = ['short', 'm'.repeat(200), 'l'.repeat(70_000), 'é😀']
    await Promise.all(texts.map((text) => broadcast('burst', text)))
    for (const client of clients) {
      await stage.settle(client)
      expect(messages(client)).to.deep.equal(texts)
    }
  })
})
