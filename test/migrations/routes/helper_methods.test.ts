import { expect } from 'chai'
import { drawPortedRoutes, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const drawn = async (ruby: string) => {
  const root = folderOf({ 'config/routes.rb': routesRb(ruby) })
  expect(portRoutes(root).rows.filter(({ status }) => status === 'left')).to.deep.equal([])
  return (await drawPortedRoutes(root)).map(
    ({ verb, path, controller, action }) => `${verb} ${path.replace('(.:format)', '')} ${controller}#${action}`,
  )
}

describe('helper methods of routes', () => {
  afterEach(removeFolders)

  it('yield to their block, if there is one', async () => {
    const helper =
      'def listed(name, options = {})\n  resources(name, only: :show, **options) do\n    get :all, on: :collection\n    yield if block_given?\n  end\nend\n'
    expect(await drawn(`${helper}listed :a\nlisted(:b, param: :slug) { get :c, on: :member }`)).to.deep.equal([
      'GET /a/all a#all',
      'GET /a/:id a#show',
      'GET /b/all b#all',
      'GET /b/:slug/c b#c',
      'GET /b/:slug b#show',
    ])
  })

  it('call their block, and pass it on', async () => {
    const helper =
      'def versioned(number, path: "v", &block)\n  namespace("#{path}#{number}", &block)\n  scope("latest") { block.call }\n  scope("other") { instance_exec(&block) }\nend\n'
    expect(await drawn(`${helper}versioned(1) do\n  get "x", to: "a#b"\nend`)).to.deep.equal([
      'GET /v1/x v1/a#b',
      'GET /latest/x a#b',
      'GET /other/x a#b',
    ])
  })
})

describe('predicates', () => {
  afterEach(removeFolders)

  for (const predicate of [
    '->(rq) { rq.host == "x" }',
    '-> { _1.host == "x" }',
    '-> { it.host == "x" }',
    'lambda { |asked| asked.host == "x" }',
  ]) {
    it(`ask the request, however it is called: ${predicate}`, () => {
      const { files, rows } = portRoutes(folderOf({ 'config/routes.rb': routesRb(`get "a", to: "a#b", constraints: ${predicate}`) }))
      expect(rows.map(({ status }) => status)).to.deep.equal(['ported'])
      expect(files[0]!.text).to.match(/\((\w+)\) => \1\.host === 'x'/)
    })
  }
})

describe('actions that a resource does not have', () => {
  afterEach(removeFolders)

  it('go, as Rails drew nothing for them before it refused them', async () => {
    expect(await drawn('resource :metrics, only: [:index, :show]\nresources :things, only: :list')).to.deep.equal([
      'GET /metrics metrics#show',
    ])
    const { rows } = portRoutes(folderOf({ 'config/routes.rb': routesRb('resource :metrics, only: :index') }))
    expect(rows[0]).to.include({ status: 'note', reason: "a resource has no action 'index': nothing is drawn for it" })
  })
})

describe('the routes of an engine', () => {
  afterEach(removeFolders)

  it('are ported where the root is its own, in its module and with all actions', async () => {
    const root = folderOf({
      'config/routes.rb': 'Blog::Engine.routes.draw do\n  resources :posts, only: [:new]\nend\n',
      'lib/blog/engine.rb': 'module Blog\n  class Engine < ::Rails::Engine\n    isolate_namespace ::Blog\n  end\nend\n',
    })
    const [row] = await drawPortedRoutes(root)
    expect(row).to.include({ path: '/posts/new(.:format)', controller: 'blog/posts', action: 'new' })
  })
})
