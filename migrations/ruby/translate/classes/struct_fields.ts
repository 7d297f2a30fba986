import { argumentsOf, constantPath, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import type { RubySource } from '../../source.ts'

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

/** Whether a file opens a class again whose fields a constant of its gave it. */
export function isOpenedAgain(name: string, source: RubySource): boolean {
  return source.statements.some((node) => is(node, 'ClassNode') && constantPath(node.constantPath as RubyNode) === name)
}

/** The fields that a constant of the same file gives a class that is opened again. */
function reopenedFields(node: NodeOf<'ClassNode'>, source: RubySource): StructFields | undefined {
  const name = constantPath(node.constantPath as RubyNode)
  const made = source.statements.find((each) => is(each, 'ConstantWriteNode') && each.name === name)
  return is(made, 'ConstantWriteNode') ? structFields(made.value as RubyNode) : undefined
}

/** The fields that a class takes from what it extends. */
export function inheritedFields(node: NodeOf<'ClassNode'>, source: RubySource): StructFields | undefined {
  return structFields(node.superclass as RubyNode | null) ?? reopenedFields(node, source)
}
