import { EventEmitter, on } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Controller, EventStream, ServerSentEvent } from '../../src/controller/index.ts'
import { ClientDisconnected } from '../../src/http/index.ts'
import { closed, type Host, head, host, hosts, later, open, piece, rest } from './hosts.ts'

const orders = new EventEmitter()
let ended = later<unknown>()
let listening = later()

class Orders extends Controller {
  events() {
    this.sse(async (events) => {
      await events.send('plain text')
      await events.send({ total: 3 }, { event: 'count', id: 7 })
      await events.send('two\nlines\r\nand more\rhere')
      await events.comment('nobody sees this')
      await events.send(new ServerSentEvent(null, { retry: 500 }))
    })
  }
  defaults() {
    this.sse(['a', undefined, null, { b: 1n }], { event: 'item', retry: 1000 })
  }
  single() {
    this.sse('once')
  }
  placed() {
    this.sse(async (events) => {
      try {
        listening.resolve()
        for await (const [order] of on(orders, 'placed', { signal: events.signal })) await events.send(order)
      } finally {
        ended.resolve(events.isClosed)
      }
    })
  }
  waiting() {
    this.sse(quiet())
  }
  replayed() {
    this.sse(['new'], { replay: async (id) => [1, 2, 3].filter((event) => event > Number(id)) })
  }
  heartbeat() {
    this.sse(quiet(), { heartbeat: 1 })
  }
  failing() {
    this.sse(async (events) => {
      await events.send('half')
      throw new Error('no more events')
    })
  }
  injected() {
    this.sse(async (events) => {
      await events.send('x', { event: 'a\ndata: forged' }).catch((error: unknown) => ended.resolve(error))
    })
  }
  flood() {
    this.sse(async (events) => {
      try {
        for (;;) await events.send('y'.repeat(65_536))
      } catch (error) {
        ended.resolve(error)
        throw error
      }
    })
  }
  async asInRails() {
    const sse = new EventStream(this.response.stream, { retry: 300, event: 'tick' })
    this.response.contentType = 'text/event-stream'
    await sse.write({ n: 1 })
    await sse.write('two', { event: 'tock' })
    sse.close()
  }
  twice() {
    this.sse('a')
    this.render({ json: {} })
  }
}

/** Never yields; ends when it is told to. */
async function* quiet(): AsyncGenerator<string> {
  try {
    listening.resolve()
    await new Promise(() => {})
    yield 'never'
  } finally {
    ended.resolve('told')
  }
}

const actions = [
  ...['events', 'defaults', 'single', 'placed', 'waiting', 'replayed', 'heartbeat', 'failing', 'injected', 'flood', 'asInRails', 'twice'],
]

for (const name of Object.keys(hosts)) {
  describe(`server-sent events in ${name}`, () => {
    let served: Host
    before(async () => {
      served = await host(name, Orders, actions)
    })
    after(() => served.close())
    beforeEach(() => {
      served.reported.length = 0
      ended = later()
      listening = later()
    })
    const read = async (action: string, headers?: Record<string, string>) => rest((await open(`${served.url}/${action}`, headers)).response)

    it('are written as browsers read them', async () => {
      const { response } = await open(`${served.url}/events`)
      expect(await rest(response)).to.equal(
        'data: plain text\n\n' +
          'event: count\nid: 7\ndata: {"total":3}\n\n' +
          'data: two\ndata: lines\ndata: and more\ndata: here\n\n' +
          ': nobody sees this\n\n' +
          'retry: 500\ndata: null\n\n',
      )
      expect(response.headers['content-type']).to.equal('text/event-stream; charset=utf-8')
      expect(response.headers['cache-control']).to.equal('no-cache, no-transform')
      expect(response.headers['x-accel-buffering']).to.equal('no')
    })

    it('come from anything that yields, without what is nothing, or are a single one', async () => {
      expect(await read('defaults')).to.equal('retry: 1000\nevent: item\ndata: a\n\nretry: 1000\nevent: item\ndata: {"b":1}\n\n')
      expect(await read('single')).to.equal('data: once\n\n')
    })

    it('arrive as they happen, until the client goes', async () => {
      const { request, response } = await open(`${served.url}/placed`, { 'accept-encoding': 'gzip' })
      expect(response.headers['content-encoding']).to.equal(undefined)
      await listening.promise
      orders.emit('placed', { id: 1 })
      expect(await piece(response)).to.equal('data: {"id":1}\n\n')
      orders.emit('placed', { id: 2 })
      expect(await piece(response)).to.equal('data: {"id":2}\n\n')
      request.destroy()
      expect(await ended.promise).to.equal(true)
      await setImmediate()
      expect(served.reported).to.deep.equal([])
      expect(orders.listenerCount('placed')).to.equal(0)
    })

    it('begin with what a client has missed that connects again', async () => {
      expect(await read('replayed', { 'last-event-id': '1' })).to.equal('data: 2\n\ndata: 3\n\ndata: new\n\n')
      expect(await read('replayed')).to.equal('data: new\n\n')
    })

    it('keep a quiet connection alive with comments', async () => {
      const { request, response } = await open(`${served.url}/heartbeat`)
      expect((await piece(response)).startsWith(': ping\n\n')).to.equal(true)
      request.destroy()
      await closed(response)
    })

    it('wait for a client that reads slowly, and end when it goes', async () => {
      const { request } = await open(`${served.url}/flood`)
      request.destroy()
      expect(await ended.promise).to.be.instanceOf(ClientDisconnected)
    })

    it('break off when their source fails, which is reported', async () => {
      const { response } = await open(`${served.url}/failing`)
      const over = closed(response)
      response.resume()
      await over
      expect(response.complete).to.equal(false)
      expect((served.reported[0] as Error).message).to.equal('no more events')
    })

    it('refuse names that would write events of their own', async () => {
      expect(await read('injected')).to.equal('')
      expect(((await ended.promise) as Error).message).to.equal("The event of a server-sent event can't be a line break.")
    })

    it('are written to a live response as in Rails', async () => {
      expect(await read('asInRails')).to.equal('retry: 300\nevent: tick\ndata: {"n":1}\n\nretry: 300\nevent: tock\ndata: two\n\n')
    })

    it('have a head only for HEAD, and start no source', async () => {
      expect((await head(`${served.url}/waiting`)).headers['content-type']).to.equal('text/event-stream; charset=utf-8')
      let started = false
      void listening.promise.then(() => (started = true))
      await setImmediate()
      expect(started).to.equal(false)
    })

    it('are the one answer of an action', async () => {
      expect((await open(`${served.url}/twice`)).response.statusCode).to.equal(500)
    })
  })
}

describe('server-sent events of a server that stops', () => {
  beforeEach(() => {
    ended = later()
    listening = later()
  })

  it('end properly, so that it need not cut them', async () => {
    const served = await host('our own server', Orders, actions)
    const { response } = await open(`${served.url}/placed`)
    const text = rest(response)
    await listening.promise
    await served.close()
    expect(await text).to.equal('')
    expect(response.complete).to.equal(true)
    expect(await ended.promise).to.equal(true)
    expect(served.reported).to.deep.equal([])
  })

  it('end also where a generator waits for its next event', async () => {
    const served = await host('our own server', Orders, actions)
    const { response } = await open(`${served.url}/waiting`)
    const text = rest(response)
    await listening.promise
    await served.close()
    expect(await text).to.equal('')
    expect(response.complete).to.equal(true)
  })
})
