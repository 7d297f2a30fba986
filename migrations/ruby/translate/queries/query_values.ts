import { argumentsOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import { arrayOf, unknown, type ValueType } from '../value_types.ts'

/** `where(['name = ?', name])`: SQL and its values in a list. */
export function isBoundSql(node: RubyNode | undefined): node is NodeOf<'ArrayNode'> & RubyNode {
  return is(node, 'ArrayNode') && node.elements.length > 0 && is(node.elements[0] as RubyNode, 'StringNode', 'InterpolatedStringNode')
}

/** The same call with other arguments. */
export function withArguments(call: CallNode, given: readonly RubyNode[]): CallNode {
  return Object.create(call, { arguments_: { value: { arguments_: given } } }) as CallNode
}

/** What is read of a column: texts and times may be null where the column may. */
export function pluckedType(call: CallNode, { model, isLoose }: ValueType, frame: Frame): ValueType {
  const [only, ...more] = argumentsOf(call).positional
  const name = literalText(only)
  const column = model === undefined || name === undefined || more.length > 0 ? undefined : frame.application.columnsOf(model)?.get(name)
  const isPlain = column !== undefined && !column.members && !column.isEnum && /^(text|time|date)$/.test(column.kind)
  return isPlain && !isLoose ? arrayOf(column) : arrayOf()
}

/** The value of a column, which there is none of where no record is. */
export function columnAsked(call: CallNode, { model }: ValueType, frame: Frame): ValueType {
  const [only, ...more] = argumentsOf(call).positional
  const name = literalText(only)
  const column = model === undefined || name === undefined || more.length > 0 ? undefined : frame.application.columnsOf(model)?.get(name)
  return column === undefined || column.kind === 'unknown' || column.isJson ? unknown : { ...column, isNullable: true }
}
