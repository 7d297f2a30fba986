import { argumentsOf, constantPath, is, literalText, type NodeOf, type RubyNode } from '../ruby/index.ts'
import { type Code, object } from '../typescript/index.ts'
import { expression, functionCode, hashProperty, lambdaBlock } from './expressions.ts'
import { constraintName } from './request_names.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** Whether a node is a hash literal, in braces or as bare keywords. */
export function isHashLike(node: RubyNode): node is NodeOf<'HashNode'> | NodeOf<'KeywordHashNode'> {
  return is(node, 'HashNode', 'KeywordHashNode')
}

/** Translates what a route is constrained by: a hash, a predicate, or an object that Ruby asks.
 *
 * A predicate that can't be translated lets nothing through, so that no route opens that was closed; the Ruby stays above it.
 */
export function constraintCode(node: RubyNode, translation: Translation): Code {
  try {
    return isHashLike(node) ? constraintHash(node, translation) : predicate(node, translation)
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return deny(node, `constraints ${translation.source.slice(node)}`, error.message, translation)
  }
}

/** A predicate that answers no, with the Ruby it stands for above the statement and in the report. */
export function deny(node: RubyNode, construct: string, reason: string, translation: Translation): Code {
  translation.remark(node, construct, `${reason}; until it is written by hand, its routes match nothing`)
  translation.stubs.add('denied')
  return 'denied'
}

function constraintHash(node: NodeOf<'HashNode'> | NodeOf<'KeywordHashNode'>, translation: Translation): Code {
  return object(
    (node.elements as RubyNode[]).map((element) => {
      const value = is(element, 'AssocNode') ? (element.value as RubyNode) : undefined
      const named = (key: string) => constraintName(key, element, translation)
      if (!value || !is(value, 'LambdaNode')) return hashProperty(element, translation, named)
      return { key: named(literalText((element as NodeOf<'AssocNode'>).key as RubyNode) ?? ''), value: constraintCode(value, translation) }
    }),
  )
}

function predicate(node: RubyNode, translation: Translation): Code {
  if (is(node, 'LambdaNode')) return functionCode(node.parameters as RubyNode | null, node.body as RubyNode | null, node, translation, 0)
  if (is(node, 'CallNode') && node.name === 'method' && !node.receiver) {
    const known = translation.methods.get(literalText(argumentsOf(node).positional[0]) ?? '')
    if (known !== undefined) return known
  }
  const block = lambdaBlock(node)
  if (block) {
    return functionCode(block.parameters as RubyNode | null, block.body as RubyNode | null, node, translation, 0)
  }
  if (is(node, 'CallNode') && !node.receiver && translation.methods.has(node.name)) return expression(node, translation)
  const elsewhere = lambdaElsewhere(node, translation)
  if (elsewhere) return elsewhere
  const asked = constraintObject(node, translation)
  if (asked) return asked
  if (is(node, 'LocalVariableReadNode', 'ConstantReadNode', 'ConstantPathNode')) return expression(node, translation)
  throw new Untranslatable(node, 'the object that decides is Ruby')
}

/** A lambda that a constant of another file holds. */
function lambdaElsewhere(node: RubyNode, translation: Translation): Code | undefined {
  const path = constantPath(node)
  if (path === undefined || translation.constants.has(path)) return undefined
  const found = translation.application.known.findDefinition(path)
  if (!found || !(is(found.node, 'LambdaNode') || lambdaBlock(found.node))) return undefined
  const code = translation.within(found.source, () => predicate(found.node, translation))
  translation.report(node, translation.source.slice(node), 'note', `what ${found.source.file} says stands in its place`)
  return code
}

/** The `matches?` of a class of the application, when it is a simple predicate. */
function constraintObject(node: RubyNode, translation: Translation): Code | undefined {
  const isNew = is(node, 'CallNode') && node.name === 'new' && !node.arguments_
  const owner = constantPath(isNew ? (node.receiver as RubyNode | null) : node)
  const found = owner === undefined ? undefined : translation.application.findMethod(owner, 'matches?')
  if (!found || !owner) return undefined
  const parameters = found.node.parameters as RubyNode | null
  const outer = translation.methodsOf
  translation.methodsOf = owner
  try {
    const code = translation.within(found.source, () =>
      functionCode(parameters, found.node.body as RubyNode | null, found.node, translation, 0),
    )
    translation.report(node, translation.source.slice(node), 'note', `what matches? in ${found.source.file} says stands in its place`)
    return code
  } finally {
    translation.methodsOf = outer
  }
}
