import { underscore } from '../../../src/naming/index.ts'
import {
  childrenOf,
  argumentsOf,
  emptyScope,
  evaluateHash,
  is,
  literalText,
  NotConstant,
  type RubyHash,
  type RubyNode,
  textsOf,
  tryEvaluate,
} from '../../ruby/index.ts'
import type { ApplicationFiles } from '../application_files.ts'

/** What a model says with `devise`, as far as routes go by it. */
export interface DeviseModel {
  readonly modules: readonly string[]
  readonly omniauthProviders: readonly string[] | undefined
  readonly unlockStrategy: string | undefined
}

/** The `devise` lines of a model; undefined when the model or its lines are not found. */
export function readDeviseModel(className: string, application: ApplicationFiles): DeviseModel | undefined {
  const path = underscore(className.replace(/^::/, ''))
  const source = ['app/models', 'lib', 'app/models/concerns'].map((folder) => application.read(`${folder}/${path}.rb`)).find(Boolean)
  const calls = source ? callsNamed(source.tree, 'devise') : []
  if (calls.length === 0) return undefined
  const options = calls.map(({ pairs }) => hashOf(pairs))
  return {
    modules: calls.flatMap(({ positional }) => positional.flatMap((argument) => textsOf(tryEvaluate(argument, emptyScope())))),
    omniauthProviders: options.flatMap((hash) => (hash?.has('omniauth_providers') ? [textsOf(hash.get('omniauth_providers'))] : []))[0],
    unlockStrategy: options.flatMap((hash) => textsOf(hash?.get('unlock_strategy') ?? []))[0],
  }
}

/** What `config/initializers/devise.rb` sets: the values of `config.name = value` that are constant, and the OmniAuth providers. */
export class DeviseSettings {
  readonly #tree: RubyNode | undefined

  constructor(application: ApplicationFiles) {
    this.#tree = application.read('config/initializers/devise.rb')?.tree
  }

  /** A setting as texts; undefined when it isn't set. */
  texts(name: string): string[] | undefined {
    const [call] = this.#tree ? callsNamed(this.#tree, `${name}=`) : []
    const texts = call?.positional[0] ? textsOf(tryEvaluate(call.positional[0], emptyScope())) : []
    return texts.length > 0 ? texts : undefined
  }

  /** The providers that the initializer configures under no condition. */
  get omniauthProviders(): string[] {
    const calls = this.#tree ? callsNamed(this.#tree, 'omniauth', true) : []
    return calls.flatMap(({ positional, pairs }) => textsOf(hashOf(pairs)?.get('name') ?? literalText(positional[0]) ?? []))
  }
}

interface FoundCall {
  readonly positional: RubyNode[]
  readonly pairs: RubyNode[]
}

function callsNamed(node: RubyNode, name: string, unconditional = false): FoundCall[] {
  if (unconditional && is(node, 'IfNode', 'UnlessNode')) return []
  if (is(node, 'CallNode') && node.name === name) return [argumentsOf(node)]
  return childrenOf(node).flatMap((child) => callsNamed(child, name, unconditional))
}

function hashOf(pairs: readonly RubyNode[]): RubyHash | undefined {
  const known = pairs.filter((pair) => is(pair, 'AssocNode') && tryEvaluate(pair.value as RubyNode, emptyScope()) !== undefined)
  try {
    return evaluateHash(known, emptyScope())
  } catch (error) {
    if (error instanceof NotConstant) return undefined
    throw error
  }
}
