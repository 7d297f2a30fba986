import { expect } from 'chai'
import { draw, InvalidPathEncoding } from '../../src/routing/index.ts'
import { destination } from './drawn.ts'

describe('Recognition', () => {
  it('answers with the first declared route that fits', () => {
    const routes = draw(({ get }) => {
      get('/articles/:id', { to: 'articles#show' })
      get('/articles/new', { to: 'articles#new' })
      get('/articles/*path', { to: 'articles#any' })
    })
    expect(destination(routes, 'GET', '/articles/new')).to.equal('articles#show id=new')
    expect(destination(routes, 'GET', '/articles/a/b')).to.equal('articles#any path=a/b')
  })

  it('answers the same, whichever of a static and a dynamic path comes first', () => {
    const routes = draw(({ get }) => {
      get('/articles/new', { to: 'articles#new' })
      get('/:kind/new', { to: 'kinds#new' })
      get('/articles/:id', { to: 'articles#show' })
    })
    expect(destination(routes, 'GET', '/articles/new')).to.equal('articles#new')
    expect(destination(routes, 'GET', '/photos/new')).to.equal('kinds#new kind=photos')
    expect(destination(routes, 'GET', '/articles/1')).to.equal('articles#show id=1')
  })

  it('takes requirements with classes of letters, which a path holds as far as it is not encoded', () => {
    const routes = draw(({ get }) => get('/name-it/:name', { to: 'names#show', name: /[\p{L}\p{M}]+/iu, as: 'name' }))
    expect(destination(routes, 'GET', '/name-it/ann')).to.equal('names#show name=ann')
    expect(destination(routes, 'GET', '/name-it/4')).to.equal(null)
    expect(routes.helpers['namePath']!('Zoë')).to.equal('/name-it/Zo%C3%AB')
  })

  it('reads doubled slashes as one, before expressions and conditions are asked', () => {
    const asked: unknown[] = []
    const routes = draw(({ get }) => {
      get('/files/*path', { to: 'files#show', format: false })
      get('/asked/:id', { to: 'asked#show', constraints: (_, { id }) => asked.push(id) > 0 })
      get('/below/*path', { to: 'below#show', format: false, constraints: (_, { path }) => asked.push(path) > 0 })
      get('/plain/:id', { to: 'plain#show' })
    })
    expect(destination(routes, 'GET', '/files//a//b')).to.equal('files#show path=a/b')
    expect(destination(routes, 'GET', '//asked//1')).to.equal('asked#show id=1')
    expect(destination(routes, 'GET', '/plain//1/')).to.equal('plain#show id=1')
    expect(destination(routes, 'HEAD', '/plain//1')).to.equal('plain#show id=1')
    expect(destination(routes, 'GET', '/below//a')).to.equal('below#show path=a')
    expect(asked).to.deep.equal(['1', 'a'])
  })

  it('captures the format apart from the last segment', () => {
    const routes = draw(({ get }) => get('/articles/:id', { to: 'articles#show' }))
    expect(destination(routes, 'GET', '/articles/1.json')).to.equal('articles#show id=1 format=json')
    expect(destination(routes, 'GET', '/articles/1.tar.gz')).to.equal(null)
  })

  it('reads text beside segments', () => {
    const routes = draw(({ get }) => get('/:artist/omg-:song-live', { to: 'songs#show', song: /\d+/ }))
    expect(destination(routes, 'GET', '/faithfully/omg-11-live')).to.equal('songs#show artist=faithfully song=11')
    expect(destination(routes, 'GET', '/faithfully/omg-x-live')).to.equal(null)
  })

  it('reads globs between other parts', () => {
    const routes = draw(({ get }) => get('/files/*path/by/:user', { to: 'files#show' }))
    expect(destination(routes, 'GET', '/files/a/b/c/by/ann')).to.equal('files#show path=a/b/c user=ann')
  })

  it('reads optional parts as far as they go', () => {
    const routes = draw(({ get }) => get('/blog(/:year(/:month(/:day)))', { to: 'blog#index', year: /\d{4}/ }))
    expect(destination(routes, 'GET', '/blog')).to.equal('blog#index')
    expect(destination(routes, 'GET', '/blog/2026/11')).to.equal('blog#index year=2026 month=11')
    expect(destination(routes, 'GET', '/blog/soon')).to.equal(null)
  })

  it('prefers the optional part that comes first, as an expression would', () => {
    const routes = draw(({ get }) => get('(/:a)/foo(/:b)', { to: 'foos#show', format: false }))
    expect(destination(routes, 'GET', '/foo/foo')).to.equal('foos#show a=foo')
    expect(destination(routes, 'GET', '/foo/bar')).to.equal('foos#show b=bar')
  })

  it('takes what an optional part behind a dot must not be for the format', () => {
    const routes = draw(({ get }) => {
      get('/a/:x(.:y)', { to: 'a#b', y: /\d+/ })
      get('/b(/:x(.:y))', { to: 'a#b', y: /\d+/ })
    })
    expect(['/a/v.1', '/a/v.json', '/a/v.1.json', '/b/v.json', '/b.json'].map((path) => destination(routes, 'GET', path))).to.deep.equal([
      'a#b x=v y=1',
      'a#b x=v format=json',
      'a#b x=v y=1 format=json',
      'a#b x=v format=json',
      'a#b format=json',
    ])
  })

  it('does not care for doubled or trailing slashes, nor for the case of escapes', () => {
    const routes = draw(({ get }) => get('/こんにちは/:id', { to: 'pages#show' }))
    expect(destination(routes, 'GET', '//%e3%81%93%E3%82%93%E3%81%AB%E3%81%A1%E3%81%AF//1/')).to.equal('pages#show id=1')
  })

  it('decodes what it captures, and nothing else', () => {
    const routes = draw(({ get }) => get('/pages/:name', { to: 'pages#show' }))
    expect(destination(routes, 'GET', '/pages/a%20b%2Fc+d')).to.equal('pages#show name=a b/c+d')
  })

  it('takes a percent sign that begins no escape for itself', () => {
    const routes = draw(({ get }) => get('/pages/:name', { to: 'pages#show' }))
    const names = ['100%', '%zz', '%e', '%2', '%%20', '%E6%97%A5%', '%u0041', '%2541'].map((name) =>
      routes.recognize('GET', `/pages/${name}`),
    )
    expect(names.map((found) => found?.params['name'])).to.deep.equal(['100%', '%zz', '%e', '%2', '% ', '日%', '%u0041', '%41'])
  })

  it('refuses captured text that is not valid UTF-8, as a bad request', () => {
    const routes = draw(({ get }) => get('/pages/:name', { to: 'pages#show' }))
    for (const path of ['/pages/%E2%A6', '/pages/%C0%80', '/pages/%ff%']) {
      expect(() => routes.recognize('GET', path))
        .to.throw(InvalidPathEncoding)
        .with.property('status', 400)
    }
  })

  it('gives parameters that inherit nothing', () => {
    const routes = draw(({ get }) => get('/:__proto__/:constructor', { to: 'pages#show' }))
    const { params } = routes.recognize('GET', '/a/b')!
    expect(Object.entries(params)).to.deep.include.members([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    expect(draw(({ get }) => get('/', { to: 'a#b' })).recognize('GET', '/')!.params['toString']).to.equal(undefined)
    expect(({} as Record<string, unknown>)['a']).to.equal(undefined)
  })

  describe('of methods', () => {
    const routes = draw(({ get, post, match, resources }) => {
      resources('articles')
      match('/both', { to: 'pages#both', via: ['get', 'post'] })
      match('/any', { to: 'pages#any', via: 'all' })
      get('/only', { to: 'pages#get' })
      post('/only', { to: 'pages#post' })
    })

    it('tells routes of one path apart', () => {
      expect(destination(routes, 'GET', '/only')).to.equal('pages#get')
      expect(destination(routes, 'POST', '/only')).to.equal('pages#post')
      expect(destination(routes, 'DELETE', '/only')).to.equal(null)
    })

    it('answers HEAD from GET', () => {
      expect(destination(routes, 'HEAD', '/articles')).to.equal('articles#index')
    })

    it('answers HEAD by its own route where there is one', () => {
      const own = draw(({ get, head }) => {
        get('/ping', { to: 'pings#get' })
        head('/ping', { to: 'pings#head' })
      })
      expect(destination(own, 'HEAD', '/ping')).to.equal('pings#head')
    })

    it('answers HEAD by GET where only another path says HEAD', () => {
      const own = draw(({ get, head, match }) => {
        get('/a', { to: 'pages#a' })
        match('/:any', { to: 'pages#any', via: 'all' })
        head('/b', { to: 'pages#head' })
      })
      expect(destination(own, 'HEAD', '/a')).to.equal('pages#a')
      expect(destination(own, 'HEAD', '/b')).to.equal('pages#head')
    })

    it('answers any method where via says all, known or not', () => {
      expect(destination(routes, 'PROPFIND', '/any')).to.equal('pages#any')
      expect(destination(routes, 'PROPFIND', '/both')).to.equal(null)
    })

    it('knows as many methods as a routes file names', () => {
      const names = Array.from({ length: 70 }, (_, index) => `M${index}`)
      const many = draw(({ match }) => {
        for (const via of names) match('/one/:id', { to: `pages#${via.toLowerCase()}`, via })
        match('/two/:id', { to: 'pages#two', via: names.slice(20, 50) })
        match('/:kind/:id', { to: 'pages#any', via: 'all' })
      })
      for (const name of names) expect(destination(many, name, '/one/1')).to.equal(`pages#${name.toLowerCase()} id=1`)
      expect(names.filter((name) => destination(many, name, '/two/1') === 'pages#two id=1')).to.deep.equal(names.slice(20, 50))
      expect(destination(many, 'M70', '/two/1')).to.equal('pages#any kind=two id=1')
      expect(destination(many, 'GET', '/one/1')).to.equal('pages#any kind=one id=1')
    })

    it('finds the first of several that share their path, also after one that passed', () => {
      const shared = draw(({ get, post, match }) => {
        get('/a/:id', { to: 'first#get' })
        post('/a/:id', { to: 'first#post' })
        match('/a/:id', { to: 'second#both', via: ['get', 'post'], as: null })
        post('/a/:id', { to: 'third#post', as: null })
      })
      const first = shared.recognize('POST', '/a/1')!
      const second = shared.recognize('POST', '/a/1', undefined, first.route)!
      expect([first.params['controller'], second.params['controller']]).to.deep.equal(['first', 'second'])
      expect(shared.recognize('POST', '/a/1', undefined, second.route)!.params['controller']).to.equal('third')
      expect(shared.recognize('GET', '/a/1', undefined, second.route)).to.equal(null)
    })

    it('lists the methods of a path, for 405 and OPTIONS', () => {
      expect(routes.allowedMethods('/articles/1')).to.deep.equal(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect(routes.allowedMethods('/both')).to.deep.equal(['GET', 'HEAD', 'POST'])
      expect(routes.allowedMethods('/nowhere')).to.deep.equal([])
    })
  })

  describe('of hostile paths', () => {
    const routes = draw(({ get }) => {
      get('/:a/:b/:c', { to: 'pages#three' })
      get('/*a/x/*b/y/*c', { to: 'pages#globs' })
      get('(/:a(/:b(/:c(/:d(/:e(/:f(/:g(/:h))))))))/end', { to: 'pages#nested', format: false })
      get('/files/:name', { to: 'files#show', name: /[^/]+/ })
    })

    it('answers for a very long path as for a short one', () => {
      expect(routes.recognize('GET', '/x'.repeat(8000))).to.equal(null)
      const { a, b, c } = routes.recognize('GET', `/${'x/y/'.repeat(4000)}z`)!.params
      expect([a, b, String(c).length]).to.deep.equal(['x/y', 'y/x', 15_989])
    })

    it('says no to a path that almost fits, however many optional parts there are', () => {
      expect(routes.recognize('GET', `${'/a'.repeat(9)}/en`)).to.equal(null)
      expect(destination(routes, 'GET', '/1/2/3/4/5/end')).to.equal('pages#nested a=1 b=2 c=3 d=4 e=5')
    })

    it('survives anything that is no path', () => {
      for (const path of ['', '*', 'http://example.com/', '\0', '////', '/../..', '/a?b', '?', '/%00']) {
        expect(() => routes.recognize('GET', path)).not.to.throw()
      }
    })
  })

  it('gives a thousand routes the answers that a list would', () => {
    const routes = draw(({ resources, get }) => {
      for (let i = 0; i < 200; i++) resources(`things${i}`, { path: i % 7 === 0 ? `thing${i}-x` : `things${i}` })
      get('/:anything', { to: 'pages#show' })
    })
    for (const path of ['/things1', '/things10/5', '/thing14-x/5.json', '/things199/a', '/other', '/things']) {
      const first = routes.routes.find((route) => route.verb === 'GET' && route.pattern.regexp.test(path))
      expect(routes.recognize('GET', path)?.route, path).to.equal(first)
    }
  })

  it('follows a path or URL to an action for tests and tools', () => {
    const routes = draw(({ resources, constraints }) => constraints({ subdomain: 'api' }, () => resources('articles')))
    expect({ ...routes.recognizePath('https://api.example.com/articles/1?x=y', { extras: { page: 2 } }) }).to.deep.equal({
      subdomain: 'api',
      controller: 'articles',
      action: 'show',
      id: '1',
      page: 2,
    })
    expect(() => routes.recognizePath('/articles/1', { method: 'delete' })).to.throw('No route matches [delete] "/articles/1"')
  })
})
