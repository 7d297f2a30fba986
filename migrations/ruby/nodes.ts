import type * as prism from '@ruby/prism/src/nodes.js'

/** A node of Prism's tree, of whatever type. */
export interface RubyNode {
  readonly nodeID: number
  readonly location: { startOffset: number; length: number }
  childNodes(): (RubyNode | null)[]
}

/** The node classes that Prism declares, by name. */
export type NodeClasses = typeof prism
export type NodeName = {
  [K in keyof NodeClasses]: NodeClasses[K] extends abstract new (...args: never[]) => unknown ? K : never
}[keyof NodeClasses]
export type NodeOf<K extends NodeName> = InstanceType<NodeClasses[K]> & RubyNode

export type CallNode = NodeOf<'CallNode'>
export type BlockNode = NodeOf<'BlockNode'>
export type StatementsNode = NodeOf<'StatementsNode'>

/** The type name of a node, such as `CallNode`. */
export function nodeType(node: RubyNode): NodeName {
  return node.constructor.name as NodeName
}

/** Whether a node is of one of the types named.
 *
 * @example if (is(node, 'CallNode')) node.name
 */
export function is<K extends NodeName>(node: RubyNode | null | undefined, ...types: K[]): node is NodeOf<K> {
  return node != null && (types as string[]).includes(node.constructor.name)
}

/** The nodes directly below a node. Prism's own `compactChildNodes` leaves out those of lists: the branches of `case`, parameters.
 *
 * @example childrenOf(source.tree)
 */
export function childrenOf(node: RubyNode): RubyNode[] {
  return node.childNodes().filter((child) => child != null)
}

/** The statements of a body; none when the body is missing. */
export function statementsOf(body: RubyNode | null | undefined): RubyNode[] {
  if (!body) return []
  if (is(body, 'StatementsNode')) return body.body as RubyNode[]
  if (is(body, 'BeginNode')) return statementsOf(body.statements as RubyNode | null)
  return [body]
}

/** A call's positional arguments and its keywords (or trailing hash-rocket pairs). */
export interface CallArguments {
  positional: RubyNode[]
  pairs: RubyNode[]
}

/** Splits the arguments of a call into positional ones and the pairs of its trailing keywords. */
export function argumentsOf(call: { arguments_: { arguments_: unknown[] } | null }): CallArguments {
  const all = (call.arguments_?.arguments_ ?? []) as RubyNode[]
  const last = all.at(-1)
  if (is(last, 'KeywordHashNode')) return { positional: all.slice(0, -1), pairs: last.elements as RubyNode[] }
  return { positional: all, pairs: [] }
}

/** The text of a string or symbol literal; undefined for anything else. */
export function literalText(node: RubyNode | null | undefined): string | undefined {
  if (is(node, 'StringNode', 'SymbolNode')) return node.unescaped.value
  return undefined
}

/** A dotted constant such as `Admin::User`; undefined when the node is no constant. */
export function constantPath(node: RubyNode | null | undefined): string | undefined {
  if (is(node, 'ConstantReadNode')) return node.name
  if (!is(node, 'ConstantPathNode')) return undefined
  if (!node.parent) return node.name ?? undefined
  const parent = constantPath(node.parent as RubyNode)
  return parent === undefined ? undefined : `${parent}::${node.name}`
}

/** The call's block when it is a literal one (`do … end`, `{ … }`), not `&name`. */
export function blockOf(call: CallNode): BlockNode | undefined {
  return is(call.block as RubyNode | null, 'BlockNode') ? (call.block as BlockNode) : undefined
}

/** The names of a block's, lambda's or method's plain parameters. */
export function parameterNames(parameters: RubyNode | null | undefined): string[] {
  if (is(parameters, 'BlockParametersNode')) return parameterNames(parameters.parameters as RubyNode | null)
  if (is(parameters, 'NumberedParametersNode')) return Array.from({ length: parameters.maximum }, (_, index) => `_${index + 1}`)
  if (is(parameters, 'ItParametersNode')) return ['it']
  if (!is(parameters, 'ParametersNode')) return []
  return [...parameters.requireds, ...parameters.optionals].map((parameter) => (parameter as { name?: string }).name ?? '_')
}
