import { argumentsOf, constantPath, is, literalText, type NodeOf, type RubyNode } from '../nodes.ts'

/** What `Struct.new` and `Data.define` make a class of. */
export interface StructFields {
  readonly names: readonly string[]
  /** A value that doesn't change: all of it has to be given. */
  readonly isData: boolean
}

/** The fields of `Struct.new(:name)` and `Data.define(:name)`; undefined for any other node. */
export function structFields(node: RubyNode | null): StructFields | undefined {
  if (!is(node, 'CallNode')) return undefined
  const path = constantPath(node.receiver as RubyNode | null)?.replace(/^::/, '')
  const isData = path === 'Data' && node.name === 'define'
  if (!isData && !(path === 'Struct' && node.name === 'new')) return undefined
  const { positional } = argumentsOf(node)
  const names = positional.map((each) => literalText(each))
  return names.every((name) => name !== undefined && /^[a-z_]\w*$/.test(name)) ? { names: names as string[], isData } : undefined
}

/** The fields that a class takes from what it extends. */
export function inheritedFields(node: NodeOf<'ClassNode'>): StructFields | undefined {
  return structFields(node.superclass as RubyNode | null)
}
