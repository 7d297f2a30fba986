import { expect } from 'chai'
import { draw, extend } from '../../src/routing/index.ts'
import { linesOf } from './drawn.ts'

const handler = () => {}

describe('Mounts', () => {
  it('answer everything below their path, and say what is left of it', () => {
    const routes = draw(({ mount, namespace }) => namespace('tools', () => mount(handler, { at: '/queue', as: 'queue' })))
    const { route, matched, rest } = routes.recognize('POST', '/tools/queue/jobs/1')!
    expect({ kind: route.kind, target: route.target, name: route.name, matched, rest }).to.deep.equal({
      kind: 'mount',
      target: handler,
      name: 'tools_queue',
      matched: '/tools/queue',
      rest: '/jobs/1',
    })
    expect(routes.recognize('GET', '/tools/queue')!.rest).to.equal('/')
    expect(routes.recognize('GET', '/tools/queues')).to.equal(null)
    expect(routes.helpers['toolsQueuePath']!()).to.equal('/tools/queue')
  })

  it('that pass let the routes after them answer', () => {
    const routes = draw(({ mount, get }) => {
      mount(handler, { at: '/' })
      get('/articles', { to: 'articles#index' })
    })
    const mounted = routes.recognize('GET', '/articles')!
    expect(mounted.route.kind).to.equal('mount')
    expect(routes.recognize('GET', '/articles', undefined, mounted.route)!.params['action']).to.equal('index')
  })

  it('answer only the methods that they are told to', () => {
    const routes = draw(({ mount }) => mount(handler, { at: '/hooks', via: 'post' }))
    expect([routes.recognize('GET', '/hooks'), routes.recognize('POST', '/hooks/x')?.rest]).to.deep.equal([null, '/x'])
  })

  it('of another set of routes put their path before its helpers', () => {
    const blog = draw(({ resources }) => resources('posts'), { name: 'Blog::Engine' })
    const routes = draw(({ scope, mount }) => scope(':tenant', { tenant: 'main' }, () => mount(blog, { at: '/blog', as: 'blog' })))
    expect(blog.helpers['postPath']!(1)).to.equal('/main/blog/posts/1')
    expect(blog.helpers['postPath']!(1, { tenant: 'other' })).to.equal('/other/blog/posts/1')
    expect(routes.recognizePath('/acme/blog/posts/7')['id']).to.equal('7')
  })

  it('take handlers of single paths as well', () => {
    const routes = draw(({ get }) => get('/up', { to: handler }))
    expect(routes.recognize('GET', '/up')!.route.target).to.equal(handler)
    expect(routes.recognize('GET', '/up/x')).to.equal(null)
  })
})

describe('A set of routes', () => {
  it('is extended without changing it', () => {
    const routes = draw(({ get }) => get('/a', { to: 'pages#a' }))
    const more = extend(routes, ({ get }) => get('/docs', { to: 'docs#show' }))
    expect(linesOf(routes)).to.have.length(1)
    expect(linesOf(more)).to.deep.equal(['a GET /a pages#a', 'docs GET /docs docs#show'])
  })
})
