import { pluralize, underscore } from '../../../src/naming/index.ts'
import { argumentsOf, assignedValue, type CallNode, literalText, RubyHash, RubySymbol, textOf, textsOf } from '../../ruby/index.ts'
import { outermost } from '../place.ts'
import type { Translation } from '../translation.ts'
import { Untranslatable } from '../untranslatable.ts'
import { constantOptions, expandDevise, ruby } from './devise.ts'
import type { Expansion } from './expansion.ts'
import { isAtLeast } from './gem_versions.ts'

const kinds = ['sessions', 'registrations', 'passwords', 'confirmations', 'unlocks']

/** The routes that `mount_devise_token_auth_for` draws: Devise's with its own controllers, and those of its tokens.
 *
 * @see https://devise-token-auth.gitbook.io/devise-token-auth/usage
 */
export function mountDeviseTokenAuth(node: CallNode, translation: Translation): Expansion {
  const { positional, pairs } = argumentsOf(node)
  const resource = literalText(positional[0])
  const options = constantOptions(node, pairs, translation)
  const at = textOf(options.get('at')) ?? ''
  if (resource === undefined) throw new Untranslatable(node, 'the class is computed')
  const given = options.get('controllers')
  const skip = textsOf(options.get('skip'))
  const controller = (kind: string) => textOf(given instanceof RubyHash ? given.get(kind) : undefined) ?? `devise_token_auth/${kind}`
  const name = textOf(options.get('as')) ?? underscore(pluralize(resource)).replaceAll('/', '_')
  // Controllers that it doesn't know are Devise's to know.
  const more =
    given instanceof RubyHash ? given.keys().filter((kind) => ![...kinds, 'token_validations', 'omniauth_callbacks'].includes(kind)) : []
  const symbol = (text: string) => new RubySymbol(text)
  const devise = expandDevise({
    name,
    translation,
    node,
    options: new RubyHash([
      [symbol('class_name'), resource],
      [symbol('path'), at],
      [
        symbol('controllers'),
        new RubyHash([...more, ...kinds].filter((kind) => !skip.includes(kind)).map((kind) => [symbol(kind), controller(kind)])),
      ],
      [symbol('module'), 'devise'],
      [symbol('skip'), [...skip, 'omniauth_callbacks']],
    ]),
  })
  const absolute = translation.place.inModule ? '/' : ''
  const tokens = ruby(`${absolute}${controller('token_validations')}`)
  const hasOmniauth = translation.application.gemVersion('omniauth') !== undefined && !skip.includes('omniauth_callbacks')
  const callbacks = hasOmniauth ? omniauth(at, ruby(`${absolute}${controller('omniauth_callbacks')}`), translation) : undefined
  const isNested = translation.place !== outermost
  const lines = [
    devise.ruby,
    ...(skip.includes('token_validations') && isAtLeast(translation.application, 'devise_token_auth', '1.1.1')
      ? []
      : [`get ${ruby(`${at}/validate_token`)}, controller: ${tokens}, action: "validate_token"`]),
    ...(callbacks ? [...callbacks.before, ...(isNested ? [] : callbacks.prefixed), ...callbacks.after] : []),
  ]
  return {
    gem: 'devise_token_auth',
    ruby: lines.join('\n'),
    remark: `${devise.remark} (Devise Token Auth)`,
    ...(isNested && callbacks && { outside: callbacks.prefixed.join('\n').replaceAll('controller: "/', 'controller: "') }),
  }
}

/** The routes of OmniAuth: those below the path of the resource, those of the prefix, and the one that leads from here to there.
 *
 * Until 1.2.2 the routes of the resource itself took no POST.
 */
function omniauth(at: string, controller: string, { application }: Translation): { before: string[]; prefixed: string[]; after: string[] } {
  const own = isAtLeast(application, 'devise_token_auth', '1.2.2') ? '[:get, :post]' : '[:get]'
  const tree = application.read('config/initializers/devise_token_auth.rb')?.tree
  const configured = tree && assignedValue(tree, 'omniauth_prefix')
  const prefix = (configured && literalText(configured)) ?? '/omniauth'
  const route = (path: string, action: string, via: string) =>
    `match ${ruby(path)}, controller: ${controller}, action: "${action}", via: ${via}`
  return {
    before: [route(`${at}/failure`, 'omniauth_failure', own), `${route(`${at}/:provider/callback`, 'omniauth_success', own)}, as: nil`],
    prefixed: [
      route(`${prefix}/:provider/callback`, 'redirect_callbacks', '[:get, :post]'),
      route(`${prefix}/failure`, 'omniauth_failure', '[:get, :post]'),
    ],
    after: [`match ${ruby(`${at}/:provider`)}, to: redirect(${ruby(`${prefix}/%{provider}`)}, status: 307), via: ${own}, as: nil`],
  }
}
