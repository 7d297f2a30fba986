import type { NodeOf } from '../../nodes.ts'
import type { RubySource } from '../../source.ts'

/** Tells a scope from all others. */
export function keyOfScope(name: string, source: RubySource): string {
  return `${source.file} scope ${name}`
}

/** Tells a method from all others: where it stands. */
export function keyOfMethod(node: NodeOf<'DefNode'>, source: RubySource): string {
  return `${source.file}:${node.location.startOffset}`
}
