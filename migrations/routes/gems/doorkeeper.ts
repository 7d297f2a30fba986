import {
  childrenOf,
  argumentsOf,
  blockOf,
  type CallNode,
  emptyScope,
  is,
  literalText,
  type RubyNode,
  type RubyValue,
  statementsOf,
  textOf,
  tryEvaluate,
} from '../../ruby/index.ts'
import type { ApplicationFiles } from '../application_files.ts'
import type { Translation } from '../translation.ts'
import { constantOptions, ruby } from './devise.ts'
import type { Expansion } from './expansion.ts'
import { isAtLeast } from './gem_versions.ts'

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
    metadata: 'doorkeeper/metadata',
  })
  const { application } = translation
  const configuration = application.read('config/initializers/doorkeeper.rb')?.tree
  const controller = (name: string) => `controller: ${ruby(mapping.controller(name))}`
  const as = (name: string, usual: string) => ((mapping.as(name) ?? usual) === usual ? '' : `as: ${ruby(mapping.as(name)!)}, `)
  const lines = [
    mapping.has('authorizations') &&
      `resource :authorization, path: "authorize", only: %i[create destroy], ${as('authorizations', 'authorization')}${controller('authorizations')} do
  get ${ruby(nativePath(application, configuration))}, action: :show, on: :member
  get "/", action: :new, on: :member
end`,
    mapping.has('tokens') &&
      `resource :token, only: [:create], ${as('tokens', 'token')}${controller('tokens')}
post "revoke", ${controller('tokens')}, action: :revoke`,
    mapping.has('tokens') && introspects(application, configuration) && `post "introspect", ${controller('tokens')}, action: :introspect`,
    mapping.has('applications') && `resources :applications, ${controller('applications')}`,
    mapping.has('authorized_applications') &&
      `resources :authorized_applications, only: %i[index destroy], ${controller('authorized_applications')}`,
    mapping.has('token_info') &&
      `resource :token_info, path: "token/info", only: [:show], ${as('token_info', 'token_info')}${controller('token_info')}`,
  ].filter(Boolean)
  const scope = scopePath(node, translation)
  const metadata =
    mapping.has('metadata') && hasMetadata(application)
      ? `\nget ".well-known/oauth-authorization-server", ${controller('metadata')}, action: :show, as: nil`
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
    dynamic_client_registration: 'doorkeeper/openid_connect/dynamic_client_registration',
  })
  const { application } = translation
  const configuration = application.read('config/initializers/doorkeeper_openid_connect.rb')?.tree
  const registers = isAtLeast(application, 'doorkeeper-openid_connect', '1.9.0') && isOn(configuration, 'dynamic_client_registration')
  const controller = (name: string) => `controller: ${ruby(mapping.controller(name))}`
  const lines = [
    mapping.has('userinfo') &&
      `get "userinfo", ${controller('userinfo')}, action: :show, as: "userinfo"\npost "userinfo", ${controller('userinfo')}, action: :show, as: nil`,
    mapping.has('discovery') && `get "discovery/keys", ${controller('discovery')}, action: :keys, as: "discovery_keys"`,
    registers &&
      mapping.has('dynamic_client_registration') &&
      `post "registration", ${controller('dynamic_client_registration')}, action: :register, as: "dynamic_client_registration"`,
  ].filter(Boolean)
  const wellKnown = mapping.has('discovery')
    ? `\nscope ".well-known", as: "oauth_discovery", ${controller('discovery')} do
  get "openid-configuration", action: :provider, as: "provider"
${isAtLeast(application, 'doorkeeper-openid_connect', '1.8.1') ? '  get "oauth-authorization-server", action: :provider, as: nil\n' : ''}  get "webfinger", action: :webfinger, as: "webfinger"
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
  #skipped: ReadonlySet<string> = new Set<string>()

  constructor(node: CallNode, usual: Readonly<Record<string, string>>) {
    this.#usual = usual
    for (const call of statementsOf(blockOf(node)?.body as RubyNode | null | undefined)) {
      if (!is(call, 'CallNode')) continue
      const { positional, pairs } = argumentsOf(call)
      if (call.name === 'skip_controllers') this.#skipped = new Set(positional.map((name) => literalText(name) ?? ''))
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

/** Version 6 describes the server at a well-known path. */
function hasMetadata(application: ApplicationFiles): boolean {
  return application.gemVersion('doorkeeper') !== undefined && isAtLeast(application, 'doorkeeper', '6.0')
}

/** Since 5.6.3 an application without introspection has no route for it. */
function introspects(application: ApplicationFiles, configuration: RubyNode | undefined): boolean {
  return !isAtLeast(application, 'doorkeeper', '5.6.3') || settingOf(configuration, 'allow_token_introspection') !== false
}

/** Since 5.6.1 the code may be part of the path that native applications are shown. */
function nativePath(application: ApplicationFiles, configuration: RubyNode | undefined): string {
  const isInPath =
    isAtLeast(application, 'doorkeeper', '5.6.1') && settingOf(configuration, 'use_url_path_for_native_authorization') !== undefined
  return isInPath ? ':code' : 'native'
}

function isOn(configuration: RubyNode | undefined, name: string): boolean {
  return settingOf(configuration, name) === true
}

/** What a line of the configuration, such as `allow_token_introspection false`, says; true when it says its name alone. */
function settingOf(node: RubyNode | undefined, name: string): RubyValue | undefined {
  if (node === undefined) return undefined
  if (is(node, 'CallNode') && node.name === name) {
    const [value] = argumentsOf(node).positional
    return value ? tryEvaluate(value, emptyScope()) : node.block ? undefined : true
  }
  for (const child of childrenOf(node)) {
    const found = settingOf(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
