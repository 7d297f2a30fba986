import { classify, singularize } from '../../../src/naming/index.ts'
import {
  argumentsOf,
  assignedValue,
  type CallNode,
  emptyScope,
  evaluateHash,
  literalText,
  NotConstant,
  RubyHash,
  type RubyNode,
  RubyRegexp,
  RubySymbol,
  type RubyValue,
  textOf,
  textsOf,
  tryEvaluate,
} from '../../ruby/index.ts'
import type { ApplicationFiles } from '../application_files.ts'
import type { Translation } from '../translation.ts'
import { Untranslatable } from '../untranslatable.ts'
import { DeviseSettings, readDeviseModel } from './devise_models.ts'
import type { Expansion } from './expansion.ts'
import { isAtLeast } from './gem_versions.ts'

/** Devise's modules that draw routes, in the order in which it draws them, and the names of those routes. */
const routesOfModules: readonly (readonly [module: string, routes: string])[] = [
  ['database_authenticatable', 'session'],
  ['omniauthable', 'omniauth_callback'],
  ['recoverable', 'password'],
  ['registerable', 'registration'],
  ['confirmable', 'confirmation'],
  ['lockable', 'unlock'],
  ['two_factor_authenticatable', 'session'],
  ['invitable', 'invitation'],
]

const from = { gem: 'devise', parts: { 'resource :invitation,': 'devise_invitable' } }

/** One `devise_for` of one resource. */
export interface DeviseMapping {
  readonly name: string
  readonly options: RubyHash
  readonly translation: Translation
  readonly node: CallNode
}

/** The routes that `devise_for` draws, as Ruby of the routing DSL alone.
 *
 * Which ones depends on the model's `devise` line, and on `config/initializers/devise.rb`.
 * @throws Untranslatable when the options are computed
 * @see https://www.rubydoc.info/github/heartcombo/devise/ActionDispatch/Routing/Mapper#devise_for-instance_method
 */
export function deviseFor(node: CallNode, translation: Translation): Expansion {
  const { positional, pairs } = argumentsOf(node)
  const names = positional.map(literalText)
  if (names.length === 0 || names.includes(undefined)) throw new Untranslatable(node, 'the names of the resources are computed')
  const options = constantOptions(node, pairs, translation)
  const parts = names.map((name) => expandDevise({ name: name!, options, translation, node }))
  return { ...from, ruby: parts.map(({ ruby }) => ruby).join('\n'), remark: [...new Set(parts.map(({ remark }) => remark))].join('; ') }
}

/** The options of a call whose values are all known.
 *
 * @throws Untranslatable
 */
export function constantOptions(node: CallNode, pairs: readonly RubyNode[], translation: Translation): RubyHash {
  try {
    return evaluateHash(pairs, translation.scope)
  } catch (error) {
    if (error instanceof NotConstant) throw new Untranslatable(node, `the options of ${node.name} are computed`)
    throw error
  }
}

/** The routes of one resource. */
export function expandDevise({ name, options, translation, node }: DeviseMapping): Expansion {
  const { application, place } = translation
  const settings = new DeviseSettings(application)
  const model = readDeviseModel(textOf(options.get('class_name')) ?? classify(name), application)
  const kinds = kindsOf(options, model?.modules)
  const text = (option: string) => textOf(options.get(option))
  const prefixed = text('as') ?? place.as
  const scopedName = prefixed ? `${prefixed}_${name}` : name
  const singular = text('singular') ?? singularize(scopedName)
  const as = place.as && singular.startsWith(`${place.as}_`) ? singular.slice(place.as.length + 1) : singular
  const path = [text('path_prefix'), text('path') ?? name].filter((part) => part !== undefined).join('/')
  const controllers = hashOf(options, 'controllers')
  const module = text('module')
  const controller = (kind: string): string => {
    const own = textOf(controllers?.get(kind))
    const absolute = place.inModule ? '/' : ''
    if (own !== undefined) return `${absolute}${own}`
    if (module !== undefined) return `${absolute}${module}/${kind}`
    return place.inModule ? kind : `devise/${kind}`
  }
  const pathNames = hashOf(options, 'path_names')
  const pathName = (key: string) => textOf(pathNames?.get(key)) ?? place.pathNames.get(key) ?? (key === 'registration' ? '' : key)
  const signOutVia = textsOf(options.get('sign_out_via')).length > 0 ? textsOf(options.get('sign_out_via')) : settings.texts('sign_out_via')
  const providers = model?.omniauthProviders ?? settings.omniauthProviders
  const prefix = settings.texts('omniauth_path_prefix')?.[0]
  const context: Context = {
    controller,
    pathName,
    signOutVia: signOutVia ?? ['delete'],
    providers,
    prefix,
    authorizeVia: authorizeMethods(application),
    unlocksByEmail: !['time', 'none', 'undefined'].includes(model?.unlockStrategy ?? settings.texts('unlock_strategy')?.[0] ?? 'both'),
  }
  const scopeOptions = [`path: ${ruby(path)}`, `as: ${ruby(as)}`, ...passedOn(options, node, application)].join(', ')
  const groups = groupsOf(kinds, prefix !== undefined)
  const parts = groups.map((group) => {
    const around = group.outside ? `as: ${ruby(as)}` : scopeOptions
    const lines = group.kinds.map((kind) => writers[kind]!(context)).filter(Boolean)
    return lines.length === 0 ? '' : `scope ${around} do\n${lines.join('\n')}\nend`
  })
  const remark = model
    ? 'the routes that Devise draws for the modules of the model; their controllers are to be written'
    : 'the routes that Devise draws; the model was not found, so those of its usual modules are drawn'
  const invites = kinds.includes('registration') && application.gemVersion('devise_invitable') !== undefined
  const isOwn = module === undefined && !place.inModule && controllers?.get('registrations') === undefined
  const note = invites && isOwn ? `${remark}; devise_invitable has a registrations controller of its own in the place of Devise's` : remark
  return { ...from, ruby: parts.filter(Boolean).join('\n'), remark: note }
}

/** The options that go to the scope. Until Devise 5 no format was a default of the routes, and any other was not read. */
function passedOn(options: RubyHash, node: CallNode, application: ApplicationFiles): string[] {
  const format = options.get('format')
  const isRead = isAtLeast(application, 'devise', '5.0')
  const given = hashOf(options, 'defaults')?.pairs ?? []
  const defaults = format === false && !isRead ? [...given, [new RubySymbol('format'), format] as const] : given
  return [
    ...(options.has('constraints') ? [`constraints: ${rubyValue(options.get('constraints')!, node)}`] : []),
    ...(defaults.length > 0 ? [`defaults: ${rubyValue(new RubyHash(defaults), node)}`] : []),
    ...(format !== undefined && isRead ? [`format: ${rubyValue(format, node)}`] : []),
  ]
}

interface Context {
  readonly controller: (kind: string) => string
  readonly pathName: (key: string) => string
  readonly signOutVia: readonly string[]
  readonly providers: readonly string[]
  readonly prefix: string | undefined
  /** The methods by which a provider is asked. */
  readonly authorizeVia: readonly string[]
  readonly unlocksByEmail: boolean
}

/** Devise 5 asks a provider by what OmniAuth allows: POST alone since its version 2, unless it is configured. Devise 4 takes GET as well. */
function authorizeMethods(application: ApplicationFiles): readonly string[] {
  if (!isAtLeast(application, 'devise', '5.0')) return ['get', 'post']
  const configured = ['config/initializers/omniauth.rb', 'config/initializers/devise.rb'].flatMap((file) => {
    const tree = application.read(file)?.tree
    const value = tree && assignedValue(tree, 'allowed_request_methods')
    return value ? textsOf(tryEvaluate(value, emptyScope())) : []
  })
  if (configured.length > 0) return configured
  return isAtLeast(application, 'omniauth', '2.0') ? ['post'] : ['get', 'post']
}

const writers: Readonly<Record<string, (context: Context) => string>> = {
  session: ({ controller, pathName, signOutVia }) => `resource :session, only: [], controller: ${ruby(controller('sessions'))}, path: "" do
  get :new, path: ${ruby(pathName('sign_in'))}, as: "new"
  post :create, path: ${ruby(pathName('sign_in'))}
  ${signOutVia.length === 1 ? signOutVia[0] : 'match'} :destroy, path: ${ruby(pathName('sign_out'))}, as: "destroy"${via(signOutVia)}
end`,
  omniauth_callback: ({ controller, providers, prefix, authorizeVia }) =>
    providers
      .map((provider) => {
        const path = `${prefix ?? 'auth'}/${provider}`
        const callbacks = controller('omniauth_callbacks')
        return `${verb(authorizeVia, path)}, to: ${ruby(`${callbacks}#passthru`)}, as: ${ruby(`${provider}_omniauth_authorize`)}${via(authorizeVia)}
match ${ruby(`${path}/callback`)}, to: ${ruby(`${callbacks}#${provider}`)}, as: ${ruby(`${provider}_omniauth_callback`)}, via: [:get, :post]`
      })
      .join('\n'),
  password: simple('password', 'passwords', '[:new, :create, :edit, :update]'),
  confirmation: simple('confirmation', 'confirmations', '[:new, :create, :show]'),
  unlock: (context) => (context.unlocksByEmail ? simple('unlock', 'unlocks', '[:new, :create, :show]')(context) : ''),
  registration: ({ controller, pathName }) => {
    const names = (['sign_up', 'edit', 'cancel'] as const).map((key, index) => [['new', 'edit', 'cancel'][index]!, pathName(key)] as const)
    const renamed = names.filter(([key, path]) => key !== path).map(([key, path]) => `${key}: ${ruby(path)}`)
    return `resource :registration, only: [:new, :create, :edit, :update, :destroy], path: ${ruby(pathName('registration'))}, path_names: { ${renamed.join(', ')} }, controller: ${ruby(controller('registrations'))} do
  get :cancel, as: :cancel
end`
  },
  invitation: ({
    controller,
    pathName,
  }) => `resource :invitation, only: [:new, :create, :update], path: ${ruby(pathName('invitation'))}, controller: ${ruby(controller('invitations'))} do
  get :edit, path: ${ruby(pathName('accept'))}, as: :accept
  get :destroy, path: ${ruby(pathName('remove'))}, as: :remove
end`,
}

function verb(methods: readonly string[], path: string): string {
  return `${methods.length === 1 ? methods[0] : 'match'} ${ruby(path)}`
}

function via(methods: readonly string[]): string {
  return methods.length === 1 ? '' : `, via: [${methods.map(ruby).join(', ')}]`
}

function simple(name: string, controllers: string, only: string): (context: Context) => string {
  return ({ controller, pathName }) => {
    const path = pathName(name) === name ? '' : `, path: ${ruby(pathName(name))}`
    return `resource :${name}, only: ${only}${path}, controller: ${ruby(controller(controllers))}`
  }
}

/** OmniAuth's routes leave the path of the scope when it is told to have one of its own. */
function groupsOf(kinds: readonly string[], ownPrefix: boolean): { kinds: string[]; outside: boolean }[] {
  const groups: { kinds: string[]; outside: boolean }[] = []
  for (const kind of kinds) {
    const outside = ownPrefix && kind === 'omniauth_callback'
    const last = groups.at(-1)
    if (last && last.outside === outside) last.kinds.push(kind)
    else groups.push({ kinds: [kind], outside })
  }
  return groups
}

const usualModules = ['database_authenticatable', 'recoverable', 'registerable']

function kindsOf(options: RubyHash, modules: readonly string[] = usualModules): string[] {
  const drawn = [...new Set(routesOfModules.filter(([module]) => modules.includes(module)).map(([, route]) => route))]
  const singular = (option: string) => textsOf(options.get(option)).map((name) => singularize(name))
  if (options.has('only')) return drawn.filter((kind) => singular('only').includes(kind))
  if (textOf(options.get('skip')) === 'all') return []
  return drawn.filter((kind) => !singular('skip').includes(kind))
}

function hashOf(options: RubyHash, name: string): RubyHash | undefined {
  const value = options.get(name)
  return value instanceof RubyHash ? value : undefined
}

/** A constant value as a Ruby literal.
 *
 * @throws Untranslatable for a value that has none
 */
export function rubyValue(value: RubyValue, node: RubyNode): string {
  if (value instanceof RubySymbol) return `:${ruby(value.name)}`
  if (typeof value === 'string') return ruby(value)
  if (value === null) return 'nil'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => rubyValue(item, node)).join(', ')}]`
  if (value instanceof RubyRegexp) return `/${value.source.replace(/(?<!\\)\//g, '\\/')}/${value.flags}`
  if (value instanceof RubyHash)
    return `{ ${value.pairs.map(([key, item]) => `${rubyValue(key, node)} => ${rubyValue(item, node)}`).join(', ')} }`
  throw new Untranslatable(node, 'an option holds what is no plain value')
}

/** A text as a Ruby literal. */
export function ruby(text: string): string {
  return JSON.stringify(text)
    .replaceAll('#', '\\#')
    .replace(/\\#(?![{$@])/g, '#')
}
