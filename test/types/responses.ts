import { Controller, type EventStream, type Freshness, type Status } from '../../src/controller/index.ts'
import type { ResponseBody } from '../../src/http/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_equal: Equal<A, B>): void => undefined

export class Answers extends Controller {
  static {
    this.etag((controller) => same<typeof controller, Answers>(true))
    // @ts-expect-error a function, not its value
    this.etag('v2')
  }

  bodies() {
    this.render({ json: {}, only: ['id'], status: 'created', location: { action: 'show' } })
    this.render({ body: new Uint8Array(1) })
    this.render({ body: (async function* () {
      yield 'piece'
    })() }) // biome-ignore format: short
    // @ts-expect-error a status that HTTP doesn't know
    this.render({ json: {}, status: 'creatd' })
    // @ts-expect-error a body is bytes or text
    this.render({ body: 3 })
    // @ts-expect-error no such kind of body
    this.render({ jsn: {} })
    // @ts-expect-error nobody added this renderer
    this.render({ yaml: 'a: 1' })
    same<ReturnType<typeof this.render>, void>(true)
  }

  formats() {
    const answered = this.respondTo((format) => {
      format.json(() => this.head('ok'))
      format.any('csv', () => this.head('ok'))
      // @ts-expect-error no such format
      format.jsn(() => this.head('ok'))
    })
    same<typeof answered, void | Promise<void>>(true)
    // @ts-expect-error no such format
    this.respondTo('json', 'xlm')
  }

  caching(freshness: Freshness) {
    same<ReturnType<typeof this.stale>, boolean>(true)
    this.freshWhen({ id: 1 }, freshness)
    // @ts-expect-error a time, not a text
    this.freshWhen({ etag: 'a' }, { lastModified: 'today' })
    this.expiresIn(60, { sMaxage: 30, immutable: true })
    same<ReturnType<typeof this.httpCacheForever<number>>, number | undefined>(true)
  }

  streams() {
    this.sse((events) => {
      same<typeof events, EventStream>(true)
      return events.send({ id: 1 }, { event: 'placed', id: 1 })
    })
    // @ts-expect-error retry is a number of milliseconds
    this.sse(['a'], { retry: '5s' })
    // @ts-expect-error nothing to send
    this.sse(3)
    this.sendStream({ filename: 'a.csv' }, (stream) => {
      same<typeof stream, ResponseBody>(true)
    })
    // @ts-expect-error a file has a name
    this.sendStream({}, () => {})
  }

  redirects(status: Status) {
    this.redirectTo('/', { status, allowOtherHost: false })
    this.redirectTo((controller: Answers) => controller.request.path)
    // @ts-expect-error a URL, not a number
    this.redirectTo(3)
  }
}
