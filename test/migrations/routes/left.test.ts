import { expect } from 'chai'
import { BrokenRuby, MissingSource, portRoutes, runRoutes, UnexpectedRuby } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

function ported(body: string) {
  const { files, rows } = portRoutes(folderOf({ 'config/routes.rb': routesRb(body) }))
  return { text: files[0]!.text, left: rows.filter(({ status }) => status === 'left') }
}

describe('what the porter leaves in Ruby', () => {
  afterEach(removeFolders)

  it('puts an unknown call out as a comment, and into the report with its line and reason', () => {
    const { text, left } = ported('get "a"\nadmin_resources :users do\n  get :b\nend')
    expect(text).to.include('  // PORT: admin_resources :users do\n  //         get :b\n  //       end\n')
    expect(left).to.deep.equal([
      {
        kind: 'routes',
        file: 'config/routes.rb',
        line: 3,
        construct: 'admin_resources :users',
        status: 'left',
        reason: 'admin_resources is not part of the routing DSL',
      },
    ])
  })

  it('closes what a constraint in Ruby decides, and keeps the routes within', () => {
    const { text, left } = ported('constraints AdminConstraint.new do\n  get "a"\nend')
    expect(text).to.include("  // PORT: constraints AdminConstraint.new\n  constraints(denied, () => {\n    get('a')\n  })")
    expect(text).to.include('const denied = (): boolean => false')
    expect(left[0]?.reason).to.match(/match nothing/)
  })

  it('closes a route whose predicate asks for what routes do not know', () => {
    const { text } = ported('get "a", to: "b#c", constraints: ->(req) { req.session[:admin] }')
    expect(text).to.include("get('a', { to: 'b#c', constraints: denied })")
  })

  it('closes a constraint whose expression has no counterpart', () => {
    const { text } = ported('get "/:id", to: "b#c", constraints: { id: /(?>a|b)/ }')
    expect(text).to.include('constraints: denied')
  })

  it('closes a block of constraints whose values only Ruby knows, and keeps the routes within', () => {
    const { text } = ported('constraints host: Settings.hosts do\n  get "a"\nend')
    expect(text).to.include("  // PORT: constraints host: Settings.hosts\n  constraints(denied, () => {\n    get('a')")
  })

  it('drops a condition under which nothing is left', () => {
    expect(ported('if defined?(Sidekiq::Pro)\n  require "sidekiq/pro/web"\nend').text).to.not.match(/\bif \(/)
  })

  it('lets what follows an engine at the root be reached', async () => {
    const root = folderOf({ 'config/routes.rb': routesRb('mount Federation::Engine => "/"\nget "stream", to: "streams#show"') })
    const { files, rows } = portRoutes(root)
    expect(files[0]!.text).to.include("mount(passed('Federation::Engine'), { at: '/', as: 'federation' })")
    expect(rows[0]).to.include({ construct: 'Federation::Engine', status: 'left' })
    const routes = await runRoutes(files)
    const engine = routes.recognize('GET', '/stream')!
    let went = false
    ;(engine.route.target as (request: unknown, response: unknown, next: () => void) => void)({}, {}, () => (went = true))
    expect(went).to.equal(true)
    expect(routes.recognize('GET', '/stream', undefined, engine.route)!.params).to.deep.include({ controller: 'streams' })
  })

  it('answers 501 for a mounted engine, under the name Rails gives it', () => {
    const { text, left } = ported('mount Sidekiq::Web => "/sidekiq"\nmount Blazer::Engine, at: "blazer"')
    expect(text).to.include("mount(notPorted('Sidekiq::Web'), { at: '/sidekiq', as: 'sidekiq_web' })")
    expect(text).to.include("mount(notPorted('Blazer::Engine'), { at: 'blazer', as: 'blazer' })")
    expect(left).to.have.length(2)
    expect(ported('mount Sidekiq::Web, at: "/jobs", as: nil').text).to.include("{ at: '/jobs', as: 'sidekiq_web' }")
  })

  it('counts a condition that only Ruby can answer as false', () => {
    const { text, left } = ported('if Setting.beta?\n  get "a"\nend')
    expect(text).to.include("if (undecided('Setting.beta?')) {")
    expect(left[0]?.construct).to.equal('if Setting.beta?')
  })

  it('leaves an option out that does not open or move a route, and says so', () => {
    const { text, left } = ported('root to: "a#b", protocol: Config.protocol')
    expect(text).to.include("  // PORT: root(… protocol: Config.protocol)\n  root('a#b')")
    expect(left[0]?.reason).to.match(/^the option protocol was left out/)
  })

  it('leaves the whole route when an essential option is computed', () => {
    const { text } = ported('get "a", to: Router.target\nresources :b, only: Router.actions')
    expect(text).to.include('// PORT: resources :b, only: Router.actions')
    expect(text).to.not.include("resources('b'")
  })

  it('leaves several paths in one call to an application whose Rails refuses them', () => {
    const several = (version: string) => {
      const lock = `GEM\n  specs:\n    actionpack (${version})\n`
      const { rows } = portRoutes(folderOf({ 'Gemfile.lock': lock, 'config/routes.rb': routesRb('get "a", "b", to: "c#d"') }))
      return rows.filter(({ status }) => status === 'left').map(({ reason }) => reason)
    }
    expect(several('8.1.3')).to.deep.equal(['Rails 8.1 takes one path a call'])
    expect(several('8.0.2.1')).to.deep.equal([])
  })

  it('leaves the routes of a gem when its options are computed', () => {
    const { text, left } = ported('devise_for :users, path: Settings.path')
    expect(text).to.include('// PORT: devise_for :users, path: Settings.path')
    expect(left.map(({ reason }) => reason)).to.deep.equal(['the options of devise_for are computed'])
  })

  it('does not count what stood in a comment as used', () => {
    expect(ported('unknown do\n  get "a"\nend').text).to.include('draw(() => {')
  })
})

describe('routes in several files', () => {
  afterEach(removeFolders)

  it('ports a drawn file to a file of its own', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('get "a"\ndraw :admin'),
      'config/routes/admin.rb': 'namespace :admin do\n  draw "admin/users"\nend\n',
      'config/routes/admin/users.rb': 'resources :users\n',
    })
    const { files } = portRoutes(root)
    expect(files.map(({ path }) => path)).to.deep.equal(['config/routes.ts', 'config/routes/admin.ts', 'config/routes/admin/users.ts'])
    expect(files[0]!.text).to.equal(
      "import { draw } from 'regauge'\nimport admin from './routes/admin.ts'\n\nexport default draw((routes) => {\n  const { get } = routes\n  get('a')\n  admin(routes)\n})\n",
    )
    expect(files[1]!.text)
      .to.include("import adminUsers from './admin/users.ts'")
      .and.include('export default (routes: RoutesDsl): void => {')
  })

  it('reads a file of routes that is required', () => {
    const root = folderOf({
      'config/routes.rb': `require_relative "routes/paths"\n${routesRb('get ADMIN')}`,
      'config/routes/paths.rb': 'ADMIN = "admin"\n',
    })
    expect(portRoutes(root).files[0]!.text).to.include("const ADMIN = 'admin'").and.include('get(ADMIN)')
  })

  it('reports a file that nothing draws', () => {
    const root = folderOf({ 'config/routes.rb': routesRb('get "a"'), 'config/routes/old.rb': 'get "b"\n' })
    expect(portRoutes(root).rows.at(-1)).to.include({
      file: 'config/routes/old.rb',
      status: 'left',
      reason: 'no routes file draws it by name',
    })
  })
})

describe('routes that cannot be read', () => {
  afterEach(removeFolders)

  it('names a missing file and what was expected', () => {
    expect(() => portRoutes(folderOf({}))).to.throw(MissingSource, /^config\/routes\.rb:1: .*expected the routes of the Rails application/)
  })

  it('names a drawn file that is missing', () => {
    expect(() => portRoutes(folderOf({ 'config/routes.rb': routesRb('draw :admin') }))).to.throw(
      MissingSource,
      /^config\/routes\/admin\.rb:1/,
    )
  })

  it('names the line of a syntax error, also in a drawn file', () => {
    const root = folderOf({ 'config/routes.rb': routesRb('draw :admin'), 'config/routes/admin.rb': 'get "a"\nget "b",, \n' })
    expect(() => portRoutes(root)).to.throw(BrokenRuby, /^config\/routes\/admin\.rb:2: /)
  })

  it('says what it expected in a file that draws nothing', () => {
    expect(() => portRoutes(folderOf({ 'config/routes.rb': '# nothing\n\nputs "hi"\n' }))).to.throw(
      UnexpectedRuby,
      'config/routes.rb:3: expected `Rails.application.routes.draw do … end`, found `puts "hi"`.',
    )
  })
})
