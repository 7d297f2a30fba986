import { Readable } from 'node:stream'
import { expect } from 'chai'
import type { Endpoint } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

const hello: Endpoint = (_request, response) => {
  response.contentType = 'text/plain'
  response.body = 'hello'
}

// What Rack::ETag makes of it: the first half of the SHA-256.
const etag = 'W/"2cf24dba5fb0a30e26e83b2ac5b9e29e"'

describe('validators', () => {
  afterEach(stopServing)

  it('tell a body by its digest, as Rack does', async () => {
    const { headers } = await fetch(await serve(hello))
    expect(headers.get('etag')).to.equal(etag)
    expect(headers.get('cache-control')).to.equal('max-age=0, private, must-revalidate')
  })

  it('answer 304 to a client that knows the body', async () => {
    const answer = await fetch(await serve(hello), { headers: { 'if-none-match': etag } })
    expect(answer.status).to.equal(304)
    expect(answer.headers.get('etag')).to.equal(etag)
    expect(answer.headers.get('content-type')).to.equal(null)
  })

  it('compare a default ETag as a whole, as Rack does', async () => {
    const url = await serve(hello)
    for (const known of [etag.slice(2), `W/"1", ${etag}`, '*']) {
      expect((await fetch(url, { headers: { 'if-none-match': known } })).status).to.equal(200)
    }
  })

  it('answer in full to a client that knows something else, and to POST', async () => {
    const url = await serve(hello)
    expect((await fetch(url, { headers: { 'if-none-match': 'W/"1"' } })).status).to.equal(200)
    expect((await fetch(url, { method: 'POST', headers: { 'if-none-match': etag } })).status).to.equal(200)
  })

  it('compare the time that the application gave', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('last-modified', 'Thu, 01 Jan 2026 00:00:00 GMT')
      response.body = 'x'
    })
    expect((await fetch(url, { headers: { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' } })).status).to.equal(304)
    expect((await fetch(url, { headers: { 'if-modified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' } })).status).to.equal(200)
    expect((await fetch(url, { headers: { 'if-modified-since': 'yesterday' } })).status).to.equal(200)
  })

  it('keep what the application has set', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('etag', '"mine"')
      response.setHeader('cache-control', 'public')
      response.body = 'x'
    })
    const { headers } = await fetch(url)
    expect([headers.get('etag'), headers.get('cache-control')]).to.deep.equal(['"mine"', 'public'])
  })

  it('have no ETag for errors, streams and empty bodies', async () => {
    const answers: Endpoint[] = [
      (_request, response) => void Object.assign(response, { status: 404, body: 'x' }),
      (_request, response) => void (response.body = Readable.from(['x'])),
      (_request, response) => void (response.status = 204),
    ]
    for (const endpoint of answers) {
      const { headers } = await fetch(await serve(endpoint))
      expect([headers.get('etag'), headers.get('cache-control')]).to.deep.equal([null, 'no-cache'])
    }
  })

  it('can be switched off, with the default headers', async () => {
    const { headers } = await fetch(await serve(hello, { request: { etags: false, defaultHeaders: {} } }))
    expect([headers.get('etag'), headers.get('cache-control'), headers.get('x-frame-options')]).to.deep.equal([null, null, null])
  })
})
