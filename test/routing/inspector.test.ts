import { expect } from 'chai'
import { draw, inspectRoutes, routeRows } from '../../src/routing/index.ts'

const routes = draw(({ root, resources, get, redirect, mount }) => {
  root('home#index')
  resources('articles', { only: ['index', 'show'], id: /\d+/ })
  get('/old', { to: redirect('/articles') })
  mount(() => {}, { at: '/queue' })
})

describe('The list of routes', () => {
  it('is laid out as Rails does', () => {
    expect(inspectRoutes(routes).split('\n')).to.deep.equal([
      '  Prefix Verb URI Pattern             Controller#Action',
      '    root GET  /                       home#index',
      'articles GET  /articles(.:format)     articles#index',
      ' article GET  /articles/:id(.:format) articles#show {id: /\\d+/}',
      '     old GET  /old(.:format)          redirect(301, /articles)',
      '              /queue                  Inline handler (function)',
    ])
  })

  it('is cut down to a controller, by its path or its class', () => {
    expect(routeRows(routes, { controller: 'home' }).map(({ path }) => path)).to.deep.equal(['/'])
    expect(routeRows(routes, { controller: 'ArticlesController' }).map(({ action }) => action)).to.deep.equal(['index', 'show'])
    expect(inspectRoutes(routes, { controller: 'photos' })).to.equal('No route leads to the controller photos.')
  })

  it('is cut down to what matches a text, or answers a path', () => {
    expect(routeRows(routes, { grep: 'old' }).map(({ name }) => name)).to.deep.equal(['old'])
    expect(routeRows(routes, { grep: 'articles/7' }).map(({ name }) => name)).to.deep.equal(['article'])
    expect(inspectRoutes(routes, { grep: 'nothing' })).to.equal('No route matches nothing.')
  })

  it('is written a block a route, with the line that drew it', () => {
    expect(inspectRoutes(routes, { expanded: true, grep: 'article$', width: 30 }).split('\n')).to.deep.equal([
      '--[ Route 1 ]-----------------',
      'Prefix            | article',
      'Verb              | GET',
      'URI               | /articles/:id(.:format)',
      'Controller#Action | articles#show {id: /\\d+/}',
      'Source Location   | test/routing/inspector.test.ts:6',
    ])
  })

  it('is given as rows for programs', () => {
    const [row] = routeRows(routes, { grep: '^article$' })
    expect(row).to.deep.include({
      name: 'article',
      verb: 'GET',
      path: '/articles/:id(.:format)',
      kind: 'action',
      controller: 'articles',
      action: 'show',
      endpoint: 'articles#show',
      requirements: { id: '/\\d+/' },
    })
    expect(JSON.parse(JSON.stringify(routeRows(routes)))).to.have.length(5)
  })

  it('shows the routes of a mounted set below those of the application', () => {
    const blog = draw(({ get }) => get('/cart', { to: 'cart#show' }), { name: 'Blog::Engine' })
    const outer = draw(({ mount }) => mount(blog, { at: '/blog' }))
    expect(inspectRoutes(outer).split('\n')).to.deep.equal([
      'Routes for application:',
      '     Prefix Verb URI Pattern Controller#Action',
      'blog_engine      /blog       Blog::Engine',
      '',
      'Routes for Blog::Engine:',
      'Prefix Verb URI Pattern     Controller#Action',
      '  cart GET  /cart(.:format) cart#show',
    ])
  })

  it('says so when nothing is drawn', () => {
    expect(inspectRoutes(draw(() => {}))).to.contain('No routes are drawn yet')
  })
})
