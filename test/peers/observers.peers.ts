import { expect } from 'chai'
import { hosts } from '../adapters/express/hosts.ts'
import { endInstrumented, serveInstrumented } from './recording.ts'

interface Span {
  readonly kind: number
  readonly name: string
  readonly attributes: Record<string, unknown>
  readonly traceId: string
  readonly parentId?: string
}

interface Envelope {
  readonly exception?: { values: { value: string }[] }
  readonly request?: { url: string }
  readonly items?: { attributes: Record<string, { value: unknown }> }[]
}

const serverKind = 1
const [trace, parent] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']

for (const { name } of hosts) {
  describe(`what watches Node from outside, in ${name}`, () => {
    afterEach(endInstrumented)

    it('OpenTelemetry records a span a request, in the trace of its client', async () => {
      const { url, recorded } = await serveInstrumented('opentelemetry.mjs', name)
      const headers = { traceparent: `00-${trace}-${parent}-01` }
      for (const path of ['/hello/ann', '/fail']) await (await fetch(url + path, { headers })).text()
      const spans = (await recorded()) as Span[]
      const requests = spans.filter(({ kind }) => kind === serverKind)
      expect(requests.map(({ traceId, parentId }) => [traceId, parentId])).to.deep.equal([
        [trace, parent],
        [trace, parent],
      ])
      expect(requests.map(({ attributes }) => attributes['http.response.status_code'] ?? attributes['http.status_code'])).to.deep.equal([
        200, 500,
      ])
    })

    it('Sentry is told of an error that nobody rescued, once, and of the requests', async () => {
      const { url, recorded } = await serveInstrumented('sentry.mjs', name, 'sentry')
      for (const path of ['/hello/ann', '/fail']) await (await fetch(url + path)).text()
      const envelopes = (await recorded()) as Envelope[]
      const errors = envelopes.filter(({ exception }) => exception !== undefined)
      expect(errors.map(({ exception, request }) => [exception!.values[0]!.value, request?.url])).to.deep.equal([
        ['out of luck', `${url}/fail`],
      ])
      const statuses = envelopes.flatMap(({ items = [] }) =>
        items.flatMap(({ attributes }) => attributes['http.response.status_code']?.value ?? []),
      )
      expect(statuses).to.include.members([200, 500])
    })
  })
}
