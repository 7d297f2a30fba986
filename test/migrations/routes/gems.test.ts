import { expect } from 'chai'
import { drawPortedRoutes, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const user =
  'class User < ApplicationRecord\n  devise :database_authenticatable, :registerable, :recoverable, :lockable, :confirmable\nend\n'

/** The rows that a routes file draws: name, verb, path and target on one line each. */
async function rows(files: Record<string, string>): Promise<string[]> {
  const table = await drawPortedRoutes(folderOf(files))
  return table.map(({ name, verb, path, controller, action }) => `${name ?? '-'} ${verb} ${path} ${controller}#${action}`)
}

function app(ruby: string, more: Record<string, string> = {}): Record<string, string> {
  return { 'config/routes.rb': routesRb(ruby), ...more }
}

describe('the routes that gems draw', () => {
  afterEach(removeFolders)

  it('are those of the modules that the model takes from Devise', async () => {
    expect(await rows(app('devise_for :users', { 'app/models/user.rb': user }))).to.deep.equal([
      'new_user_session GET /users/sign_in(.:format) devise/sessions#new',
      'user_session POST /users/sign_in(.:format) devise/sessions#create',
      'destroy_user_session DELETE /users/sign_out(.:format) devise/sessions#destroy',
      'new_user_password GET /users/password/new(.:format) devise/passwords#new',
      'edit_user_password GET /users/password/edit(.:format) devise/passwords#edit',
      'user_password PATCH /users/password(.:format) devise/passwords#update',
      '- PUT /users/password(.:format) devise/passwords#update',
      '- POST /users/password(.:format) devise/passwords#create',
      'cancel_user_registration GET /users/cancel(.:format) devise/registrations#cancel',
      'new_user_registration GET /users/sign_up(.:format) devise/registrations#new',
      'edit_user_registration GET /users/edit(.:format) devise/registrations#edit',
      'user_registration PATCH /users(.:format) devise/registrations#update',
      '- PUT /users(.:format) devise/registrations#update',
      '- DELETE /users(.:format) devise/registrations#destroy',
      '- POST /users(.:format) devise/registrations#create',
      'new_user_confirmation GET /users/confirmation/new(.:format) devise/confirmations#new',
      'user_confirmation GET /users/confirmation(.:format) devise/confirmations#show',
      '- POST /users/confirmation(.:format) devise/confirmations#create',
      'new_user_unlock GET /users/unlock/new(.:format) devise/unlocks#new',
      'user_unlock GET /users/unlock(.:format) devise/unlocks#show',
      '- POST /users/unlock(.:format) devise/unlocks#create',
    ])
  })

  it('take names, paths and controllers from the options and the scopes around', async () => {
    const ruby = `namespace :api do
      devise_for :users, path: "auth", controllers: { sessions: "login" }, path_names: { sign_in: "in" }, only: :sessions
    end`
    expect(await rows(app(ruby, { 'app/models/user.rb': user }))).to.deep.equal([
      'new_api_user_session GET /api/auth/in(.:format) login#new',
      'api_user_session POST /api/auth/in(.:format) login#create',
      'destroy_api_user_session DELETE /api/auth/sign_out(.:format) login#destroy',
    ])
  })

  it('draw a pair for each provider of OmniAuth', async () => {
    const model = 'class User\n  devise :omniauthable, omniauth_providers: %i[github]\nend\n'
    expect(await rows(app('devise_for :users', { 'app/models/user.rb': model }))).to.deep.equal([
      'user_github_omniauth_authorize POST /users/auth/github(.:format) devise/omniauth_callbacks#passthru',
      'user_github_omniauth_callback GET|POST /users/auth/github/callback(.:format) devise/omniauth_callbacks#github',
    ])
  })

  it("are Doorkeeper's, as its block changes them", async () => {
    const ruby = 'use_doorkeeper do\n  controllers tokens: "oauth/tokens"\n  skip_controllers :applications, :authorized_applications\nend'
    expect(await rows(app(ruby))).to.deep.equal([
      'native_oauth_authorization GET /oauth/authorize/native(.:format) doorkeeper/authorizations#show',
      'oauth_authorization GET /oauth/authorize(.:format) doorkeeper/authorizations#new',
      '- DELETE /oauth/authorize(.:format) doorkeeper/authorizations#destroy',
      '- POST /oauth/authorize(.:format) doorkeeper/authorizations#create',
      'oauth_token POST /oauth/token(.:format) oauth/tokens#create',
      'oauth_revoke POST /oauth/revoke(.:format) oauth/tokens#revoke',
      'oauth_introspect POST /oauth/introspect(.:format) oauth/tokens#introspect',
      'oauth_token_info GET /oauth/token/info(.:format) doorkeeper/token_info#show',
    ])
  })

  it('are those of Devise Token Auth, with a route that validates tokens', async () => {
    const ruby =
      'namespace :api do\n  mount_devise_token_auth_for "User", at: "auth", skip: [:registrations, :confirmations, :unlocks, :passwords]\nend'
    expect(await rows(app(ruby, { 'app/models/user.rb': user }))).to.deep.equal([
      'new_api_user_session GET /api/auth/sign_in(.:format) devise_token_auth/sessions#new',
      'api_user_session POST /api/auth/sign_in(.:format) devise_token_auth/sessions#create',
      'destroy_api_user_session DELETE /api/auth/sign_out(.:format) devise_token_auth/sessions#destroy',
      'api_auth_validate_token GET /api/auth/validate_token(.:format) devise_token_auth/token_validations#validate_token',
    ])
  })

  it('stand below a comment that names the call, and in the report with a note', () => {
    const { files, rows } = portRoutes(folderOf(app('devise_for :users', { 'app/models/user.rb': user })))
    expect(files[0]!.text).to.include('  // devise_for :users: the routes that Devise draws')
    expect(rows.map(({ construct, status }) => [construct, status])).to.deep.equal([['devise_for :users', 'note']])
  })

  it('stand below no more of the call than fits a line', () => {
    const titleOf = (ruby: string) => {
      const { text } = portRoutes(folderOf(app(ruby, { 'app/models/user.rb': user }))).files[0]!
      return /\/\/ (devise_for.*): the routes that Devise draws/.exec(text)?.[1]
    }
    expect(titleOf('devise_for :users, controllers: {\n  sessions: "sessions"\n}')).to.equal('devise_for :users')
    expect(titleOf('devise_for :users,\n  path: "u"')).to.equal('devise_for :users')
    expect(titleOf(`devise_for :users, path: "${'u'.repeat(200)}"`)).to.have.length(100)
  })

  it('let nobody pass where Devise decides, until it is written by hand', () => {
    const ruby =
      'authenticate :user do\n  get "a"\nend\nunauthenticated do\n  get "b"\nend\ndevise_scope :user do\n  get "c", to: "c#c"\nend'
    const { text } = portRoutes(folderOf(app(ruby))).files[0]!
    expect(text).to.include("constraints(denied, () => {\n    get('a')").and.include("constraints(denied, () => {\n    get('b')")
  })

  it('stand where they are within devise_scope, which says nothing about them', async () => {
    const ruby = 'resources :posts do\n  devise_scope :user do\n    # Theirs\n    get "c", to: "c#c"\n  end\n  get "d"\nend'
    const root = folderOf(app(ruby))
    const { files, rows } = portRoutes(root)
    expect(files[0]!.text).to.include("    // devise_scope :user\n    // Theirs\n    get('c', { to: 'c#c' })\n    get('d')")
    expect(rows.find(({ construct }) => construct === 'devise_scope :user')).to.include({ status: 'note' })
    expect((await drawPortedRoutes(root)).map(({ path }) => path)).to.include('/posts/:post_id/c(.:format)')
  })

  it("are an engine's own when it lies in the application", async () => {
    const files = app('mount Blog::Engine => "/blog"', {
      'engines/blog/config/routes.rb': 'Blog::Engine.routes.draw do\n  resources :posts, only: :index\nend\n',
      'engines/blog/lib/blog/engine.rb': 'module Blog\n  class Engine < Rails::Engine\n    isolate_namespace Blog\n  end\nend\n',
    })
    const ported = portRoutes(folderOf(files)).files
    expect(ported[0]!.text).to.include("mount(blogEngine, { at: '/blog', as: 'blog' })")
    expect(ported[1]!.path).to.equal('config/routes/engines/blog.ts')
    expect(ported[1]!.text).to.include("scope({ module: 'blog' }, () => {\n    resources('posts', { only: 'index' })")
    expect(await rows(files)).to.have.length(1)
  })
})
