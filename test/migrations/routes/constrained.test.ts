import { expect } from 'chai'
import { drawPortedRoutes, portRoutes, runRoutes } from '../../../migrations/index.ts'
import { plainRequest } from '../../routing/plain_request.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const textOf = (ruby: string, files: Record<string, string> = {}) =>
  portRoutes(folderOf({ 'config/routes.rb': routesRb(ruby), ...files })).files[0]!.text

const reasonsOf = (ruby: string) =>
  portRoutes(folderOf({ 'config/routes.rb': routesRb(ruby) }))
    .rows.filter(({ status }) => status === 'left')
    .map(({ reason }) => reason)

describe('constraints on the request', () => {
  afterEach(removeFolders)

  const draw = async (ruby: string) => runRoutes(portRoutes(folderOf({ 'config/routes.rb': routesRb(ruby) })).files)
  const request = ({ userAgent, ...from }: { remoteIp?: string; userAgent?: string }) =>
    plainRequest({ path: '/a', ...from, header: (name) => (name === 'user-agent' ? userAgent : undefined) })

  for (const ruby of [
    'get "a", to: "a#b", constraints: { remote_ip: /\\A10\\./, user_agent: /Firefox/ }',
    'get "a", to: "a#b", remote_ip: /\\A10\\./, user_agent: Regexp.union("Firefox")',
    'constraints remote_ip: /\\A10\\./, user_agent: /Firefox/ do\n  get "a", to: "a#b"\nend',
    'scope constraints: { :remote_ip => /\\A10\\./, :user_agent => /Firefox/ } do\n  get "a", to: "a#b"\nend',
  ]) {
    it(`are asked under the names that they have here, of ${ruby}`, async () => {
      const routes = await draw(ruby)
      expect(routes.recognize('GET', '/a', request({ remoteIp: '10.0.0.1', userAgent: 'Firefox' }))).to.not.equal(null)
      expect(routes.recognize('GET', '/a', request({ remoteIp: '11.0.0.1', userAgent: 'Firefox' }))).to.equal(null)
      expect(routes.recognize('GET', '/a', request({ remoteIp: '10.0.0.1', userAgent: 'curl' }))).to.equal(null)
    })
  }

  it('are those on a segment where a path has one of that name', () => {
    expect(textOf('get "/agents/:user_agent", to: "a#b", constraints: { user_agent: /[^\\/]+/ }')).to.include('{ user_agent: ')
    expect(textOf('get "a", to: "a#b", defaults: { user_agent: "x" }')).to.include("{ user_agent: 'x' }")
  })

  it('stand alone on resources where nothing gets through', async () => {
    const ruby = 'resources :posts, id: /\\d+/, slug: /#{Slug.pattern}/, constraints: { host: Settings.host }, only: :show'
    expect(textOf(ruby)).to.include("resources('posts', { constraints: denied, only: 'show' })")
    expect((await draw(ruby)).recognize('GET', '/posts/1')).to.equal(null)
  })

  it('let nothing through where routes cannot ask for them', () => {
    const ruby = 'get "a", to: "a#b", constraints: { server_name: "internal" }'
    expect(textOf(ruby)).to.include("get('a', { to: 'a#b', constraints: denied })")
    expect(reasonsOf(ruby)[0]).to.include("routes don't know the server_name of a request")
  })
})

describe('regular expressions that are put together', () => {
  afterEach(removeFolders)

  for (const [ruby, expression] of [
    ['/#{%w[a b].join("|")}/', '/a|b/'],
    ['/#{/a/i}x/i', '/(?:a)x/i'],
    ['/#{/\\d+/i}x/', '/(?:\\d+)x/'],
    ['/#{/ a b # both\n/x}c/', '/(?:ab)c/'],
    ['Regexp.new("a|#{"b"}")', '/a|b/'],
    ['Regexp.new("a", Regexp::IGNORECASE)', '/a/i'],
    ['Regexp.new("a.", Regexp::IGNORECASE | Regexp::MULTILINE)', '/a./is'],
    ['Regexp.compile("a", true)', '/a/i'],
    ['Regexp.union("a.b", /c/)', '/a\\.b|(?:c)/'],
    ['Regexp.union(%w[a b])', '/a|b/'],
    ['Regexp.union(/a/i, /b/i)', '/(?:a)|(?:b)/i'],
    ['/#{Regexp.escape("a.b")}/', '/a\\.b/'],
  ] as const) {
    it(`are those of ${ruby}`, () => {
      expect(textOf(`get "x/:id", to: "a#b", id: ${ruby}`)).to.include(`get('x/:id', { to: 'a#b', id: ${expression} })`)
      expect(textOf(`get "x/:id", to: "a#b", constraints: { id: ${ruby} }`)).to.include(`constraints: { id: ${expression} }`)
    })
  }

  it('are known by the names of constants here and elsewhere', () => {
    const text = textOf('get ":id", to: "a#b", id: /#{Slugs::WORD}#{Slugs::TAIL}/', {
      'lib/slugs.rb':
        'module Slugs\n  LETTERS = %w[a b].freeze\n  WORD = /[#{LETTERS.join}]+/.freeze\n  TAIL = Regexp.union(*LETTERS)\nend\n',
    })
    expect(text).to.include('id: /(?:[ab]+)(?:a|b)/')
  })

  it('are known by the languages that the configuration names', () => {
    const text = textOf('scope ":locale", locale: /#{I18n.available_locales.join("|")}/ do\n  get "x"\nend', {
      'config/application.rb': 'config.api_only = true\nconfig.i18n.available_locales = %i[en de]\n',
    })
    expect(text).to.include("scope(':locale', { locale: /en|de/ }")
  })

  for (const ruby of [
    '/#{Slug.pattern}/',
    '/#{/a/i}x/',
    'Regexp.union(/a/i, "b")',
    'Slug.pattern',
    'Regexp.new(Slug.text)',
    'Regexp.new("a", FLAGS)',
  ]) {
    it(`let nothing through where ${ruby} isn't known`, async () => {
      const root = folderOf({ 'config/routes.rb': routesRb(`scope ":id", id: ${ruby} do\n  get "x", to: "a#b"\nend`) })
      expect(portRoutes(root).files[0]!.text).to.include("scope(':id', { constraints: denied }")
      const [row] = await drawPortedRoutes(root)
      expect(row!.constraints).to.have.length(1)
    })
  }

  it('take the place of other constraints when they let nothing through', () => {
    expect(textOf('get ":id", to: "a#b", id: Slug.pattern, constraints: { x: /a/ }')).to.include("{ to: 'a#b', constraints: denied }")
  })

  it('say why Ruby alone can put them together', () => {
    expect(reasonsOf('get ":id", to: "a#b", id: /#{/a/i}x/')[0]).to.include('an expression with other flags within another')
    expect(reasonsOf('get ":id", to: "a#b", id: /#{Slug.pattern}/')[0]).to.include('pattern is not constant')
  })
})

describe('predicates that have a name', () => {
  afterEach(removeFolders)

  for (const made of [
    '->(req) { req.host == "x" }',
    'lambda { |req| req.host == "x" }',
    'proc { |req| req.host == "x" }',
    'Proc.new { |req| req.host == "x" }',
  ]) {
    it(`are functions of a request: ${made}`, () => {
      const text = textOf(`only_x = ${made}\nget "a", to: "a#b", constraints: only_x\nconstraints(only_x) do\n  get "b"\nend`)
      expect(text).to.include("const onlyX = (req: RequestAttributes) => req.host === 'x'")
      expect(text).to.include("get('a', { to: 'a#b', constraints: onlyX })").and.include('constraints(onlyX, () => {')
    })
  }

  it('may be constants of other files', () => {
    const text = textOf('get "a", to: "a#b", constraints: Only::X', {
      'lib/only.rb': 'module Only\n  X = ->(request) { request.ssl? }\nend\n',
    })
    expect(text).to.include("constraints: (request) => request.protocol === 'https'")
  })

  it('may be where a redirect leads', () => {
    const text = textOf('to_x = Proc.new { |params, _req| "/x/#{params[:id]}" }\nget ":id", to: redirect(to_x)')
    expect(text).to.include(
      'const toX = (params: Readonly<Record<string, string | undefined>>, _req: RequestAttributes) => `/x/${params.id}`',
    )
    expect(text).to.include('redirect(toX)')
  })

  it('let nothing through while only Ruby can ask them', () => {
    const text = textOf('only_x = ->(req) { User.admin?(req) }\nget "a", to: "a#b", constraints: only_x')
    expect(text).to.include("get('a', { to: 'a#b', constraints: denied })")
  })
})

describe('settings of a routes file', () => {
  afterEach(removeFolders)

  const settings = {
    'Gemfile.lock': 'GEM\n  specs:\n    config (5.5.2)\n',
    'config/settings.yml': 'beta: false\nhost: all.test\nlimits:\n  pages: 2\n',
    'config/settings/production.yml': 'beta: true\n',
  }

  it('are those of the config gem, the environment over the others', async () => {
    const root = folderOf({
      ...settings,
      'config/routes.rb': routesRb(
        'get "a", to: "a#b" if Settings.beta\nget "b", to: "a#b" if Settings.key?(:gamma)\nget Settings.host, to: "a#b"\nget "c", to: "a#b" if Settings.limits.pages == 2',
      ),
    })
    expect((await drawPortedRoutes(root)).map(({ path }) => path)).to.deep.equal(['/a(.:format)', '/all.test(.:format)', '/c(.:format)'])
    expect((await drawPortedRoutes(root, { environment: 'test' })).map(({ path }) => path)).to.deep.equal([
      '/all.test(.:format)',
      '/c(.:format)',
    ])
  })

  it('are not known without the gem', () => {
    expect(textOf('get "a", to: "a#b" if Settings.beta', { 'config/settings.yml': 'beta: true\n' })).to.include(
      "undecided('Settings.beta')",
    )
  })

  it('are what the configuration of the application assigns', async () => {
    const root = folderOf({
      'config/routes.rb': routesRb(
        'get "a", to: "a#b" if Rails.configuration.x.pages.include?("a")\nRails.application.config.sites.each { |site| get site, to: "a#b" }',
      ),
      'config/application.rb': 'config.api_only = true\nconfig.x.pages = %w[a b]\nconfig.sites = config_for(:sites)\n',
      'config/sites.yml': 'production: [s, t]\n',
    })
    expect((await drawPortedRoutes(root)).map(({ path }) => path)).to.deep.equal(['/a(.:format)', '/s(.:format)', '/t(.:format)'])
  })
})
