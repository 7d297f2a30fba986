import { expect } from 'chai'
import { draw, type RequestAttributes, type RouteSet } from '../../src/routing/index.ts'
import { destination } from './drawn.ts'
import { plainRequest } from './plain_request.ts'

const action = (routes: RouteSet, request: Partial<RequestAttributes>, path = '/') =>
  routes.recognize('GET', path, plainRequest({ path, ...request }))?.params['action']

describe('Constraints', () => {
  it('of segments must fit the whole segment', () => {
    const routes = draw(({ get }) => get('/articles/:id', { to: 'articles#show', constraints: { id: /\d+|latest/ } }))
    expect(destination(routes, 'GET', '/articles/12')).to.equal('articles#show id=12')
    expect(destination(routes, 'GET', '/articles/latest')).to.equal('articles#show id=latest')
    expect(destination(routes, 'GET', '/articles/12a')).to.equal(null)
  })

  it('of segments may reach over slashes and dots', () => {
    const routes = draw(({ get }) => get('/whois/:domain', { to: 'whois#show', domain: /\w+\.[\w.]+/ }))
    expect(destination(routes, 'GET', '/whois/example.co.uk')).to.equal('whois#show domain=example.co.uk')
  })

  it('keep their own flags', () => {
    const routes = draw(({ get }) => get('/in/:code', { to: 'codes#show', code: /hx-[a-z]{2}\d/i }))
    expect(destination(routes, 'GET', '/in/HX-Ab1')).to.equal('codes#show code=HX-Ab1')
    expect(destination(routes, 'GET', '/IN/hx-ab1')).to.equal(null)
  })

  it('of the method take HEAD for a GET, where no route says HEAD itself', () => {
    const routes = draw(({ match, get, head }) => {
      get('/a', { to: 'pages#a', constraints: { method: 'GET' } })
      match('/b', { to: 'pages#b', via: 'all', constraints: { requestMethod: 'GET' } })
      head('/c', { to: 'pages#c', constraints: { method: 'HEAD' } })
    })
    const head = plainRequest({ method: 'HEAD' })
    expect(['/a', '/b', '/c'].map((path) => routes.recognize('HEAD', path, head)?.params['action'])).to.deep.equal(['a', 'b', 'c'])
  })

  it('of a request are asked afresh each time, whatever flags their expressions have', () => {
    const routes = draw(({ get }) => get('/', { to: 'a#show', constraints: { subdomain: /^app\d$/g } }))
    expect([1, 2, 3].map(() => action(routes, { subdomains: ['app1'] }))).to.deep.equal(['show', 'show', 'show'])
  })

  it('ask the type of the body and the query', () => {
    const routes = draw(({ get }) => {
      get('/', { to: 'a#xml', constraints: { mediaType: 'application/xml' } })
      get('/', { to: 'a#old', constraints: { queryString: /\bv=1\b/ } })
    })
    expect(action(routes, { header: () => 'application/XML; charset=utf-8' })).to.equal('xml')
    expect(action(routes, { fullpath: '/?v=1&a=b' })).to.equal('old')
    expect(action(routes, {})).to.equal(undefined)
  })

  it('may capture groups of their own', () => {
    const routes = draw(({ get }) => get('/p/:a/:b', { to: 'ps#show', constraints: { a: /(x|y)(\d)/, b: /(\d)\d/ } }))
    expect(destination(routes, 'GET', '/p/x1/22')).to.equal('ps#show a=x1 b=22')
  })

  it('of request attributes choose among routes of one path', () => {
    const routes = draw(({ get, constraints }) => {
      constraints({ subdomain: 'api' }, () => get('/', { to: 'pages#api' }))
      get('/', { to: 'pages#secure', constraints: { protocol: 'https://' } })
      get('/', { to: 'pages#port', constraints: { port: [8080, 8081] } })
      get('/', { to: 'pages#inside', constraints: { remoteIp: /^10\./ } })
      get('/', { to: 'pages#agent', constraints: { userAgent: /bot/i } })
      get('/', { to: 'pages#bare', constraints: { subdomain: false } })
    })
    expect(action(routes, { subdomains: ['api'] })).to.equal('api')
    expect(action(routes, { protocol: 'https' })).to.equal('secure')
    expect(action(routes, { port: 8081 })).to.equal('port')
    expect(action(routes, { remoteIp: '10.0.0.1' })).to.equal('inside')
    expect(action(routes, { header: (name) => (name === 'user-agent' ? 'GoogleBot' : undefined) })).to.equal('agent')
    expect(action(routes, {})).to.equal('bare')
    expect(action(routes, { subdomains: ['www'] })).to.equal(undefined)
  })

  it('may be a function of request and parameters, or an object with matches', () => {
    const routes = draw(({ get, constraints }) => {
      constraints(
        (request) => request.host === 'a.example',
        () => get('/:id', { to: 'pages#function' }),
      )
      get('/:id', {
        to: 'pages#object',
        constraints: { matches: (_request: RequestAttributes, { id }: Record<string, unknown>) => id === '7' },
      })
    })
    expect(action(routes, { host: 'a.example' }, '/1')).to.equal('function')
    expect(action(routes, {}, '/7')).to.equal('object')
    expect(action(routes, {}, '/8')).to.equal(undefined)
  })

  it('are asked in the order of declaration, and no further than the first that holds', () => {
    const asked: string[] = []
    const says = (name: string, answer: boolean) => () => {
      asked.push(name)
      return answer
    }
    const routes = draw(({ get }) => {
      get('/:id', { to: 'pages#a', constraints: says('a', false) })
      get('/1', { to: 'pages#b', constraints: says('b', true) })
      get('/:id', { to: 'pages#c', constraints: says('c', true) })
    })
    expect(action(routes, {}, '/1')).to.equal('b')
    expect(asked).to.deep.equal(['a', 'b'])
  })

  it('that name nothing of this route or of requests mean nothing', () => {
    const routes = draw(({ resources }) => resources('articles', { id: /\d+/, only: ['index', 'show'] }))
    expect(destination(routes, 'GET', '/articles')).to.equal('articles#index')
    expect(destination(routes, 'GET', '/articles/x')).to.equal(null)
  })

  describe('of paths that name their controller or action', () => {
    it('are refused without a list of what they may reach', () => {
      expect(() => draw(({ get }) => get('/:controller/:action'))).to.throw(/could reach any action/)
    })

    it('reach what is listed and nothing else', () => {
      const routes = draw(({ get }) => get('/:controller/:action', { format: false }), { dynamic: ['pages#*', 'posts#show'] })
      expect(destination(routes, 'GET', '/pages/about')).to.equal('pages#about')
      expect(destination(routes, 'GET', '/posts/show')).to.equal('posts#show')
      expect(destination(routes, 'GET', '/posts/destroy')).to.equal(null)
    })
  })
})
