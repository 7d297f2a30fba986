import type { Consumer, createConsumer as CreateConsumer, Subscription } from '@rails/actioncable'
import { expect } from 'chai'
import { type TestApplication, testApplication } from 'regauge/testing'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import { quickDigests } from '../quick_digests.ts'

const root = new URL('../../guides/conduit/api', import.meta.url).pathname
/** The little of a browser that the official client asks for. */
const browser = { addEventListener() {}, removeEventListener() {}, document: { visibilityState: 'visible' } }

/** Messages as they come: `next()` resolves with the one after the last that was taken. */
class Inbox {
  readonly #messages: unknown[] = []
  readonly #waiting: ((message: unknown) => void)[] = []

  readonly receive = (message: unknown): void => {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(message)
    else this.#messages.push(message)
  }

  async next(): Promise<unknown> {
    return this.#messages.length > 0 ? this.#messages.shift() : new Promise((resolve) => this.#waiting.push(resolve))
  }
}

describe("Conduit's channels", () => {
  let application: TestApplication

  before(async () => {
    application = await testApplication({ root })
  })
  after(() => application.stop())
  quickDigests()

  async function publishArticle(username: string): Promise<{ slug: string }> {
    const user = { username, email: `${username}@example.com`, password: 'longenough' }
    const { user: registered } = (await (await application.post('/api/users', { json: { user } })).json()) as { user: { token: string } }
    const json = { article: { title: `By ${username}`, description: 'd', body: 'b' } }
    const response = await application.post('/api/articles', { json, headers: { authorization: `Token ${registered.token}` } })
    return ((await response.json()) as { article: { slug: string } }).article
  }

  describe('with the client that Rails ships', () => {
    const globals = globalThis as unknown as Record<string, unknown>
    const found = Object.fromEntries(Object.keys(browser).map((name) => [name, globals[name]]))
    const consumers: Consumer[] = []
    let createConsumer: typeof CreateConsumer

    before(async () => {
      Object.assign(globals, browser)
      const client = await import('@rails/actioncable')
      client.adapters.WebSocket = WebSocket
      createConsumer = client.createConsumer
    })
    afterEach(() => {
      for (const consumer of consumers.splice(0)) consumer.disconnect()
    })
    after(() => {
      for (const [name, value] of Object.entries(found)) value === undefined ? delete globals[name] : (globals[name] = value)
    })

    function consume(token: string): Consumer {
      const consumer = createConsumer(`${application.url.replace('http', 'ws')}/cable?token=${token}`)
      consumers.push(consumer)
      return consumer
    }

    function subscribe(consumer: Consumer, params: { channel: string; room?: string }, inbox: Inbox): Promise<Subscription> {
      return new Promise((resolve, reject) => {
        const subscription = consumer.subscriptions.create(params, {
          received: inbox.receive,
          connected: () => resolve(subscription),
          rejected: () => reject(new Error('rejected')),
        })
      })
    }

    it('tells of a new article, when the job has run', async () => {
      const inbox = new Inbox()
      await subscribe(consume('ann'), { channel: 'ArticlesChannel' }, inbox)
      const { slug } = await publishArticle('ann')
      expect(await inbox.next()).to.deep.equal({ event: 'created', slug, title: 'By ann' })
    })

    it('welcomes to a room, and carries what is said there', async () => {
      const [anns, bobs] = [new Inbox(), new Inbox()]
      const ann = await subscribe(consume('ann'), { channel: 'ChatChannel', room: 'lobby' }, anns)
      expect(await anns.next()).to.deep.equal({ welcome: 'lobby', you: 'ann' })
      const bob = await subscribe(consume('bob'), { channel: 'ChatChannel', room: 'lobby' }, bobs)
      expect(await bobs.next()).to.deep.equal({ welcome: 'lobby', you: 'bob' })

      ann.perform('speak', { text: 'hello' })
      expect(await anns.next()).to.deep.equal({ from: 'ann', text: 'hello' })
      expect(await bobs.next()).to.deep.equal({ from: 'ann', text: 'hello' })

      ann.perform('echo', { text: 'only me' })
      expect(await anns.next()).to.deep.equal({ echo: 'only me' })
      bob.unsubscribe()
      expect(await anns.next()).to.deep.equal({ left: 'bob' })
    })

    it('rejects a subscription without a room', async () => {
      const refused = await subscribe(consume('ann'), { channel: 'ChatChannel' }, new Inbox()).catch((error: Error) => error.message)
      expect(refused).to.equal('rejected')
    })

    it('names a client without a token guest', async () => {
      const inbox = new Inbox()
      await subscribe(consume(''), { channel: 'ChatChannel', room: 'a' }, inbox)
      expect(await inbox.next()).to.deep.equal({ welcome: 'a', you: 'guest' })
    })

    it('refuses a bad token with the reason, for good', async () => {
      const socket = new WebSocket(`${application.url.replace('http', 'ws')}/cable?token=bad`, ['actioncable-v1-json'])
      const message = await new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))))
      expect(JSON.parse(message)).to.deep.equal({ type: 'disconnect', reason: 'unauthorized', reconnect: false })
    })
  })

  describe('with socket.io', () => {
    const sockets: Socket[] = []

    afterEach(() => {
      for (const socket of sockets.splice(0)) socket.close()
    })

    async function connect(token: string, inbox: Inbox): Promise<Socket> {
      const socket = io(application.url, { transports: ['websocket'], auth: { token }, forceNew: true, reconnection: false })
      sockets.push(socket)
      socket.on('message', (_identifier: unknown, message: unknown) => inbox.receive(message))
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve())
        socket.once('connect_error', reject)
      })
      return socket
    }

    it('tells of a new article, when the job has run', async () => {
      const inbox = new Inbox()
      const socket = await connect('bob', inbox)
      await socket.emitWithAck('subscribe', { channel: 'ArticlesChannel' })
      const { slug } = await publishArticle('bob')
      expect(await inbox.next()).to.deep.equal({ event: 'created', slug, title: 'By bob' })
    })

    it('carries what is said in a room', async () => {
      const [anns, bobs] = [new Inbox(), new Inbox()]
      const [ann, bob] = [await connect('ann', anns), await connect('bob', bobs)]
      for (const socket of [ann, bob]) await socket.emitWithAck('subscribe', { channel: 'ChatChannel', room: 'io' })
      expect(await anns.next()).to.deep.equal({ welcome: 'io', you: 'ann' })
      expect(await bobs.next()).to.deep.equal({ welcome: 'io', you: 'bob' })
      ann.emit('perform', { channel: 'ChatChannel', room: 'io' }, 'speak', { text: 'hello' })
      expect(await bobs.next()).to.deep.equal({ from: 'ann', text: 'hello' })
    })

    it('refuses a bad token', async () => {
      const refused = await connect('bad', new Inbox()).catch((error: Error) => error.message)
      expect(refused).to.equal('unauthorized')
    })
  })
})
