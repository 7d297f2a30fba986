import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { drawPortedRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const recorded = join(import.meta.dirname, 'rails_gems')
const textOf = (file: string) => readFileSync(join(recorded, file), 'utf8')

/** An application with two models, and these gems. */
function application(ruby: string, gems: Record<string, string>, more: Record<string, string> = {}): Record<string, string> {
  const versions = Object.entries(gems).map(([name, version]) => `    ${name} (${version})\n`)
  return {
    'config/routes.rb': routesRb(ruby),
    'config/application.rb': 'config.api_only = false\n',
    'Gemfile.lock': `GEM\n  specs:\n${versions.join('')}`,
    'app/models/user.rb':
      'class User\n  devise :database_authenticatable, :omniauthable, :recoverable, :registerable, :confirmable, :lockable, :invitable, omniauth_providers: %i[github google]\nend\n',
    'app/models/person.rb': 'class Person\n  devise :database_authenticatable, :recoverable, :lockable, unlock_strategy: :time\nend\n',
    'config/initializers/doorkeeper_openid_connect.rb': 'Doorkeeper::OpenidConnect.configure do\n  dynamic_client_registration true\nend\n',
    ...more,
  }
}

async function rowsOf(files: Record<string, string>): Promise<string[]> {
  const rows = await drawPortedRoutes(folderOf(files))
  return rows.map(({ name, verb, path, controller, action, defaults }) => {
    return `${name} ${verb} ${path} ${controller ?? ''}#${action ?? ''} ${JSON.stringify(defaults)}`
  })
}

const others = { omniauth: '2.1.0', 'doorkeeper-openid_connect': '1.10.5', devise_token_auth: '1.3.0' }
const newest = { devise: '5.0.3', doorkeeper: '6.0.0', ...others }
const older = { devise: '4.9.4', doorkeeper: '5.8.2', ...others }

/** The tables beside this file are what the gems themselves drew in Rails 7.2. */
describe('the routes that versions of gems draw', () => {
  afterEach(removeFolders)

  for (const [version, gems] of [
    ['5', newest],
    ['4', older],
  ] as const) {
    it(`are those of Devise ${version}, row for row`, async () => {
      const rows = await rowsOf(application(textOf('devise.rb'), gems))
      expect(rows.join('\n')).to.equal(textOf(`devise_${version}.txt`).trimEnd())
    })
  }

  for (const [name, file, gems] of [
    ['Doorkeeper 6', 'others_new.txt', newest],
    ['Doorkeeper 5.8', 'others_old.txt', older],
  ] as const) {
    it(`are those of ${name}, OpenID Connect and Devise Token Auth; what leaves all scopes stands behind them`, async () => {
      const rows = await rowsOf(application(textOf('others.rb'), gems))
      expect(rows.sort()).to.deep.equal(textOf(file).trimEnd().split('\n').sort())
    })
  }

  it('ask a provider by the methods that OmniAuth allows', async () => {
    const verbs = async (gems: Record<string, string>, more = {}) => {
      const rows = await rowsOf(application('devise_for :users, only: :omniauth_callbacks', gems, more))
      return rows[0]!.split(' ')[1]
    }
    expect(await verbs({ devise: '5.0.3', omniauth: '2.1.0' })).to.equal('POST')
    expect(await verbs({ devise: '5.0.3', omniauth: '1.9.2' })).to.equal('GET|POST')
    expect(await verbs({ devise: '4.9.4', omniauth: '2.1.0' })).to.equal('GET|POST')
    const initializer = { 'config/initializers/omniauth.rb': 'OmniAuth.config.allowed_request_methods = [:get]\n' }
    expect(await verbs({ devise: '5.0.3', omniauth: '2.1.0' }, initializer)).to.equal('GET')
  })

  it('leave unlocking by mail out when the initializer says so', async () => {
    const initializer = { 'config/initializers/devise.rb': 'Devise.setup do |config|\n  config.unlock_strategy = :time\nend\n' }
    expect(await rowsOf(application('devise_for :users, only: :unlocks', newest, initializer))).to.deep.equal([])
  })

  it('follow the configuration of Doorkeeper', async () => {
    const paths = async (version: string, configuration: string) => {
      const initializer = { 'config/initializers/doorkeeper.rb': `Doorkeeper.configure do\n  ${configuration}\nend\n` }
      const ruby = 'use_doorkeeper { skip_controllers :applications, :authorized_applications, :token_info }'
      const rows = await rowsOf(application(ruby, { doorkeeper: version }, initializer))
      return rows.map((row) => row.split(' ')[2]!.replace('(.:format)', ''))
    }
    expect(await paths('5.8.0', 'allow_token_introspection false')).to.not.include('/oauth/introspect')
    expect(await paths('5.6.2', 'allow_token_introspection false')).to.include('/oauth/introspect')
    expect(await paths('5.8.0', 'use_url_path_for_native_authorization')).to.include('/oauth/authorize/:code')
    expect(await paths('5.5.0', 'use_url_path_for_native_authorization')).to.include('/oauth/authorize/native')
  })

  it('have what each version of OpenID Connect and Devise Token Auth has', async () => {
    const rows = async (ruby: string, gems: Record<string, string>) => (await rowsOf(application(ruby, gems))).join('\n')
    expect(await rows('use_doorkeeper_openid_connect', { 'doorkeeper-openid_connect': '1.8.0' })).to.not.include(
      'oauth-authorization-server',
    )
    expect(await rows('use_doorkeeper_openid_connect', { 'doorkeeper-openid_connect': '1.8.1' })).to.include('oauth-authorization-server')
    expect(await rows('use_doorkeeper_openid_connect', { 'doorkeeper-openid_connect': '1.8.11' })).to.not.include('registration')
    const mount = 'mount_devise_token_auth_for "Person", at: "auth"'
    expect(await rows(mount, { devise_token_auth: '1.2.1', omniauth: '2.1.0' })).to.include(' GET /auth/failure')
    expect(await rows(mount, { devise_token_auth: '1.2.2', omniauth: '2.1.0' })).to.include(' GET|POST /auth/failure')
  })
})
