import { expect } from 'chai'
import { portRoutes } from '../../../migrations/index.ts'
import { folderOf, lines, removeFolders, routesRb } from '../rails_app.ts'

function ported(body: string) {
  const { files, rows } = portRoutes(folderOf({ 'config/routes.rb': routesRb(body) }))
  return { text: files[0]!.text, rows }
}

/** What stands between `draw((…) => {` and its end, without indentation. */
function bodyOf(text: string): string {
  const body = /export default draw\([\s\S]*? => \{\n([\s\S]*)\n\}\)\n$/.exec(text)
  return lines(body?.[1] ?? '')
}

/** Ruby inside of the draw block, and the TypeScript it becomes. */
const constructs: Record<string, [ruby: string, typescript: string]> = {
  'a verb with `to`': ['get "users", to: "users#index"', "get('users', { to: 'users#index' })"],
  'a verb of an action': ['get :feed, on: :collection', "get('feed', { on: 'collection' })"],
  'a hash rocket': ['post "/login" => "sessions#create", :as => :login', "post('/login', { to: 'sessions#create', as: 'login' })"],
  'a hash rocket to an action': ['get "/a" => :show', "get('/a', { action: 'show' })"],
  'a hash rocket to a controller': ['get "/a" => "pages"', "get('/a', { controller: 'pages' })"],
  'delete, whose name is reserved': ['delete :follow, action: :unfollow', "destroy('follow', { action: 'unfollow' })"],
  'several paths at once': ['get :a, :b, on: :member', "get('a', { on: 'member' })\nget('b', { on: 'member' })"],
  'match with verbs': ['match "x", to: "y#z", via: %i[get post]', "match('x', { to: 'y#z', via: ['get', 'post'] })"],
  'match with all verbs': ['match "*path", to: "errors#show", via: :all', "match('*path', { to: 'errors#show', via: 'all' })"],
  root: ['root "home#index"', "root('home#index')"],
  'root with `to`': ['root :to => "home#index", as: :home', "root('home#index', { as: 'home' })"],
  'root with an action': ['root action: :index', "root({ action: 'index' })"],
  resources: ['resources :users, only: %i[index show], param: :slug', "resources('users', { only: ['index', 'show'], param: 'slug' })"],
  'several resources': ['resources :users, :posts, only: :index', "resources(['users', 'posts'], { only: 'index' })"],
  'options whose names are spelled differently': [
    'resources :users, path_names: { new: "neu" }, shallow_path: "x"',
    "resources('users', { pathNames: { new: 'neu' }, shallowPath: 'x' })",
  ],
  'options of URLs among the defaults': [
    'get "a", to: "b#c", trailing_slash: true, defaults: { script_name: "/x" }',
    "get('a', { to: 'b#c', trailingSlash: true, defaults: { scriptName: '/x' } })",
  ],
  'a symbol for a format, which asks for none': [
    'scope format: :json do\n  get "a", defaults: { format: :json }\nend',
    "scope({ format: null }, () => {\n  get('a', { defaults: { format: 'json' } })\n})",
  ],
  'defaults of a format': ['defaults format: :json do\n  get "a"\nend', "defaults({ format: 'json' }, () => {\n  get('a')\n})"],
  'actions in a concern, whose paths depend on where it is drawn': [
    'concern :c do\n  get :show\n  get :feed\n  put :update, on: :member\nend',
    "concern('c', () => {\n  get('show', { path: null })\n  get('feed')\n  put('update', { path: '', on: 'member' })\n})",
  ],
  'properties of letters, repeated': ['get ":x", to: "b#c", x: /\\p{L}+-\\P{L}*/', "get(':x', { to: 'b#c', x: /\\p{L}+-\\P{L}*/u })"],
  'a segment called as an option of URLs': [
    'get ":only_path", to: "b#c", only_path: /a/',
    "get(':only_path', { to: 'b#c', only_path: /a/ })",
  ],
  namespace: ['namespace :api do\n  root "x#y"\nend', "namespace('api', () => {\n  root('x#y')\n})"],
  'a block on one line': ['member { post :favorite }', "member(() => post('favorite'))"],
  'two statements on one line': ['member { post :a; delete :a }', "member(() => {\n  post('a')\n  destroy('a')\n})"],
  'scope of a path': [
    'scope :api, defaults: { format: :json } do\n  get "a"\nend',
    "scope('api', { defaults: { format: 'json' } }, () => {\n  get('a')\n})",
  ],
  'scope of options': ['scope module: "v1" do\n  get "a"\nend', "scope({ module: 'v1' }, () => {\n  get('a')\n})"],
  'a namespace without a path': ['namespace :v1, path: nil do\n  get "a"\nend', "namespace('v1', { path: '' }, () => {\n  get('a')\n})"],
  'concern and concerns': [
    'concern :commentable do\n  resources :comments\nend\nresources :posts, concerns: :commentable',
    "concern('commentable', () => {\n  resources('comments')\n})\nresources('posts', { concerns: 'commentable' })",
  ],
  'with_options and its receiver': [
    'with_options only: :show do |o|\n  o.resource :a\nend',
    "withOptions({ only: 'show' }, (o) => {\n  o.resource('a')\n})",
  ],
  'constraints of segments': [
    'get "/:id", to: "a#b", constraints: { id: /\\A\\d+\\z/ }',
    "get('/:id', { to: 'a#b', constraints: { id: /^\\d+$/ } })",
  ],
  'a requirement among the options': ['resources :users, id: /[^\\/]+/', "resources('users', { id: /[^/]+/ })"],
  'constraints of the request': [
    'constraints subdomain: "api" do\n  get "a"\nend',
    "constraints({ subdomain: 'api' }, () => {\n  get('a')\n})",
  ],
  'a simple predicate': [
    'get "a", to: "b#c", constraints: ->(req) { req.host == "x.org" && req.format != "html" }',
    "get('a', { to: 'b#c', constraints: (req) => req.host === 'x.org' && req.format !== 'html' })",
  ],
  'a header in a predicate': [
    'get "a", to: "b#c", constraints: lambda { |request| request.headers["X-Api"] == "2" }',
    "get('a', { to: 'b#c', constraints: (request) => request.header('x-api') === '2' })",
  ],
  'redirect to a path': ['get "/a", to: redirect("/b/%{id}", status: 302)', "get('/a', { to: redirect('/b/%{id}', { status: 302 }) })"],
  'redirect with options': ['get "/a" => redirect(path: "/b")', "get('/a', { to: redirect({ path: '/b' }) })"],
  'redirect with a block': [
    'get "/a/:id", to: redirect { |params, request| "/b/#{params[:id]}?x=#{request.host}" }',
    "get('/a/:id', { to: redirect((params, request) => `/b/${params.id}?x=${request.host}`) })",
  ],
  'redirect with a block of several statements': [
    'get "/a/:id", to: redirect { |params, req|\n  path = "/b/#{params[:id]}"\n  "#{path}?x=#{req.params[:x]}"\n}',
    "get('/a/:id', {\n  to: redirect((params, req) => {\n    const path = `/b/${params.id}`\n    return `${path}?x=${params.x ?? query(req, 'x')}`\n  }),\n})",
  ],
  'a symbol of a standard action within a collection': [
    'collection { delete :destroy }',
    "collection(() => destroy('destroy', { path: '' }))",
  ],
  'a text of a standard action within a collection': ['collection { delete "destroy" }', "collection(() => destroy('destroy'))"],
  'an action of a class': ['get "/a", to: Admin::UsersController.action(:index)', "get('/a', { to: 'admin/users#index' })"],
  'a loop over literals': [
    '%w[a b].each do |name|\n  get name, to: "x##{name}"\nend',
    "for (const name of ['a', 'b']) {\n  get(name, { to: `x#${name}` })\n}",
  ],
  'a loop over a hash': [
    '{ a: "b" }.each do |from, to|\n  get from, to: redirect(to)\nend',
    "for (const [from, to] of Object.entries({ a: 'b' })) {\n  get(from, { to: redirect(to) })\n}",
  ],
  'a loop whose variable would hide the DSL': [
    '%i[a b].each do |resource|\n  get resource\nend',
    "for (const resourceValue of ['a', 'b']) {\n  get(resourceValue)\n}",
  ],
  'constants and variables': [
    'ACTIONS = %i[index].freeze\nslug = "s"\nresources slug, only: ACTIONS',
    "const ACTIONS = ['index'] as const\nconst slug = 's'\nresources(slug, { only: ACTIONS })",
  ],
  'a constant within a regular expression': [
    'ID = /\\d+/\nget "/:id", to: "a#b", id: /#{ID}-x/',
    "const ID = /\\d+/\nget('/:id', { to: 'a#b', id: /(?:\\d+)-x/ })",
  ],
  'a union of regular expressions': [
    'ID = /\\d+/\nget "/:id", to: "a#b", constraints: { id: Regexp.union(ID, "a.b") }',
    "const ID = /\\d+/\nget('/:id', { to: 'a#b', constraints: { id: /(?:\\d+)|a\\.b/ } })",
  ],
  'conditions on the environment': [
    'if Rails.env.development?\n  get "a"\nelsif Rails.env.test?\n  get "b"\nelse\n  get "c"\nend',
    "if (environment === 'development') {\n  get('a')\n} else if (environment === 'test') {\n  get('b')\n} else {\n  get('c')\n}",
  ],
  'a condition behind the statement': ['get "a" unless Rails.env.production?', "if (environment !== 'production') {\n  get('a')\n}"],
  'environment variables': ['get "a" if ENV["BETA"].present?', "if (Boolean(process.env.BETA)) {\n  get('a')\n}"],
  'a helper that draws': [
    'def pair(name)\n  get name\n  post name\nend\npair :a',
    "const pair = (name: string) => {\n  get(name)\n  post(name)\n}\npair('a')",
  ],
  'a helper that decides': [
    'def api?(request)\n  request.subdomain == "api"\nend\nconstraints method(:api?) do\n  get "a"\nend',
    "const api = (request: RequestAttributes) => request.subdomains.join('.') === 'api'\nconstraints(api, () => {\n  get('a')\n})",
  ],
  'a question of the format': [
    'constraints ->(req) { req.format.nil? || req.format.html? } do\n  get "a"\nend',
    "constraints(\n  (req) => req.format == null || req.format === 'html',\n  () => {\n    get('a')\n  },\n)",
  ],
  'a replacement in a redirect': [
    'get "/:p", to: redirect { |params| "/#{params[:p].gsub("%40", "@")}" }',
    "get('/:p', { to: redirect((params) => `/${String(params.p).replaceAll('%40', '@')}`) })",
  ],
  'options that are passed on': [
    'concern :c do |options|\n  resources :comments, options\nend',
    "concern('c', (given) => {\n  resources('comments', given)\n})",
  ],
  'shared options that belong to each call': [
    'with_options to: "a#b" do\n  get "x"\n  get "y", as: :z\nend',
    "withOptions({ to: 'a#b' }, () => {\n  get('x')\n  get('y', { as: 'z' })\n})",
  ],
  'a path that is given and then not': ['get "a/b", to: "a#b", path: nil', "get('a/b', { to: 'a#b' })"],
  'shared options of some calls': [
    'with_options controller: "a", on: :member do |r|\n  r.get :show\n  r.delete :x\n  get "y", to: "b#c"\nend',
    "withOptions({ controller: 'a', on: 'member' }, (r) => {\n  r.get('show', { path: '' })\n  r.delete('x')\n  get('y', { to: 'b#c' })\n})",
  ],
  'a case': [
    'case ENV["A"]\nwhen "b", "c"\n  get "x"\nelse\n  get "y"\nend',
    "if (process.env.A === 'b' || process.env.A === 'c') {\n  get('x')\n} else {\n  get('y')\n}",
  ],
  'keywords of a helper': [
    'def crud(name, only: [:show])\n  resources name, only: only\nend\ncrud :a, only: [:index]',
    "const crud = (name: string, { only = ['show'] }: { only?: readonly ActionName[] } = {}) => {\n  resources(name, { only })\n}\ncrud('a', { only: ['index'] })",
  ],
  'texts with quotes': [`get "it's", as: 'say_"hi"'`, `get("it's", { as: 'say_"hi"' })`],
}

describe('porting routes', () => {
  afterEach(removeFolders)

  for (const [name, [ruby, typescript]] of Object.entries(constructs)) {
    it(`ports ${name}`, () => {
      const { text, rows } = ported(ruby)
      expect(bodyOf(text)).to.equal(typescript)
      expect(rows.filter(({ status }) => status === 'left')).to.deep.equal([])
    })
  }

  it('destructures what is used, in a fixed order', () => {
    expect(ported('delete :a\nresources :b do\n  get :c\nend').text).to.include('draw(({ get, delete: destroy, resources }) => {')
  })

  it('mounts the Action Cable server as the marker that the application serves', () => {
    const { text } = ported('mount ActionCable.server => "/cable"')
    expect(text).to.equal(
      `${lines(`
        import { cable, draw } from 'regauge'

        export default draw(({ mount }) => {
          mount(cable, { at: '/cable' })
        })
      `)}\n`,
    )
  })

  it('leaves out what only a linter of Ruby reads', () => {
    const { text } = ported(
      '  # rubocop:disable Naming/VariableNumber\n  get "a1" # rubocop:disable Style/X\n  # rubocop:enable all\n  # About',
    )
    expect(bodyOf(text)).to.equal(lines("\n        get('a1')\n        // About\n      "))
  })

  it('keeps comments and blank lines at their places', () => {
    const { text } = ported('  # About\n  get "a" # the first\n\n  resources :b do\n    # Inside\n    get :c\n  end\n  # The end')
    expect(bodyOf(text)).to.equal(
      lines(`
        // About
        get('a') // the first

        resources('b', () => {
          // Inside
          get('c')
        })
        // The end
      `),
    )
  })

  it('breaks what is longer than a line as the formatter does', () => {
    const names = Array.from({ length: 14 }, (_, index) => `"concern_number_${index}"`)
    const { text } = ported(`resources :things, concerns: [${names.join(', ')}]`)
    expect(text).to.include("  resources('things', {\n    concerns: [\n      'concern_number_0',\n")
  })

  it('ports a file of 1,500 routes', () => {
    const { text, rows } = ported(
      Array.from({ length: 1500 }, (_, index) => `get "path${index}/:id", to: "things#show${index}"`).join('\n'),
    )
    expect(rows).to.have.length(1500)
    expect(text.split('\n')).to.include("  get('path1499/:id', { to: 'things#show1499' })")
  })

  it('tells resources of an application that is not API-only', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('resources :a'),
      'config/application.rb': 'class A < Rails::Application\n  config.load_defaults 7.2\nend\n',
    })
    expect(portRoutes(root).files[0]!.text).to.include('const options = { apiOnly: false }').and.include('}, options)')
  })

  it('reports every call it ported, with file and line', () => {
    const { rows } = ported('resources :a do\n  get :b\nend')
    expect(rows.map(({ file, line, construct, status }) => [file, line, construct, status])).to.have.deep.members([
      ['config/routes.rb', 2, 'resources :a', 'ported'],
      ['config/routes.rb', 3, 'get :b', 'ported'],
    ])
  })
})
