import { expect } from 'chai'
import { Parameters, UnfilteredParameters } from '../../src/controller/index.ts'
import { draw, MissingHost, toQuery, UrlGenerationError, type UrlHelpers } from '../../src/routing/index.ts'

class Article {
  readonly slug: string
  readonly #isSaved: boolean
  constructor(slug: string, isSaved = true) {
    this.slug = slug
    this.#isSaved = isSaved
  }
  toParam() {
    return this.slug
  }
  isPersisted() {
    return this.#isSaved
  }
}

const routes = draw(
  ({ root, resources, namespace, get, scope, direct, resolve }) => {
    root('home#index')
    resources('articles', { param: 'slug' }, () => resources('comments'))
    namespace('api', () => namespace('v1', () => resources('articles', { only: 'show' })))
    get('/files/*path', { to: 'files#show', as: 'file', format: false })
    get('/orders/:id', { to: 'orders#show', as: 'order', id: /\d+/ })
    scope('(:locale)', { locale: /en|pl/ }, () => get('about', { to: 'pages#about', as: 'about' }))
    get('/blog(/:page)', { to: 'blog#index', as: 'blog', defaults: { page: 1 } })
    direct('homepage', () => 'https://regauge.example/start')
    resolve('Basket', () => ['root'])
  },
  { defaultUrlOptions: { host: 'example.com' } },
)
const helper = (name: string, ...args: unknown[]) => routes.helpers[name]!(...args)

describe('URL helpers', () => {
  it('are named after the routes, in camel case', () => {
    expect(Object.keys(routes.helpers)).to.include.members([
      'rootPath',
      'articlesUrl',
      'articleCommentPath',
      'apiV1ArticlePath',
      'homepageUrl',
    ])
    expect(routes.helpers['toString']).to.equal(undefined)
  })

  it('take records, numbers and strings', () => {
    expect(helper('articlePath', new Article('hello'))).to.equal('/articles/hello')
    expect(helper('articleCommentPath', 'hello', 7)).to.equal('/articles/hello/comments/7')
    expect(helper('articleCommentPath', { article_slug: 'a', id: 1 })).to.equal('/articles/a/comments/1')
  })

  it('fill segments with the names of what every object inherits', () => {
    const routes = draw(({ get }) => get('/teams/:constructor/:valueOf', { to: 'teams#show', as: 'team' }))
    expect(routes.helpers['teamPath']!('mclaren', 4, { format: 'json' })).to.equal('/teams/mclaren/4.json')
  })

  it('take a format, a query and an anchor', () => {
    expect(helper('articlePath', 'a', { format: 'json' })).to.equal('/articles/a.json')
    expect(helper('articlesPath', { tag: ['x', 'y'], page: { size: 2 }, anchor: 'top' })).to.equal(
      '/articles?page%5Bsize%5D=2&tag%5B%5D=x&tag%5B%5D=y#top',
    )
  })

  it('make whole URLs of the default host, or of the one given', () => {
    expect(helper('rootUrl')).to.equal('http://example.com/')
    expect(helper('articlesUrl', { host: 'a.example', protocol: 'https', port: 8443 })).to.equal('https://a.example:8443/articles')
    expect(helper('articlesUrl', { subdomain: 'api', port: 80 })).to.equal('http://api.example.com/articles')
    expect(helper('articlesUrl', { onlyPath: true, trailingSlash: true })).to.equal('/articles/')
  })

  it('escape what stands in a segment', () => {
    expect(helper('articlePath', 'a/b c?é')).to.equal('/articles/a%2Fb%20c%3F%C3%A9')
    expect(helper('filePath', 'a/b c.txt')).to.equal('/files/a/b%20c.txt')
  })

  it('leave out optional parts without values, and those that have their default', () => {
    expect(helper('aboutPath')).to.equal('/about')
    expect(helper('aboutPath', { locale: 'pl' })).to.equal('/pl/about')
    expect([helper('blogPath', 1), helper('blogPath', 2)]).to.deep.equal(['/blog', '/blog/2'])
  })

  it('take false for no value of a segment that must be there', () => {
    expect(() => helper('articlePath', false)).to.throw(UrlGenerationError, /possible unmatched constraints: slug/)
    expect(() => helper('articlePath', { slug: false })).to.throw(UrlGenerationError, /possible unmatched constraints: slug/)
  })

  it('end in a slash only where no format was given, be it an empty one', () => {
    expect(helper('articlePath', 'a', { trailingSlash: true })).to.equal('/articles/a/')
    expect(helper('articlePath', 'a', { format: '', trailingSlash: true })).to.equal('/articles/a')
    expect(helper('articlePath', 'a', 0, { trailingSlash: true })).to.equal('/articles/a.0')
  })

  it('take a value for each of two segments of one name, of which the last counts', () => {
    const twice = draw(({ get }) => get('/a/:id/b/:id', { to: 'a#b', as: 'twice' }))
    expect(twice.helpers['twicePath']!(1, 2)).to.equal('/a/2/b/2')
    expect(() => twice.helpers['twicePath']!()).to.throw(UrlGenerationError, /missing required keys: id, id/)
  })

  it('say what is missing or does not fit', () => {
    expect(() => helper('articlePath')).to.throw(UrlGenerationError, /missing required keys: slug/)
    expect(() => helper('orderPath', 'x')).to.throw(UrlGenerationError, /possible unmatched constraints: id/)
  })

  it('need a host for a whole URL', () => {
    expect(() => draw(({ root }) => root('home#index')).helpers['rootUrl']!()).to.throw(MissingHost)
  })

  it('of one request know its host, and fill gaps from its parameters', () => {
    const url = routes.helpersFor({
      host: 'b.example',
      protocol: 'https',
      _recall: { controller: 'comments', action: 'show', article_slug: 'x', id: '3' },
    })
    expect(url.urlFor({ action: 'index', onlyPath: true })).to.equal('/articles/x/comments')
    expect(url.named['articleUrl']!('y')).to.equal('https://b.example/articles/y')
  })

  it('put the root that the application is mounted at before everything', () => {
    const mounted = draw(({ resources }) => resources('articles'), { relativeUrlRoot: '/shop' })
    expect(mounted.helpers['articlePath']!(1)).to.equal('/shop/articles/1')
    expect(mounted.helpersFor({ scriptName: '/other' }).named['articlesPath']!()).to.equal('/other/articles')
  })
})

describe('urlFor', () => {
  it('finds the route by controller and action', () => {
    expect(routes.urlFor({ controller: 'articles', action: 'show', slug: 'a', onlyPath: true })).to.equal('/articles/a')
    expect(routes.urlFor({ controller: 'articles', onlyPath: true, page: 2 })).to.equal('/articles?page=2')
  })

  it('takes records, classes and lists of them', () => {
    expect(routes.urlFor(new Article('a'))).to.equal('http://example.com/articles/a')
    expect(routes.polymorphicPath(new Article('a', false))).to.equal('/articles')
    expect(routes.polymorphicPath(Article)).to.equal('/articles')
    expect(routes.polymorphicPath(['api', 'v1', new Article('a')])).to.equal('/api/v1/articles/a')
  })

  it('leaves a URL as it is', () => {
    expect(routes.urlFor('https://elsewhere.example/')).to.equal('https://elsewhere.example/')
  })

  it('takes parameters of a request that are permitted, with hashes in them, wherever options stand', () => {
    const sent = new Parameters({ search: { name: 'a b', tags: ['x', 'y'] }, page: '2' })
    const permitted = sent.permitAll()
    const query = 'page=2&search%5Bname%5D=a+b&search%5Btags%5D%5B%5D=x&search%5Btags%5D%5B%5D=y'
    expect(helper('articlesPath', permitted)).to.equal(`/articles?${query}`)
    expect(helper('articlesPath', { params: permitted })).to.equal(`/articles?${query}`)
    expect(routes.urlFor({ controller: 'articles', action: 'index', onlyPath: true, ...permitted })).to.equal(`/articles?${query}`)
    expect(routes.urlFor(permitted.merge({ controller: 'articles', action: 'index', onlyPath: true }))).to.equal(`/articles?${query}`)
    expect(helper('articlesPath', { search: sent.hash('search')!.permit('name') })).to.equal('/articles?search%5Bname%5D=a+b')
  })

  it('refuses parameters that are not permitted also below a name', () => {
    const sent = new Parameters({ search: { name: 'a' } })
    expect(() => helper('articlesPath', { params: sent })).to.throw(UnfilteredParameters)
    expect(() => helper('articlesPath', { search: sent.hash('search') })).to.throw(UnfilteredParameters)
    expect(() => helper('articlesPath', { list: [sent] })).to.throw(UnfilteredParameters)
  })

  it('says what was given when no route takes a hash', () => {
    const given = { controller: 'nothing', action: 'index', deep: new Parameters({ a: { b: '1' } }).permitAll().get('a') }
    expect(() => routes.urlFor(given)).to.throw(UrlGenerationError, 'deep: {"b":"1"}')
  })

  it('refuses parameters of a request that are not permitted', () => {
    const parameters = {
      toHash() {
        throw new Error('not permitted')
      },
    }
    expect(() => routes.urlFor(parameters)).to.throw('not permitted')
    expect(() => helper('articlesUrl', parameters)).to.throw('not permitted')
  })

  it('follows what direct and resolve say', () => {
    class Basket {}
    expect([helper('homepageUrl'), helper('homepagePath')]).to.deep.equal(['https://regauge.example/start', '/start'])
    expect(routes.polymorphicPath(new Basket())).to.equal('/')
    const custom = draw(
      ({ direct, resources }) => {
        resources('articles')
        direct('latest', { order: 'new' }, (options: object, helpers: UrlHelpers) => helpers.named['articlesUrl']!(options))
      },
      { defaultUrlOptions: { host: 'example.com' } },
    )
    expect(custom.helpers['latestPath']!({ page: 1 })).to.equal('/articles?order=new&page=1')
  })
})

describe('Query strings', () => {
  it('are written as Rails writes them', () => {
    expect(toQuery({ b: 'x y&', a: null, list: [1, { k: 'v' }], empty: [], nested: { c: { d: true } } })).to.equal(
      'a&b=x+y%26&list%5B%5D=1&list%5B%5D%5Bk%5D=v&nested%5Bc%5D%5Bd%5D=true',
    )
  })

  it('keep the order within a list, which says what belongs together', () => {
    expect(decodeURIComponent(toQuery({ z: 1, list: [{ b: 1, a: 2 }, { b: 3 }] }))).to.equal('list[][b]=1&list[][a]=2&list[][b]=3&z=1')
  })

  it('give what is null a name without a value', () => {
    expect(decodeURIComponent(toQuery({ list: [null, '', []], of: { none: null } }))).to.equal('list[]&list[]=&list[][]&of[none]')
  })
})
