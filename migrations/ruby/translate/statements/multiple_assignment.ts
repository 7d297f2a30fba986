import { is, type NodeOf, type RubyNode } from '../../nodes.ts'
import { expression, instanceVariable, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { Untranslated } from '../untranslated.ts'

/** `a, b = …` as a destructuring assignment. */
export function multipleAssignment(node: NodeOf<'MultiWriteNode'>, frame: Frame): string[] {
  const right = node.value as RubyNode
  if (is(right, 'NilNode')) return [`;[${targets(node, frame)}] = [${node.lefts.map(() => 'null').join(', ')}]`]
  const code = is(right, 'ArrayNode') ? expression(right, frame).code : value(right, frame).code
  return [`;[${targets(node, frame)}] = ${code}`]
}

function targets(node: NodeOf<'MultiWriteNode'> | NodeOf<'MultiTargetNode'>, frame: Frame): string {
  if (node.rights.length > 0) throw new Untranslated(node as RubyNode, 'an assignment behind a splat')
  const parts = (node.lefts as RubyNode[]).map((left) => target(left, frame))
  const rest = node.rest as RubyNode | null
  if (is(rest, 'SplatNode') && rest.expression) parts.push(`...${target(rest.expression as RubyNode, frame)}`)
  return parts.join(', ')
}

function target(node: RubyNode, frame: Frame): string {
  if (is(node, 'LocalVariableTargetNode')) return (frame.local(node.name) ?? frame.declare(node.name)).code
  if (is(node, 'InstanceVariableTargetNode')) return instanceVariable(node.name, frame).code
  if (is(node, 'CallTargetNode')) return `${value(node.receiver as RubyNode, frame).code}.${node.name.replace(/=$/, '')}`
  if (is(node, 'MultiTargetNode')) return `[${targets(node, frame)}]`
  throw new Untranslated(node, 'a target of another kind')
}
