import { type CallNode, is, type NodeOf, type RubyNode } from '../ruby/index.ts'
import { dslProperty } from './dsl_names.ts'
import type { Translation } from './translation.ts'

/** What a call is called by: its name in the DSL, or that on the parameter of a `with_options`. */
export function callee(node: CallNode, translation: Translation): string {
  const receiver = node.receiver as RubyNode | null
  const isShared = is(receiver, 'LocalVariableReadNode') && translation.shared.some((options) => options.receiver === receiver.name)
  const name = isShared ? translation.local((receiver as NodeOf<'LocalVariableReadNode'>).name) : undefined
  return name === undefined ? translation.dsl(node.name) : `${name}.${dslProperty(node.name)}`
}
