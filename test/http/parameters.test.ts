import { inspect } from 'node:util'
import { expect } from 'chai'
import { createParameterHash, isParameterHash, parseQuery, type Request } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

async function requestTo(path: string, init: RequestInit = {}, settings = {}): Promise<Request> {
  let seen: Request | undefined
  const url = await serve((request) => void (seen = request), { request: settings })
  await fetch(url + path, init)
  return seen!
}

describe('parameters', () => {
  afterEach(stopServing)

  it('never reach Object.prototype', async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":[{"__proto__":{"polluted":1}}]}'
    const headers = { 'content-type': 'application/json' }
    const request = await requestTo('/?__proto__[polluted]=1&a[__proto__][polluted]=1', { method: 'POST', headers, body })
    expect(({} as { polluted?: number }).polluted).to.equal(undefined)
    expect(Object.keys(request.parameters)).to.include('__proto__')
    expect(request.parameters['toString']).to.equal(undefined)
    expect(isParameterHash(request.parameters['constructor'])).to.equal(true)
    expect(JSON.stringify(request.requestParameters)).to.equal(body)
  })

  it('inherit nothing, even when empty', () => {
    const hash = createParameterHash()
    expect(hash['constructor']).to.equal(undefined)
    expect('__proto__' in hash).to.equal(false)
    expect(isParameterHash({})).to.equal(false)
  })

  it('are limited in number and depth', () => {
    expect(() => parseQuery('a=1&b=2&c=3', { depth: 10, count: 2 })).to.throw('exceeds limit (2)')
    expect(() => parseQuery(`a${'[b]'.repeat(11)}=1`, { depth: 10, count: 2 })).to.throw('more than 10 levels')
  })

  it('parse a megabyte of brackets within the limits', () => {
    expect(() => parseQuery(`a${'['.repeat(1_000_000)}=1`, { depth: 100, count: 4096 })).not.to.throw()
    expect(() => parseQuery(`a${'[]'.repeat(500_000)}=1`, { depth: 100, count: 4096 })).to.throw('more than 100 levels')
  })

  it('of JSON are refused for their depth before megabytes of brackets are parsed, wherever they stand', async () => {
    const filler = `"${'x'.repeat(70_000)}"`
    const post = async (body: string) => {
      const headers = { 'content-type': 'application/json' }
      const request = await requestTo('/', { method: 'POST', headers, body })
      return () => request.requestParameters
    }
    expect(await post(`{"a":${filler},"b":${'['.repeat(99)}1${']'.repeat(99)}}`)).not.to.throw()
    expect(await post(`{"a":${filler},"b":${'['.repeat(100)}1${']'.repeat(100)}}`)).to.throw('more than 100 levels')
    expect(await post('['.repeat(4_000_000))).to.throw('more than 100 levels')
    expect(await post(JSON.stringify({ a: filler, b: `\\"${'['.repeat(1_000)}\\` }))).not.to.throw()
  })

  const json = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })

  it('of JSON keep the digits of an integer that JavaScript would round, as text', async () => {
    const body =
      '{"id":9007199254740993,"ids":[-12345678901234567890,1],"safe":9007199254740991,"text":"say \\"9007199254740993\\"","float":1.5e300}'
    expect(JSON.stringify((await requestTo('/', json(body))).requestParameters)).to.equal(
      '{"id":"9007199254740993","ids":["-12345678901234567890",1],"safe":9007199254740991,"text":"say \\"9007199254740993\\"","float":1.5e+300}',
    )
    expect((await requestTo('/', json('9007199254740993'))).requestParameters['_json']).to.equal('9007199254740993')
    for (const broken of ['{"id":09007199254740993}', '[9007199254740993', '[--9007199254740993]', '["9007199254740993]']) {
      const request = await requestTo('/', json(broken))
      expect(() => request.requestParameters, broken).to.throw('not valid JSON')
    }
  })

  it('of JSON are limited in number before megabytes of them are parsed', async () => {
    const bomb = (count: number) => `{"filler":"${','.repeat(70_000)}"${Array.from({ length: count }, (_, i) => `,"k${i}":1`).join('')}}`
    const many = await requestTo('/', json(bomb(2000)), { jsonValueLimit: 1000 })
    expect(() => many.requestParameters).to.throw('total number of parameters exceeds limit (1000)')
    const few = await requestTo('/', json(bomb(900)), { jsonValueLimit: 1000 })
    expect(Object.keys(few.requestParameters)).to.have.length(901)
  })

  it('of other media types are read by the parsers of the application', async () => {
    const parameterParsers = {
      'application/vnd.api+json': (body: string) => JSON.parse(body),
      'text/csv': (body: string) => body.split(','),
    }
    const post = (type: string, body: string) =>
      requestTo('/?q=1', { method: 'POST', headers: { 'content-type': type }, body }, { parameterParsers })
    expect((await post('application/vnd.api+json; charset=utf-8', '{"data":{"id":1}}')).parameters).to.deep.include({
      data: { id: 1 },
      q: '1',
    })
    expect((await post('text/csv', 'a,b')).requestParameters['_json']).to.deep.equal(['a', 'b'])
    const broken = await post('application/vnd.api+json', '{"password":hunter2')
    expect(() => broken.requestParameters)
      .to.throw('the body could not be parsed')
      .with.property('status', 400)
  })

  it('with a bad percent-encoding are not quoted beyond it', () => {
    expect(() => parseQuery('password=hunter2%zzhunter2', { depth: 1, count: 1 })).to.throw('invalid %-encoding (%zz)')
    expect(() => parseQuery('password=hunter2%', { depth: 1, count: 1 })).to.throw('invalid %-encoding (%)')
  })

  it('that are no JSON are not quoted in the error, since they may be secrets', async () => {
    for (const body of ['{"password":hunter2}', '{"password":"hunter2", hunter2', `{"a":"${'x'.repeat(100)}","password":hunter2}`]) {
      const request = await requestTo('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      let thrown: unknown
      try {
        request.requestParameters
      } catch (error) {
        thrown = error
      }
      expect(thrown).to.be.an('error').with.property('message').that.includes('not valid JSON')
      expect(inspect(thrown, { depth: 10 })).not.to.include('hunter')
    }
  })

  it('of the path win over the query, and the query over the body', async () => {
    const url = await serve((request, response) => {
      request.pathParameters = { id: '1' }
      response.body = JSON.stringify(request.parameters)
    }, {})
    const answer = await fetch(`${url}/?id=2&a=2`, { method: 'POST', body: new URLSearchParams({ id: '3', a: '3', b: '3' }) })
    expect(await answer.json()).to.deep.equal({ id: '1', a: '2', b: '3' })
  })

  it('are what a middleware has parsed, where one has', async () => {
    const middleware = [
      (req: object, _res: object, next: () => void) => {
        Object.assign(req, { body: { a: [1, null] } })
        next()
      },
    ]
    const url = await serve((request, response) => void (response.body = JSON.stringify(request.requestParameters)), { middleware })
    expect(await (await fetch(url, { method: 'POST', body: 'ignored' })).json()).to.deep.equal({ a: [1] })
  })
})

describe('the method of a request', () => {
  afterEach(stopServing)

  it('is not overridden unless asked for, as in an API-only Rails', async () => {
    expect((await requestTo('/', { method: 'POST', body: new URLSearchParams({ _method: 'put' }) })).method).to.equal('POST')
  })

  it('is overridden by a field of a form or a header of a POST', async () => {
    const settings = { methodOverride: true }
    expect((await requestTo('/', { method: 'POST', body: new URLSearchParams({ _method: 'put' }) }, settings)).method).to.equal('PUT')
    expect((await requestTo('/', { method: 'POST', headers: { 'x-http-method-override': 'DELETE' } }, settings)).method).to.equal('DELETE')
    expect((await requestTo('/', { method: 'POST', headers: { 'x-http-method-override': 'NONSENSE' } }, settings)).method).to.equal('POST')
    expect((await requestTo('/', { headers: { 'x-http-method-override': 'DELETE' } }, settings)).method).to.equal('GET')
  })
})
