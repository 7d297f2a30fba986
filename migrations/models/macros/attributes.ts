import { quote } from '../../typescript/index.ts'
import { camelize, pluralize } from '../../../src/naming/index.ts'
import {
  argumentsOf,
  type CallNode,
  emptyScope,
  constantPath,
  is,
  literalText,
  type RubyNode,
  toPlain,
  tryEvaluate,
} from '../../ruby/index.ts'
import {
  arrow,
  type ClassInfo,
  decimalClass,
  hashCode,
  enumMembers,
  isCurrent,
  typeScriptName,
  methodName,
  text,
  typeText,
  Untranslated,
  type ValueType,
} from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { closureOf, macroParts, memberName, objectOf, options, optionNode, staticValue } from './options.ts'

const enumOptions = /^_?(prefix|suffix|scopes|default|validate|instance_methods)$/

/** `enum`, in the syntaxes of all versions of Rails. */
export const enumeration: Macro = (call, context, findings) => {
  const written = argumentsOf(call)
  // In braces behind the name it is the members, whatever they are called.
  const { positional, pairs } = is(written.positional[1], 'HashNode') ? written : macroParts(call)
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
    validate: (node) =>
      is(node, 'HashNode')
        ? `{ ${options(node.elements as RubyNode[], context, findings).join(', ')} }`
        : staticValue(node, context, findings),
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
  if (info.kind === 'class' && !application.isModel(info.name)) return
  const name = typeScriptName(info.name)
  const ofClass = () => `${imports.framework('type RelationTo').replace('type ', '')}<typeof ${name}, ${quote(name)}>`
  for (const member of enumMembers(call, true, info)) {
    if (!/^\w+$/.test(member)) continue
    const isOwn = (method: string) => info.methods.get(method)?.node !== undefined
    if (application.calls.has(`${member}?`) && !isOwn(`${member}?`))
      context.fields.push(`declare ${methodName(`${member}?`)}: () => boolean`)
    if (application.calls.has(`${member}!`) && !isOwn(`${member}!`))
      context.fields.push(`declare ${methodName(`${member}!`)}: () => Promise<unknown>`)
    if (application.calls.has(member) && !application.columnsOf(info.name)?.has(member) && !hasOwnStatic(member, info))
      context.fields.push(`declare static ${methodName(member)}: () => ${info.kind === 'class' ? ofClass() : 'Untyped'}`)
  }
}

/** Whether a class declares a class method or scope of a name by itself. */
function hasOwnStatic(name: string, { staticMethods }: ClassInfo): boolean {
  const method = staticMethods.get(name)
  return method?.node !== undefined || Boolean(method?.isScope)
}

/** Where the application asks for the members (`Post.states`), they stand in a constant. */
function readMembers({ name, values }: { name: string; values: string }, context: ClassContext): string {
  const plural = pluralize(name)
  if (!context.application.calls.has(plural)) return values
  const isList = values.startsWith('[')
  const mapping = isList ? `Object.fromEntries(${values}.map((name, index) => [name, index]))` : values
  context.fields.push(
    `static readonly ${plural}: Record<string, ${isList || (/: -?\d/.test(values) && !/: ['"]/.test(values)) ? 'number' : /: ['"]/.test(values) ? 'string' : 'Untyped'}> = ${mapping}`,
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
  const ofNoType: Parameters<typeof options>[3] = type === undefined && own.length === 0 ? { array: () => undefined } : {}
  const properties = options(pairs, context, findings, { default: (node) => initialValue(node, context, findings), ...ofNoType })
  declareAttribute(name, type, context)
  return [
    `this.attribute(${[quote(name), ...(type === undefined ? own : [quote(camelize(type, 'lower'))]), ...objectOf(properties)].join(', ')})`,
  ]
}

/** An attribute that the schema has no column of is declared, where the class has no accessor of its own. */
function declareAttribute(name: string, type: string | undefined, { application, info, fields, schema }: ClassContext): void {
  const isForm = application.isForm(info.name)
  const isTyped = isForm || (application.isModel(info.name) && (schema.size === 0 || schema.has(typeScriptName(info.name))))
  const isKnown = !isForm && (!application.columnsOf(info.name) || application.columnsOf(info.name)?.has(name))
  if (info.kind !== 'class' || !isTyped || isKnown || info.methods.has(name) || info.methods.has(`${name}=`)) return
  const written = type === undefined ? undefined : attributeTypes[type]
  fields.push(`declare ${name}: ${written === undefined ? 'Untyped' : `${written} | null`}`)
}

const attributeTypes: Readonly<Record<string, string>> = {
  string: 'string',
  text: 'string',
  integer: 'number',
  float: 'number',
  boolean: 'boolean',
  datetime: 'Date',
  date: 'Date',
}

/** A type of the application's own, which has the methods that the model layer asks types for. */
function ownType(node: RubyNode, context: ClassContext, findings: Parameters<Macro>[2]): string {
  const made = is(node, 'CallNode') && node.name === 'new' ? constantPath(node.receiver as RubyNode | null) : undefined
  const known = made === undefined ? undefined : context.application.resolve(made, context.info.name)
  const extendsType = known !== undefined && context.application.lineage(known).some(({ parent }) => /Type::Value$/.test(parent ?? ''))
  if (known === undefined || !(extendsType || context.application.methodOf(known, 'cast', false)))
    throw new Untranslated(node, 'an attribute with a type of another kind')
  return staticValue(node, context, findings)
}

/** `alias_attribute :login, :username`: the compiler is told of the second name. */
export const attributeAlias: Macro = (call, context) => {
  const { names } = macroParts(call)
  const [name, attribute] = names
  if (names.length !== 2) throw new Untranslated(call, 'the names of the attributes are computed')
  const { application, info, fields, members } = context
  if (info.kind === 'class' && !application.isModel(info.name) && !application.isForm(info.name)) {
    if (info.methods.has(name!)) return []
    const isOwn = application.lineage(info.name).some(({ properties }) => properties.has(attribute!))
    const read = isOwn ? `this.${attribute}` : `(this as Untyped).${attribute}`
    members.push(`get ${name}() {\nreturn ${read}\n}`, `set ${name}(value: Untyped) {\n${isOwn ? '' : ';'}${read} = value\n}`)
    return []
  }
  const isKnown = Boolean(application.columnsOf(info.name)?.has(attribute!))
  if (info.kind === 'class' && !info.methods.has(name!) && /^[A-Za-z_]\w*$/.test(name!))
    fields.push(`declare ${name}: ${isKnown ? `${typeScriptName(info.name)}['${attribute}']` : 'Untyped'}`)
  return [`this.aliasAttribute(${quote(name!)}, ${quote(attribute!)})`]
}

/** Attributes of what is current, each declared where its class has no accessor of its own. */
function currentAttributes(names: readonly string[], context: ClassContext): string[] {
  const { application, info } = context
  for (const name of names) {
    const writer = info.staticMethods.get(`${name}=`)
    if ((writer && !writer.isAsync) || info.staticMethods.has(name)) continue
    const model = application.classNamed(name)
    const type = model !== undefined && application.isModel(model) ? context.imports.classOf(model, application) : 'Untyped'
    context.fields.push(`declare static ${name}: ${type === 'Untyped' ? type : `${type} | null | undefined`}`)
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
      context.members.push(`set ${name}(value: ${fieldType(`_${name}`, context, false)}) {\nthis._${name} = value\n}`)
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
  context.fields.push(`${isStatic ? 'static ' : 'declare '}${name}: ${fieldType(name, context, isStatic)}`)
}

/** What a field holds, as far as its assignments tell; undefined before them. */
function fieldType(name: string, { application, info, imports }: ClassContext, isStatic: boolean): string {
  const type = application.variableType(info.name, name.replace(/^_/, ''), isStatic)
  const isWritten = (model: string) => application.written?.has(application.classes.get(model)!.file) ?? true
  const className = (model: string) =>
    model === decimalClass
      ? imports.decimal()
      : application.classes.get(model)?.kind === 'class' && isWritten(model)
        ? imports.classOf(model, application)
        : undefined
  const text = typeText(type, className)
  return text === 'Untyped' || !type.isNullable ? text : `${text} | null${type.isOptional ? ' | undefined' : ''}`
}

export const classAttribute: Macro = (call, context, findings) => {
  const { names, pairs } = macroParts(call)
  const initial = optionNode(pairs, 'default')
  for (const name of names) context.fields.push(`static ${name}: Untyped${initial ? ` = ${staticValue(initial, context, findings)}` : ''}`)
  return []
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
    if (name === 'serialize') return serialized(call, names, pairs, context, findings)
    const block = call.block && is(call.block as RubyNode, 'BlockNode') ? [recordBlock(call, context, findings)] : []
    return [
      `this.${name}(${[...names.map((each) => quote(each)), ...values, ...objectOf(options(pairs, context, findings, special)), ...block].join(', ')})`,
    ]
  }
}

/** `serialize :tags, coder: JSON, type: Array`. Rails' own coder is YAML where none is named, and JSON here. */
function serialized(
  call: CallNode,
  names: readonly string[],
  pairs: readonly RubyNode[],
  context: ClassContext,
  findings: Parameters<Macro>[2],
): string[] {
  const { positional } = macroParts(call)
  const coder = optionNode(pairs, 'coder') ?? positional.slice(1).find((node) => !isClassOfData(node))
  const type = optionNode(pairs, 'type') ?? positional.slice(1).find(isClassOfData)
  if (!coder) findings.notes.push('Rails keeps it as YAML where no coder is named, and it is kept as JSON here')
  const isJson = !coder || /^(::)?JSON$/.test(constantPath(coder) ?? '')
  const given = [...(isJson ? [] : [`coder: ${staticValue(coder, context, findings)}`]), ...typeOfData(type, findings)]
  return [`this.serialize(${[quote(names[0] ?? ''), ...objectOf(given)].join(', ')})`]
}

/** What an attribute's values are, which are empty where the column is null. */
function typeOfData(node: RubyNode | undefined, findings: Parameters<Macro>[2]): string[] {
  if (!node) return []
  const name = constantPath(node)?.replace(/^::/, '')
  if (name === 'Array') return ['type: Array']
  if (name === 'Hash' || name === 'ActiveSupport::HashWithIndifferentAccess') return ['type: Object']
  findings.notes.push('its class is not checked, and what is null stays so')
  return []
}

function isClassOfData(node: RubyNode): boolean {
  return /^(::)?(Array|Hash|String|ActiveSupport::HashWithIndifferentAccess)$/.test(constantPath(node) ?? '')
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
  return arrow(block, frame, [context.info.kind === 'module' ? { kind: 'hash', isLoose: true } : { kind: 'hash' }]).code
}
