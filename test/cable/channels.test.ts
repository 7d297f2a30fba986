import { expect } from 'chai'
import { broadcast, Channel, type ChannelClass, type Connection } from '../../src/cable/index.ts'
import { type CableServer, frames, messages, perform, startCable, subscribe } from './cable_server.ts'

describe('a channel', () => {
  let stage: CableServer
  const start = async (...channels: ChannelClass[]) => {
    stage = await startCable({ channels })
    return stage.connect()
  }
  afterEach(() => stage.close())

  it('sends what is broadcast to its streams', async () => {
    class NewsChannel extends Channel {
      override subscribed() {
        this.streamFrom('news')
      }
    }
    const client = await start(NewsChannel)
    subscribe(client, { channel: 'NewsChannel' })
    await stage.settle(client)
    await broadcast('news', { title: 'Tests pass' })
    await stage.settle(client)
    expect(messages(client)).to.deep.equal([{ title: 'Tests pass' }])
    expect(stage.logged).to.deep.equal(['NewsChannel is streaming from news', 'NewsChannel is transmitting the subscription confirmation'])
  })

  it('handles the messages of one connection one after the other', async () => {
    const order: string[] = []
    let release = () => {}
    class SlowChannel extends Channel {
      async slow() {
        await new Promise<void>((resolve) => (release = resolve))
        order.push('slow')
      }
      quick() {
        order.push('quick')
      }
    }
    const client = await start(SlowChannel)
    subscribe(client, { channel: 'SlowChannel' })
    perform(client, { channel: 'SlowChannel' }, { action: 'slow' })
    perform(client, { channel: 'SlowChannel' }, { action: 'quick' })
    await client.barrier()
    expect(order).to.deep.equal([])
    release()
    await stage.settle(client)
    expect(order).to.deep.equal(['slow', 'quick'])
  })

  it('keeps its state as long as the subscription lives', async () => {
    class CounterChannel extends Channel {
      count = 0
      add() {
        this.transmit(++this.count)
      }
    }
    const client = await start(CounterChannel)
    subscribe(client, { channel: 'CounterChannel' })
    perform(client, { channel: 'CounterChannel' }, { action: 'add' })
    perform(client, { channel: 'CounterChannel' }, { action: 'add' })
    await stage.settle(client)
    expect(messages(client)).to.deep.equal([1, 2])
  })

  it('offers public methods of the subclass only', async () => {
    const called: string[] = []
    class Base extends Channel {
      inherited() {
        called.push('inherited')
      }
    }
    class GuardedChannel extends Base {
      static {
        this.beforeSubscribe('prepare')
        this.periodically('tick', { every: 60 })
        this.rescueFrom(TypeError, 'explain')
      }
      own() {
        called.push('own')
      }
      prepare() {
        called.push('prepare')
      }
      tick() {
        called.push('tick')
      }
      explain() {
        called.push('explain')
      }
      _hidden() {
        called.push('_hidden')
      }
      get getter() {
        called.push('getter')
        return () => undefined
      }
      override subscribed() {}
      override transmit(message: unknown) {
        called.push('transmit')
        super.transmit(message)
      }
    }
    const client = await start(GuardedChannel)
    subscribe(client, { channel: 'GuardedChannel' })
    const actions = [
      'own',
      'inherited',
      'prepare',
      'tick',
      'explain',
      '_hidden',
      'getter',
      'subscribed',
      'transmit',
      'constructor',
      'toString',
    ]
    for (const action of [...actions, '__proto__', 'stopAllStreams']) perform(client, { channel: 'GuardedChannel' }, { action })
    await stage.settle(client)
    expect(called).to.deep.equal(['prepare', 'own', 'inherited'])
  })

  it('offers only what `actions` lists when it lists any', async () => {
    const called: string[] = []
    class ListedChannel extends Channel {
      static {
        this.actions('speak')
      }
      speak() {
        called.push('speak')
      }
      lookUp() {
        called.push('lookUp')
      }
    }
    const client = await start(ListedChannel)
    subscribe(client, { channel: 'ListedChannel' })
    for (const action of ['speak', 'lookUp']) perform(client, { channel: 'ListedChannel' }, { action })
    await stage.settle(client)
    expect(called).to.deep.equal(['speak'])
  })

  it('never lets an identifier or data reach a prototype', async () => {
    let params: object = {}
    let received: object = {}
    class ParamsChannel extends Channel {
      override subscribed() {
        params = this.params
      }
      receive(data: object) {
        received = data
      }
    }
    const client = await start(ParamsChannel)
    const identifier = '{"channel":"ParamsChannel","__proto__":{"admin":true},"a":{"\\u005f_proto__":{"admin":true}}}'
    client.text(JSON.stringify({ command: 'subscribe', identifier }))
    client.text(JSON.stringify({ command: 'message', identifier, data: '{"x":{"__proto__":{"admin":true}}}' }))
    await stage.settle(client)
    expect(params).to.deep.equal({ channel: 'ParamsChannel', a: {} })
    expect(received).to.deep.equal({ x: {} })
    expect(({} as { admin?: boolean }).admin).to.equal(undefined)
  })

  it('gives streamed messages to a handler, in turn with its actions', async () => {
    class HandlerChannel extends Channel {
      override subscribed() {
        this.streamFrom('numbers', async (message) => {
          await Promise.resolve()
          this.transmit({ doubled: (message as number) * 2 })
        })
      }
    }
    const client = await start(HandlerChannel)
    subscribe(client, { channel: 'HandlerChannel' })
    await stage.settle(client)
    await broadcast('numbers', 4)
    await broadcast('numbers', 5)
    await stage.settle(client)
    expect(messages(client)).to.deep.equal([{ doubled: 8 }, { doubled: 10 }])
  })

  it('lets a subclass that overrides transmit see what is streamed', async () => {
    class StampChannel extends Channel {
      override subscribed() {
        this.streamFrom('stamped')
      }
      override transmit(message: unknown) {
        super.transmit({ stamped: message })
      }
    }
    const client = await start(StampChannel)
    subscribe(client, { channel: 'StampChannel' })
    await stage.settle(client)
    await broadcast('stamped', 1)
    await stage.settle(client)
    expect(messages(client)).to.deep.equal([{ stamped: 1 }])
  })

  it('streams for a record, and rejects when there is none', async () => {
    const rooms = new Map([['1', { id: 1, toGidParam: () => 'room-one' }]])
    class RoomChannel extends Channel {
      override subscribed() {
        this.streamOrRejectFor(rooms.get(String(this.params['id'])))
      }
    }
    const client = await start(RoomChannel)
    subscribe(client, { channel: 'RoomChannel', id: 1 })
    subscribe(client, { channel: 'RoomChannel', id: 2 })
    await stage.settle(client)
    await RoomChannel.broadcastTo(rooms.get('1'), 'hello')
    await stage.settle(client)
    expect(messages(client)).to.deep.equal(['hello'])
    expect(frames(client).map((frame) => frame['type'])).to.include('reject_subscription')
  })

  it('runs callbacks around subscribing, with their conditions', async () => {
    const seen: string[] = []
    class CallbackChannel extends Channel {
      static {
        this.beforeSubscribe(() => seen.push('before'), 'note')
        this.beforeSubscribe(() => seen.push('never'), { if: (channel) => channel.params['vip'] === true })
        this.afterSubscribe(() => seen.push('declared first'))
        this.afterSubscribe(() => seen.push('declared last'), { unless: 'isQuiet' })
        this.afterUnsubscribe(() => seen.push('left'))
      }
      note() {
        seen.push('note')
      }
      isQuiet() {
        return false
      }
      override subscribed() {
        seen.push('subscribed')
      }
    }
    const client = await start(CallbackChannel)
    subscribe(client, { channel: 'CallbackChannel' })
    client.text(JSON.stringify({ command: 'unsubscribe', identifier: '{"channel":"CallbackChannel"}' }))
    await stage.settle(client)
    expect(seen).to.deep.equal(['before', 'note', 'subscribed', 'declared last', 'declared first', 'left'])
  })

  it('hands errors to the handler declared last that fits, also for their cause', async () => {
    class NotFound extends Error {}
    class RescueChannel extends Channel {
      static {
        this.rescueFrom(Error, (channel) => channel.transmit('some error'))
        this.rescueFrom(NotFound, (channel, error) => channel.transmit(error.message))
      }
      direct() {
        throw new NotFound('direct')
      }
      wrapped() {
        throw 'text'
      }
      async caused() {
        throw new TypeError('outer', { cause: new NotFound('inner') })
      }
    }
    const client = await start(RescueChannel)
    subscribe(client, { channel: 'RescueChannel' })
    for (const action of ['direct', 'caused', 'wrapped']) perform(client, { channel: 'RescueChannel' }, { action })
    await stage.settle(client)
    expect(messages(client)).to.deep.equal(['direct', 'some error'])
    expect(stage.logged).to.include('Could not execute a command')
  })

  it('goes on after an action has failed', async () => {
    class FailingChannel extends Channel {
      async fail() {
        throw new Error('no')
      }
      work() {
        this.transmit('done')
      }
    }
    const client = await start(FailingChannel)
    subscribe(client, { channel: 'FailingChannel' })
    for (const action of ['fail', 'work']) perform(client, { channel: 'FailingChannel' }, { action })
    await stage.settle(client)
    expect(messages(client)).to.deep.equal(['done'])
  })

  it('calls a timer while it is subscribed', async () => {
    let ticks = 0
    let ended = () => {}
    const twice = new Promise<void>((resolve) => (ended = resolve))
    class TimerChannel extends Channel {
      static {
        this.periodically(() => ++ticks === 2 && ended(), { every: 0.001 })
      }
    }
    const client = await start(TimerChannel)
    subscribe(client, { channel: 'TimerChannel' })
    await twice
    client.text(JSON.stringify({ command: 'unsubscribe', identifier: '{"channel":"TimerChannel"}' }))
    await stage.settle(client)
    expect(stage.cable.connections()[0]?.subscriptions).to.deep.equal([])
  })

  it('may be broadcast to without anyone listening', async () => {
    await start()
    await broadcast('nobody', 1)
    expect(stage.cable.streams.statistics()).to.deep.equal([])
  })
})

describe('a cable at boot', () => {
  const boot = (...channels: ChannelClass[]) => startCable({ channels })

  it('refuses callbacks that name a missing method, and suggests one', async () => {
    class TypoChannel extends Channel {
      static {
        this.beforeSubscribe('findRom')
      }
      findRoom() {}
    }
    const error = await boot(TypoChannel).catch((error) => error)
    expect(error.code).to.equal('REGAUGE_UNKNOWN_CHANNEL_CALLBACK')
    expect(error.message).to.contain('Did you mean findRoom?')
  })

  it('lists every channel with what clients may call on it', async () => {
    class SpokenChannel extends Channel {
      override subscribed() {}
      speak() {}
    }
    const stage = await boot(SpokenChannel)
    await stage.close()
    expect(stage.cable.describe()).to.deep.equal([{ channel: 'SpokenChannel', class: 'SpokenChannel', actions: ['speak'], timers: 0 }])
  })

  it('refuses what is no channel', async () => {
    const error = await boot(class Other {} as unknown as ChannelClass).catch((error) => error)
    expect(error.code).to.equal('REGAUGE_NOT_A_CHANNEL')
  })

  it('refuses a timer without an interval', () => {
    class BadTimer extends Channel {}
    expect(() => BadTimer.periodically(() => undefined, { every: 0 })).to.throw('positive number of seconds')
  })

  it('refuses a message that has no JSON form', async () => {
    const stage = await boot()
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const error = await broadcast('x', cycle).catch((error) => error)
    await stage.close()
    expect(error.code).to.equal('REGAUGE_MESSAGE_NOT_SERIALIZABLE')
  })

  it('refuses a broadcast when no application runs', async () => {
    const error = await broadcast('x', 1).catch((error) => error)
    expect(error.code).to.equal('REGAUGE_PUBSUB_MISSING')
  })

  it('refuses connection classes that are none', async () => {
    const error = await startCable({ connectionClass: class {} as unknown as typeof Connection }).catch((error) => error)
    expect(error.code).to.equal('REGAUGE_NOT_A_CONNECTION')
  })
})
