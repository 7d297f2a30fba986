import { expect } from 'chai'
import { draw } from '../../src/routing/index.ts'
import { destination, linesOf } from './drawn.ts'

describe('Scopes', () => {
  it('of a namespace change path, controller and name', () => {
    const routes = draw(({ namespace, get, resources }) =>
      namespace('api', () => {
        namespace('v1', { path: '1' }, () => resources('articles', { only: 'index' }))
        get('status', { to: 'health#show' })
      }),
    )
    expect(linesOf(routes)).to.deep.equal([
      'api_v1_articles GET /api/1/articles api/v1/articles#index',
      'api_status GET /api/status api/health#show',
    ])
  })

  it('change only what they are told to', () => {
    const routes = draw(({ scope, get }) => {
      scope('/admin', () => get('a', { to: 'pages#a' }))
      scope({ module: 'admin' }, () => get('b', { to: 'pages#b' }))
      scope(['x', 'y'], { as: 'z' }, () => get('c', { to: 'pages#c' }))
    })
    expect(linesOf(routes)).to.deep.equal(['a GET /admin/a pages#a', 'b GET /b admin/pages#b', 'z_c GET /x/y/c pages#c'])
  })

  it('hand down defaults, controllers and options', () => {
    const routes = draw(({ defaults, controller, get, withOptions }) => {
      defaults({ format: 'json' }, () => get('a', { to: 'pages#a', defaults: { page: 1 } }))
      controller('pages', () => get('b'))
      withOptions({ controller: 'posts' }, () => get('c'))
    })
    expect(destination(routes, 'GET', '/a')).to.equal('pages#a format=json page=1')
    expect(destination(routes, 'GET', '/b')).to.equal('pages#b')
    expect(destination(routes, 'GET', '/c')).to.equal('posts#c')
  })

  it('hand down a format that is required, or that there is none of', () => {
    const routes = draw(({ scope, get }) => {
      scope({ format: false }, () => get('a', { to: 'pages#a' }))
      get('b', { to: 'pages#b', format: true })
      get('c', { to: 'pages#c', format: /json|xml/ })
    })
    expect(routes.routes.map(({ path }) => path)).to.deep.equal(['/a', '/b.:format', '/c(.:format)'])
    expect([destination(routes, 'GET', '/a.json'), destination(routes, 'GET', '/b'), destination(routes, 'GET', '/c.pdf')]).to.deep.equal([
      null,
      null,
      null,
    ])
    expect(destination(routes, 'GET', '/b.tar.gz')).to.equal('pages#b format=tar.gz')
  })

  it('of optional segments make them part of every path', () => {
    const routes = draw(({ scope, resources }) => scope('(:locale)', { locale: /en|pl/ }, () => resources('articles', { only: 'show' })))
    expect(destination(routes, 'GET', '/pl/articles/1')).to.equal('articles#show locale=pl id=1')
    expect(destination(routes, 'GET', '/articles/1')).to.equal('articles#show id=1')
    expect(destination(routes, 'GET', '/de/articles/1')).to.equal(null)
  })

  it('rename the paths of actions', () => {
    const routes = draw(({ scope, resources }) => scope({ pathNames: { new: 'neu' } }, () => resources('articles', { only: 'new' })), {
      apiOnly: false,
    })
    expect(linesOf(routes)).to.deep.equal(['new_article GET /articles/neu articles#new'])
  })

  it('rename them for all that follows, also outside of the scope, but where a scope has names of its own', () => {
    const routes = draw(
      ({ scope, resources, resourcesPathNames }) => {
        scope('/a', () => resourcesPathNames({ new: 'nuevo' }))
        resources('photos', { only: 'new' })
        scope({ path: '/b', pathNames: { edit: 'editar' } }, () => {
          resourcesPathNames({ new: 'novo' })
          resources('cats', { only: 'new' })
        })
        resources('dogs', { only: 'new' })
      },
      { apiOnly: false },
    )
    expect(linesOf(routes)).to.deep.equal([
      'new_photo GET /photos/nuevo photos#new',
      'new_cat GET /b/cats/novo cats#new',
      'new_dog GET /dogs/nuevo dogs#new',
    ])
  })

  it('keep what they were given, whatever becomes of the object', () => {
    const defaults: Record<string, string> = { z: 'json' }
    const routes = draw(({ scope, post, redirect }) => {
      scope('/x', { defaults }, () => post('/a', { to: redirect('/y') }))
      defaults['z'] = 'other'
    })
    expect(routes.routes[0]!.defaults).to.deep.equal({ z: 'json' })
  })

  it('of an empty name begin the names inside with an underscore', () => {
    const routes = draw(({ scope, namespace, get }) =>
      scope({ as: '' }, () => namespace('admin', () => get('users', { to: 'users#index' }))),
    )
    expect(routes.routes[0]!.name).to.equal('_admin_users')
  })

  it('lose their format where a route says null', () => {
    const routes = draw(({ scope, get }) => scope({ format: true }, () => get('a', { to: 'pages#a', format: null })))
    expect(routes.routes[0]!.path).to.equal('/a(.:format)')
  })

  it('of a path like photos/list point at its controller and action', () => {
    expect(linesOf(draw(({ get }) => get('photos/list')))).to.deep.equal(['photos_list GET /photos/list photos#list'])
  })

  it('draw split files by name', () => {
    const routes = draw(({ namespace, draw: file }) => namespace('admin', () => file('reports')), {
      files: { reports: ({ resources }) => resources('reports', { only: 'index' }) },
    })
    expect(linesOf(routes)).to.deep.equal(['admin_reports GET /admin/reports admin/reports#index'])
  })

  it('have a root of their own', () => {
    const routes = draw(({ root, namespace }) => {
      root('home#index')
      namespace('admin', () => root('dashboard#show'))
    })
    expect(linesOf(routes)).to.deep.equal(['root GET / home#index', 'admin_root GET /admin admin/dashboard#show'])
  })

  it('put options under those of every call inside of withOptions', () => {
    const routes = draw(({ withOptions, resources, get, namespace }) =>
      withOptions({ controller: 'stuff', constraints: { a: /a/ } }, () => {
        resources('things', { only: 'index' }, () => get('inner'))
        get('a/:a/:b', { action: 'b', constraints: { b: /b/ } })
        get('x', { to: 'other#x' })
        namespace('n', () => get('q', { action: 'r' }))
      }),
    )
    expect(linesOf(routes)).to.deep.equal([
      'thing_inner GET /things/:thing_id/inner stuff#inner',
      'things GET /things stuff#index',
      '- GET /a/:a/:b stuff#b',
      'x GET /x other#x',
      'n_q GET /n/q n/stuff#r',
    ])
    expect(routes.routes[2]!.requirements).to.deep.equal({ a: /a/, b: /b/ })
  })

  it('put them only under the calls on the parameter, when the block of withOptions has one', () => {
    const routes = draw(({ withOptions, get }) =>
      withOptions({ controller: 'stuff' }, (it) => {
        it.get('a', { action: 'a' })
        it.withOptions({ format: false }, (inner) => inner.resources('b', { only: 'show' }))
        get('b/c')
      }),
    )
    expect(routes.routes.map(({ path, controller }) => `${path} ${controller}`)).to.deep.equal([
      '/a(.:format) stuff',
      '/b/:id stuff',
      '/b/c(.:format) b',
    ])
  })

  it('take null for no value, and a redirect for everything inside', () => {
    const routes = draw(({ resources, scope, get, namespace, redirect }) => {
      resources('nils', { format: null, module: null, only: 'index', except: null, path: null, constraints: null, defaults: null })
      scope({ path: null, as: null }, () => get('e', { to: 'e#e', on: null, constraints: null }))
      namespace('adm', { path: null }, () => get('f', { to: 'e#f', format: null }))
      resources('olds', { to: redirect('/new'), only: 'index' })
    })
    expect(linesOf(routes)).to.deep.equal(['nils GET /nils nils#index', 'e GET /e e#e', 'adm_f GET /f adm/e#f', 'olds GET /olds'])
    expect(routes.routes[3]!.kind).to.equal('redirect')
  })
})
