import type { ValueType } from '../value_types.ts'
import { argumentsOf, type CallNode, childrenOf, is, nodeType, type RubyNode, statementsOf } from '../../nodes.ts'

/** What is asked of a value whatever it is. */
const ofAnything = new Set(['nil?', 'present?', 'blank?', 'to_s', '==', '!=', '!', 'is_a?', 'kind_of?', 'instance_of?'])

/** Whether a body does with a variable only what can be done with any value: it is written into a text, compared, asked whether it is there.
 * For the compiler it may stay unknown then. */
export function isOnlyLookedAt(name: string, body: RubyNode): boolean {
  if (isRead(body, name) || writes(body, name)) return false
  const looked = lookedAt(body, name)
  return childrenOf(body).every((child) => looked.has(child) || isOnlyLookedAt(name, child))
}

/** Whether a body does no more with a variable than to give it by a keyword, as conditions are, beside looking at it: it may be a list as well. */
export function isOnlyGiven(name: string, body: RubyNode): boolean {
  if (isRead(body, name) || writes(body, name)) return false
  const looked = lookedAt(body, name)
  return childrenOf(body).every((child) => looked.has(child) || isGiven(child, name) || isOnlyGiven(name, child))
}

function isGiven(node: RubyNode, name: string): boolean {
  if (!is(node, 'AssocNode')) return false
  const value = node.value as RubyNode
  return isRead(is(value, 'ImplicitNode') ? (value.value as RubyNode) : value, name)
}

/** The children of a node that stand where a value of any kind may. */
function lookedAt(node: RubyNode, name: string): ReadonlySet<RubyNode> {
  if (is(node, 'EmbeddedStatementsNode') && node.statements) {
    const [only, ...more] = statementsOf(node.statements as RubyNode)
    return new Set(only && more.length === 0 && isRead(only, name) ? [node.statements as RubyNode] : [])
  }
  if (is(node, 'IfNode', 'UnlessNode')) return new Set([node.predicate as RubyNode].filter((each) => isRead(each, name)))
  return is(node, 'CallNode') ? lookedAtByCall(node, name) : new Set()
}

function lookedAtByCall(call: CallNode, name: string): ReadonlySet<RubyNode> {
  const receiver = call.receiver as RubyNode | null
  const found = new Set<RubyNode>()
  if (receiver && isRead(receiver, name) && ofAnything.has(call.name)) found.add(receiver)
  const [only, ...more] = argumentsOf(call).positional
  if (['==', '!='].includes(call.name) && only && more.length === 0 && isRead(only, name)) found.add(call.arguments_ as unknown as RubyNode)
  return found
}

function isRead(node: RubyNode, name: string): boolean {
  return (is(node, 'LocalVariableReadNode') && node.name === name) || (is(node, 'ItLocalVariableReadNode') && name === 'it')
}

/** Whether a body gives a variable for a key: `post.user_id = user` isn't given the record that its name tells of. */
export function isGivenAsKey(name: string, body: RubyNode): boolean {
  const isWritten = is(body, 'CallNode') && /_id=$/.test(body.name) && argumentsOf(body).positional.some((each) => isRead(each, name))
  return isWritten || childrenOf(body).some((child) => isGivenAsKey(name, child))
}

const ofLists = new Set(
  'empty? any? none? many? each map flat_map filter_map select reject join uniq compact flatten first last size length'.split(' '),
)
const ofTextsToo = new Set('empty? size length first last'.split(' '))

/** Whether a body asks a variable for what lists have, and what it is compared with has not. */
export function isAskedAsList(name: string, body: RubyNode, { kind }: ValueType): boolean {
  return asksOf(name, body, (method) => ofLists.has(method) && !(kind === 'text' && ofTextsToo.has(method)))
}

/** Whether a body asks a variable for a member that not every value has. */
export function isAskedFor(name: string, body: RubyNode): boolean {
  return asksOf(name, body, (method) => !ofAnything.has(method))
}

/** Whether a body asks of which class a variable is: it may be of another than one of those that it is given. */
export function isAskedItsClass(name: string, body: RubyNode): boolean {
  return asksOf(name, body, (method) => /^(is_a|kind_of|instance_of)\?$/.test(method))
}

function asksOf(name: string, body: RubyNode, isMeant: (method: string) => boolean): boolean {
  const isAsked = is(body, 'CallNode') && body.receiver && isRead(body.receiver as RubyNode, name) && isMeant(body.name)
  return Boolean(isAsked) || childrenOf(body).some((child) => asksOf(name, child, isMeant))
}

/** Whether something below a node assigns a variable. */
export function isAssigned(name: string, node: RubyNode): boolean {
  return writes(node, name) || childrenOf(node).some((child) => isAssigned(name, child))
}

function writes(node: RubyNode, name: string): boolean {
  return /^LocalVariable\w*(Write|Target)Node$/.test(nodeType(node)) && (node as { name?: unknown }).name === name
}
