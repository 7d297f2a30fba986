import { type BlockNode, blockOf, type CallNode, constantPath, is, type RubyNode } from '../ruby/index.ts'

/** The engine whose routes a draw block draws; undefined for the application's. */
export function engineOf(draw: CallNode): string | undefined {
  const owner = constantPath((draw.receiver as CallNode).receiver as RubyNode | null)?.replace(/^::/, '')
  return owner?.endsWith('Engine') ? owner : undefined
}

/** The engine whose routes a file draws, and no others; undefined for the application's. */
export function onlyEngineOf(statements: readonly RubyNode[]): string | undefined {
  const engines = new Set(statements.filter(isDraw).map(engineOf))
  return engines.size === 1 ? [...engines][0] : undefined
}

/** Whether a node is `Rails.application.routes.draw do … end`, or the same of an engine. */
export function isDraw(node: RubyNode): node is CallNode & { block: BlockNode } {
  if (!is(node, 'CallNode') || node.name !== 'draw' || !blockOf(node)) return false
  return is(node.receiver as RubyNode | null, 'CallNode') && (node.receiver as CallNode).name === 'routes'
}
