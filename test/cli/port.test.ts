import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { folderOf, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

const routes = 'Rails.application.routes.draw do\n  resources :orders, only: :index\nend\n'
const schema = 'ActiveRecord::Schema[7.2].define(version: 1) do\n  create_table "orders" do |t|\n    t.integer "amount"\n  end\nend\n'
const conduit = 'guides/conduit'

describe('regauge port', () => {
  let out: string

  beforeEach(() => {
    out = folderOf()
  })
  afterEach(removeFolders)

  const railsApp = (files: Record<string, string>) => folderOf({ 'config/routes.rb': routes, 'db/schema.rb': schema, ...files })
  const port = (from: string, ...options: string[]) => regaugeHere(['port', 'all', from, '--out', out, ...options])

  it('ports the routes and the schema, and says what became of each', async () => {
    const { status, stdout, stderr } = await port(railsApp({}))
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    expect(stdout).to.include('config/routes.ts').and.include('db/schema.prisma')
    expect(readFileSync(join(out, 'config/routes.ts'), 'utf8')).to.include("resources('orders', { only: 'index' })")
    expect(readFileSync(join(out, 'db/schema.prisma'), 'utf8')).to.include('model Order')
  })

  it('ports all when only the folder is given, makes a new folder an application, and counts what is left for hands', async () => {
    const to = join(out, 'api')
    const from = railsApp({
      'app/models/order.rb': 'class Order; end\n',
      'app/controllers/orders_controller.rb': 'class OrdersController; end\n',
    })
    const { status, stdout } = await regaugeHere(['port', from, '--out', to])
    expect(status).to.equal(0)
    expect(stdout).to.include('\nNext, files of Ruby that `regauge port models` ports: 1 in app/models\n')
    expect(stdout).to.include('\nTo carry over by hand, files of Ruby: 1 in app/controllers\n')
    expect(JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'))).to.include({ name: 'api', type: 'module' })
    const listed = await regaugeHere(['routes', '--root', to])
    expect(listed.stdout).to.include('orders#index')
  })

  it('asks in the package.json of a new application for regauge as it is told, and for no nameless one', async () => {
    const to = join(out, 'api')
    const asks = (...words: string[]) => regaugeHere(['port', railsApp({}), '--out', to, ...words])
    const unset = await asks('--regauge', '')
    expect([unset.status, existsSync(to)]).to.deep.equal([2, false])
    expect(unset.stderr).to.include('--regauge').and.include('A name is expected.')
    expect((await asks('--regauge', 'file:../regauge.tgz')).status).to.equal(0)
    const { dependencies } = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8')) as { dependencies: object }
    expect(dependencies).to.deep.equal({ regauge: 'file:../regauge.tgz' })
  })

  it('reports as JSON', async () => {
    const { stdout } = await port(railsApp({}), '--json')
    expect(JSON.parse(stdout)).to.have.nested.property('counts.left', 0)
  })

  it('prints the table that ported routes draw, for an environment, and writes nothing', async () => {
    const more =
      'Rails.application.routes.draw do\n  resources :orders, only: :index\n  get "debug", to: "debug#show" if Rails.env.development?\nend\n'
    const from = railsApp({ 'config/routes.rb': more })
    const { status, stdout, stderr } = await regaugeHere(['port', 'routes', from, '--json', '--env', 'production'])
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    const { routes } = JSON.parse(stdout) as { routes: { name: string; verb: string; path: string; controller: string; action: string }[] }
    expect(routes.map(({ name, verb, path, controller, action }) => [name, verb, path, controller, action])).to.deep.equal([
      ['orders', 'GET', '/orders(.:format)', 'orders', 'index'],
    ])
    expect(existsSync('config/routes.ts')).to.equal(false)
  })

  it('checks that what is on disk is what it would write, with exit status 1 when it is not', async () => {
    const same = await regaugeHere(['port', 'all', `${conduit}/rails`, '--out', `${conduit}/api`, '--check'])
    expect(same.status, same.stdout).to.equal(0)
    const missing = await port(railsApp({}), '--check')
    expect(missing.status).to.equal(1)
    expect(existsSync(join(out, 'config'))).to.equal(false)
  })

  const refusals: readonly [what: string, from: () => string, sentence: RegExp][] = [
    [
      'a folder that is no Rails application',
      () => folderOf(),
      /config\/routes\.rb:1: the file doesn't exist; expected the routes of the Rails application\./,
    ],
    ['a schema that is missing', () => folderOf({ 'config/routes.rb': routes }), /db\/schema\.rb:1: the file doesn't exist; expected /],
    [
      'routes with a syntax error',
      () => railsApp({ 'config/routes.rb': 'Rails.application.routes.draw do\n  resources :orders,\nend\n' }),
      /config\/routes\.rb:[23]: .*expected/,
    ],
    ['a schema with a syntax error', () => railsApp({ 'db/schema.rb': schema.replace(/end\n$/, '') }), /db\/schema\.rb:\d: /],
    [
      'routes that are something else',
      () => railsApp({ 'config/routes.rb': 'puts 1\n' }),
      /config\/routes\.rb:1: expected `Rails\.application\.routes\.draw do … end`, found `puts 1`/,
    ],
    [
      'a schema that is something else',
      () => railsApp({ 'db/schema.rb': 'puts 1\n' }),
      /db\/schema\.rb:1: expected `ActiveRecord::Schema\S+define.*found `puts 1`/,
    ],
  ]
  for (const [what, from, sentence] of refusals) {
    it(`refuses ${what}, naming file, line and what was expected, and writes nothing`, async () => {
      const { status, stdout, stderr } = await port(from())
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' })
      expect(stderr)
        .to.match(sentence)
        .and.include('Nothing was written.')
        .and.not.match(/^ {4}at /m)
      expect(readdirSync(out)).to.deep.equal(['node_modules'])
    })
  }
})
