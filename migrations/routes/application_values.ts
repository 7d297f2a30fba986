import { assignedValue, type CallNode, constantPath, is, type RubyNode, statementsOf, tryEvaluate } from '../ruby/index.ts'
import { asksEnvironment } from './conditions.ts'
import { inline } from './expressions.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { valueCode } from './value_code.ts'

/** A method of a module of the application, such as `Features.beta?`: what its one expression is, in place of the call; undefined for anything else. */
export function applicationMethod(node: CallNode, translation: Translation): string | undefined {
  const owner = constantPath(node.receiver as RubyNode | null)
  if (owner === undefined || ['Rails', 'ENV', 'Regexp', 'CGI'].includes(owner)) return undefined
  return methodOf(owner, node, translation)
}

/** The same for a method of the module whose method is being read. */
export function methodOf(owner: string, node: CallNode, translation: Translation): string | undefined {
  if (node.arguments_ || node.block) return undefined
  const found = translation.application.findMethod(owner, node.name)
  const [only, ...rest] = found ? statementsOf(found.node.body as RubyNode | null) : []
  if (!found || !only || rest.length > 0 || found.node.parameters || translation.depth > 8) return undefined
  const outer = translation.methodsOf
  translation.methodsOf = owner
  translation.depth++
  try {
    const text = translation.within(found.source, () => inline(only, translation))
    translation.report(node, `${owner}.${node.name}`, 'note', `what the method in ${found.source.file} says stands in its place`)
    return bracketed(text)
  } catch (error) {
    if (error instanceof Untranslatable) return undefined
    throw error
  } finally {
    translation.methodsOf = outer
    translation.depth--
  }
}

/** A constant of another file that asks `Rails.env`, such as `LOGIN = Rails.env.local?`: the question, in place of the answer for one environment. */
export function constantOfEnvironment(node: RubyNode, name: string, translation: Translation): string | undefined {
  if (translation.options.environment !== undefined) return undefined
  const found = translation.application.known.findDefinition(name)
  if (!found || !asksEnvironment(found.node) || translation.depth > 8) return undefined
  const checkpoint = translation.checkpoint()
  translation.depth++
  try {
    const text = translation.within(found.source, () => inline(found.node, translation))
    translation.report(node, name, 'note', `what ${found.source.file} says stands in its place`)
    return bracketed(text)
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    translation.rollback(checkpoint)
    translation.report(node, name, 'note', 'asks Rails.env; what it is in production stands in its place')
    return undefined
  } finally {
    translation.depth--
  }
}

function bracketed(text: string): string {
  return /[&|?=!]/.test(text) ? `(${text})` : text
}

/** `Rails.application.config.name` and `Rails.configuration.name`: the constant that the files of the configuration assign. */
export function applicationSetting(node: CallNode, translation: Translation): string | undefined {
  const receiver = node.receiver as RubyNode | null
  if (!is(receiver, 'CallNode') || node.arguments_ || !['config', 'configuration'].includes(receiver.name)) return undefined
  const from = receiver.receiver as RubyNode | null
  const ofRails = constantPath(from) === 'Rails' || (is(from, 'CallNode') && from.name === 'application')
  if (!ofRails) return undefined
  const { application, options } = translation
  for (const file of [`config/environments/${options.environment ?? 'production'}.rb`, 'config/application.rb']) {
    const tree = application.read(file)?.tree
    const found = tree && assignedValue(tree, node.name)
    const value = found && tryEvaluate(found, translation.scope)
    const code = value === undefined ? undefined : valueCode(value)
    if (typeof code !== 'string') continue
    translation.report(node, translation.source.slice(node), 'note', `${code}, as ${file} says`)
    return code
  }
  return undefined
}
