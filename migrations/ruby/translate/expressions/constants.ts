import { constantPath, is, type RubyNode, statementsOf } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import { setOf } from '../methods/set_methods.ts'
import { arrayOf, type Expression, recordOf, unknown } from '../value_types.ts'

/** Rails' errors and what they are called here. */
const frameworkClasses: Readonly<Record<string, string>> = {
  'ActiveRecord::ActiveRecordError': 'ActiveRecordError',
  'ActiveRecord::StatementInvalid': 'StatementInvalid',
  'ActiveRecord::RecordNotFound': 'RecordNotFound',
  'ActiveRecord::RecordInvalid': 'RecordInvalid',
  'ActiveRecord::RecordNotSaved': 'RecordNotSaved',
  'ActiveRecord::RecordNotDestroyed': 'RecordNotDestroyed',
  'ActiveRecord::RecordNotUnique': 'RecordNotUnique',
  'ActiveRecord::StaleObjectError': 'StaleObject',
  'ActiveRecord::NotNullViolation': 'NotNullViolation',
  'ActiveRecord::CheckViolation': 'CheckViolation',
  'ActiveRecord::ValueTooLong': 'ValueTooLong',
  'ActiveRecord::RangeError': 'OutOfRange',
  'ActiveRecord::SoleRecordExceeded': 'SoleRecordExceeded',
  'ActiveRecord::SubclassNotFound': 'SubclassNotFound',
  'ActiveRecord::ReadOnlyRecord': 'ReadOnlyRecord',
  'ActiveRecord::ReadonlyAttributeError': 'ReadonlyAttribute',
  'ActiveRecord::StrictLoadingViolationError': 'StrictLoadingViolation',
  'ActiveRecord::TransactionIsolationError': 'TransactionIsolation',
  'ActiveRecord::InvalidForeignKey': 'ForeignKeyViolation',
  'ActiveRecord::Deadlocked': 'Deadlocked',
  'ActiveRecord::LockWaitTimeout': 'LockWaitTimeout',
  'ActiveRecord::QueryAborted': 'QueryAborted',
  'ActiveRecord::QueryCanceled': 'QueryCanceled',
  'ActiveRecord::SerializationFailure': 'SerializationFailure',
  'ActiveRecord::StatementTimeout': 'StatementTimeout',
  'ActiveRecord::TransactionRollbackError': 'TransactionRollbackError',
  'ActiveRecord::Rollback': 'Rollback',
  'ActiveRecord::DeleteRestrictionError': 'DeleteRestricted',
  'ActiveRecord::ReadOnlyError': 'WriteRefused',
  'ActiveRecord::ConnectionNotEstablished': 'ConnectionNotEstablished',
  'ActiveModel::UnknownAttributeError': 'UnknownAttribute',
}

/** Ruby's own classes of errors, all of which are JavaScript's `Error`. */
const coreErrors = new Set(
  'StandardError RuntimeError ArgumentError NotImplementedError KeyError IndexError IOError Exception NoMethodError NameError'.split(' '),
)
/** Classes that Ruby has, which are told apart by what JavaScript knows of a value. */
const coreClasses = new Set(
  'String Symbol Integer Float Numeric Proc Array Hash NilClass TrueClass FalseClass Time Date DateTime ActiveSupport::TimeWithZone'.split(
    ' ',
  ),
)
const jsNames: Readonly<Record<string, string>> = {
  RegexpError: 'SyntaxError',
  'URI::Error': 'TypeError',
  'URI::InvalidURIError': 'TypeError',
  TypeError: 'TypeError',
  RangeError: 'RangeError',
  Set: 'Set',
  String: 'String',
  Symbol: 'String',
  Integer: 'Number',
  Float: 'Number',
  Numeric: 'Number',
  Hash: 'Object',
  Proc: 'Function',
  Time: 'Date',
  Date: 'Date',
  DateTime: 'Date',
  Array: 'Array',
  Math: 'Math',
  JSON: 'JSON',
  Object: 'Object',
  'JSON::ParserError': 'SyntaxError',
  'JSON::JSONError': 'SyntaxError',
}

/** What JavaScript has by itself: a constant of Ruby or of a gem that has such a name is no other declaration of it. */
const globals = new Set(
  'Array BigInt Boolean Buffer Date Error Function Intl JSON Map Math Number Object Promise Proxy Reflect RegExp Set String Symbol URL'.split(
    ' ',
  ),
)

/** What Ruby takes for an address: the pattern of HTML's email fields. */
const emailPattern =
  "/^[a-zA-Z0-9.!#$%&'*+\\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/"

/** A constant: a class of the application, one of its values, or a name that it doesn't define. */
export function constant(_node: RubyNode, path: string, frame: Frame): Expression {
  const resolved = frame.application.resolve(path, frame.owner) ?? frame.application.resolveInherited(path, frame.owner)
  if (resolved !== undefined) return { code: frame.className(resolved)!, type: { kind: 'class', model: resolved } }
  const parts = path.split('::')
  const name = parts.at(-1)!
  const holder = parts.length > 1 ? frame.application.resolve(parts.slice(0, -1).join('::'), frame.owner) : holderOf(name, frame)
  if (holder !== undefined && frame.application.lineage(holder).some(({ constants }) => constants.has(name))) {
    const definer = frame.application.lineage(holder).find(({ constants }) => constants.has(name))!
    const literal = definer.constants.get(name)!
    return { code: `${frame.className(definer.name)}.${name}`, type: literalType(literal, heldBy(definer.name, frame.application)) }
  }
  const plain = path.replace(/^::/, '')
  if (Object.hasOwn(frameworkClasses, plain)) return { code: frame.imports.framework(frameworkClasses[plain]!), type: { kind: 'class' } }
  if (coreErrors.has(plain)) return { code: 'Error', type: { kind: 'class' } }
  if (Object.hasOwn(jsNames, plain)) return { code: jsNames[plain]!, type: { kind: 'class' } }
  if (plain === 'Float::INFINITY') return { code: 'Number.POSITIVE_INFINITY', type: { kind: 'number' } }
  if (plain === 'URI::MailTo::EMAIL_REGEXP') return { code: emailPattern, type: { kind: 'regexp' } }
  frame.unknownNames.add(plain)
  const [first = '', ...rest] = plain.split('::')
  if (globals.has(first)) return { code: [`(${first} as Untyped)`, ...rest].join('.'), type: unknown }
  if (/^[A-Z]\w*(::[A-Z]\w*)*$/.test(plain)) frame.imports.unknownConstant(plain)
  return { code: plain.replaceAll('::', '.'), type: unknown }
}

/** The class that a constant names, in TypeScript; Ruby's own classes by their Ruby name. */
export function constantClass(node: RubyNode, frame: Frame): string | undefined {
  const path = constantPath(node)
  if (path === undefined || !/(^|::)[A-Z]\w*[a-z]\w*$/.test(path)) return undefined
  const plain = path.replace(/^::/, '')
  if (coreClasses.has(plain) && frame.application.resolve(plain, frame.owner) === undefined) return plain
  const { code, type } = constant(node, path, frame)
  return type.kind === 'class' || type.kind === 'unknown'
    ? type.kind === 'class'
      ? code
      : path.replace(/^::/, '').includes('::') || code.endsWith(`.${path}`)
        ? code
        : path
    : undefined
}

function holderOf(name: string, frame: Frame): string | undefined {
  const parts = frame.owner?.split('::') ?? []
  const scopes = parts.map((_, index) => parts.slice(0, parts.length - index).join('::'))
  return scopes.find((scope) => frame.application.lineage(scope).some(({ constants }) => constants.has(name)))
}

/** The class in which a constant stands, and what others that it names hold. */
interface Holder {
  readonly owner: string
  readonly typeOf: (path: string) => Expression['type']
}

function heldBy(owner: string, application: Frame['application'], depth = 0): Holder {
  const typeOf = (path: string) => {
    const [, namespace, name = path] = /^(.*)::(\w+)$/.exec(path) ?? []
    const holder = namespace === undefined ? owner : application.resolve(namespace, owner)
    const found = holder === undefined ? undefined : application.lineage(holder).find(({ constants }) => constants.has(name))
    return found && depth < 4 ? literalType(found.constants.get(name)!, heldBy(found.name, application, depth + 1)) : unknown
  }
  return { owner, typeOf }
}

function literalType(node: RubyNode, holder: Holder): Expression['type'] {
  if (is(node, 'ConstantReadNode', 'ConstantPathNode')) return holder.typeOf(constantPath(node) ?? '')
  if (is(node, 'CallNode') && /^(map|collect)$/.test(node.name) && is(node.block as RubyNode | null, 'BlockNode'))
    return arrayOf(makesOwn(node.block as RubyNode) ? recordOf(holder.owner) : unknown)
  if (is(node, 'CallNode') && /^(first|last)$/.test(node.name) && node.receiver && !node.arguments_)
    return literalType(node.receiver as RubyNode, holder).element ?? unknown
  if (is(node, 'ParenthesesNode')) {
    const [only, ...more] = statementsOf(node.body as RubyNode | null)
    return only && more.length === 0 ? literalType(only, holder) : unknown
  }
  if (is(node, 'CallNode') && /^([|&+-]|uniq|sort|compact)$/.test(node.name) && node.receiver && !node.block) {
    const type = literalType(node.receiver as RubyNode, holder)
    if (type.kind === 'array') return type
  }
  if (is(node, 'CallNode') && node.name === 'to_set' && node.receiver) return setOf(literalType(node.receiver as RubyNode, holder).element)
  if (is(node, 'CallNode') && node.name === 'new' && constantPath(node.receiver as RubyNode | null) === 'Set') return setOf()
  if (is(node, 'CallNode') && ['freeze', 'tap', 'dup', 'clone'].includes(node.name) && node.receiver)
    return literalType(node.receiver as RubyNode, holder)
  if (
    is(node, 'CallNode') &&
    /^(merge|with_indifferent_access|invert|transform_values|index_with|index_by|to_h)$/.test(node.name) &&
    node.receiver
  )
    return { kind: 'hash' }
  if (isDuration(node)) return { kind: 'duration' }
  if (is(node, 'ArrayNode'))
    return {
      kind: 'array',
      element: (node.elements as RubyNode[]).every((each) => is(each, 'StringNode', 'SymbolNode')) ? { kind: 'text' } : unknown,
    }
  if (is(node, 'HashNode')) return { kind: 'hash' }
  if (is(node, 'StringNode', 'SymbolNode')) return { kind: 'text' }
  if (is(node, 'IntegerNode', 'FloatNode')) return { kind: 'number' }
  if (is(node, 'RegularExpressionNode', 'InterpolatedRegularExpressionNode') || isPattern(node)) return { kind: 'regexp' }
  return unknown
}

/** Whether a block makes an instance of the class that it stands in. */
function makesOwn(block: RubyNode): boolean {
  const last = is(block, 'BlockNode') ? statementsOf(block.body as RubyNode | null).at(-1) : undefined
  return is(last, 'CallNode') && last.name === 'new' && !last.receiver
}

/** `Regexp.union(…)`, which a constant may hold. */
function isPattern(node: RubyNode): boolean {
  return is(node, 'CallNode') && /^(new|compile|union)$/.test(node.name) && constantPath(node.receiver as RubyNode | null) === 'Regexp'
}

/** `5.minutes`, which a constant may hold. */
function isDuration(node: RubyNode): boolean {
  return (
    is(node, 'CallNode') &&
    is(node.receiver as RubyNode | null, 'IntegerNode', 'FloatNode') &&
    /^(second|minute|hour|day|week|month|year)s?$/.test(node.name)
  )
}
