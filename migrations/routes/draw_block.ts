import { type BlockNode, blockOf, type CallNode, is, type RubyNode } from '../ruby/index.ts'

/** Whether a node is `Rails.application.routes.draw do … end`, or the same of an engine. */
export function isDraw(node: RubyNode): node is CallNode & { block: BlockNode } {
  if (!is(node, 'CallNode') || node.name !== 'draw' || !blockOf(node)) return false
  return is(node.receiver as RubyNode | null, 'CallNode') && (node.receiver as CallNode).name === 'routes'
}
