import { expect } from 'chai'
import { draw } from '../../src/routing/index.ts'
import { linesOf } from './drawn.ts'

describe('Resources', () => {
  it('draw five actions in an API', () => {
    expect(linesOf(draw(({ resources }) => resources('articles')))).to.deep.equal([
      'articles GET /articles articles#index',
      '- POST /articles articles#create',
      'article GET /articles/:id articles#show',
      '- PATCH /articles/:id articles#update',
      '- PUT /articles/:id articles#update',
      '- DELETE /articles/:id articles#destroy',
    ])
  })

  it('draw new and edit as well when the application has forms', () => {
    expect(linesOf(draw(({ resources }) => resources('articles', { only: ['new', 'edit'] }), { apiOnly: false }))).to.deep.equal([
      'new_article GET /articles/new articles#new',
      'edit_article GET /articles/:id/edit articles#edit',
    ])
  })

  it('draw what only and except leave', () => {
    expect(linesOf(draw(({ resources }) => resources('articles', { only: 'show' })))).to.deep.equal([
      'article GET /articles/:id articles#show',
    ])
    expect(linesOf(draw(({ resources }) => resources('articles', { except: ['create', 'update', 'destroy'] })))).to.have.length(2)
  })

  it('are drawn several at once', () => {
    expect(linesOf(draw(({ resources }) => resources(['photos', 'books'], { only: 'index' })))).to.deep.equal([
      'photos GET /photos photos#index',
      'books GET /books books#index',
    ])
  })

  it('take another path, name, controller, module and parameter', () => {
    const routes = draw(({ resources }) =>
      resources('articles', { only: 'show', path: 'artikel', as: 'posts', controller: 'stories', module: 'api', param: 'slug' }),
    )
    expect(linesOf(routes)).to.deep.equal(['post GET /artikel/:slug api/stories#show'])
  })

  it('add routes of a member and of the collection', () => {
    const routes = draw(({ resources, get, member, post, collection }) =>
      resources('articles', { only: [], param: 'slug' }, () => {
        get('feed', { on: 'collection' })
        member(() => post('favorite'))
        collection(() => get('search'))
      }),
    )
    expect(linesOf(routes)).to.deep.equal([
      'feed_articles GET /articles/feed articles#feed',
      'favorite_article POST /articles/:slug/favorite articles#favorite',
      'search_articles GET /articles/search articles#search',
    ])
  })

  it('give a member route the path of the resource when it is asked for', () => {
    const routes = draw(({ resources, member, get }) => resources('articles', { only: [] }, () => member(() => get('show', { path: '' }))))
    expect(linesOf(routes)).to.deep.equal(['article GET /articles/:id articles#show'])
  })

  it('know the path of an action wherever it is drawn', () => {
    const routes = draw(({ concern, resources, resource, get }) => {
      concern('seen', () => {
        get('show', { path: null, as: null })
        get('edit', { path: null, as: null })
      })
      resource('profile', { only: [], concerns: 'seen', pathNames: { edit: 'change' } })
      resources('articles', { only: [], concerns: 'seen' })
    })
    expect(linesOf(routes).map((line) => line.split(' ')[2])).to.deep.equal([
      '/profile',
      '/profile/change',
      '/articles/:article_id/show',
      '/articles/:article_id/edit',
    ])
  })

  it('are nested below a member, with the name of its parameter', () => {
    const routes = draw(({ resources }) =>
      resources('articles', { only: [], param: 'slug' }, () => resources('comments', { only: ['index', 'destroy'] })),
    )
    expect(linesOf(routes)).to.deep.equal([
      'article_comments GET /articles/:article_slug/comments comments#index',
      'article_comment DELETE /articles/:article_slug/comments/:id comments#destroy',
    ])
  })

  it('leave the parent out of a member when they are shallow', () => {
    const routes = draw(({ resources }) =>
      resources('articles', { only: [], shallow: true }, () => resources('comments', { only: ['index', 'show'] })),
    )
    expect(linesOf(routes)).to.deep.equal([
      'article_comments GET /articles/:article_id/comments comments#index',
      'comment GET /comments/:id comments#show',
    ])
  })

  it('leave a shallow scope where they say that they are not', () => {
    const routes = draw(({ shallow, resources }) =>
      shallow(() => resources('articles', { only: [] }, () => resources('comments', { only: 'show', shallow: false }))),
    )
    expect(linesOf(routes)).to.deep.equal(['article_comment GET /articles/:article_id/comments/:id comments#show'])
  })

  it('of one are drawn without an id, and lead to the plural controller', () => {
    expect(linesOf(draw(({ resource }) => resource('profile', { only: ['show', 'update'] })))).to.deep.equal([
      'profile GET /profile profiles#show',
      '- PATCH /profile profiles#update',
      '- PUT /profile profiles#update',
    ])
  })

  it('get the routes of a concern, with its options', () => {
    const routes = draw(({ concern, concerns, resources, namespace }) => {
      concern('commentable', ({ only = ['index', 'create'] }) => resources('comments', { only: only as 'index'[] }))
      resources('articles', { only: [], concerns: 'commentable' })
      namespace('admin', () => concerns('commentable', { only: ['index'] }))
    })
    expect(linesOf(routes)).to.deep.equal([
      'article_comments GET /articles/:article_id/comments comments#index',
      '- POST /articles/:article_id/comments comments#create',
      'admin_comments GET /admin/comments admin/comments#index',
    ])
  })

  it('whose singular and plural are one word are told apart by _index', () => {
    expect(linesOf(draw(({ resources }) => resources('news', { only: ['index', 'show'] })))).to.deep.equal([
      'news_index GET /news news#index',
      'news GET /news/:id news#show',
    ])
  })
})
