import { expect } from 'chai'
import { Controller, UnawaitedFreshness } from '../../src/controller/index.ts'
import { hours, minutes, seconds } from '../../src/jobs/index.ts'
import { type Serving, serve } from './serving.ts'

class Article {
  readonly id: number
  readonly updated_at: Date
  constructor(id: number, updated_at: string) {
    this.id = id
    this.updated_at = new Date(updated_at)
  }
  isPersisted() {
    return true
  }
}
const first = new Article(1, '2026-01-02T03:04:05.678Z')
const second = new Article(2, '2026-01-03T00:00:00.000Z')
let version = 'v1'
let made = 0

class ArticlesController extends Controller {
  static {
    this.etag(() => version)
  }
  record() {
    if (this.stale(first)) this.render({ json: { made: ++made } })
  }
  list() {
    if (this.stale([first, second], { public: true })) this.render({ json: [] })
  }
  strong() {
    this.freshWhen({ strongEtag: 'a', lastModified: first.updated_at })
    if (!this.isPerformed) this.render({ json: {} })
  }
  unawaited() {
    this.freshWhen(Promise.resolve(first))
  }
  expires() {
    this.expiresIn(300, { public: true, mustRevalidate: true, staleIfError: 86_400, sMaxage: 60, noTransform: true })
    this.render({ json: {} })
  }
  now() {
    this.expiresNow()
    this.render({ json: {} })
  }
  never() {
    this.noStore()
    this.render({ json: {} })
  }
  forever() {
    this.httpCacheForever({ public: true }, () => this.render({ json: {} }))
  }
  failing() {
    this.expiresIn(300)
    throw new Error('no')
  }
}

describe('conditional GET', () => {
  let serving: Serving
  const knowing = (etag: string | null) => ({ headers: { 'if-none-match': etag ?? '' } })
  before(async () => {
    const actions = ['record', 'list', 'strong', 'unawaited', 'expires', 'now', 'never', 'forever', 'failing']
    serving = await serve(ArticlesController, actions)
  })
  after(() => serving.close())
  beforeEach(() => {
    version = 'v1'
    made = 0
  })

  it('makes an answer once, while the record is the same', async () => {
    const { headers, json } = await serving.get('record')
    expect(json).to.deep.equal({ made: 1 })
    expect(headers.get('last-modified')).to.equal('Fri, 02 Jan 2026 03:04:05 GMT')
    const again = await serving.get('record', knowing(headers.get('etag')))
    expect([again.status, again.text, made]).to.deep.equal([304, '', 1])
    expect(again.headers.get('etag')).to.equal(headers.get('etag'))
    expect((await serving.get('record', knowing(`"x", ${headers.get('etag')}`))).status).to.equal(304)
  })

  it('makes it anew when something else has changed that it depends on', async () => {
    const { headers } = await serving.get('record')
    version = 'v2'
    expect((await serving.get('record', knowing(headers.get('etag')))).status).to.equal(200)
  })

  it('knows lists by their records and the newest change, and lets others keep them', async () => {
    const { headers } = await serving.get('list')
    expect(headers.get('last-modified')).to.equal('Sat, 03 Jan 2026 00:00:00 GMT')
    expect(headers.get('cache-control')).to.equal('public')
    expect((await serving.get('list', { headers: { 'if-modified-since': 'Sat, 03 Jan 2026 00:00:00 GMT' } })).status).to.equal(304)
  })

  it('makes strong ETags where they are asked for', async () => {
    const { headers } = await serving.get('strong')
    expect(headers.get('etag')).to.match(/^"[\da-f]{32}"$/)
    expect((await serving.get('strong', knowing(`W/${headers.get('etag')}`))).status).to.equal(200)
    expect((await serving.get('strong', knowing(headers.get('etag')))).status).to.equal(304)
  })

  it('refuses a relation that was not awaited', async () => {
    expect((await serving.get('unawaited')).status).to.equal(500)
    expect(serving.reported.at(-1)).to.be.instanceOf(UnawaitedFreshness)
  })

  it('says how long an answer may be kept', async () => {
    const control = async (action: string) => (await serving.get(action)).headers.get('cache-control')
    expect(await control('expires')).to.equal('max-age=300, public, must-revalidate, stale-if-error=86400, s-maxage=60, no-transform')
    expect(await control('now')).to.equal('no-cache')
    expect(await control('never')).to.equal('no-store')
    expect(await control('forever')).to.equal('max-age=3155695200, public, immutable')
  })

  it('takes durations wherever seconds are meant', async () => {
    class Timed extends Controller {
      expires() {
        this.expiresIn(minutes(5), { public: true, staleWhileRevalidate: seconds(30), sMaxage: hours(1) })
        this.head('ok')
      }
      fresh() {
        if (this.stale({ etag: 'x', cacheControl: { maxAge: minutes(30), staleIfError: hours(2) } })) this.head('ok')
      }
    }
    const timed = await serve(Timed, ['expires', 'fresh'])
    try {
      const control = async (action: string) => (await timed.get(action)).headers.get('cache-control')
      expect(await control('expires')).to.equal('max-age=300, public, stale-while-revalidate=30, s-maxage=3600')
      expect(await control('fresh')).to.equal('max-age=1800, private, stale-if-error=7200')
    } finally {
      await timed.close()
    }
  })

  it('keeps no error, whatever was declared before it', async () => {
    expect((await serving.get('failing')).headers.get('cache-control')).to.equal(null)
  })
})
