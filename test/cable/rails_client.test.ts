import type { Consumer, createConsumer as CreateConsumer } from '@rails/actioncable'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { broadcast, Channel, Connection } from '../../src/cable/index.ts'
import { type CableServer, startCable } from './cable_server.ts'

/** The little of a browser that the official client asks for. */
const browser = { addEventListener() {}, removeEventListener() {}, document: { visibilityState: 'visible' } }

class ApplicationConnection extends Connection {
  static {
    this.identifiedBy('current_name')
  }
  declare current_name: string
  override connect() {
    if (this.request.params['token'] === 'bad') this.rejectUnauthorizedConnection()
    this.current_name = String(this.request.params['token'])
  }
}

class ChatChannel extends Channel {
  declare readonly current_name: string
  override subscribed() {
    if (!this.params['room']) return this.reject()
    this.streamFrom(`chat_${this.params['room']}`)
    this.transmit({ welcome: this.params['room'], you: this.current_name })
  }
  async speak(data: { text: string }) {
    await broadcast(`chat_${this.params['room']}`, { from: this.current_name, text: data.text })
  }
  override async unsubscribed() {
    await broadcast(`chat_${this.params['room']}`, { left: this.current_name })
  }
}

describe('the official Rails client', () => {
  let stage: CableServer
  let createConsumer: typeof CreateConsumer
  let staleThreshold: number
  const consumers: Consumer[] = []
  const globals = globalThis as unknown as Record<string, unknown>
  const found = Object.fromEntries(Object.keys(browser).map((name) => [name, globals[name]]))

  before(async () => {
    Object.assign(globals, browser)
    const client = await import('@rails/actioncable')
    client.adapters.WebSocket = WebSocket
    staleThreshold = client.ConnectionMonitor.staleThreshold
    client.ConnectionMonitor.staleThreshold = 0.05
    createConsumer = client.createConsumer
  })
  beforeEach(async () => {
    stage = await startCable({ channels: [ChatChannel], connectionClass: ApplicationConnection })
  })
  afterEach(async () => {
    for (const consumer of consumers.splice(0)) consumer.disconnect()
    await stage.close()
  })
  after(async () => {
    const client = await import('@rails/actioncable')
    client.ConnectionMonitor.staleThreshold = staleThreshold
    for (const [name, value] of Object.entries(found)) value === undefined ? delete globals[name] : (globals[name] = value)
  })

  const consumer = (token: string): Consumer => {
    const created = createConsumer(`ws://127.0.0.1:${stage.port}/cable?token=${token}`)
    consumers.push(created)
    return created
  }

  it('subscribes, performs actions and receives what others say', async () => {
    const conversation = await new Promise<unknown[]>((resolve) => {
      const heard: unknown[] = []
      const bob = consumer('bob')
      const chat = bob.subscriptions.create(
        { channel: 'ChatChannel', room: 'lobby' },
        {
          connected: () =>
            consumer('ann').subscriptions.create(
              { channel: 'ChatChannel', room: 'lobby' },
              {
                connected: () => chat.perform('speak', { text: 'Hello Ann' }),
                received: (message: { text?: string }) => {
                  heard.push(message)
                  if (message.text) chat.unsubscribe()
                  else if ('left' in message) resolve(heard)
                },
              },
            ),
          received: () => undefined,
        },
      )
    })
    expect(conversation).to.deep.equal([{ welcome: 'lobby', you: 'ann' }, { from: 'bob', text: 'Hello Ann' }, { left: 'bob' }])
  })

  it('hears that a subscription was rejected', async () => {
    const answer = await new Promise((resolve) =>
      consumer('ann').subscriptions.create('ChatChannel', { rejected: () => resolve('rejected'), connected: () => resolve('connected') }),
    )
    expect(answer).to.equal('rejected')
  })

  it('does not come back when it was turned away', async () => {
    const willReconnect = await new Promise((resolve) =>
      consumer('bad').subscriptions.create(
        { channel: 'ChatChannel', room: 'a' },
        { disconnected: (details: { willAttemptReconnect: boolean }) => resolve(details.willAttemptReconnect) },
      ),
    )
    expect(willReconnect).to.equal(false)
  })

  it('comes back after a restart, and is subscribed again', async () => {
    let connections = 0
    await new Promise<void>((resolve) =>
      consumer('ann').subscriptions.create(
        { channel: 'ChatChannel', room: 'a' },
        { connected: () => (++connections === 1 ? stage.cable.restart() : resolve()) },
      ),
    )
    expect(stage.cable.connections().map(({ identifier }) => identifier)).to.deep.equal(['ann'])
  })
})
