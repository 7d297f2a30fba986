import { expect } from 'chai'
import { ApiErrorRenderer, BadRequest, type Endpoint } from '../../src/http/index.ts'
import { sendRaw, serve, stopServing } from './serving.ts'

const fails: Endpoint = () => {
  throw new Error('secret detail')
}
const echo: Endpoint = (request, response) => {
  response.contentType = 'application/json'
  response.body = JSON.stringify(request.parameters)
}
const json = { 'content-type': 'application/json' }

describe('errors', () => {
  afterEach(stopServing)

  it('are 500 without a detail in production', async () => {
    const answer = await fetch(await serve(fails))
    expect(answer.status).to.equal(500)
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=UTF-8')
    expect(await answer.text()).to.equal('{"status":500,"error":"Internal Server Error"}')
  })

  it('tell exception, message and trace in development', async () => {
    const answer = await fetch(await serve(fails, { errors: new ApiErrorRenderer({ details: true }) }))
    const body = (await answer.json()) as { exception: string; message: string; trace: string[] }
    expect(body).to.include({ status: 500, error: 'Internal Server Error', exception: 'Error', message: 'secret detail' })
    expect(body.trace[0]).to.include('errors.test.ts')
  })

  it('show the lines that failed and what was asked for, without its secrets', async () => {
    const errors = new ApiErrorRenderer({ details: true, root: import.meta.dirname })
    const answer = await fetch(`${await serve(fails, { errors })}/x?token=abc&page=2`)
    const body = (await answer.json()) as { source: { file: string; line: number; lines: Record<string, string> }; [key: string]: unknown }
    expect(body.source.file).to.equal('errors.test.ts')
    expect(body.source.lines[String(body.source.line)]).to.include("throw new Error('secret detail')")
    expect(Object.keys(body.source.lines)).to.have.length.within(4, 7)
    expect(body['request']).to.deep.equal({
      method: 'GET',
      path: '/x',
      query: 'token=[FILTERED]&page=2',
      params: { token: '[FILTERED]', page: '2' },
    })
    expect((body['application_trace'] as string[]).every((frame) => frame.includes('/test/http/'))).to.equal(true)
  })

  it('are caught from endpoints that return a promise', async () => {
    const answer = await fetch(await serve(async () => Promise.reject(new BadRequest({ reason: 'no' }))))
    expect(answer.status).to.equal(400)
  })

  it('replace what was rendered before', async () => {
    const endpoint: Endpoint = (_request, response) => {
      response.status = 201
      response.setHeader('location', '/articles/1')
      response.body = 'half done'
      throw new Error('then failed')
    }
    const answer = await fetch(await serve(endpoint))
    expect(answer.status).to.equal(500)
    expect(answer.headers.get('location')).to.equal(null)
    expect(await answer.text()).not.to.include('half')
  })

  it('are reported when they are ours, and not when they are the client’s', async () => {
    const reported: unknown[] = []
    const errors = new ApiErrorRenderer({ details: false, report: (error) => reported.push((error as Error).message) })
    const url = await serve(fails, { errors })
    await fetch(url)
    await fetch(`${url}/nowhere`)
    expect(reported).to.deep.equal(['secret detail'])
  })

  it('of reading the body are the endpoint’s to rescue', async () => {
    const url = await serve((request, response) => {
      try {
        request.loadBody()
      } catch (error) {
        response.status = 422
        response.body = (error as Error).name
      }
    })
    const answer = await fetch(url, { method: 'POST', headers: json, body: '{' })
    expect([answer.status, await answer.text()]).to.deep.equal([422, 'ParseError'])
  })

  it('come as XML to who asks for XML, and as nothing to who asks for HTML', async () => {
    const url = `${await serve(echo)}/nowhere`
    expect(await (await fetch(url, { headers: { accept: 'text/html' } })).text()).to.equal('')
    const xml = await fetch(url, { headers: { accept: 'application/xml' } })
    expect(xml.status).to.equal(404)
  })

  it('are 404 where no route is', async () => {
    const answer = await fetch(`${await serve(echo)}/nowhere`)
    expect(answer.status).to.equal(404)
    expect(await answer.json()).to.deep.equal({ status: 404, error: 'Not Found' })
  })

  const refused: Record<string, [status: number, path: string, init: RequestInit]> = {
    'malformed JSON': [400, '/', { method: 'POST', headers: json, body: '{"a":' }],
    'JSON nested too deeply': [400, '/', { method: 'POST', headers: json, body: '['.repeat(101) + ']'.repeat(101) }],
    'JSON that is not UTF-8': [400, '/', { method: 'POST', headers: json, body: Buffer.from([0x22, 0xe9, 0x22]) }],
    'bad percent-encoding': [400, '/?a=%', {}],
    'contradicting parameters': [400, '/?a=1&a[b]=2', {}],
    'a body over the limit': [413, '/', { method: 'POST', headers: json, body: `"${'x'.repeat(2000)}"` }],
    'a compressed body': [415, '/', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' }],
    'an Accept header that is none, where no route fits': [404, '/nowhere', { headers: { accept: 'garbage' } }],
    'a Content-Type that is none': [406, '/', { method: 'POST', headers: { 'content-type': 'garbage' }, body: 'x' }],
  }
  for (const [what, [status, path, init]] of Object.entries(refused)) {
    it(`answer ${status} to ${what}`, async () => {
      const answer = await fetch((await serve(echo, { request: { bodyLimit: 1000 } })) + path, init)
      expect(answer.status).to.equal(status)
      expect(await answer.json()).to.have.all.keys('status', 'error')
    })
  }

  it('answer 400 to a megabyte of brackets', async () => {
    const answer = await fetch(await serve(echo), { method: 'POST', headers: json, body: '['.repeat(500_000) + ']'.repeat(500_000) })
    expect(answer.status).to.equal(400)
  })

  it('answer 413 to a body without a length as soon as it passes the limit', async () => {
    const url = await serve(echo, { request: { bodyLimit: 1000 } })
    const chunks = Array.from({ length: 40 }, () => `64\r\n${'x'.repeat(100)}\r\n`).join('')
    const text = await sendRaw(
      url,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    )
    expect(text).to.match(/^HTTP\/1.1 413 /)
  })

  it('answer 415 to what the application or an endpoint does not accept', async () => {
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }
    const strict = await serve(echo, { request: { acceptedMediaTypes: ['application/json'] } })
    expect((await fetch(strict, text)).status).to.equal(415)
    expect((await fetch(strict, { method: 'POST', headers: json, body: '{}' })).status).to.equal(200)
    const asked = await serve((request) => request.requireMediaType('json'))
    expect((await fetch(asked, text)).status).to.equal(415)
  })

  it('give no parameters for types that are not read, as Rails does', async () => {
    const answer = await fetch(await serve(echo), { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a=1' })
    expect(await answer.json()).to.deep.equal({})
  })

  it('leave the connection usable for the next request', async () => {
    const url = await serve(echo)
    const bad = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{'
    const text = await sendRaw(url, `${bad}GET /?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect(text)
      .to.match(/^HTTP\/1.1 400 /)
      .and.include('{"a":"1"}')
  })

  it('end an answer that fails after it began by cutting the connection', async () => {
    const url = await serve(async (_request, response) => {
      response.raw.write('half')
      throw new Error('too late')
    })
    const failure = await fetch(url)
      .then((answer) => answer.text())
      .catch((error: Error) => error)
    expect(failure).to.be.instanceOf(Error)
  })
})
