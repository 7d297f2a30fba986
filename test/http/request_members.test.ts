import { expect } from 'chai'
import type { Request, RequestSettings } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

describe('a request', () => {
  afterEach(stopServing)
  const ask = async (
    question: (request: Request) => unknown,
    headers: Record<string, string> = {},
    request: RequestSettings = {},
    init: RequestInit = {},
  ) => {
    const url = await serve((asked, response) => void (response.body = JSON.stringify(question(asked) ?? null)), { request })
    return (await fetch(`${url}/a?b=1`, { ...init, headers })).json()
  }

  it('knows the domain and the subdomains of a host, for top-level domains of any length', async () => {
    const asked = (request: Request) => [request.domain, request.subdomain, request.domainFor(2), request.subdomainsFor(2)]
    const host = { 'x-forwarded-host': 'api.v1.example.co.uk' }
    expect(await ask(asked, host)).to.deep.equal(['co.uk', 'api.v1.example', 'example.co.uk', ['api', 'v1']])
    expect(await ask((request) => [request.domain, request.subdomain], host, { tldLength: 2 })).to.deep.equal(['example.co.uk', 'api.v1'])
  })

  it('took TLS where a proxy is known to speak it', async () => {
    const asked = ({ baseUrl, isSsl, port, protocol, standardPort }: Request) => [protocol, isSsl, port, standardPort, baseUrl]
    const host = { 'x-forwarded-host': 'shop.example' }
    expect(await ask(asked, host, { assumeSsl: true })).to.deep.equal(['https', true, 443, 443, 'https://shop.example'])
    expect(await ask(asked, host)).to.deep.equal(['http', false, 80, 80, 'http://shop.example'])
  })

  it('tells what a Forwarded header says of protocol and address, of proxies alone', async () => {
    const forwarded = 'for="[2001:db8::1]:4711";proto=http, for=203.0.113.9;proto="https"'
    expect(await ask(({ ip, protocol }) => [protocol, ip], { forwarded })).to.deep.equal(['https', '203.0.113.9'])
    const trusting = { trustedProxies: ['10.0.0.0/8'] }
    expect(await ask(({ ip }) => ip, { forwarded }, trusting)).to.equal('127.0.0.1')
    expect(await ask(({ ip }) => ip, { 'x-forwarded-for': '203.0.113.9:80, 10.0.0.1' })).to.equal('203.0.113.9')
  })

  it('is local when it comes from this machine, and no header names another', async () => {
    expect(await ask(({ isLocal }) => isLocal)).to.equal(true)
    expect(await ask(({ isLocal }) => isLocal, { 'x-forwarded-for': '203.0.113.9' })).to.equal(false)
    expect(await ask(({ isLocal }) => isLocal, { forwarded: 'for=203.0.113.9' })).to.equal(false)
  })

  it('finds headers by any spelling, and nothing that objects have', async () => {
    const asked = ({ headers }: Request) => [
      headers['X-Token'],
      headers['x-token'],
      headers['HTTP_X_TOKEN'],
      headers['CONTENT_TYPE'],
      'X-TOKEN' in headers,
      'toString' in headers,
      headers['Constructor'] ?? 'none',
      Object.keys(headers).includes('x-token'),
    ]
    const sent = { 'X-Token': 'abc', 'content-type': 'text/plain' }
    expect(await ask(asked, sent)).to.deep.equal(['abc', 'abc', 'abc', 'text/plain', true, false, 'none', true])
    expect(await ask(({ referrer }) => referrer, { referer: 'http://a/' })).to.equal('http://a/')
  })

  it('has each header as one text, repeated ones joined', async () => {
    const asked = ({ headers }: Request) => [headers['X-Many'], headers['Set-Cookie'], { ...headers }['x-many']]
    const repeated = { 'x-many': 'a, b', 'set-cookie': 'c=1' }
    expect(await ask(asked, repeated)).to.deep.equal(['a, b', 'c=1', 'a, b'])
  })

  it('tells what its headers say', async () => {
    const headers = {
      'if-none-match': 'W/"1"',
      'if-modified-since': 'Wed, 21 Oct 2015 07:28:00 GMT',
      'user-agent': 'tests',
      referer: 'http://a/',
      'x-requested-with': 'XMLHttpRequest',
      'x-request-id': 'abc-1',
    }
    const asked = (request: Request) => [
      request.ifNoneMatch,
      request.ifModifiedSince,
      request.userAgent,
      request.referer,
      request.isXhr,
      request.uuid,
      request.header('X-Request-Id'),
    ]
    const expected = ['W/"1"', '2015-10-21T07:28:00.000Z', 'tests', 'http://a/', true, 'abc-1', 'abc-1']
    expect(await ask(asked, headers)).to.deep.equal(expected)
    expect(await ask(({ ifModifiedSince }) => ifModifiedSince ?? 'none', { 'if-modified-since': 'soon' })).to.equal('none')
  })

  it('knows the method that was sent and the one that was meant', async () => {
    const asked = (request: Request) => [request.originalMethod, request.method, request.requestMethod, request.isDelete, request.isPost]
    const headers = { 'x-http-method-override': 'delete' }
    const overridden = await ask(asked, headers, { methodOverride: true }, { method: 'POST' })
    expect(overridden).to.deep.equal(['POST', 'DELETE', 'DELETE', true, false])
    expect(await ask(asked, headers, {}, { method: 'POST' })).to.deep.equal(['POST', 'POST', 'POST', false, true])
  })
})
