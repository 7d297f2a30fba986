import { expect } from 'chai'
import { draw, type DrawOptions, isRedirect, type MatchOptions, type RoutesDsl, type RouteSet } from '../../src/routing/index.ts'
import { linesOf } from './drawn.ts'

describe('A routes file', () => {
  it('is written as a Rails one, line by line', () => {
    const routes = draw(({ root, namespace, resources, resource, member, get, post, concern, redirect }) => {
      root('home#index')
      concern('commentable', () => resources('comments', { only: ['index', 'create'] }))
      namespace('api', () => {
        resources('articles', { param: 'slug', concerns: 'commentable' }, () => {
          get('feed', { on: 'collection' })
          member(() => post('favorite'))
        })
        resource('profile', { only: ['show', 'update'] })
      })
      get('/stories/:id', { to: redirect('/articles/%{id}'), constraints: { id: /\d+/ } })
    })
    expect(linesOf(routes)).to.deep.equal([
      'root GET / home#index',
      'feed_api_articles GET /api/articles/feed api/articles#feed',
      'favorite_api_article POST /api/articles/:slug/favorite api/articles#favorite',
      'api_article_comments GET /api/articles/:article_slug/comments api/comments#index',
      '- POST /api/articles/:article_slug/comments api/comments#create',
      'api_articles GET /api/articles api/articles#index',
      '- POST /api/articles api/articles#create',
      'api_article GET /api/articles/:slug api/articles#show',
      '- PATCH /api/articles/:slug api/articles#update',
      '- PUT /api/articles/:slug api/articles#update',
      '- DELETE /api/articles/:slug api/articles#destroy',
      'api_profile GET /api/profile api/profiles#show',
      '- PATCH /api/profile api/profiles#update',
      '- PUT /api/profile api/profiles#update',
      '- GET /stories/:id',
    ])
    expect(isRedirect(routes.routes.at(-1)!.target)).to.equal(true)
  })

  it('may use the DSL as one object', () => {
    const routes = draw((r) => {
      r.resources('articles', { only: 'index' }, () => r.delete('all', { on: 'collection' }))
      r.options('/articles', { to: 'articles#options' })
    })
    expect(linesOf(routes)).to.deep.equal([
      'all_articles DELETE /articles/all articles#all',
      'articles GET /articles articles#index',
      '- OPTIONS /articles articles#options',
    ])
  })

  it('knows the line of every route', () => {
    const routes = draw(({ resources, get }) => {
      resources('articles', { only: 'index' }, () => {
        get('feed', { on: 'collection' })
      })
    })
    const lines = routes.routes.map(({ source }) => source!.line)
    expect(lines[0]! - lines[1]!).to.equal(1)
    expect(routes.routes[0]!.source!.file).to.match(/routes_file\.test\.ts$/)
  })

  it('is checked by the compiler', () => {
    const checked = (dsl: RoutesDsl, options: DrawOptions): RouteSet => {
      // @ts-expect-error an action that resources don't have
      dsl.resources('articles', { only: ['shwo'] })
      // @ts-expect-error not a place in a resource
      dsl.get('feed', { on: 'everywhere' })
      // @ts-expect-error a mount needs its path
      dsl.mount(() => {}, {})
      // @ts-expect-error match needs its methods, and takes options for that
      dsl.match('/a')
      // @ts-expect-error a namespace has a block
      dsl.namespace('api')
      const typed: MatchOptions['to'] = 'articles#show'
      dsl.get('/a', { to: typed, id: /\d+/, constraints: (request) => request.host.length > options.files!['a']!.length })
      return draw(() => {})
    }
    expect(checked).to.be.a('function')
  })
})
