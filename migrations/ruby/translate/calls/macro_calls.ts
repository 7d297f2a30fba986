import { camelize } from '../../../../src/naming/index.ts'
import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type BlockNode, blockOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { variableName } from '../classes/application.ts'
import { value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { arrow } from './functions.ts'
import { methodName } from '../classes/members.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, unknown } from '../value_types.ts'

const declaring =
  /^(belongs_to|has_one|has_many|has_and_belongs_to_many|validates?|validates_\w+_of|accepts_nested_attributes_for|serialize|normalizes|attr_readonly)$/
const callbacks =
  /^(before|after)_(initialize|find|validation|save|create|update|destroy|commit|rollback|touch|(create|update|destroy|save)_commit)$/

/** A macro of Rails that a class method of the application calls: `belongs_to :updater, class_name: "User"`. Undefined for any other call. */
export function macroCall(call: CallNode, frame: Frame): Expression | undefined {
  const { owner, application } = frame
  if (!frame.isStatic || owner === undefined || !(declaring.test(call.name) || callbacks.test(call.name))) return undefined
  if (call.receiver && !is(call.receiver as RubyNode, 'SelfNode')) return undefined
  const isOfModels = application.isModel(owner) || application.classes.get(owner)?.kind === 'module'
  if (!isOfModels || application.methodOf(owner, call.name, true)) return undefined
  const { positional, pairs } = argumentsOf(call)
  const names = positional.map((node) => named(node, call, frame))
  const options = pairs.map((pair) => option(pair, frame))
  const block = blockOf(call)
  const name = camelize(call.name.replace(/^validates_(\w+)_of$/, 'validates'), 'lower')
  if (name === 'validates' && call.name !== 'validates') throw new Untranslated(call, `${call.name} in a method`)
  const args = [...names, ...(options.length > 0 ? [`{ ${options.join(', ')} }`] : []), ...(block ? [ofRecord(block, frame)] : [])]
  return { code: `(${frame.self.code} as Untyped).${name}(${args.join(', ')})`, type: unknown }
}

/** What the macro is about: an attribute or association by its name, a method by its name here, or a function of the record. */
function named(node: RubyNode, call: CallNode, frame: Frame): string {
  if (is(node, 'LambdaNode')) return ofRecord(node, frame)
  if (is(node, 'SplatNode') && node.expression) return `...${value(node.expression as RubyNode, frame).code}`
  const name = literalText(node)
  if (name === undefined) return value(node, frame).code
  return quote(call.name === 'validate' || callbacks.test(call.name) ? methodName(name) : name)
}

function option(pair: RubyNode, frame: Frame): string {
  if (is(pair, 'AssocSplatNode') && pair.value) return `...${renamed(value(pair.value as RubyNode, frame).code, frame)}`
  const key = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
  if (key === undefined || !is(pair, 'AssocNode')) throw new Untranslated(pair, 'an option whose name is computed')
  const node = pair.value as RubyNode
  const name = is(node, 'SymbolNode') && /^(if|unless)$/.test(key) ? literalText(node) : undefined
  const code = name !== undefined ? quote(methodName(name)) : optionValue(node, frame)
  return `${camelize(key, 'lower')}: ${code}`
}

function optionValue(node: RubyNode, frame: Frame): string {
  if (is(node, 'LambdaNode')) return ofRecord(node, frame)
  if (is(node, 'HashNode')) return `{ ${(node.elements as RubyNode[]).map((pair) => option(pair, frame)).join(', ')} }`
  return value(node, frame).code
}

/** Options that the method was given, whose names Ruby spells in its way. */
function renamed(code: string, frame: Frame): string {
  const camel = frame.imports.framework('camelize')
  return `Object.fromEntries(Object.entries<Untyped>(${code}).map(([key, value]) => [${camel}(key, 'lower'), value]))`
}

/** A block or lambda as a function of the record, which is `self` in it. */
function ofRecord(block: BlockNode | NodeOf<'LambdaNode'>, frame: Frame): string {
  const model = frame.owner!
  if (block.parameters) return arrow(block, frame, [{ kind: 'record', model }]).code
  const name = variableName(model)
  frame.isStatic = false
  try {
    const { code } = arrow(block, frame, [], { code: name, type: { kind: 'record', model } }, [])
    return code.replace('()', `(${name}: Untyped)`)
  } finally {
    frame.isStatic = true
  }
}

/** `class_eval do … end`: the statements as they stand, in a class method. Undefined for any other call. */
export function classBlock(call: CallNode, frame: Frame): Expression | undefined {
  const isOwn = !call.receiver || is(call.receiver as RubyNode, 'SelfNode')
  const block = blockOf(call)
  if (!isOwn || !frame.isStatic || !['class_eval', 'class_exec', 'instance_eval'].includes(call.name)) return undefined
  if (!block || block.parameters || call.arguments_) return undefined
  const { code, isAsync } = arrow(block, frame)
  return { code: `(${code})()`, type: unknown, ...(isAsync ? { pending: true } : {}) }
}
