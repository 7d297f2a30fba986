import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { drawPortedRoutes, port, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const conditions = `get "always", to: "a#a"
get "dev", to: "a#b" if Rails.env.development?
if Rails.env.production?
  get "live", to: "a#c"
else
  get "debug", to: "a#d"
end
case Rails.env
when "test" then get "test", to: "a#e"
else
  get "other", to: "a#f"
end`

const paths = async (root: string, environment?: string) =>
  (await drawPortedRoutes(root, { environment })).map(({ path }) => path.replace('(.:format)', ''))

describe('routes of an environment', () => {
  afterEach(removeFolders)

  it('are decided when it is named', async () => {
    const root = folderOf({ 'config/routes.rb': routesRb(conditions) })
    const { text } = portRoutes(root, { environment: 'test' }).files[0]!
    expect(text).to.not.match(/\bif \(|environment/)
    expect(await paths(root, 'test')).to.deep.equal(['/always', '/debug', '/test'])
    expect(await paths(root, 'development')).to.deep.equal(['/always', '/dev', '/debug', '/other'])
  })

  it('stay conditions otherwise, and hold as in production when they are drawn', async () => {
    const root = folderOf({ 'config/routes.rb': routesRb(conditions) })
    expect(portRoutes(root).files[0]!.text).to.include("if (environment === 'development') {")
    expect(await paths(root)).to.deep.equal(['/always', '/live', '/other'])
  })

  it('ask Rails.env where a constant of another file does', async () => {
    const root = folderOf({
      'config/routes.rb': routesRb(
        'get "login_as", to: "a#b" if Shop::DEVELOPMENT_LOGIN\nget "login", to: "a#b" unless Shop::DEVELOPMENT_LOGIN',
      ),
      'config/application.rb': 'module Shop\n  BETA = true\n  DEVELOPMENT_LOGIN = BETA && Rails.env.local?\nend\n',
    })
    const { text } = portRoutes(root).files[0]!
    expect(text).to.include("if (BETA && ['development', 'test'].includes(environment)) {")
    expect(text).to.include("if (!(BETA && ['development', 'test'].includes(environment))) {")
    expect(await paths(root)).to.deep.equal(['/login'])
    for (const environment of ['development', 'test']) expect(await paths(root, environment)).to.deep.equal(['/login_as'])
    expect(await paths(root, 'production')).to.deep.equal(['/login'])
  })

  it('are decided for the local environments', async () => {
    const root = folderOf({ 'config/routes.rb': routesRb('get "mails", to: "a#b" if Rails.env.local?') })
    for (const environment of ['development', 'test']) expect(await paths(root, environment)).to.deep.equal(['/mails'])
    expect(await paths(root, 'production')).to.deep.equal([])
  })

  it('ask what a method of the application answers', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('get "beta" if Features.beta? || !Features.old?'),
      'lib/features.rb': 'module Features\n  def self.beta?\n    ENV["BETA"] == "1"\n  end\n  def self.old?\n    !beta?\n  end\nend\n',
    })
    expect(portRoutes(root).files[0]!.text).to.include("if ((process.env.BETA === '1') || ")
  })
})

describe('a class that decides', () => {
  afterEach(removeFolders)

  it('is asked as its one expression says', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('constraints ApiConstraint.new do\n  get "a"\nend'),
      'app/constraints/api_constraint.rb': 'class ApiConstraint\n  def matches?(request)\n    request.subdomain == "api"\n  end\nend\n',
    })
    expect(portRoutes(root).files[0]!.text).to.include("(request) => request.subdomains.join('.') === 'api'")
  })
})

describe('routes of files that are loaded', () => {
  afterEach(removeFolders)

  it('stand where they are evaluated, each file in turn', async () => {
    const root = folderOf({
      'config/routes.rb': routesRb(
        'instance_eval(File.read(Rails.root.join("config/routes/a.rb")))\nDir[Rails.root.join("config/routes/v1/*.rb")].sort.each { |file| load file }',
      ),
      'config/routes/a.rb': 'get "a", to: "a#a"\n',
      'config/routes/v1/c.rb': 'get "c", to: "a#a"\n',
      'config/routes/v1/b.rb': 'get "b", to: "a#a"\n',
    })
    expect(await paths(root)).to.deep.equal(['/a', '/b', '/c'])
  })

  it('follow when the configuration adds their files', async () => {
    const root = folderOf({
      'config/application.rb': 'config.api_only = true\nconfig.paths["config/routes.rb"] << "config/routes/late.rb"\n',
      'config/routes.rb': routesRb('get "a", to: "a#a"'),
      'config/routes/late.rb': routesRb('get "late", to: "a#a"'),
    })
    expect(await paths(root)).to.deep.equal(['/a', '/late'])
  })

  it('come with the module that extends them', async () => {
    const root = folderOf({
      'config/routes.rb': routesRb('extend ApiRoutes\npair :x'),
      'lib/api_routes.rb':
        'module ApiRoutes\n  def pair(name)\n    get name, to: "a#a"\n    post name, to: "a#b"\n  end\n  def self.extended(router)\n    router.instance_exec do\n      root "home#index"\n    end\n  end\nend\n',
    })
    expect(await paths(root)).to.deep.equal(['/', '/x', '/x'])
  })
})

describe('the place of ported routes', () => {
  afterEach(removeFolders)

  it('may be a file, with what it imports beside it', async () => {
    const from = folderOf({ 'config/routes.rb': routesRb('draw :admin'), 'config/routes/admin.rb': 'get "a", to: "a#a"\n' })
    const to = folderOf({})
    await port({ from, to: join(to, 'my_routes.ts'), only: ['routes'] })
    expect(existsSync(join(to, 'my_routes.ts'))).to.equal(true)
    expect(existsSync(join(to, 'routes/admin.ts'))).to.equal(true)
  })
})

describe('custom URLs', () => {
  afterEach(removeFolders)

  const ported = (ruby: string) => portRoutes(folderOf({ 'config/routes.rb': routesRb(ruby) })).files[0]!.text

  it('are functions of their arguments, their options and the helpers', () => {
    expect(ported('direct(:homepage) { "https://example.com" }')).to.include("direct('homepage', () => 'https://example.com')")
    expect(ported('direct :cover do |book, options|\n  route_for :book_image, book.author.slug, options\nend')).to.include(
      "direct('cover', (book: Linked, urlOptions: UrlOptions, helpers: UrlHelpers) => {\n    return helpers.routeFor('book_image', book.author?.slug, urlOptions)\n  })",
    )
    expect(ported('resolve("Basket") { [:basket] }')).to.include("resolve('Basket', () => ['basket'])")
  })
})
