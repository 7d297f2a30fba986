import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { asDecimal } from '../methods/decimal_methods.ts'
import { expression, instanceVariable, noteInstanceVariable, ownClass, value } from './expressions.ts'
import type { Frame } from '../frame.ts'
import { memberWriter } from '../classes/members.ts'
import { operators } from './operators.ts'
import { associated, recordForNumber, writtenTo } from '../queries/query_arguments.ts'
import { Untranslated } from '../untranslated.ts'
import { opened } from '../methods/value_methods.ts'
import { commonType, decimal, type Expression, orNull, present, unknown, type ValueType } from '../value_types.ts'

/** A plain assignment; undefined for any other node. */
export function assignment(node: RubyNode, frame: Frame): Expression | undefined {
  if (is(node, 'LocalVariableWriteNode')) {
    const right = frame.settled(expression(node.value as RubyNode, frame))
    const known = frame.local(node.name)
    if (known) frame.assigned.set(node.name, right.type.kind)
    if (known && isOtherwise(known.type, right.type)) frame.retyped.set(known.code, commonType(known.type, right.type))
    const local = known ?? frame.declare(node.name)
    local.type = known?.type.isLoose ? { ...right.type, isLoose: true } : right.type
    return { code: `${local.code} = ${right.code}`, type: right.type }
  }
  if (is(node, 'InstanceVariableWriteNode')) {
    const right = frame.settled(expression(node.value as RubyNode, frame))
    noteInstanceVariable(node.name, right.type, frame)
    return { code: `${instanceVariable(node.name, frame).code} = ${orNull(right)}`, type: right.type }
  }
  if (is(node, 'ClassVariableWriteNode')) {
    const right = value(node.value as RubyNode, frame)
    return { code: `${ownClass(node, frame)}.${node.name.slice(2)} = ${right.code}`, type: right.type }
  }
  if (!is(node, 'CallNode') || !node.receiver) return undefined
  if (node.name === '[]=') {
    const all = argumentsOf(node).positional
    if (all.length !== 2) return undefined
    const holder = value(node.receiver as RubyNode, frame)
    if (holder.type.kind === 'map') {
      const [key, held] = all.map((each) => value(each, frame))
      return { code: `${holder.code}.set(${key!.code}, ${held!.code})`, type: held!.type }
    }
    const past = pastOwnWriter(holder, literalText(all[0]), frame)
    if (past !== undefined) {
      const given = value(all[1]!, frame)
      return { code: `${holder.code}.writeAttribute(${quote(past)}, ${given.code})`, type: given.type }
    }
    const replacedItems = is(all[0], 'RangeNode') ? splicedAt(present(holder), all[0], all[1]!, node, frame) : undefined
    if (replacedItems) return replacedItems
    const setter = holder.type.kind === 'record' ? ownSetter(present(holder), all, frame) : undefined
    if (setter) return setter
    const computed = writtenByKey(holder, all, frame)
    if (computed) return computed
    const target = place(node.receiver as RubyNode, all[0]!, frame)
    const right = value(all[1]!, frame)
    return { code: `${target} = ${right.code}`, type: right.type }
  }
  if (!/^[a-z_]\w*=$/.test(node.name)) return undefined
  const given = frame.value(expression(node.receiver as RubyNode, frame))
  const receiver = node.isSafeNavigation() ? given : present(given)
  const right = value(argumentsOf(node).positional[0]!, frame)
  return written(receiver, node.name.slice(0, -1), right, frame, node.isSafeNavigation())
}

/** `list[1..] = others`: the items of a range are replaced. */
function splicedAt(holder: Expression, range: NodeOf<'RangeNode'>, given: RubyNode, node: RubyNode, frame: Frame): Expression {
  if (holder.type.kind !== 'array') throw new Untranslated(node, 'a range of what is no list, that is written to')
  const [from, to] = [range.left, range.right].map((side) => (side ? value(side as RubyNode, frame).code : undefined))
  if (to?.startsWith('-')) throw new Untranslated(node, 'a range from the end, that is written to')
  const count = to === undefined ? 'Number.POSITIVE_INFINITY' : `${to} - ${from ?? 0}${range.isExcludeEnd() ? '' : ' + 1'}`
  const items = value(given, frame)
  const written = items.code === '[]' ? '' : `, ${items.type.kind === 'array' ? '...' : ''}${items.code}`
  return { code: `${holder.code}.splice(${from ?? 0}, ${count}${written})`, type: items.type }
}

/** `output[name] = value` of an object whose class says itself what that does. */
function ownSetter(holder: Expression, [key, given]: readonly RubyNode[], frame: Frame): Expression | undefined {
  const method = holder.type.model === undefined ? undefined : frame.application.methodOf(holder.type.model, '[]=', false)
  if (!method?.node || !key || !given) return undefined
  const right = value(given, frame)
  const code = `${holder.code}.set(${value(key, frame).code}, ${right.code})`
  if (method.isAsync) frame.isAsync = true
  return { code: method.isAsync ? `(await ${code})` : code, type: right.type }
}

/** Whether a variable is given what the compiler doesn't take for it, by what it was declared with. */
function isOtherwise(held: ValueType, given: ValueType): boolean {
  if (held.kind === 'unknown' || held.isLoose || given.kind === 'unknown' || given.isLoose) return false
  return (
    held.kind !== given.kind ||
    held.model !== given.model ||
    Boolean(held.isJson || given.isJson) ||
    Boolean(given.isNullable && !held.isNullable)
  )
}

/** `self[key] = …` with a key that is computed: the method that the class has for it, or a property. Undefined for any other. */
function writtenByKey({ code, type }: Expression, [key, given]: readonly RubyNode[], frame: Frame): Expression | undefined {
  if (type.kind !== 'record' || type.model === undefined || type.isLoose || !key || literalText(key) !== undefined) return undefined
  const [name, held] = [value(key, frame), value(given!, frame)]
  const isOwn = frame.application.methodOf(type.model, '[]=', false)?.node !== undefined
  const written = isOwn ? `${code}.set(${name.code}, ${held.code})` : `(${code} as Untyped)[${name.code}] = ${held.code}`
  return { code: written, type: held.type }
}

/** The attribute that `self[:name] = …` writes where the class has a writer of the name, which this passes by. */
function pastOwnWriter({ type }: Expression, name: string | undefined, frame: Frame): string | undefined {
  const isColumn =
    name !== undefined && type.kind === 'record' && type.model !== undefined && frame.application.columnsOf(type.model)?.has(name)
  return isColumn && frame.application.methodOf(type.model!, `${name}=`, false)?.node ? name : undefined
}

function written(receiver: Expression, name: string, right: Expression, frame: Frame, isSafe: boolean): Expression {
  const writer = memberWriter(receiver, name, frame)
  const { kind, model } = receiver.type
  const isAssociation =
    kind === 'record' && model !== undefined && !writer.isCall && frame.application.associationOf(model, name) !== undefined
  if (isAssociation && !frame.application.methodOf(model!, `${name}=`, false))
    return {
      code: `${receiver.code}${isSafe ? '?.' : '.'}assign({ ${pair(name, associated(right, name, model, frame))} })`,
      type: right.type,
    }
  if (kind === 'record' && model !== undefined && !writer.isCall)
    frame.application.noteAccessor(model, name, right.type, frame.method === 'initialize' && receiver.code === frame.self.code)
  if (writer.isCall) {
    const call = `${receiver.code}${isSafe ? '?.' : '.'}${writer.name}(${right.code})`
    if (writer.isAsync) frame.isAsync = true
    return { code: writer.isAsync ? `(await ${call})` : call, type: right.type }
  }
  const column = kind === 'record' && model !== undefined ? frame.application.columnsOf(model)?.get(name) : undefined
  if (column?.isDecimal && right.type.kind === 'number' && !right.type.isNullable && !isSafe)
    return { code: `${receiver.code}.${writer.name} = ${writtenTo(right, column, frame)}`, type: column }
  if (column?.kind === 'number' && right.type.kind === 'record' && !right.type.isLoose && !isSafe)
    return { code: `${receiver.code}.${writer.name} = ${recordForNumber(right, name, frame)}`, type: right.type }
  const given = column && !column.members ? writtenTo(right, column, frame) : kind === 'record' ? orNull(right) : right.code
  const isSetting = kind === 'class' && model !== undefined && frame.application.isModel(model) && !isOwnSetting(model, name, frame)
  if (isSetting && !isSafe) return { code: `(${receiver.code} as Untyped).${writer.name} = ${given}`, type: right.type }
  if (isSafe) return { code: `${receiver.code} && (${receiver.code}.${writer.name} = ${given})`, type: right.type }
  return { code: `${receiver.code}.${writer.name} = ${given}`, type: right.type }
}

function pair(name: string, code: string): string {
  return name === code ? name : `${name}: ${code}`
}

/** Whether a class of records itself says what is written to it: what Rails lets be set beside that has no type here. */
function isOwnSetting(model: string, name: string, { application }: Frame): boolean {
  return (
    application.methodOf(model, `${name}=`, true) !== undefined ||
    application.lineage(model).some(({ properties, staticMethods }) => properties.has(name) || staticMethods.has(name))
  )
}

/** `a ||= b`, `a += b` and the like; undefined for any other node. */
export function operatorAssignment(node: RubyNode, frame: Frame): Expression | undefined {
  const name = node.constructor.name
  const match = /^(LocalVariable|InstanceVariable|ClassVariable|Call|Index)(Or|And|Operator)WriteNode$/.exec(name)
  if (!match) return undefined
  const written = node as NodeOf<'LocalVariableOrWriteNode'>
  if (name === 'CallOrWriteNode') {
    const assigned = missingRecord(node as NodeOf<'CallOrWriteNode'>, frame)
    if (assigned) return assigned
  }
  const target = targetOf(node, match[1]!, frame)
  const right = memoized(written.value as unknown as RubyNode, frame)
  const operator =
    match[2] === 'Or'
      ? right.type.kind === 'boolean'
        ? '||='
        : '??='
      : match[2] === 'And'
        ? '&&='
        : `${(node as NodeOf<'LocalVariableOperatorWriteNode'>).binaryOperator}=`
  if (match[1] === 'InstanceVariable') noteInstanceVariable((node as NodeOf<'InstanceVariableOrWriteNode'>).name, right.type, frame)
  const combined = match[2] === 'Operator' ? combinedWith(operator.slice(0, -1), target, right, node, frame) : undefined
  if (combined) return { code: `${target.code} = ${combined.code}`, type: combined.type }
  if (operator === '<<=') throw new Untranslated(node, 'an operator that JavaScript has not')
  const column = match[1] === 'Call' && match[2] === 'Or' ? columnOf(node as NodeOf<'CallOrWriteNode'>, frame) : undefined
  const given = column && !column.members ? writtenTo(right, column, frame) : right.code
  const isHeld = match[2] === 'Operator' && match[1] === 'InstanceVariable' && target.type.isNullable
  return {
    code: `${isHeld ? present(target).code : target.code} ${operator} ${given}`,
    type: assignedType(target.type, right.type, match[2] === 'Or'),
  }
}

/** `post.author ||= user`: an association is assigned where there is no record. */
function missingRecord(node: NodeOf<'CallOrWriteNode'>, frame: Frame): Expression | undefined {
  if (!node.receiver || node.isSafeNavigation()) return undefined
  const receiver = value(node.receiver as RubyNode, frame)
  const { kind, model } = receiver.type
  const association = kind === 'record' && model !== undefined ? frame.application.associationOf(model, node.readName) : undefined
  const isOwn = association !== undefined && frame.application.methodOf(model!, `${node.readName}=`, false) !== undefined
  if (!association || association.many || isOwn) return undefined
  const right = value(node.value as RubyNode, frame)
  frame.isAsync = true
  const read = `(await ${receiver.code}.${node.readName})`
  const assigned = `${receiver.code}.assign({ ${node.readName}: ${right.code} })`
  return { code: `${read} ?? (${assigned}, ${read})`, type: right.type }
}

/** The column that `post.title ||= …` writes. */
function columnOf(node: NodeOf<'CallOrWriteNode'>, frame: Frame): ValueType | undefined {
  const { type } = value(node.receiver as RubyNode, frame)
  return type.kind === 'record' && type.model !== undefined ? frame.application.columnsOf(type.model)?.get(node.readName) : undefined
}

/** What an operator makes of two values where JavaScript's own would make something else of them: of lists, times, and whole numbers. */
function combinedWith(operator: string, target: Expression, right: Expression, node: RubyNode, frame: Frame): Expression | undefined {
  const kinds = [target.type.kind, right.type.kind]
  const isOwn = kinds.some((kind) => /^(array|duration|date|time)$/.test(kind)) || (/^[|&]$/.test(operator) && !kinds.some(isPlain))
  if ((target.type.isDecimal || right.type.isDecimal) && /^[-+*/]$/.test(operator)) return decimalAssigned(operator, target, right, frame)
  const work = isOwn || /^[/%]$/.test(operator) ? operators[operator] : undefined
  if (!work) return undefined
  if (/[()]/.test(target.code)) throw new Untranslated(node, 'an operator that JavaScript has not')
  const call = { name: operator, receiver: null, arguments_: null, block: null } as unknown as CallNode
  const receiver = present(target)
  return work({ receiver, args: () => [present(right)], call, frame, dot: '.' })
}

function decimalAssigned(operator: string, target: Expression, right: Expression, frame: Frame): Expression {
  const names: Readonly<Record<string, string>> = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'dividedBy' }
  return { code: `${asDecimal(present(target), frame).code}.${names[operator]}(${present(right).code})`, type: decimal }
}

function isPlain(kind: ValueType['kind']): boolean {
  return kind === 'number' || kind === 'boolean'
}

/** What a variable holds then: with `||=` it isn't null, unless the other side is. */
function assignedType(target: ValueType, given: ValueType, isOr: boolean): ValueType {
  if (target.kind === 'unknown') return given
  if (!isOr) return target
  const { isNullable: _, ...held } = target
  return given.kind === 'unknown' ? held : commonType(held, given)
}

/** What is memoized may be a `begin` of several statements: a function that runs at once. */
function memoized(node: RubyNode, frame: Frame): Expression {
  return frame.settled(expression(node, frame))
}

function targetOf(node: RubyNode, kind: string, frame: Frame): Expression {
  if (kind === 'LocalVariable') {
    const { name } = node as NodeOf<'LocalVariableOrWriteNode'>
    return frame.local(name) ?? frame.declare(name)
  }
  if (kind === 'InstanceVariable') return instanceVariable((node as NodeOf<'InstanceVariableOrWriteNode'>).name, frame)
  if (kind === 'ClassVariable')
    return { code: `${ownClass(node, frame)}.${(node as NodeOf<'ClassVariableOrWriteNode'>).name.slice(2)}`, type: unknown }
  if (kind === 'Index') {
    const indexed = node as NodeOf<'IndexOrWriteNode'>
    const key = ((indexed.arguments_?.arguments_ ?? []) as RubyNode[])[0]
    if (!key || !indexed.receiver) throw new Untranslated(node, 'an index without a key')
    return { code: place(indexed.receiver as RubyNode, key, frame), type: unknown }
  }
  const called = node as NodeOf<'CallOrWriteNode'>
  if (!called.receiver || called.isSafeNavigation()) throw new Untranslated(node, 'an assignment behind &.')
  const receiver = value(called.receiver as RubyNode, frame)
  const writer = memberWriter(receiver, called.readName, frame)
  if (writer.isCall) throw new Untranslated(node, `${called.readName} is written with a method of its own`)
  return { code: `${receiver.code}.${writer.name}`, type: unknown }
}

/** `a[key]` as a place to write to. */
function place(receiver: RubyNode, key: RubyNode, frame: Frame): string {
  const given = opened(present(value(receiver, frame)))
  if (given.type.kind === 'map') throw new Untranslated(receiver, 'a value of a group that is changed where it stands')
  const isReadOnly = is(receiver, 'CallNode') && receiver.name === 'options' && given.type.kind === 'hash'
  const target = isReadOnly ? { ...given, code: `(${given.code} as Record<string, Untyped>)` } : given
  if (target.type.kind === 'record' && is(key, 'StringNode', 'SymbolNode')) return `${target.code}.${key.unescaped.value}`
  const written = value(key, frame)
  const isText =
    written.type.isBig || (written.type.isNullable && /^(text|number)$/.test(written.type.kind) && target.type.kind !== 'array')
  return `${target.code}[${isText ? `String(${written.code})` : written.code}]`
}
