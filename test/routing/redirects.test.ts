import { expect } from 'chai'
import { draw, isRedirect, type RequestAttributes, type RoutesDsl, UrlGenerationError } from '../../src/routing/index.ts'
import { plainRequest } from './plain_request.ts'

function locationOf(path: string, block: (dsl: RoutesDsl) => void, request: Partial<RequestAttributes> = {}): string {
  const { route, params } = draw(block).recognize('GET', path)!
  if (!isRedirect(route.target)) throw new Error('not a redirect')
  return route.target.location(params, plainRequest({ path, ...request }))
}

describe('Redirects', () => {
  it('lead to a path, with 301 unless told otherwise', () => {
    const routes = draw(({ get, redirect }) => {
      get('/a', { to: redirect('/b') })
      get('/c', { to: redirect('/d', { status: 302 }) })
    })
    expect(routes.routes.map(({ target }) => isRedirect(target) && [target.status, target.describe()])).to.deep.equal([
      [301, 'redirect(301, /b)'],
      [302, 'redirect(302, /d)'],
    ])
    expect(locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect('/b') }))).to.equal('http://example.com/b')
  })

  it('fill in the segments of the path, escaped for where they stand', () => {
    const location = locationOf('/stories/a%20b%26', ({ get, redirect }) =>
      get('/stories/:id', { to: redirect('/articles/%{id}?q=%{id}#%{id}') }),
    )
    expect(location).to.equal('http://example.com/articles/a%20b&?q=a+b%26#a%20b&')
  })

  it('never lead to a host that stands in the path', () => {
    const to = (target: string, path: string) =>
      locationOf(path, ({ get, redirect }) => get('/old/*rest', { to: redirect(target), format: false }))
    expect(to('/%{rest}', '/old/%2Fevil.example/a')).to.equal('http://example.com/evil.example/a')
    expect(to('/%{rest}', '/old/%2F%5Cevil.example')).to.equal('http://example.com/%5Cevil.example')
    expect(to('%{rest}', '/old/%2F%2Fevil.example')).to.equal('http://example.com/evil.example')
    expect(to('%{rest}', '/old/https:%2F%2Fevil.example')).to.equal('http://example.com/./https://evil.example')
    expect(to('%{rest}', '/old/javascript:alert(1)')).to.equal('http://example.com/./javascript:alert(1)')
    expect(to('https://%{rest}.example.com/a', '/old/evil.example%2F')).to.equal('https://evil.example%2F.example.com/a')
    expect(to('https://example.com:80%{rest}', '/old/@evil.example')).to.equal('https://example.com:80%40evil.example')
    expect(to('//%{rest}', '/old/www.example.com')).to.equal('http://www.example.com')
    expect(to('%{rest}://example.com/a', '/old/https')).to.equal('https://example.com/a')
    expect(to('https://example.com/%{rest}', '/old/a/b@c:1')).to.equal('https://example.com/a/b@c:1')
  })

  it('fail where a name has no value, as an optional segment that was left out', () => {
    const missing = (path: string, block: (dsl: RoutesDsl) => void) => () => locationOf(path, block)
    expect(missing('/x', ({ get, redirect }) => get('/x', { to: redirect('/%{toString}') }))).to.throw(UrlGenerationError, /toString/)
    const optional = ({ get, redirect }: RoutesDsl) => get('/x(/:id)', { to: redirect({ path: '/y/%{id}' }) })
    expect(locationOf('/x/5', optional)).to.equal('http://example.com/y/5')
    expect(missing('/x', optional)).to.throw(UrlGenerationError, /missing required keys: id/)
  })

  it('that keep the path tidy it', () => {
    const mobile = ({ get, redirect }: RoutesDsl) => get('/*rest', { to: redirect({ subdomain: 'm' }) })
    expect(locationOf('//a//b/', mobile)).to.equal('http://m.example.com/a/b')
  })

  it('change parts of the URL and keep the rest', () => {
    const secure = locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect({ subdomain: 'mobile', protocol: 'https' }) }), {
      queryParameters: { page: '2' },
    })
    expect(secure).to.equal('https://mobile.example.com/a?page=2')
    expect(locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect({ path: '/b', status: 302 }) }), { port: 3000 })).to.equal(
      'http://example.com:3000/b',
    )
  })

  it('go where a function says', () => {
    const location = locationOf('/users/7', ({ get, redirect }) =>
      get('/users/:id', { to: redirect(({ id }, { host }) => `https://id.${host}/${String(id)}`) }),
    )
    expect(location).to.equal('https://id.example.com/7')
  })

  it('of relative paths stay below where the application is mounted', () => {
    const below = { scriptName: '/shop' }
    expect(locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect('b') }), below)).to.equal('http://example.com/shop/b')
    expect(locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect('') }), below)).to.equal('http://example.com/shop')
    expect(locationOf('/a', ({ get, redirect }) => get('/a', { to: redirect('/b') }), below)).to.equal('http://example.com/b')
  })
})
