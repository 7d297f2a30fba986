import { pluralize, underscore } from '../../../../src/naming/index.ts'
import { propertyKey, quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, is, literalText, type RubyNode } from '../../nodes.ts'
import { handedOn, receiverOf } from '../calls/calls.ts'
import { asDecimal } from '../methods/decimal_methods.ts'
import { expression, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { listed } from '../methods/set_methods.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, isLazy, number, orNull, present, recordOf, unknown, type ValueType } from '../value_types.ts'

/** The hash of `where`, `create` and the like: tables are named by their association, and what a parameter is becomes known.
 *
 * @param many whether a list of values may stand for one
 */
export function conditionsCode(elements: readonly RubyNode[], model: string | undefined, frame: Frame, many: boolean): string {
  const parts = elements.map((element) => {
    if (is(element, 'AssocSplatNode') && element.value) return `...${value(element.value as RubyNode, frame).code}`
    if (!is(element, 'AssocNode')) throw new Untranslated(element, 'a part of the conditions')
    const key = literalText(element.key as RubyNode)
    if (key === undefined) return `[${value(element.key as RubyNode, frame).code}]: ${value(element.value as RubyNode, frame).code}`
    return condition(key, element.value as RubyNode, model, frame, many)
  })
  return parts.length === 0 ? '{}' : `{ ${joined(parts).join(', ')} }`
}

/** Conditions of one table beside each other, as `"votes.vote" => 1, "votes.comment_id" => nil` makes them, as one object. */
function joined(parts: readonly string[]): string[] {
  const objects = new Map<string, number>()
  const all: string[] = []
  for (const part of parts) {
    const [, name, inner] = /^([\w$]+): \{ ([\s\S]*) \}$/.exec(part) ?? []
    const before = name === undefined ? undefined : objects.get(name)
    if (before !== undefined) all[before] = all[before]!.replace(/ \}$/, () => `, ${inner} }`)
    else {
      if (name !== undefined) objects.set(name, all.length)
      all.push(part)
    }
  }
  return all
}

function condition(key: string, given: RubyNode, model: string | undefined, frame: Frame, many: boolean): string {
  const dotted = /^(\w+)\.(\w+)$/.exec(key)
  if (dotted)
    return `${propertyKey(associationName(dotted[1]!, model, frame))}: { ${propertyKey(dotted[2]!)}: ${hinted(given, dotted[2]!, undefined, frame, many)} }`
  if (!is(given, 'HashNode')) {
    const keyed = keyOfRecord(key, given, model, frame)
    if (keyed) return keyed
    if (many) noteOdd([key], model, frame)
    const code = hinted(given, key, model, frame, many)
    return code === key ? key : `${propertyKey(key)}: ${code}`
  }
  if (isOwnTable(key, model, frame)) return conditionsCode(given.elements as RubyNode[], model, frame, many).slice(2, -2)
  const path = associationPath(key, model, frame)
  noteOdd(path, model, frame)
  const target = path.reduce<string | undefined>(
    (owner, name) => (owner === undefined ? undefined : frame.application.associationOf(owner, name)?.model),
    model,
  )
  const inner = conditionsCode(given.elements as RubyNode[], target, frame, many)
  return path.reduceRight((code, name, index) => `${propertyKey(name)}: ${index === path.length - 1 ? code : `{ ${code} }`}`, inner)
}

/** The associations that lead to what a condition names: a table may be joined through another. */
function associationPath(key: string, model: string | undefined, frame: Frame): string[] {
  const name = associationName(key, model, frame)
  const { application } = frame
  if (model === undefined || application.associationOf(model, name)) return [name]
  let paths: { path: string[]; model: string }[] = [{ path: [], model }]
  for (let depth = 0; depth < 3; depth++) {
    paths = paths.flatMap(({ path, model: from }) =>
      nextAssociations(from, frame).map((each) => ({ path: [...path, each.name], model: each.target })),
    )
    for (const { path, model: target } of paths) {
      const found = associationName(key, target, frame)
      if (application.associationOf(target, found)) return [...path, found]
    }
  }
  return [name]
}

/** Notes a condition on what the schema doesn't know: a column or an association of a gem's, say. */
function noteOdd(path: readonly string[], model: string | undefined, frame: Frame): void {
  const { application } = frame
  if (model === undefined || !application.isModel(model) || !application.columnsOf(model)) return
  const [first = '', ...rest] = path
  const association = application.associationOf(model, first)
  const isKnown = association ?? (rest.length === 0 && application.columnsOf(model)!.has(first))
  if (!isKnown) frame.hasOddCondition = true
}

function nextAssociations(model: string, { application }: Frame): { name: string; target: string }[] {
  return application
    .lineage(model)
    .flatMap(({ associations }) => [...associations.keys()])
    .flatMap((name) => {
      const target = application.associationOf(model, name)?.model
      return target === undefined ? [] : [{ name, target }]
    })
}

/** Whether a condition names the table of the model itself. */
function isOwnTable(key: string, model: string | undefined, { application }: Frame): boolean {
  if (model === undefined || application.associationOf(model, key)) return false
  return (
    (application.tableOf(model) ?? (application.isModel(model) ? pluralize(underscore(model).replaceAll('/', '_')) : undefined)) === key
  )
}

/** A record that is a value of SQL stands for its key: `where("user_id = ?", story.user)` asks the key that leads to it, and waits for nothing. */
export function keyOfBound(given: RubyNode, frame: Frame): string | undefined {
  if (!is(given, 'CallNode') || !given.receiver || given.arguments_ || given.block || given.isSafeNavigation()) return undefined
  if (!is(given.receiver as RubyNode, 'LocalVariableReadNode', 'SelfNode')) return undefined
  const { code, type } = expression(given.receiver as RubyNode, frame)
  const key = type.kind === 'record' ? foreignKey(given.name, type.model, frame) : undefined
  return key === undefined ? undefined : `${code}.${key}`
}

/** `where(board: event.board)` compares the keys: what leads to the record needs no loading. */
function keyOfRecord(key: string, given: RubyNode, model: string | undefined, frame: Frame): string | undefined {
  if (
    !is(given, 'CallNode') ||
    !given.receiver ||
    given.arguments_ ||
    given.isSafeNavigation() ||
    !is(given.receiver as RubyNode, 'LocalVariableReadNode', 'SelfNode')
  )
    return undefined
  const holder = expression(given.receiver as RubyNode, frame)
  const [to, from] = [
    foreignKey(key, model, frame),
    holder.type.kind === 'record' ? foreignKey(given.name, holder.type.model, frame) : undefined,
  ]
  const isSame =
    model !== undefined &&
    holder.type.model !== undefined &&
    frame.application.associationOf(model, key)?.model === frame.application.associationOf(holder.type.model, given.name)?.model
  return to !== undefined && from !== undefined && isSame ? `${to}: ${holder.code}.${from}` : undefined
}

/** The column of a plain `belongs_to`. */
function foreignKey(name: string, model: string | undefined, frame: Frame): string | undefined {
  const association = model === undefined ? undefined : frame.application.associationOf(model, name)
  if (!association?.isPlain || association.polymorphic || association.model === undefined) return undefined
  return frame.application.columnsOf(model!)?.has(`${name}_id`) ? `${name}_id` : undefined
}

/** A value for a column, as its type has it; a parameter that is given becomes known. */
export function hinted(given: RubyNode, key: string, model: string | undefined, frame: Frame, many: boolean, isAsked = many): string {
  const inner = is(given, 'ImplicitNode') ? (given.value as RubyNode) : given
  if (many && is(inner, 'ArrayNode') && (inner.elements as RubyNode[]).every((each) => !is(each, 'SplatNode')))
    return `[${(inner.elements as RubyNode[]).map((each) => hinted(each, key, model, frame, false, true)).join(', ')}]`
  const translated = plucked(inner, frame) ?? handedOn(inner, expression(inner, frame), frame)
  const answer = isLazy(translated.type) ? translated : listed(frame.value(translated))
  const writer = many || model === undefined ? undefined : frame.application.methodOf(model, `${key}=`, false)
  if (writer?.node) return forWriter(answer, key, writer.isAsync, model!, frame)
  hint(inner, answer.code, key, model, frame, many)
  const column = model === undefined ? undefined : frame.application.columnsOf(model)?.get(key)
  if (isAsked && column && isRecordAsked(answer, inner, frame))
    return answer.type.isNullable ? `${answer.code}?.id ?? null` : `${answer.code}.id`
  if (!isAsked && column?.kind === 'number' && isRecordAsked(answer, inner, frame)) return recordForNumber(answer, key, frame)
  if (column?.isDecimal && !isAsked && answer.type.kind === 'unknown' && frame.hints.get(answer.code)?.type.isDecimal)
    return `${column.isNullable ? `${answer.code} == null ? null : ` : ''}${asDecimal({ ...answer, type: number }, frame).code}`
  if (column?.isBig && !isAsked && answer.type.kind === 'unknown' && frame.hints.get(answer.code)?.type.kind === 'number')
    return column.isNullable ? `${answer.code} == null ? null : BigInt(${answer.code})` : `BigInt(${answer.code})`
  if (column) return forColumn(answer, column, key, isAsked, frame)
  return isAsked ? answer.code : associated(answer, key, model, frame)
}

/** Whether a record stands where a value of a column is asked for: not a parameter that is only called like one. */
function isRecordAsked({ code, type }: Expression, node: RubyNode, frame: Frame): boolean {
  return type.kind === 'record' && !type.isLoose && !(is(node, 'LocalVariableReadNode') && frame.guessed.has(code))
}

/** A record that is given for a number. */
export function recordForNumber({ code }: Expression, name: string, frame: Frame): string {
  frame.notes.add(`a record is given for ${name}, of which Rails makes nil`)
  return /^[\w$.()!]+$/.test(code) ? `(${code} as Untyped)` : `((${code}) as Untyped)`
}

/** A record that may be nil, for an association that never is: Ruby too would raise, though later. */
export function associated(given: Expression, name: string, model: string | undefined, frame: Frame): string {
  const association = model === undefined ? undefined : frame.application.associationOf(model, name)
  if (!association || association.many || !(isNullableValue(given) || given.type.kind === 'null')) return given.code
  const key = association.isPlain ? frame.application.columnsOf(model!)?.get(`${name}_id`) : undefined
  if (given.type.kind === 'null') return key && !key.isNullable ? `${given.code}!` : given.code
  return key?.isNullable || association.polymorphic ? orNull(given) : present(given).code
}

/** What a writer of the class itself takes for an attribute need not be what the column holds. */
function forWriter({ code, type }: Expression, key: string, waits: boolean, model: string, frame: Frame): string {
  if (waits) frame.notes.add(`${key}= has to wait, and is not called where a record is made with attributes`)
  const column = frame.application.columnsOf(model)?.get(key)
  const isSame = column === undefined || type.kind === 'null' || type.kind === 'unknown' || type.isLoose
  return isSame ? code : `(${code} as Untyped)`
}

/** A value as the type of a column has it: members of enums by their names. */
function forColumn(given: Expression, column: ValueType, key: string, many: boolean, frame: Frame): string {
  const { code, type } = given
  if (!column.members) return many ? askedFor(given, column) : writtenTo(given, column, frame)
  const named = code.replace(new RegExp(`[\\w$.]+\\.${pluralize(key)}(?:\\.(\\w+)|\\['(\\w+)'\\])`, 'g'), "'$1$2'")
  const isOther = type.kind !== 'null' && type.kind !== 'unknown' && !type.members && !type.element?.members
  return isOther && /[([]/.test(named.replace(/^\['\w+'(, '\w+')*\]$/, '')) && !isLazy(type) ? `(${named} as Untyped)` : named
}

/** What is compared with a column that is never null is never null: there is no such row. */
function askedFor(given: Expression, column: ValueType): string {
  const { code, type } = given
  const isPlainNumber = column.kind === 'number' && !column.isDecimal && !column.isBig
  if (isPlainNumber && type.kind === 'array' && type.element?.kind === 'text' && !type.isLoose) return `${code}.map(Number)`
  if (isPlainNumber && type.kind === 'text' && !type.isLoose && !type.isNullable) return `Number(${code})`
  return column.isNullable || !isNullableValue(given) || column.kind !== given.type.kind ? given.code : present(given).code
}

/** A value as a column takes it: whole numbers of 64 bits are `bigint`; where the column has no null, Ruby too would raise, though later. */
export function writtenTo(given: Expression, column: ValueType, frame: Frame): string {
  const { type } = given
  if (type.kind === 'null' && !column.isNullable) return `${given.code}!`
  if (column.isDecimal && type.kind === 'number' && !type.isDecimal && !type.isNullable) return asDecimal(given, frame).code
  if (column.kind === 'number' && type.kind === 'text' && !type.isLoose && !type.isNullable && !column.isDecimal)
    return column.isBig ? `BigInt(${given.code})` : column.isWhole ? `Number.parseInt(${given.code}, 10)` : `Number(${given.code})`
  if (/^(time|date)$/.test(column.kind) && type.kind === 'text' && !type.isLoose) return asTime(given)
  if (column.kind === 'bytes' && type.kind === 'text' && !type.isLoose) return asBytes(given)
  if (column.isNullable && type.kind === 'unknown' && type.isOptional && /\.\w+$|\]$/.test(given.code)) return `${given.code} ?? null`
  if (isNullableValue(given) && column.kind === type.kind && Boolean(column.isBig) === Boolean(type.isBig))
    return column.isNullable ? orNull(given) : present(given).code
  if (!column.isBig || type.kind !== 'number' || type.isBig || type.isLoose || type.isNullable) return given.code
  return /^-?\d+$/.test(given.code) ? `${given.code}n` : `BigInt(${given.code})`
}

/** A text that a time is written as; of any other the model makes what Rails does. */
function asTime({ code, type }: Expression): string {
  if (!code.includes('.toISOString()')) return `(${code} as Untyped)`
  return type.isNullable ? `(${code} == null ? null : new Date(${code}))` : `new Date(${code})`
}

/** Ruby's texts are bytes. */
function asBytes({ code, type }: Expression): string {
  return type.isNullable ? `(${code} == null ? null : new Uint8Array(Buffer.from(${code})))` : `new Uint8Array(Buffer.from(${code}))`
}

function isNullableValue({ type }: Expression): boolean {
  return Boolean(type.isNullable) && !type.isLoose && type.kind !== 'null' && type.kind !== 'unknown'
}

/** What `update` and its kind write, as the columns take it; undefined for any other call. */
export function writtenByName(node: CallNode, model: string, frame: Frame): string[] | undefined {
  const { positional, pairs } = argumentsOf(node)
  const isMany = /^(update!?|update_attributes|update_columns|assign_attributes)$/.test(node.name) && positional.length === 0
  if (isMany && pairs.length > 0 && frame.application.isModel(model)) return [conditionsCode(pairs, model, frame, false)]
  const [attribute, given, ...more] = argumentsOf(node).positional
  const name = literalText(attribute)
  const isNamed = /^(update_column|update_attribute!?|write_attribute)$/.test(node.name) && more.length === 0 && given !== undefined
  if (!isNamed || name === undefined || !frame.application.columnsOf(model)?.has(name)) return undefined
  return [quote(name), hinted(given, name, model, frame, false)]
}

/** Notes what parameters must be that are given for attributes. */
export function hintAttributes(pairs: readonly RubyNode[], model: string, frame: Frame): void {
  for (const pair of pairs) {
    const key = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
    if (key === undefined || !is(pair, 'AssocNode')) continue
    const given = pair.value as RubyNode
    const inner = is(given, 'ImplicitNode') ? (given.value as RubyNode) : given
    if (is(inner, 'LocalVariableReadNode')) hint(inner, frame.local(inner.name)?.code ?? '', key, model, frame, false)
  }
}

function hint(inner: RubyNode, code: string, key: string, model: string | undefined, frame: Frame, many: boolean): void {
  if (is(inner, 'LocalVariableReadNode') && model !== undefined) {
    const column = frame.application.columnsOf(model)?.get(key)
    const association = frame.application.associationOf(model, key)
    const isList = many && (frame.hints.get(code)?.many ?? true)
    if (column) hintColumn(inner.name, code, column, isList, frame)
    else if (association?.model !== undefined)
      frame.hints.set(code, { type: recordOf(association.model), many: isList && pluralize(inner.name) === inner.name })
  }
}

/** A parameter that is compared with a column holds what that does, unless it is a record of whose members something is asked. */
function hintColumn(name: string, code: string, column: ValueType, many: boolean, frame: Frame): void {
  const local = frame.local(name)
  const isGuessed = frame.guessed.has(code)
  const before = frame.hints.get(code)
  if (local && isGuessed && before?.type.kind === 'record') {
    local.type = before.type
    frame.guessed.delete(code)
    frame.hints.set(code, { ...before, many: false })
  }
  if (local?.type.kind === 'record' && !frame.guessed.has(code)) return
  const { isNullable: _, ...held } = column
  if (local && isGuessed) local.type = many ? unknown : held
  const type = frame.compared.has(code) ? unknown : commonHint(before?.type, column)
  frame.hints.set(code, { type, many: many && type.kind !== 'unknown' })
}

/** A parameter that is only called like a record, and given to a method that takes something else, is that. */
export function passOnHint(node: RubyNode, type: ValueType | undefined, frame: Frame): void {
  const local = is(node, 'LocalVariableReadNode') ? frame.local(node.name) : undefined
  if (!local || !type || !/^(text|number|boolean|time|date)$/.test(type.kind) || !frame.guessed.has(local.code)) return
  local.type = type
  frame.hints.set(local.code, { type, many: false })
}

/** What a parameter is that is given for several columns: of no type where they are of different ones. */
function commonHint(before: ValueType | undefined, column: ValueType): ValueType {
  return before === undefined || before.kind === column.kind ? column : unknown
}

/** A list that is read from another query, as a subquery of it: nothing has to wait for it. */
function plucked(node: RubyNode, frame: Frame) {
  const listed = listedIds(node, frame)
  if (listed) return listed
  if (!is(node, 'CallNode') || !node.receiver || !['pluck', 'ids', 'map'].includes(node.name)) return undefined
  const receiver = receiverOf(node, frame)
  if (!isLazy(receiver.type)) return undefined
  const block = node.block as RubyNode | null
  const mapped = is(block, 'BlockArgumentNode') ? literalText(block.expression as RubyNode | null) : undefined
  const column =
    node.name === 'ids'
      ? 'id'
      : node.name === 'map'
        ? mapped === 'id'
          ? 'id'
          : undefined
        : literalText(((node.arguments_?.arguments_ ?? []) as RubyNode[])[0])
  if (column === undefined || !/^\w+$/.test(column) || (node.arguments_?.arguments_.length ?? 0) > 1) return undefined
  return { code: `${receiver.code}.select('${column}')`, type: receiver.type }
}

/** `comment_ids`, which asks the association. */
function listedIds(node: RubyNode, frame: Frame): Expression | undefined {
  if (!is(node, 'CallNode') || node.arguments_ || !node.name.endsWith('_ids')) return undefined
  const { isAsync } = frame
  const found = expression(node, frame)
  frame.isAsync = isAsync
  const many = /^([\w$.]+)\.ids\(\)$/.exec(found.code)?.[1]
  return many === undefined ? undefined : { code: `${many}.select('id')`, type: { kind: 'relation' } }
}

/** Rails names tables in conditions; here it is the association that leads to them. */
function associationName(key: string, model: string | undefined, frame: Frame): string {
  if (model === undefined || frame.application.associationOf(model, key)) return key
  for (const info of frame.application.lineage(model)) {
    for (const association of info.associations.values()) {
      const target = frame.application.associationOf(model, association.name)?.model
      if (target !== undefined && pluralize(underscore(target).replaceAll('/', '_')) === key) return association.name
    }
  }
  return key
}

/** An argument that may be SQL: a column's name stays a name, anything else is marked as SQL. */
export function sqlArgument(node: RubyNode, frame: Frame, isSql = false): string {
  const name = literalText(node)
  if (name !== undefined && /^\w+$/.test(name) && !isSql) return quote(name)
  if (is(node, 'IntegerNode')) return `${frame.imports.framework('sql')}(${quote(String(node.value))})`
  const { code, type } = value(node, frame)
  return type.kind === 'text' ? `${frame.imports.framework('sql')}(${code})` : code
}
