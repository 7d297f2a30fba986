import { argumentsOf, blockOf, type CallNode, is, literalText, type RubyNode, statementsOf, textOf } from '../../ruby/index.ts'
import type { Translation } from '../translation.ts'
import { constantOptions, ruby } from './devise.ts'
import type { Expansion } from './expansion.ts'

/** The routes that `use_doorkeeper` draws.
 *
 * @see https://doorkeeper.gitbook.io/guides/ruby-on-rails/routes
 */
export function useDoorkeeper(node: CallNode, translation: Translation): Expansion {
  const mapping = new Mapping(node, {
    authorizations: 'doorkeeper/authorizations',
    tokens: 'doorkeeper/tokens',
    applications: 'doorkeeper/applications',
    authorized_applications: 'doorkeeper/authorized_applications',
    token_info: 'doorkeeper/token_info',
  })
  const controller = (name: string) => `controller: ${ruby(mapping.controller(name))}`
  const as = (name: string, usual: string) => ((mapping.as(name) ?? usual) === usual ? '' : `as: ${ruby(mapping.as(name)!)}, `)
  const lines = [
    mapping.has('authorizations') &&
      `resource :authorization, path: "authorize", only: %i[create destroy], ${as('authorizations', 'authorization')}${controller('authorizations')} do
  get "native", action: :show, on: :member
  get "/", action: :new, on: :member
end`,
    mapping.has('tokens') &&
      `resource :token, only: [:create], ${as('tokens', 'token')}${controller('tokens')}
post "revoke", ${controller('tokens')}, action: :revoke
post "introspect", ${controller('tokens')}, action: :introspect`,
    mapping.has('applications') && `resources :applications, ${controller('applications')}`,
    mapping.has('authorized_applications') &&
      `resources :authorized_applications, only: %i[index destroy], ${controller('authorized_applications')}`,
    mapping.has('token_info') &&
      `resource :token_info, path: "token/info", only: [:show], ${as('token_info', 'token_info')}${controller('token_info')}`,
  ].filter(Boolean)
  const scope = scopePath(node, translation)
  const metadata = hasMetadata(translation.application.gemVersion('doorkeeper'))
    ? `\nget ".well-known/oauth-authorization-server", controller: "doorkeeper/metadata", action: :show, as: nil`
    : ''
  return {
    gem: 'doorkeeper',
    ruby: `scope ${ruby(scope)}, as: "oauth" do\n${lines.join('\n')}\nend${metadata}`,
    remark: 'the routes that Doorkeeper draws; their controllers are to be written',
  }
}

/** The routes that `use_doorkeeper_openid_connect` draws. */
export function useOpenidConnect(node: CallNode, translation: Translation): Expansion {
  const mapping = new Mapping(node, {
    userinfo: 'doorkeeper/openid_connect/userinfo',
    discovery: 'doorkeeper/openid_connect/discovery',
  })
  const controller = (name: string) => `controller: ${ruby(mapping.controller(name))}`
  const lines = [
    mapping.has('userinfo') &&
      `get "userinfo", ${controller('userinfo')}, action: :show, as: "userinfo"\npost "userinfo", ${controller('userinfo')}, action: :show, as: nil`,
    mapping.has('discovery') && `get "discovery/keys", ${controller('discovery')}, action: :keys, as: "discovery_keys"`,
  ].filter(Boolean)
  const wellKnown = mapping.has('discovery')
    ? `\nscope ".well-known", as: "oauth_discovery", ${controller('discovery')} do
  get "openid-configuration", action: :provider, as: "provider"
  get "oauth-authorization-server", action: :provider, as: nil
  get "webfinger", action: :webfinger, as: "webfinger"
end`
    : ''
  return {
    ruby: `scope ${ruby(scopePath(node, translation))}, as: "oauth" do\n${lines.join('\n')}\nend${wellKnown}`,
    gem: 'doorkeeper-openid_connect',
    remark: 'the routes that Doorkeeper draws for OpenID Connect; their controllers are to be written',
  }
}

/** What the block of `use_doorkeeper` changes: `controllers tokens: "x"`, `skip_controllers :applications`, `as tokens: :x`. */
class Mapping {
  readonly #usual: Readonly<Record<string, string>>
  readonly #controllers = new Map<string, string>()
  readonly #names = new Map<string, string>()
  readonly #skipped = new Set<string>()

  constructor(node: CallNode, usual: Readonly<Record<string, string>>) {
    this.#usual = usual
    for (const call of statementsOf(blockOf(node)?.body as RubyNode | null | undefined)) {
      if (!is(call, 'CallNode')) continue
      const { positional, pairs } = argumentsOf(call)
      if (call.name === 'skip_controllers') for (const name of positional) this.#skipped.add(literalText(name) ?? '')
      const target = call.name === 'controllers' ? this.#controllers : call.name === 'as' ? this.#names : undefined
      for (const pair of pairs) {
        if (!is(pair, 'AssocNode')) continue
        target?.set(literalText(pair.key as RubyNode) ?? '', literalText(pair.value as RubyNode) ?? '')
      }
    }
  }

  has(name: string): boolean {
    return !this.#skipped.has(name)
  }

  controller(name: string): string {
    return this.#controllers.get(name) ?? this.#usual[name]!
  }

  as(name: string): string | undefined {
    return this.#names.get(name)
  }
}

function scopePath(node: CallNode, translation: Translation): string {
  return textOf(constantOptions(node, argumentsOf(node).pairs, translation).get('scope')) ?? 'oauth'
}

/** Versions from 5.9 on are taken to describe the server at a well-known path. */
function hasMetadata(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > 5 || (major === 5 && minor >= 9)
}
