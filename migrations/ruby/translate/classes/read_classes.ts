import { camelize, pluralize } from '../../../../src/naming/index.ts'
import {
  blockOf,
  type CallNode,
  argumentsOf,
  childrenOf,
  constantPath,
  is,
  literalText,
  type NodeOf,
  type RubyNode,
  statementsOf,
} from '../../nodes.ts'
import type { RubySource } from '../../source.ts'
import { valueClass } from './value_classes.ts'
import { macroExpansion } from './gem_macros.ts'
import { inheritedFields, type StructFields } from './struct_fields.ts'
import type { AssociationInfo, ClassInfo, MethodInfo } from './class_info.ts'
import { boolean, date, hash, number, recordOf, relationOf, text, time, unknown, type ValueType, wholeNumber } from '../value_types.ts'

const associationKinds = new Set(['belongs_to', 'has_one', 'has_many', 'has_and_belongs_to_many'])
const propertyMacros = new Set(
  'attr_accessor attr_reader attr_writer attribute class_attribute mattr_accessor cattr_accessor thread_mattr_accessor mattr_reader cattr_reader'.split(
    ' ',
  ),
)

const enumOptions = /^_?(prefix|suffix|scopes|default|validate|instance_methods)$/
/** By custom an attribute of what is current is a record of the class of its name. */
const namedRecord: ValueType = { kind: 'unknown', isNamed: true }
/** Data of any shape, behind a column of text. */
export const serialized: ValueType = { kind: 'hash', isSerialized: true, isJson: true }
const ownValue: ValueType = { kind: 'unknown', isOwn: true }

/** Modules of Active Model that make a class validate and have attributes. */
export const formModules: ReadonlySet<string> = new Set(
  ['Model', 'API', 'Attributes', 'Validations', 'Validations::Callbacks', 'AttributeAssignment', 'Conversion', 'Naming'].map(
    (name) => `ActiveModel::${name}`,
  ),
)

/** Where the members of a body belong. */
interface Place {
  readonly info: ClassInfo
  readonly source: RubySource
  isStatic: boolean
  visibility: MethodInfo['visibility']
  /** Options that `with_options` gives to all calls inside. */
  readonly shared?: readonly RubyNode[]
}

/** Reads the classes and modules of a file into the table of the application. */
export function readClasses(source: RubySource, classes: Map<string, ClassInfo>): void {
  for (const statement of source.statements) readDefinition(statement, [], source, classes)
}

/** The constants that a value writes by the way, the innermost first, and then its own: `ALL = [FIRST = 1]`. */
export function constantsIn(node: RubyNode): NodeOf<'ConstantWriteNode'>[] {
  const inside = is(node, 'DefNode', 'BlockNode', 'LambdaNode') ? [] : childrenOf(node).flatMap(constantsIn)
  return is(node, 'ConstantWriteNode') ? [...inside, node] : inside
}

/** The full names of the definitions of a file's statements, namespaces included. */
export function definedName(node: NodeOf<'ClassNode'> | NodeOf<'ModuleNode'>, namespace: string): string {
  const path = constantPath(node.constantPath as RubyNode) ?? ''
  return namespace === '' || path.startsWith('::') ? path.replace(/^::/, '') : `${namespace}::${path}`
}

function readDefinition(node: RubyNode, namespace: readonly string[], source: RubySource, classes: Map<string, ClassInfo>): void {
  const made = valueClass(node, source)
  if (made) readDefinition(made.node as unknown as RubyNode, namespace, made.source, classes)
  if (!is(node, 'ClassNode', 'ModuleNode')) return
  const name = definedName(node, namespace.join('::'))
  const parent = is(node, 'ClassNode') ? constantPath(node.superclass as RubyNode | null) : undefined
  const info = classes.get(name) ?? emptyClass(name, is(node, 'ModuleNode') ? 'module' : 'class', source.file)
  if (parent !== undefined) info.parent = parent
  classes.set(name, info)
  const fields = is(node, 'ClassNode') ? inheritedFields(node, source) : undefined
  if (fields) addFields(info, fields)
  readBody(node.body as RubyNode | null, { info, source, isStatic: false, visibility: 'public' }, classes)
}

function addFields(info: ClassInfo, fields: StructFields): void {
  info.fields = fields
  for (const name of fields.names) if (!info.properties.has(name)) info.properties.set(name, unknown)
}

export function emptyClass(name: string, kind: ClassInfo['kind'], file: string): ClassInfo {
  return {
    name,
    kind,
    file,
    parent: undefined,
    includes: [],
    extensions: [],
    methods: new Map(),
    staticMethods: new Map(),
    associations: new Map(),
    properties: new Map(),
    accessors: new Set(),
    enums: new Map(),
    constants: new Map(),
    macros: [],
    variables: [],
    isRecord: false,
    isConcern: false,
    isNamespace: false,
  }
}

function readBody(body: RubyNode | null, place: Place, classes: Map<string, ClassInfo>): void {
  for (const node of statementsOf(body)) {
    if (is(node, 'ClassNode', 'ModuleNode')) {
      if (is(node, 'ModuleNode') && definedName(node, '') === 'ClassMethods')
        readBody(node.body as RubyNode | null, { ...place, isStatic: true }, classes)
      else readDefinition(node, [place.info.name], place.source, classes)
    } else if (is(node, 'SingletonClassNode'))
      readBody(node.body as RubyNode | null, { ...place, isStatic: true, visibility: 'public' }, classes)
    else if (is(node, 'IfNode') && tableAsked(node) !== undefined) readBody(node.statements as RubyNode | null, place, classes)
    else if (is(node, 'IfNode', 'UnlessNode')) readCondition(node, place)
    else if (is(node, 'DefNode')) addMethod(node, place)
    else if (is(node, 'ConstantWriteNode')) readConstant(node, place, classes)
    else if (is(node, 'InstanceVariableWriteNode')) place.info.variables.push(node)
    else if (is(node, 'CallNode')) readCall(node, place, classes)
  }
}

function readConstant(node: NodeOf<'ConstantWriteNode'> & RubyNode, { info, source }: Place, classes: Map<string, ClassInfo>): void {
  if (valueClass(node, source)) readDefinition(node, [info.name], source, classes)
  else for (const each of constantsIn(node)) info.constants.set(each.name, each.value as RubyNode)
}

/** The class whose table a condition asks for, `if Tag.table_exists?`, where nothing else is done without it. */
export function tableAsked(node: NodeOf<'IfNode'>): string | undefined {
  const asked = node.predicate as RubyNode
  if (!is(asked, 'CallNode') || asked.name !== 'table_exists?' || node.subsequent) return undefined
  return constantPath(asked.receiver as RubyNode | null)
}

/** What a class does on a condition makes it more than a name. */
function readCondition(node: NodeOf<'IfNode'> | NodeOf<'UnlessNode'>, { info }: Place): void {
  info.isBare = false
  if (statementsOf(node.statements as RubyNode | null).some(isConnecting)) info.connects = true
}

function isConnecting(node: RubyNode): boolean {
  return is(node, 'CallNode') && !node.receiver && ['connects_to', 'establish_connection'].includes(node.name)
}

function addMethod(node: NodeOf<'DefNode'>, { info, source, isStatic, visibility }: Place): void {
  const methods = isStatic || node.receiver ? info.staticMethods : info.methods
  methods.set(node.name, { name: node.name, source, node, visibility, isAsync: false, returns: unknown })
}

function readCall(call: CallNode, place: Place, classes: Map<string, ClassInfo>): void {
  const { info, source } = place
  const { positional, pairs: own } = argumentsOf(call)
  const pairs = [...own, ...(place.shared ?? [])]
  const block = blockOf(call)
  const expansion = macroExpansion(call, { name: info.name, file: source.file, isDefined: (name) => classes.has(name) })
  if (expansion)
    for (const each of expansion.nodes) if (is(each, 'CallNode')) readCall(each, { ...place, source: expansion.source }, classes)
  if (call.receiver && !(place.shared && is(call.receiver as RubyNode, 'LocalVariableReadNode'))) {
    if (is(call.receiver as RubyNode, 'SelfNode') && call.name === 'table_name=') info.isRecord = true
    if (is(call.receiver as RubyNode, 'SelfNode') && call.name === 'abstract_class=') info.isAbstract = true
    else info.isBare = false
    return
  }
  if (['private', 'protected', 'public', 'module_function'].includes(call.name)) {
    if (positional.length === 0 && call.name === 'module_function') place.isStatic = true
    else if (positional.length === 0) place.visibility = call.name as MethodInfo['visibility']
    for (const node of positional) if (is(node, 'DefNode')) addMethod(node, { ...place, visibility: call.name as MethodInfo['visibility'] })
  }
  if (call.name === 'primary_abstract_class') Object.assign(info, { isAbstract: true, isPrimary: true })
  else info.isBare = false
  if (call.name === 'private_class_method') for (const node of positional) if (is(node, 'DefNode')) addMethod(node, place)
  if (['include', 'prepend', 'extend'].includes(call.name)) {
    const names = positional.flatMap((argument) => constantPath(argument) ?? [])
    info.includes.push(...names.filter((name) => name !== 'ActiveSupport::Concern'))
    if (call.name === 'extend') info.extensions.push(...names)
    if (names.includes('Singleton'))
      info.staticMethods.set('instance', { ...made('instance', source, recordOf(info.name)), isProperty: true })
    if (names.includes('ActiveSupport::Concern')) info.isConcern = true
    if (call.name === 'extend' && is(positional[0], 'SelfNode')) place.isStatic = true
    if (positional.some(isUrlHelpers)) info.hasRoutes = true
    if (names.some((each) => formModules.has(each.replace(/^::/, '')))) info.isForm = true
  }
  if (['included', 'with_options', 'class_methods', 'prepended', 'concerning'].includes(call.name) && block)
    readBody(
      block.body as RubyNode | null,
      {
        ...place,
        isStatic: call.name === 'class_methods',
        visibility: 'public',
        ...(call.name === 'with_options' ? { shared: pairs } : {}),
      },
      classes,
    )
  if (isConnecting(call)) info.connects = true
  const names = positional.flatMap((argument) => literalText(argument) ?? [])
  if (names.length > 0 && names.length === positional.length) info.macros.push({ name: call.name, given: names })
  const [name] = names
  if (associationKinds.has(call.name) && name !== undefined)
    info.associations.set(name, { ...associationInfo(call.name, name, pairs), ...extensionOf(call, source) })
  if (call.name === 'delegated_type' && name !== undefined) info.associations.set(name, delegatedType(name, optionNode(pairs, 'types')))
  if (propertyMacros.has(call.name))
    for (const each of call.name === 'attribute' && !isCurrent(info) ? names.slice(0, 1) : names)
      info.properties.set(each, isCurrent(info) ? namedRecord : /^attr_/.test(call.name) ? ownValue : attributeType(call))
  if (/^attr_(accessor|reader|writer)$/.test(call.name)) for (const each of names) info.accessors.add(each)
  if (call.name === 'alias_attribute' && name !== undefined && names[1] !== undefined)
    info.properties.set(name, { ...unknown, aliasOf: names[1] })
  if (call.name === 'composed_of' && name !== undefined)
    info.properties.set(name, recordOf(literalText(optionNode(pairs, 'class_name')) ?? camelize(name)))
  if ((call.name === 'serialize' || call.name === 'store') && name !== undefined) info.properties.set(name, serialized)
  if (call.name === 'store_accessor') for (const each of names.slice(1)) info.properties.set(each, unknown)
  if (call.name === 'has_secure_password')
    for (const each of [name ?? 'password', `${name ?? 'password'}_confirmation`]) info.properties.set(each, { kind: 'text' })
  if (call.name === 'enum') addEnum(call, place)
  if (call.name === 'scope' && name !== undefined)
    info.staticMethods.set(name, { ...made(name, source, relationOf(info.name)), isScope: true })
  if (call.name === 'delegate') {
    const to = literalText(optionNode(pairs, 'to'))
    const allowsNull = is(optionNode(pairs, 'allow_nil'), 'TrueNode')
    for (const each of delegatedNames(call)) {
      const delegates = to === undefined || to === 'class' ? {} : { delegates: { to, name: each.name, allowsNull } }
      if (!info.methods.has(each.as)) info.methods.set(each.as, { ...made(each.as, source, unknown), isAsync: true, ...delegates })
    }
  }
}

/** The type that `attribute` names. */
function attributeType(call: CallNode): ValueType {
  const name = call.name === 'attribute' ? literalText(argumentsOf(call).positional[1]) : undefined
  const type = name === undefined ? undefined : attributeTypes[name]
  return type ? { ...type, isNullable: true } : unknown
}

const attributeTypes: Readonly<Record<string, ValueType>> = {
  string: text,
  text,
  integer: wholeNumber,
  float: number,
  boolean,
  datetime: time,
  date,
}

function made(name: string, source: RubySource, returns: MethodInfo['returns']): MethodInfo {
  return { name, source, node: undefined, visibility: 'public', isAsync: false, returns }
}

/** `Rails.application.routes.url_helpers` */
export function isUrlHelpers(node: RubyNode | null | undefined): boolean {
  return (
    is(node, 'CallNode') &&
    node.name === 'url_helpers' &&
    is(node.receiver as RubyNode | null, 'CallNode') &&
    (node.receiver as CallNode).name === 'routes'
  )
}

/** Whether a class holds what is current: its attributes and methods are asked of the class. */
export function isCurrent({ parent }: ClassInfo): boolean {
  return parent?.replace(/^::/, '') === 'ActiveSupport::CurrentAttributes'
}

function addEnum(call: CallNode, place: Place): void {
  const members = enumMembers(call, true, place.info)
  for (const member of members) addEnumMember(member, place)
  const names = enumMembers(call, false, place.info)
  const [attribute] = enumNames(call)
  if (attribute !== undefined) place.info.enums.set(attribute, names.every((name) => /^\w+$/.test(name)) ? names : [])
  for (const name of enumNames(call))
    place.info.staticMethods.set(pluralize(name), { ...made(pluralize(name), place.source, hash), isProperty: true })
}

/** The attributes that `enum` declares members of. */
function enumNames(call: CallNode): string[] {
  const { positional, pairs } = argumentsOf(call)
  const first = literalText(positional[0])
  if (first !== undefined) return [first]
  return pairs.flatMap((pair) => {
    const key = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
    return key === undefined || enumOptions.test(key) ? [] : [key]
  })
}

function addEnumMember(member: string, { info, source }: Place): void {
  info.methods.set(`${member}?`, made(`${member}?`, source, boolean))
  info.methods.set(`${member}!`, { ...made(`${member}!`, source, boolean), isAsync: true })
  info.staticMethods.set(member, made(member, source, relationOf(info.name)))
}

function associationInfo(kind: string, name: string, pairs: readonly RubyNode[]): AssociationInfo {
  const option = (key: string) => optionNode(pairs, key)
  const given = option('class_name')
  const className = literalText(given) ?? (is(given, 'CallNode') ? constantPath(given.receiver as RubyNode | null) : undefined)
  const source = literalText(option('source'))
  return {
    name: source !== undefined && className === undefined ? source : name,
    many: kind.startsWith('has_many') || kind === 'has_and_belongs_to_many',
    className: className ?? literalText(option('source_type')),
    polymorphic: is(option('polymorphic'), 'TrueNode'),
    as: literalText(option('as')),
    isPlain: kind === 'belongs_to' && !option('foreign_key') && !option('primary_key'),
  }
}

function delegatedType(name: string, types: RubyNode | undefined): AssociationInfo {
  return { name, many: false, className: undefined, polymorphic: true, isPlain: false, as: undefined, ...(types ? { types } : {}) }
}

/** The methods of an association's block. */
function extensionOf(call: CallNode, source: RubySource): Pick<AssociationInfo, 'extension'> {
  const methods = statementsOf((blockOf(call)?.body ?? null) as RubyNode | null).flatMap((node) =>
    is(node, 'DefNode') && !node.receiver ? [[node.name, { ...made(node.name, source, unknown), node }] as const] : [],
  )
  return methods.length === 0 ? {} : { extension: new Map(methods) }
}

/** The value of a keyword argument. */
export function optionNode(pairs: readonly RubyNode[], name: string): RubyNode | undefined {
  const pair = pairs.find((each) => is(each, 'AssocNode') && literalText(each.key as RubyNode) === name)
  return is(pair, 'AssocNode') ? (pair.value as RubyNode) : undefined
}

/** The names that `delegate` makes, each with the one it calls. */
export function delegatedNames(call: CallNode): { name: string; as: string }[] {
  const { positional, pairs } = argumentsOf(call)
  const prefix = optionNode(pairs, 'prefix')
  const target = literalText(optionNode(pairs, 'to')) ?? ''
  const front = is(prefix, 'TrueNode') ? target : literalText(prefix)
  return positional.flatMap((argument) => {
    const name = literalText(argument)
    return name === undefined ? [] : [{ name, as: front === undefined ? name : `${front}_${name}` }]
  })
}

/** The list or hash that a constant of the class holds, or that names its own members: `%w[a b].index_by(&:itself)`. */
function heldBy(node: RubyNode | undefined, info: ClassInfo | undefined): RubyNode | undefined {
  if (is(node, 'ConstantReadNode')) return heldBy(info?.constants.get(node.name), undefined)
  if (!is(node, 'CallNode') || !node.receiver) return node
  if (node.name === 'freeze') return heldBy(node.receiver as RubyNode, info)
  const given = node.block as RubyNode | null
  const name = is(given, 'BlockArgumentNode') ? literalText(given.expression as RubyNode | null) : undefined
  const isOwnName = ['index_by', 'index_with'].includes(node.name) && name !== undefined && ['itself', 'to_s', 'to_sym'].includes(name)
  return isOwnName ? heldBy(node.receiver as RubyNode, info) : node
}

/** The members that `enum` declares, with their prefix or suffix. */
export function enumMembers(call: CallNode, isAffixed = true, info?: ClassInfo): string[] {
  const { positional, pairs } = argumentsOf(call)
  const first = positional[0]
  const pair = pairs.find((each) => is(each, 'AssocNode') && !enumOptions.test(literalText(each.key as RubyNode) ?? ''))
  const values = positional[1] ?? (first === undefined && is(pair, 'AssocNode') ? (pair.value as RubyNode) : undefined)
  const attribute = literalText(first) ?? (is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined) ?? ''
  const affix = (name: string) => {
    const node = optionNode(pairs, name) ?? optionNode(pairs, `_${name}`)
    return is(node, 'TrueNode') ? attribute : literalText(node)
  }
  const [prefix, suffix] = [affix('prefix'), affix('suffix')]
  const held = heldBy(values, info)
  const named = is(held, 'HashNode', 'KeywordHashNode')
    ? (held.elements as RubyNode[]).flatMap((each) => (is(each, 'AssocNode') ? (literalText(each.key as RubyNode) ?? []) : []))
    : is(held, 'ArrayNode')
      ? (held.elements as RubyNode[]).flatMap((each) => literalText(each) ?? [])
      : values === undefined && first !== undefined
        ? pairs.flatMap((each) =>
            is(each, 'AssocNode') && is(each.value as RubyNode, 'IntegerNode', 'StringNode')
              ? (literalText(each.key as RubyNode) ?? [])
              : [],
          )
        : []
  return !isAffixed ? named : named.map((name) => [prefix, name, suffix].filter((part) => part !== undefined).join('_'))
}
