import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect } from 'chai'
import { currentExecution } from '../../src/context/index.ts'
import { ApiErrorRenderer, BadRequest, type Endpoint } from '../../src/http/index.ts'
import { sendRaw, serve, stopServing } from './serving.ts'

const hello: Endpoint = (_request, response) => {
  response.contentType = 'text/plain; charset=utf-8'
  response.body = 'héllo'
}

describe('responses', () => {
  afterEach(stopServing)

  it('send head and body with their length', async () => {
    const answer = await fetch(await serve(hello))
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('content-length')).to.equal('6')
    expect(answer.headers.get('content-type')).to.equal('text/plain; charset=utf-8')
    expect(await answer.text()).to.equal('héllo')
  })

  it('send buffers as they are', async () => {
    const url = await serve((_request, response) => {
      response.body = Buffer.from([0, 255])
    })
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).to.deep.equal(Buffer.from([0, 255]))
  })

  it('answer HEAD with the length of GET and no body', async () => {
    const text = await sendRaw(await serve(hello), 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(text).to.match(/content-length: 6\r\n/)
    expect(text).to.match(/\r\n\r\n$/)
  })

  for (const status of [204, 304]) {
    it(`have no body, type or length with ${status}`, async () => {
      const url = await serve((_request, response) => {
        response.status = status
        response.contentType = 'application/json'
        response.body = '{}'
      })
      const text = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      expect(text)
        .to.match(new RegExp(`^HTTP/1.1 ${status} `))
        .and.match(/\r\n\r\n$/)
      expect(text).not.to.match(/^content-(type|length)/im)
    })
  }

  it('send streams in chunks', async () => {
    const url = await serve((_request, response) => {
      response.body = Readable.from(['one ', 'two'])
    })
    const answer = await fetch(url)
    expect(answer.headers.get('content-length')).to.equal(null)
    expect(await answer.text()).to.equal('one two')
  })

  it('destroy a stream that HEAD does not want', async () => {
    const stream = Readable.from(['never'])
    const url = await serve((_request, response) => {
      response.body = stream
    })
    await fetch(url, { method: 'HEAD' })
    expect(stream.destroyed).to.equal(true)
  })

  it('answer 500 when a stream fails before it is sent', async () => {
    const reported: string[] = []
    const url = await serve(
      async (_request, response) => {
        const stream = createReadStream('/there/is/no/such/file')
        response.body = stream
        await finished(stream).catch(() => {})
      },
      { errors: new ApiErrorRenderer({ details: false, report: (error) => reported.push((error as NodeJS.ErrnoException).code ?? '') }) },
    )
    expect((await fetch(url)).status).to.equal(500)
    expect(reported).to.deep.equal(['ENOENT'])
  })

  it('close a stream that an error takes the place of', async () => {
    const streams: Readable[] = []
    const url = await serve((_request, response) => {
      response.body = createReadStream(import.meta.filename)
      streams.push(response.body)
      throw new Error('no')
    }, {})
    expect((await fetch(url)).status).to.equal(500)
    expect(streams[0]!.destroyed).to.equal(true)
  })

  it('cut the connection when a stream fails halfway, and report why', async () => {
    const reported: unknown[] = []
    const errors = new ApiErrorRenderer({ details: false, report: (error) => reported.push((error as Error).message) })
    const url = await serve(
      (_request, response) => {
        response.body = Readable.from(
          (async function* () {
            yield 'half'
            throw new Error('gone')
          })(),
        )
      },
      { errors },
    )
    const answer = await fetch(url)
    const failure = await answer.text().then(
      () => undefined,
      (error: Error) => error,
    )
    expect(failure).to.be.instanceOf(Error)
    expect(reported).to.deep.equal(['gone'])
  })

  it('take headers as an object takes values, by any spelling', async () => {
    const url = await serve((_request, response) => {
      const { headers } = response
      headers['X-Total'] = 3
      headers['Access-Control-Allow-Credentials'] = true
      Object.assign(headers, { 'X-Page': 1, 'Content-Type': 'text/csv', 'X-Gone': 'x', 'X-Never': null })
      delete headers['x-gone']
      response.body = JSON.stringify([
        headers['x-total'],
        headers['content-type'],
        'X-PAGE' in headers,
        'x-gone' in headers,
        headers['constructor'],
      ])
      expect(Object.keys(headers)).to.include.members(['x-total', 'x-page', 'content-type']).and.not.include('x-never')
      expect({ ...headers }).to.include({ 'x-page': '1' })
      expect(() => (headers['x-split'] = 'a\r\nb: c')).to.throw(/x-split/)
    })
    const answer = await fetch(url)
    expect(answer.headers.get('x-total')).to.equal('3')
    expect(answer.headers.get('x-page')).to.equal('1')
    expect(answer.headers.get('access-control-allow-credentials')).to.equal('true')
    expect(answer.headers.get('content-type')).to.equal('text/csv')
    expect(answer.headers.get('x-gone')).to.equal(null)
    expect(await answer.json()).to.deep.equal(['3', 'text/csv', true, false, null])
  })

  it('tell whether they are successful', async () => {
    const url = await serve((request, response) => {
      response.status = Number(request.path.slice(1))
      response.setHeader('x-successful', String(response.isSuccessful))
    })
    const successful = async (status: number) => (await fetch(`${url}/${status}`, { redirect: 'manual' })).headers.get('x-successful')
    expect(await Promise.all([200, 204, 302, 404, 500].map(successful))).to.deep.equal(['true', 'true', 'false', 'false', 'false'])
  })

  it('replace, append and remove headers', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('X-One', '1')
      response.setHeader('x-one', '2')
      response.setHeader('x-gone', 'x')
      response.removeHeader('X-Gone')
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.appendHeader('set-cookie', 'c=3')
      response.body = `${response.getHeader('x-one')} ${response.getHeader('set-cookie')}`
    })
    const answer = await fetch(url)
    expect(answer.headers.get('x-one')).to.equal('2')
    expect(answer.headers.get('x-gone')).to.equal(null)
    expect(answer.headers.getSetCookie()).to.deep.equal(['a=1', 'b=2', 'c=3'])
    expect(await answer.text()).to.equal('2 a=1,b=2,c=3')
  })

  for (const [what, value] of Object.entries({ 'a line break': 'a\r\nset-cookie: b=1', 'a zero byte': 'a\0b', 'an escape': 'a\x1bb' })) {
    it(`refuse ${what} in a header`, async () => {
      const url = await serve((_request, response) => response.setHeader('x-value', value))
      const answer = await fetch(url)
      expect(answer.status).to.equal(500)
      expect(answer.headers.get('set-cookie')).to.equal(null)
      expect(await answer.json()).to.deep.equal({ status: 500, error: 'Internal Server Error' })
    })
  }

  it('send text in headers as UTF-8, and read it as text again', async () => {
    const texts = ['ä', 'Zażółć → я', '😀', 'Straße 5', '\ud800']
    const url = await serve((_request, response) => {
      for (const [index, text] of texts.entries()) response.setHeader(`x-${index}`, text)
      response.appendHeader('x-0', 'é')
      response.body = JSON.stringify([response.getHeader('x-0'), response.headers['X-1'], response.headers['x-2']])
    })
    const { headers, ...answer } = await fetch(url).then(async (got) => ({ headers: got.headers, json: await got.json() }))
    expect(answer.json).to.deep.equal([['ä', 'é'], 'Zażółć → я', '😀'])
    const sent = [0, 1, 2, 3, 4].map((index) => Buffer.from(headers.get(`x-${index}`)!, 'latin1').toString('utf8'))
    expect(sent).to.deep.equal(['ä, é', 'Zażółć → я', '😀', 'Straße 5', '\ufffd'])
  })

  it('hand on the bytes of a header that came', async () => {
    const url = await serve((request, response) => response.setHeader('x-echo', request.header('x-name')))
    const bytes = Buffer.from('Zażółć', 'utf8').toString('latin1')
    expect((await fetch(url, { headers: { 'x-name': bytes } })).headers.get('x-echo')).to.equal(bytes)
  })

  it('start with the default headers and carry the id of the request', async () => {
    const url = await serve(hello, { request: { defaultHeaders: { 'X-Frame-Options': 'SAMEORIGIN' } } })
    const answer = await fetch(url, { headers: { 'x-request-id': 'abc-1<>' } })
    expect(answer.headers.get('x-frame-options')).to.equal('SAMEORIGIN')
    expect(answer.headers.get('x-request-id')).to.equal('abc-1')
    expect((await fetch(url)).headers.get('x-request-id')).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  it('wait for an endpoint that returns a promise', async () => {
    const url = await serve(async (_request, response) => {
      response.body = await Promise.resolve('later')
    })
    expect(await (await fetch(url)).text()).to.equal('later')
  })

  it('are written in one execution a request, that survives waiting and reading the body', async () => {
    const application = {}
    const endpoint: Endpoint = async (request, response) => {
      await new Promise(setImmediate)
      const execution = currentExecution()
      response.body = String(execution?.application === application && execution?.requestId === request.requestId)
    }
    const url = await serve(endpoint, { context: { application } })
    expect(await (await fetch(url)).text()).to.equal('true')
    const posted = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    expect(await posted.text()).to.equal('true')
  })

  it('are told to the observer once they are sent', async () => {
    const told = new Promise<string>((resolve) => {
      serve(hello, { onFinish: (request, response) => resolve(`${request.path} ${response.raw.statusCode} ${request.error}`) }).then(
        (url) => fetch(`${url}/nowhere?a=1`),
      )
    })
    expect(await told).to.equal('/nowhere 404 RouteNotFound: No route matches [GET] "/nowhere"')
  })

  it('survive an observer that fails', async () => {
    const reported = new Promise((resolve) => {
      const errors = new ApiErrorRenderer({ details: false, report: resolve })
      serve(hello, { errors, onFinish: (request) => void request.parameters }).then((url) => fetch(`${url}/?a=%`))
    })
    expect(await reported).to.be.instanceOf(BadRequest)
  })
})
