import type { ApplicationReader } from './application_scope.ts'
import type { DataFiles } from './data_files.ts'
import { type Scope, tryEvaluate } from './evaluate.ts'
import { childrenOf, argumentsOf, type CallNode, constantPath, is, literalText, type RubyNode } from './nodes.ts'
import { mergedSettings } from './settings.ts'
import type { RubyValue } from './values.ts'

/** What the files of the configuration set: `Rails.configuration.name`, `Rails.application.config.x.name`, `I18n.available_locales`;
 * undefined when the call asks for something else, or the value isn't constant.
 */
export function configuredValue(call: CallNode, scope: Scope, application: ApplicationReader): RubyValue | undefined {
  if (call.arguments_ || call.block || !isSetting(call)) return undefined
  for (const file of [`config/environments/${scope.environment}.rb`, 'config/application.rb']) {
    const tree = application.read(file)?.tree
    const found = tree && assignedValue(tree, call.name)
    const value = found && tryEvaluate(found, { ...scope, locals: new Map(), file })
    if (value !== undefined) return value
  }
  return undefined
}

/** What the `config` gem reads for its constant: its files of settings, those of the environment over the others. */
export function gemSettings(path: string, scope: Scope, application: ApplicationReader, files: DataFiles): RubyValue | undefined {
  if (application.gemVersion('config') === undefined) return undefined
  const setup = application.read('config/initializers/config.rb')?.tree
  const named = setup && assignedValue(setup, 'const_name')
  if (path.replace(/^::/, '') !== ((named && literalText(named)) ?? 'Settings')) return undefined
  const { environment } = scope
  return mergedSettings(
    ['config/settings.yml', `config/settings/${environment}.yml`, `config/environments/${environment}.yml`],
    scope,
    files,
  )
}

function isSetting(call: CallNode): boolean {
  const receiver = call.receiver as RubyNode | null
  if (constantPath(receiver) === 'I18n') return ['available_locales', 'default_locale'].includes(call.name)
  return isConfiguration(is(receiver, 'CallNode') && receiver.name === 'x' ? (receiver.receiver as RubyNode | null) : receiver)
}

function isConfiguration(node: RubyNode | null): boolean {
  if (!is(node, 'CallNode') || !['config', 'configuration'].includes(node.name)) return false
  const from = node.receiver as RubyNode | null
  return (
    constantPath(from) === 'Rails' ||
    (is(from, 'CallNode') && from.name === 'application' && constantPath(from.receiver as RubyNode | null) === 'Rails')
  )
}

/** What a file assigns to an attribute of this name, under no condition. */
export function assignedValue(node: RubyNode, name: string): RubyNode | undefined {
  if (is(node, 'IfNode', 'UnlessNode')) return undefined
  if (is(node, 'CallNode') && node.name === `${name}=`) return argumentsOf(node).positional[0]
  for (const child of childrenOf(node)) {
    const found = assignedValue(child, name)
    if (found) return found
  }
  return undefined
}
