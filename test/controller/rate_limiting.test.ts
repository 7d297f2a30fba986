import { expect } from 'chai'
import { Controller, controllerSettings, MemoryRateLimitStore } from '../../src/controller/index.ts'
import { minutes } from '../../src/jobs/index.ts'
import { subscribed } from '../../src/notifications/index.ts'
import { type Serving, serve } from './serving.ts'

class Limited extends Controller {
  static {
    this.rateLimit({ to: 2, within: minutes(1), only: 'index' })
    this.rateLimit({ to: 1, within: 60, only: 'byKey', by: 'apiKey', with: 'refuse', name: 'keys' })
    this.rateLimit({ to: (controller) => controller.params.integer('to') ?? 0, within: 60, only: 'dynamic', scope: 'shared' })
    this.rateLimit({
      to: 1,
      within: 60,
      only: 'later',
      store: { increment: async () => 2 },
      with: (controller) => controller.head('not_found'),
    })
  }
  apiKey() {
    return this.request.header('x-key') ?? this.request.queryParameters['key']
  }
  refuse() {
    this.render({ json: { error: 'slow down' }, status: 'service_unavailable' })
  }
  index() {
    this.render({ plain: 'in' })
  }
  byKey() {
    this.render({ plain: 'in' })
  }
  dynamic() {
    this.render({ plain: 'in' })
  }
  later() {
    this.render({ plain: 'in' })
  }
}

describe('rate limits', () => {
  let serving: Serving
  beforeEach(async () => {
    controllerSettings.rateLimitStore = new MemoryRateLimitStore()
    serving = await serve(Limited, ['index', 'byKey', 'dynamic', 'later'])
  })
  afterEach(async () => {
    controllerSettings.rateLimitStore = undefined
    await serving.close()
  })

  it('answer 429 to one request too many of an address', async () => {
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await serving.get('index')).status)
    expect(statuses).to.deep.equal([200, 200, 429, 429])
  })

  it('count each of those that a method tells apart, and answer as a method says', async () => {
    const ask = (key: string) => serving.get('byKey', { headers: { 'x-key': key } })
    expect((await ask('a')).status).to.equal(200)
    expect((await ask('b')).status).to.equal(200)
    const refused = await ask('a')
    expect([refused.status, refused.json]).to.deep.equal([503, { error: 'slow down' }])
  })

  it('count parameters of any shape', async () => {
    const ask = async (query: string) => (await serving.get(`byKey?${query}`)).status
    for (const query of ['key[toString]=a', 'key[][x]=b', 'key[]=c'])
      expect([await ask(query), await ask(query)], query).to.deep.equal([200, 503])
    expect(await ask('key=c')).to.equal(503)
  })

  it('may be decided in the request', async () => {
    expect((await serving.get('dynamic?to=1')).status).to.equal(200)
    expect((await serving.get('dynamic?to=1')).status).to.equal(429)
    expect((await serving.get('dynamic?to=5')).status).to.equal(200)
  })

  it('wait for stores that answer later', async () => {
    expect((await serving.get('later')).status).to.equal(404)
  })

  it('tell subscribers what was exceeded', async () => {
    const told: unknown[] = []
    const record = ({ payload }: { payload: Record<string, unknown> }) => {
      const { request: _, exception: __, exception_object: ___, ...rest } = payload
      told.push(rest)
    }
    await subscribed('rate_limit.action_controller', record, async () => {
      await serving.get('dynamic?to=0')
    })
    const key = 'rate-limit:shared:127.0.0.1'
    expect(told).to.deep.equal([{ count: 1, to: 0, within: 60, by: '127.0.0.1', name: undefined, scope: 'shared', cache_key: key }])
  })

  it('are refused at boot when a number, a time or a method is none', () => {
    const declare = (options: object) => () => {
      class Other extends Controller {}
      Other.rateLimit(options as never)
    }
    expect(declare({ to: -1, within: 60 })).to.throw('limits requests with to: -1')
    expect(declare({ to: 1, within: 0 })).to.throw('limits requests with within: 0')
    expect(declare({ to: 1 })).to.throw('limits requests with within: undefined')
    expect(declare({ to: 1, within: 1, by: 'nobody' })).to.throw("has a callback 'nobody'")
    expect(declare({ to: 1, within: 1, onyl: 'index' })).to.throw("unknown option 'onyl'. Did you mean only?")
  })
})

describe('counts in memory', () => {
  it('are forgotten after their time, and when there are too many', () => {
    const { now } = Date
    const store = new MemoryRateLimitStore({ most: 10 })
    try {
      Date.now = () => 0
      expect([store.increment('a', 60), store.increment('a', 60)]).to.deep.equal([1, 2])
      Date.now = () => 59_999
      expect(store.increment('a', 60)).to.equal(3)
      Date.now = () => 60_000
      expect(store.increment('a', 60)).to.equal(1)
      for (let i = 0; i < 10; i++) store.increment(`client ${i}`, 60)
      expect(store.increment('a', 60)).to.equal(1)
    } finally {
      Date.now = now
    }
  })
})
