import { quote } from '../../typescript/index.ts'
import { camelize } from '../../../src/naming/index.ts'
import { argumentsOf, blockOf, type CallNode, constantPath, is, literalText, type NodeOf, type RubyNode } from '../../ruby/index.ts'
import { arrow, type Frame, member, methodName, optionNode, type FunctionCode, Untranslated, value } from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'

/** Gathers what the translation of a macro's functions has found out. */
export interface Findings {
  readonly frames: Frame[]
  readonly notes: string[]
}

/** The options of a macro as properties: `[name here, code]`. */
export function options(
  pairs: readonly RubyNode[],
  context: ClassContext,
  findings: Findings,
  special: Readonly<Record<string, (node: RubyNode) => string | undefined>> = {},
): string[] {
  return pairs.flatMap((pair) => {
    if (is(pair, 'AssocSplatNode') && pair.value) return [`...${staticValue(pair.value as RubyNode, context, findings)}`]
    if (!is(pair, 'AssocNode')) throw new Untranslated(pair, 'an option of another kind')
    const key = literalText(pair.key as RubyNode)
    if (key === undefined) throw new Untranslated(pair, 'an option whose name is computed')
    const node = pair.value as RubyNode
    const code = Object.hasOwn(special, key)
      ? special[key]!(node)
      : (commonOption(key, node, context, findings) ?? staticValue(node, context, findings))
    return code === undefined ? [] : [`${camelize(key.replace(/[?!]$/, ''), 'lower')}: ${code}`]
  })
}

/** Options that all macros share. */
function commonOption(key: string, node: RubyNode, context: ClassContext, findings: Findings): string | undefined {
  if (['if', 'unless'].includes(key)) return condition(node, context, findings)
  if (key === 'class_name') return className(node)
  if (key === 'inverse_of' && is(node, 'NilNode')) return 'false'
  if (key === 'coder' && /^(::)?JSON$/.test(constantPath(node) ?? '')) return '{ dump: JSON.stringify, load: JSON.parse }'
  return undefined
}

/** `class_name`, given as a text or by a constant. */
function className(node: RubyNode): string | undefined {
  const name =
    literalText(node) ?? constantPath(node) ?? (is(node, 'CallNode') ? constantPath(node.receiver as RubyNode | null) : undefined)
  return name === undefined ? undefined : quote(name.replace(/^::/, '').replaceAll('::', ''))
}

/** A condition: a method or attribute by name, a function of the record, or a list of them. */
export function condition(node: RubyNode, context: ClassContext, findings: Findings): string {
  if (is(node, 'ArrayNode')) return `[${(node.elements as RubyNode[]).map((each) => condition(each, context, findings)).join(', ')}]`
  const name = literalText(node)
  if (name !== undefined) return askedColumn(name, context) ?? askedChange(name, context) ?? quote(memberName(name, context))
  return recordFunction(node, context, findings)
}

/** `if: :hidden?` where `hidden` is a column; undefined where it is none, or the application has a method of the name. */
function askedColumn(name: string, context: ClassContext): string | undefined {
  const { application, info } = context
  const column = name.endsWith('?') ? application.columnsOf(info.name)?.get(name.slice(0, -1)) : undefined
  if (column === undefined || application.methodOf(info.name, name, false)) return undefined
  if (column.kind === 'boolean') return quote(name.slice(0, -1))
  const { name: record } = context.ofGivenRecord()
  return `(${record}) => ${record}.queryAttribute(${quote(name.slice(0, -1))})`
}

/** `if: :will_save_change_to_title?`, which Rails derives from a column; undefined for any other name. */
function askedChange(name: string, context: ClassContext): string | undefined {
  const { application, info } = context
  if (!/_change_to_|_changed\?$/.test(name) || application.methodOf(info.name, name, false)) return undefined
  const { frame, name: record } = context.ofGivenRecord()
  const code = member({ code: record, type: context.recordType() }, name, [], frame)?.code
  return code === undefined ? undefined : `(${record}${info.kind === 'module' ? ': Untyped' : ''}) => ${code}`
}

/** What a symbol that names a member of records is here. */
export function memberName(name: string, context: ClassContext): string {
  const { application, info } = context
  const isProperty =
    application.columnsOf(info.name)?.has(name) ||
    application.lineage(info.name).some(({ properties }) => properties.has(name)) ||
    application.associationOf(info.name, name) !== undefined
  return isProperty ? name : methodName(name)
}

/** A lambda, `proc` or block as a function of the record, which is `self` in Ruby. */
export function recordFunction(node: RubyNode, context: ClassContext, findings: Findings, extra: readonly string[] = []): string {
  return recordClosure(node, context, findings, extra).code
}

export function recordClosure(node: RubyNode, context: ClassContext, findings: Findings, extra: readonly string[] = []): FunctionCode {
  const block = closureOf(node)
  if (!block) {
    if (!is(node, 'CallNode')) throw new Untranslated(node, 'a condition of another kind')
    const { frame, name } = context.ofGivenRecord()
    findings.frames.push(frame)
    const { result, isAsync } = frame.inFunction(() => value(node, frame).code)
    return {
      code: `${isAsync ? 'async ' : ''}(${name}) => (${result})(${name})`,
      isAsync,
      returns: { kind: 'unknown' },
      parameters: name,
      body: '',
    }
  }
  const { frame, name } = context.ofGivenRecord()
  findings.frames.push(frame)
  if (takesRecord(block))
    return withoutTypes(
      arrow(block, frame, [context.recordType(), { kind: 'unknown' }], { ...frame.self, code: parameterOf(block) ?? name }),
    )
  const self = arrow(block, frame, [], undefined, [])
  const used = new RegExp(`\\b${name}\\b`).test(self.code)
  const typed = context.info.kind === 'module' ? `${name}: Untyped` : name
  const parameters = [...(used || extra.length > 0 ? [typed] : []), ...extra].join(', ')
  return { ...self, code: self.code.replace('()', `(${parameters})`) }
}

function withoutTypes(given: FunctionCode): FunctionCode {
  return given
}

function parameterOf(block: NodeOf<'LambdaNode'> | NodeOf<'BlockNode'>): string | undefined {
  const parameters = block.parameters as RubyNode | null
  if (is(parameters, 'NumberedParametersNode')) return 'item1'
  if (is(parameters, 'ItParametersNode')) return 'it'
  const list = is(parameters, 'BlockParametersNode') ? (parameters.parameters as RubyNode | null) : parameters
  const first = is(list, 'ParametersNode') ? (list.requireds as RubyNode[])[0] : undefined
  return is(first, 'RequiredParameterNode') ? camelize(first.name, 'lower') : undefined
}

function takesRecord(block: NodeOf<'LambdaNode'> | NodeOf<'BlockNode'>): boolean {
  return parameterOf(block as NodeOf<'LambdaNode'>) !== undefined
}

/** The lambda or block that a node is; undefined for any other. */
export function closureOf(node: RubyNode): NodeOf<'LambdaNode'> | NodeOf<'BlockNode'> | undefined {
  if (is(node, 'LambdaNode', 'BlockNode')) return node as NodeOf<'LambdaNode'>
  if (!is(node, 'CallNode')) return undefined
  const makes = node.receiver
    ? constantPath(node.receiver as RubyNode) === 'Proc' && node.name === 'new'
    : ['lambda', 'proc'].includes(node.name)
  return makes ? (blockOf(node) as NodeOf<'BlockNode'> | undefined) : undefined
}

/** A value in the body of a class. */
export function staticValue(node: RubyNode, context: ClassContext, findings: Findings): string {
  if (closureOf(node)) return recordFunction(node, context, findings)
  const frame = context.ofClass()
  findings.frames.push(frame)
  const { code, pending } = { pending: false, ...value(node, frame) }
  if (frame.isAsync || pending) throw new Untranslated(node, 'a value that has to be waited for, in the body of a class')
  return code
}

/** The names that a macro is given, and its options. */
export function macroParts(call: CallNode): { names: string[]; positional: RubyNode[]; pairs: RubyNode[] } {
  const { positional, pairs } = argumentsOf(call)
  const last = positional.at(-1)
  const given =
    pairs.length === 0 && is(last, 'HashNode')
      ? { positional: positional.slice(0, -1), pairs: last.elements as RubyNode[] }
      : { positional, pairs }
  return { names: given.positional.flatMap((argument) => namesIn(argument)), ...given }
}

function namesIn(node: RubyNode): string[] {
  if (is(node, 'ArrayNode')) return (node.elements as RubyNode[]).flatMap(namesIn)
  if (is(node, 'SplatNode') && node.expression) return namesIn(node.expression as RubyNode)
  return literalText(node) === undefined ? [] : [literalText(node)!]
}

export function objectOf(properties: readonly string[]): string[] {
  return properties.length === 0 ? [] : [`{ ${properties.join(', ')} }`]
}

export { optionNode }
