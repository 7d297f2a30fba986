import { pluralize, underscore } from '../../../src/naming/index.ts'
import { argumentsOf, type CallNode, literalText, RubyHash, RubySymbol, textOf, textsOf } from '../../ruby/index.ts'
import type { Translation } from '../translation.ts'
import { Untranslatable } from '../untranslatable.ts'
import { constantOptions, expandDevise, ruby } from './devise.ts'
import type { Expansion } from './expansion.ts'

const kinds = ['sessions', 'registrations', 'passwords', 'confirmations', 'unlocks']

/** The routes that `mount_devise_token_auth_for` draws: Devise's with its own controllers, and those of its tokens.
 *
 * @see https://devise-token-auth.gitbook.io/devise-token-auth/usage
 */
export function mountDeviseTokenAuth(node: CallNode, translation: Translation): Expansion {
  const { positional, pairs } = argumentsOf(node)
  const resource = literalText(positional[0])
  const options = constantOptions(node, pairs, translation)
  const at = textOf(options.get('at'))
  if (resource === undefined || at === undefined) throw new Untranslatable(node, 'the class or the path is computed')
  const given = options.get('controllers')
  const skip = textsOf(options.get('skip'))
  const controller = (kind: string) => textOf(given instanceof RubyHash ? given.get(kind) : undefined) ?? `devise_token_auth/${kind}`
  const name = textOf(options.get('as')) ?? underscore(pluralize(resource)).replaceAll('/', '_')
  const symbol = (text: string) => new RubySymbol(text)
  const devise = expandDevise({
    name,
    translation,
    options: new RubyHash([
      [symbol('class_name'), resource],
      [symbol('path'), at],
      [symbol('controllers'), new RubyHash(kinds.filter((kind) => !skip.includes(kind)).map((kind) => [symbol(kind), controller(kind)]))],
      [symbol('module'), 'devise'],
      [symbol('skip'), [...skip, 'omniauth_callbacks']],
    ]),
  })
  const absolute = translation.place.inModule ? '/' : ''
  const tokens = ruby(`${absolute}${controller('token_validations')}`)
  const lines = [
    devise.ruby,
    ...(skip.includes('token_validations') ? [] : [`get ${ruby(`${at}/validate_token`)}, controller: ${tokens}, action: "validate_token"`]),
    ...(refreshes(translation) ? [`post ${ruby(`${at}/refresh_token`)}, controller: ${tokens}, action: "refresh_token"`] : []),
    ...(translation.application.gemVersion('omniauth') === undefined || skip.includes('omniauth_callbacks')
      ? []
      : omniauth(at, ruby(`${absolute}${controller('omniauth_callbacks')}`))),
  ]
  return { gem: 'devise_token_auth', ruby: lines.join('\n'), remark: `${devise.remark} (Devise Token Auth)` }
}

function omniauth(at: string, controller: string): string[] {
  const route = (path: string, action: string) => `match ${ruby(path)}, controller: ${controller}, action: "${action}", via: [:get, :post]`
  return [
    route(`${at}/failure`, 'omniauth_failure'),
    route(`${at}/:provider/callback`, 'omniauth_success'),
    route('omniauth/:provider/callback', 'redirect_callbacks'),
    route('omniauth/failure', 'omniauth_failure'),
    `match ${ruby(`${at}/:provider`)}, to: redirect("/omniauth/%{provider}", status: 307), via: [:get, :post]`,
  ]
}

/** Versions from 1.2.6 on are taken to have the route that renews tokens. */
function refreshes(translation: Translation): boolean {
  const [major = 0, minor = 0, patch = 0] = (translation.application.gemVersion('devise_token_auth') ?? '').split('.').map(Number)
  return major > 1 || (major === 1 && (minor > 2 || (minor === 2 && patch >= 6)))
}
