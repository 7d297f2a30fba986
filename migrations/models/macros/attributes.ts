import { quote } from '../../typescript/index.ts'
import { camelize, pluralize } from '../../../src/naming/index.ts'
import { type CallNode, emptyScope, constantPath, is, literalText, type RubyNode, toPlain, tryEvaluate } from '../../ruby/index.ts'
import {
  arrow,
  delegatedNames,
  hashCode,
  enumMembers,
  isCurrent,
  typeScriptName,
  methodName,
  text,
  Untranslated,
  value,
  type ValueType,
} from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { closureOf, macroParts, memberName, objectOf, options, optionNode, staticValue } from './options.ts'

const enumOptions = /^_?(prefix|suffix|scopes|default|validate|instance_methods)$/

/** `enum`, in the syntaxes of all versions of Rails. */
export const enumeration: Macro = (call, context, findings) => {
  const { positional, pairs } = macroParts(call)
  const given = pairs.filter((pair) => is(pair, 'AssocNode') && !enumOptions.test(literalText(pair.key as RubyNode) ?? ''))
  const settings = pairs.filter((pair) => is(pair, 'AssocNode') && enumOptions.test(literalText(pair.key as RubyNode) ?? ''))
  const name = literalText(positional[0])
  const declared: { name: string; values: string }[] = []
  if (name === undefined)
    for (const pair of given)
      declared.push({
        name: literalText((pair as { key?: RubyNode }).key) ?? '',
        values: staticValue((pair as unknown as { value: RubyNode }).value, context, findings),
      })
  else if (positional[1]) declared.push({ name, values: staticValue(positional[1], context, findings) })
  else declared.push({ name, values: memberValues(given, context, findings) })
  if (declared.length === 0) throw new Untranslated(call, 'an enum without members')
  const initial = optionNode(settings, 'default') ?? optionNode(settings, '_default')
  const shared = options(settings.map(withoutUnderscore), context, findings, {
    default: () => undefined,
    _default: () => undefined,
    instance_methods: () => undefined,
  })
  for (const each of declared) each.values = readMembers(each, context)
  declareMembers(call, context)
  return declared.flatMap((each) => [
    `this.enum(${[quote(each.name), each.values, ...objectOf(shared.map((code) => code.replace(/^_/, '')))].join(', ')})`,
    ...(initial ? [`this.attribute(${quote(each.name)}, { default: ${staticValue(initial, context, findings)} })`] : []),
  ])
}

function memberValues(pairs: readonly RubyNode[], context: ClassContext, findings: Parameters<Macro>[2]): string {
  const frame = context.ofClass()
  findings.frames.push(frame)
  return hashCode(pairs, frame)
}

/** The methods and scopes of members are made when the class is; those that the application asks for are declared. */
function declareMembers(call: CallNode, context: ClassContext): void {
  const { application, info, imports } = context
  if (info.kind !== 'class' || !application.isModel(info.name)) return
  const name = typeScriptName(info.name)
  for (const member of enumMembers(call)) {
    if (!/^\w+$/.test(member)) continue
    if (application.calls.has(`${member}?`)) context.fields.push(`declare ${methodName(`${member}?`)}: () => boolean`)
    if (application.calls.has(`${member}!`)) context.fields.push(`declare ${methodName(`${member}!`)}: () => Promise<unknown>`)
    if (application.calls.has(member) && !application.columnsOf(info.name)?.has(member))
      context.fields.push(
        `declare static ${methodName(member)}: () => ${imports.framework('type RelationTo')}<typeof ${name}, ${quote(name)}>`.replace(
          'type RelationTo',
          'RelationTo',
        ),
      )
  }
}

/** Where the application asks for the members (`Post.states`), they stand in a constant. */
function readMembers({ name, values }: { name: string; values: string }, context: ClassContext): string {
  const plural = pluralize(name)
  if (!context.application.calls.has(plural)) return values
  const isList = values.startsWith('[')
  const mapping = isList ? `Object.fromEntries(${values}.map((name, index) => [name, index]))` : values
  context.fields.push(
    `static readonly ${plural}: Record<string, ${isList || (/: -?\d/.test(values) && !/: ['"]/.test(values)) ? 'number' : /: ['"]/.test(values) ? 'string' : 'any'}> = ${mapping}`,
  )
  return `this.${plural}`
}

function withoutUnderscore(pair: RubyNode): RubyNode {
  return pair
}

/** `attribute :name, :type, default: …` */
export const attribute: Macro = (call, context, findings) => {
  const { names, positional, pairs } = macroParts(call)
  if (isCurrent(context.info)) return currentAttributes(names, context)
  const name = literalText(positional[0])
  if (name === undefined) throw new Untranslated(call, 'the name of the attribute is computed')
  const type = literalText(positional[1])
  const own = positional[1] && type === undefined ? [ownType(positional[1], context, findings)] : []
  const properties = options(pairs, context, findings, { default: (node) => initialValue(node, context, findings) })
  return [
    `this.attribute(${[quote(name), ...(type === undefined ? own : [quote(camelize(type, 'lower'))]), ...objectOf(properties)].join(', ')})`,
  ]
}

/** A type of the application's own, which has the methods that the model layer asks types for. */
function ownType(node: RubyNode, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const made = is(node, 'CallNode') && node.name === 'new' ? constantPath(node.receiver as RubyNode | null) : undefined
  const known = made === undefined ? undefined : context.application.resolve(made, context.info.name)
  if (known === undefined || !context.application.methodOf(known, 'cast', false))
    throw new Untranslated(node, 'an attribute with a type of another kind')
  return staticValue(node, context, findings)
}

/** Attributes of what is current, each declared where its class has no accessor of its own. */
function currentAttributes(names: readonly string[], context: ClassContext): string[] {
  const { application, info } = context
  for (const name of names) {
    const writer = info.staticMethods.get(`${name}=`)
    if ((writer && !writer.isAsync) || info.staticMethods.has(name)) continue
    const model = application.classNamed(name)
    const type = model !== undefined && application.isModel(model) ? context.imports.classOf(model, application) : 'any'
    context.fields.push(`declare static ${name}: ${type === 'any' ? type : `${type} | undefined`}`)
  }
  return [`this.attribute(${names.map((name) => quote(name)).join(', ')})`]
}

function initialValue(node: RubyNode, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const block = closureOf(node)
  if (!block) return staticValue(node, context, findings)
  const frame = context.ofClass()
  findings.frames.push(frame)
  return arrow(block, frame).code
}

/** `attr_accessor` and its kind: fields. */
export const accessor: Macro = (call, context) => {
  const names = accessorNames(call, context)
  const { application, info } = context
  for (const name of names) {
    if (
      application.isField(info, name) ||
      (!info.accessors.has(name) && !application.isModel(info.name) && !application.isForm(info.name))
    ) {
      addField(name, context)
      continue
    }
    addField(`_${name}`, context)
    if (call.name !== 'attr_writer' && !info.methods.has(name)) context.members.push(`get ${name}() {\nreturn this._${name}\n}`)
    if (call.name !== 'attr_reader' && !info.methods.has(`${name}=`))
      context.members.push(`set ${name}(value: any) {\nthis._${name} = value\n}`)
  }
  return []
}

/** The names that an accessor is given, also those of a constant: `attr_accessor(*KEYS)`. */
function accessorNames(call: CallNode, context: ClassContext): string[] {
  const { names, positional } = macroParts(call)
  const spread = positional.flatMap((node) => {
    if (!is(node, 'SplatNode') || !is(node.expression as RubyNode, 'ConstantReadNode')) return []
    return constantNames((node.expression as { name: string }).name, context) ?? []
  })
  if (names.length + spread.length === 0) throw new Untranslated(call, 'names that are computed')
  return [...names, ...spread]
}

/** The texts of a constant that is a list of them. */
function constantNames(name: string, context: ClassContext): string[] | undefined {
  const info = context.application.lineage(context.info.name).find(({ constants }) => constants.has(name))
  const list = info && tryEvaluate(info.constants.get(name)!, emptyScope())
  const plain = list === undefined ? undefined : toPlain(list)
  return Array.isArray(plain) && plain.every((each) => typeof each === 'string') ? (plain as string[]) : undefined
}

export function addField(name: string, context: ClassContext, isStatic = false): void {
  if (context.fieldNames.has(`${isStatic}${name}`)) return
  context.fieldNames.add(`${isStatic}${name}`)
  context.fields.push(`${isStatic ? 'static ' : 'declare '}${name}: any`)
}

export const classAttribute: Macro = (call, context, findings) => {
  const { names, pairs } = macroParts(call)
  const initial = optionNode(pairs, 'default')
  for (const name of names) context.fields.push(`static ${name}: any${initial ? ` = ${staticValue(initial, context, findings)}` : ''}`)
  return []
}

/** `delegate :name, to: :user`: methods that ask the other. */
export const delegate: Macro = (call, context, findings) => {
  const { pairs } = macroParts(call)
  const to = optionNode(pairs, 'to')
  const target = to && literalText(to)
  const allowsNull = is(optionNode(pairs, 'allow_nil'), 'TrueNode')
  for (const { name, as } of delegatedNames(call)) {
    const frame = context.info.isStatic ? context.ofClass() : context.ofRecord()
    const front = context.info.isStatic ? 'static ' : ''
    findings.frames.push(frame)
    const { result } = frame.inFunction(() => delegated(call, name, target, to, allowsNull, frame, context))
    if (as.endsWith('='))
      context.members.push(
        `${front}async set${camelize(as.slice(0, -1))}(value: any) {\n${result.replace(/\(\.\.\.args\)$/, '')} = value\n}`,
      )
    else
      context.members.push(
        `${front}async ${methodName(as)}(...args: any[]) {\nreturn ${result}\n}`.replace(
          /async (\w+)\(\.\.\.args: any\[\]\)(?![\s\S]*\bargs\b)/,
          'async $1()',
        ),
      )
  }
  return []
}

function delegated(
  call: CallNode,
  name: string,
  target: string | undefined,
  to: RubyNode | undefined,
  allowsNull: boolean,
  frame: ReturnType<ClassContext['ofRecord']>,
  context: ClassContext,
): string {
  if (!to) throw new Untranslated(call, 'delegate without a target')
  const dot = allowsNull ? '?.' : '.'
  if (target === 'class') return `(this.constructor as any)${dot}${methodName(name)}(...args)`
  const receiver = target === undefined ? value(to, frame) : frame.value(ownMember(target, context))
  const { application } = context
  const model = receiver.type.model
  const isProperty =
    model !== undefined &&
    (application.columnsOf(model)?.has(name) ||
      application.associationOf(model, name) !== undefined ||
      application.lineage(model).some(({ properties }) => properties.has(name)))
  const plain = name.replace(/=$/, '')
  const method = model === undefined ? undefined : application.methodOf(model, name, false)
  if (method?.node && !method.node.parameters && /^\w+[?!]?$/.test(name)) return `${receiver.code}${dot}${methodName(name)}()`
  return isProperty || (name.endsWith('=') && /^\w+=$/.test(name))
    ? `${receiver.code}${dot}${plain}`
    : `${receiver.code}${dot}${/^\w+[?!]?$/.test(name) ? methodName(name) : bracketed(call, name)}(...args)`
}

function bracketed(call: CallNode, name: string): string {
  throw new Untranslated(call, `delegates the operator ${name}`)
}

function ownMember(
  name: string,
  context: ClassContext,
): { code: string; type: { kind: 'record' | 'collection' | 'unknown'; model?: string }; pending?: boolean } {
  const association = context.application.associationOf(context.info.name, name)
  if (association && !association.many)
    return {
      code: `this.${name}`,
      type: association.model === undefined ? { kind: 'unknown' } : { kind: 'record', model: association.model },
      pending: true,
    }
  if (association || (memberName(name, context) === name && !context.application.methodOf(context.info.name, name, false)))
    return { code: `this.${name.replace(/^@/, '_')}`, type: { kind: 'unknown' } }
  return {
    code: `this.${methodName(name)}()`,
    type: { kind: 'unknown' },
    pending: Boolean(context.application.methodOf(context.info.name, name, false)?.isAsync),
  }
}

/** Macros that take names and options as they are. */
export function plain(name: string): Macro {
  return (call, context, findings) => {
    const { names, positional, pairs } = macroParts(call)
    const computed = positional.filter((node) => literalText(node) === undefined && !is(node, 'ArrayNode'))
    const values = computed.map((node) =>
      is(node, 'SplatNode') ? `...${staticValue(node.expression as RubyNode, context, findings)}` : staticValue(node, context, findings),
    )
    const special = {
      with: (node: RubyNode) =>
        normalizer(node, context.application.columnsOf(context.info.name)?.get(names[0] ?? '') ?? text, context, findings),
      reject_if: (node: RubyNode) => rejectIf(node, context, findings),
    }
    if (name === 'hasSecurePassword' && names.length === 0 && pairs.length > 0) names.push('password')
    const block = call.block && is(call.block as RubyNode, 'BlockNode') ? [recordBlock(call, context, findings)] : []
    return [
      `this.${name}(${[...names.map((each) => quote(each)), ...values, ...objectOf(options(pairs, context, findings, special)), ...block].join(', ')})`,
    ]
  }
}

function recordBlock(call: CallNode, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const { frame, name } = context.ofGivenRecord()
  findings.frames.push(frame)
  const given = arrow(call.block as never, frame)
  return given.code.replace('()', `(${name})`)
}

function normalizer(node: RubyNode, type: ValueType, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const block = closureOf(node)
  if (!block) return staticValue(node, context, findings)
  const frame = context.ofClass()
  findings.frames.push(frame)
  return arrow(block, frame, [type])
    .code.replace(/\bitem1\b/g, 'value')
    .replace(/\bit\b/g, 'value')
}

function rejectIf(node: RubyNode, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const name = literalText(node)
  if (name !== undefined) return quote(name === 'all_blank' ? 'allBlank' : memberName(name, context))
  const block = closureOf(node)
  if (!block) return staticValue(node, context, findings)
  const frame = context.ofClass()
  findings.frames.push(frame)
  return arrow(block, frame, [{ kind: 'hash' }]).code
}
