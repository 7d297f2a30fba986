import { ourWord } from '../../../../src/naming/words.ts'
import { argumentsOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { arelCall, fragmentCall } from '../queries/arel.ts'
import { connectionCall } from '../queries/connections.ts'
import { expression, hashCode, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { blockFunction, parameterType } from './functions.ts'
import type { MethodInfo } from '../classes/class_info.ts'
import { keyOfMethod, keyOfScope } from '../classes/method_keys.ts'
import { bareMaker, collectionOwner, columnRead, lacksArguments, madeThrough, memberOfAnyRecord, memberOfEach } from './known_calls.ts'
import { kernelCall } from '../methods/kernel.ts'
import { libraryCall } from '../methods/libraries.ts'
import { classBlock, macroCall } from './macro_calls.ts'
import { member, methodName, recordMembers } from '../classes/members.ts'
import { filledRecord } from '../queries/filled_records.ts'
import { queryArguments, queryCall } from '../queries/queries.ts'
import { hintAttributes, passOnHint, writtenByName } from '../queries/query_arguments.ts'
import { isUrlHelpers } from '../classes/read_classes.ts'
import { objectMethod } from '../methods/objects.ts'
import { isMadeElsewhere, structArguments } from './struct_calls.ts'
import { isUnknownAttribute } from '../classes/unknown_members.ts'
import { isOfLists, valueMethod } from '../methods/value_methods.ts'
import { Untranslated } from '../untranslated.ts'
import { arrayOf, type Expression, hash, isLazy, nothing, orNull, present, safely, text, unknown, recordOf } from '../value_types.ts'

/** A call, with or without a receiver. */
export function callExpression(node: CallNode, frame: Frame): Expression {
  if (!node.receiver) return ownCall(node, frame)
  if (node.name === '!') return negation(node, frame)
  if (isUrlHelpers(node.receiver as RubyNode)) return routeHelper(node, frame)
  const connection = connectionCall(node, frame)
  if (connection) return connection
  const arel = arelCall(node, frame)
  if (arel) return arel
  const library = libraryCall(node, frame)
  if (library) return library.code.startsWith('sql(') ? { ...library, type: { ...library.type, isSql: true } } : library
  if (is(node.receiver as RubyNode, 'SelfNode')) return selfCall(node, frame)
  const owner = collectionOwner(node, frame)
  if (owner) return owner
  const given = receiverOf(node, frame)
  return onReceiver(node, /^\d+$/.test(given.code) && /^[a-z]/.test(node.name) ? { ...given, code: `(${given.code})` } : given, frame)
}

/** What a call is on. What is filtered and then plucked is a list: what is left of a hash has no such values. */
export function receiverOf(node: CallNode, frame: Frame): Expression {
  const asked = node.receiver as RubyNode
  const doubts = new Set(frame.doubts)
  const given = expression(asked, frame)
  if (is(asked, 'CallNode') && asked.name === 'each' && asked.block && asked.receiver) {
    const list = frame.value(expression(asked.receiver as RubyNode, frame)).code
    if (given.code.startsWith(`${list}.forEach(`))
      return { ...given, code: `((items) => {\nitems${given.code.slice(list.length)}\nreturn items\n})(${list})` }
  }
  if (
    is(asked, 'CallNode') &&
    asked.name === 'find_each' &&
    !asked.block &&
    !asked.arguments_ &&
    asked.receiver &&
    /\.findEach\(\)$/.test(given.code)
  )
    return frame.value(expression(asked.receiver as RubyNode, frame))
  const isFiltered = is(asked, 'CallNode') && asked.block && /^(select|filter|reject)$/.test(asked.name)
  const isPlucked = node.name === 'pluck' && literalText(argumentsOf(node).positional[0]) !== undefined
  if (isFiltered && isPlucked && given.type.kind === 'array' && !doubts.has(asked.name)) frame.doubts.delete(asked.name)
  return given
}

/** A call on a receiver that is translated already. */
export function onReceiver(node: CallNode, given: Expression, frame: Frame): Expression {
  const query = queryCall(node, given, frame)
  if (query) return query
  const receiver =
    given.type.kind === 'collection' || given.type.kind === 'relation'
      ? (objectOnLazy(node, given, frame) ?? (isOfLists(node.name) ? frame.value(given) : given))
      : frame.value(given)
  if (isExpression(receiver) && receiver.type.kind === 'done') return receiver.expression
  const target = receiver as Expression
  const dot = node.isSafeNavigation() ? '?.' : '.'
  const certain = dot === '.' ? present(target) : target
  const found = memberCall(node, isNullSafe(node.name) ? target : certain, frame, dot)
  if (found)
    return dot === '?.' && target.type.isNullable && found.type.kind !== 'unknown' && !isLazy(found.type)
      ? { ...found, type: { ...found.type, isNullable: true } }
      : found
  if (dot === '?.' && /^[-+*/%<>|&]/.test(node.name) && target.type.kind !== 'unknown' && !isLazy(target.type))
    return operatedSafely(node, target, frame)
  const special =
    objectMethod(node, target, frame) ??
    valueMethod(node, isNullSafe(node.name) || isZero(node.name, target) ? target : certain, frame, dot)
  if (special)
    return dot === '?.' && target.type.isNullable && special.type.kind !== 'unknown' && !isLazy(special.type)
      ? { ...special, type: { ...special.type, isNullable: true, isOptional: true } }
      : special
  return fragmentCall(node, certain, frame) ?? unknownCall(node, certain, frame, dot)
}

/** `a&.> b`: an operator of what there is. */
function operatedSafely(node: CallNode, target: Expression, frame: Frame): Expression {
  const result = safely(target, (there) => valueMethod(node, there, frame, '.'))
  if (!result) throw new Untranslated(node, `${node.name} behind &.`)
  return result
}

/** What nil answers as well. */
function isNullSafe(name: string): boolean {
  return ['==', '!=', 'nil?', 'present?', 'blank?', 'presence', 'to_s', 'to_a', 'try', 'inspect', '=='].includes(name)
}

/** `to_f` of nil is zero. */
function isZero(name: string, { type }: Expression): boolean {
  return name === 'to_f' && type.kind === 'number' && !type.isBig && !type.isDecimal
}

interface Done {
  readonly type: { readonly kind: 'done' }
  readonly expression: Expression
}

function isExpression(value: Expression | Done): value is Done {
  return (value.type as { kind: string }).kind === 'done'
}

/** A class method of the application called on a relation. */
function objectOnLazy(node: CallNode, given: Expression, frame: Frame): Done | undefined {
  const { model } = given.type
  if (model === undefined || !frame.application.methodOf(model, node.name, true)) return undefined
  const args = argumentCodes(node, frame, methodBehind(given.type, node.name, frame))
  const asked = given.type.isGrouped ? { ...given, code: `(${given.code} as Untyped)` } : given
  const found = member(asked, node.name, args, frame, node.isSafeNavigation() ? '?.' : '.')
  return found && { type: { kind: 'done' }, expression: found }
}

/** A member of a record, class or object of the application, with its arguments; undefined when nothing explains it. */
export function memberCall(node: CallNode, receiver: Expression, frame: Frame, dot: string): Expression | undefined {
  const { type } = receiver
  if (type.oneOf) return memberOfEach(node, receiver, type.oneOf, frame, dot)
  if (type.model === undefined) return type.kind === 'record' ? memberOfAnyRecord(node, receiver, frame, dot) : undefined
  if (type.kind === 'class' && node.name === 'new' && node.block && frame.application.isModel(type.model))
    return filledRecord(node, receiver, queryArguments(node, type.model, frame), frame)
  const attributes = type.kind === 'class' && node.name === 'new' && frame.application.isModel(type.model) ? argumentsOf(node).pairs : []
  const isOdd = attributes.some((pair) => isUnknownAttribute(pair, type.model, frame))
  const isMade = type.kind === 'class' && node.name === 'new' && frame.application.isModel(type.model)
  if (isMade && !frame.application.methodOf(type.model, 'new', true) && !frame.application.methodOf(type.model, 'initialize', false)?.node)
    return { code: `new ${receiver.code}(${queryArguments(node, type.model, frame).join(', ')})`, type: recordOf(type.model) }
  const given = type.kind === 'class' && node.name === 'new' ? structArguments(node, type.model, frame) : undefined
  if (given !== undefined) return { code: `new ${receiver.code}(${given})`, type: { kind: 'record', model: type.model } }
  if (type.kind === 'class' && node.name === 'new' && !frame.application.methodOf(type.model, 'new', true))
    return {
      code: `new ${node.arguments_ && isMadeElsewhere(type.model, frame) ? `(${receiver.code} as Untyped)` : receiver.code}(${argumentCodes(node, frame, methodBehind({ kind: 'record', model: type.model }, 'initialize', frame)).join(', ')}${isOdd ? ' as Untyped' : ''})`,
      type: { kind: 'record', model: type.model },
    }
  if (!knows(receiver, node.name, frame)) return undefined
  const made = madeThrough(receiver.type, node.name, frame)
  const args =
    made === undefined
      ? argumentCodes(node, frame, methodBehind(receiver.type, node.name, frame))
      : queryArguments(bareMaker(node), made, frame)
  const found = member(
    lacksArguments(node, receiver, frame) ? { ...receiver, code: `(${receiver.code} as Untyped)` } : receiver,
    node.name,
    args,
    frame,
    dot,
  )
  if (found) return found
  const standard =
    type.kind === 'record' && isRecord(type.model, node.name, frame) && Object.hasOwn(recordMembers, node.name)
      ? recordMembers[node.name]
      : undefined
  if (!standard) return undefined
  if (/^(update|assign)/.test(node.name) && !/column/.test(node.name)) hintAttributes(argumentsOf(node).pairs, type.model, frame)
  const name = standard.as ?? ourWord(node.name)
  const passed = standard.property ? '' : `(${(writtenByName(node, type.model, frame) ?? argumentCodes(node, frame)).join(', ')})`
  return {
    code: `${receiver.code}${dot}${name}${passed}`,
    type: standard.type ?? (standard.pending ? type : (columnRead(node, type.model, frame) ?? unknown)),
    ...(standard.pending ? { pending: true } : {}),
  }
}

/** What a form has of the members of records. */
const formMembers = new Set(
  'errors valid? invalid? validate validate! attributes assign_attributes attributes= as_json serializable_hash has_attribute?'.split(' '),
)

function isRecord(model: string, name: string, frame: Frame): boolean {
  return frame.application.isModel(model) || (formMembers.has(name) && frame.application.isForm(model))
}

/** Asks for the member without translating the arguments twice. */
function knows(receiver: Expression, name: string, frame: Frame): boolean {
  return member(receiver, name, [], frame) !== undefined || (receiver.type.kind === 'record' && Object.hasOwn(recordMembers, name))
}

/** The method that a call finds, to note what it is given. */
function methodBehind({ kind, model }: Expression['type'], name: string, frame: Frame): MethodInfo | undefined {
  const method = model === undefined ? undefined : frame.application.methodOf(model, name, kind !== 'record')
  return method?.node || method?.isScope ? method : undefined
}

/** Arguments in order: positional ones, keywords as an object, and the block as a function.
 *
 * @param callee the method that is called, where it is known
 */
export function argumentCodes(node: CallNode | NodeOf<'SuperNode'>, frame: Frame, callee?: MethodInfo): string[] {
  const { positional, pairs } = argumentsOf(node)
  if (callee?.isScope) return scopeArguments(node, frame, callee)
  const method = callee?.node && keyOfMethod(callee.node, callee.source)
  if (method !== undefined) for (const pair of pairs) noteKeyword(pair, method, frame)
  if (method !== undefined && pairs.length > 0 && !takesKeywords(callee))
    frame.application.noteArgument(method, String(positional.length), hash)
  const codes = positional.map((argument, index) => {
    if (is(argument, 'SplatNode') && !argument.expression) throw new Untranslated(argument, 'a nameless splat')
    if (is(argument, 'SplatNode')) return `...${spread(value(argument.expression as RubyNode, frame).code, index, callee)}`
    if (is(argument, 'ForwardingArgumentsNode')) throw new Untranslated(argument, 'arguments passed on unseen')
    const given = handedOn(argument, value(argument, frame), frame)
    if (method === undefined) return given.code
    frame.application.noteArgument(method, String(index), given.type)
    passOnHint(argument, frame.application.hintOf(method, String(index)), frame)
    return passedCode(given, index, callee!, method, frame)
  })
  const isOpen = pairs.some((pair) => is(pair, 'AssocSplatNode')) && takesKeywords(callee)
  const isCounted = callee !== undefined && !positional.some((each) => is(each, 'SplatNode'))
  if (pairs.length > 0) {
    if (isCounted && takesKeywords(callee)) codes.push(...omitted(codes.length, positionalCount(callee)))
    codes.push(
      `${hashCode(pairs, frame, undefined, method === undefined ? undefined : keywordOf(callee!, method, frame))}${isOpen ? ' as Untyped' : ''}`,
    )
  }
  const block = node.block ? blockFunction(node as CallNode, frame) : undefined
  if (block && isCounted) codes.push(...omitted(codes.length, positionalCount(callee) + (takesOptions(callee) ? 1 : 0)))
  if (block) codes.push(block.code)
  return codes
}

/** Notes where a scope is given nil. */
function scopeArguments(node: CallNode | NodeOf<'SuperNode'>, frame: Frame, { name, source }: MethodInfo): string[] {
  for (const [index, argument] of argumentsOf(node).positional.entries())
    if (is(argument, 'NilNode')) frame.application.noteArgument(keyOfScope(name, source), String(index), nothing)
  return argumentCodes(node, frame)
}

/** `self` as it is given to others: in a module it is what includes that, which the compiler can't tell of there. */
export function handedOn(node: RubyNode, given: Expression, frame: Frame): Expression {
  const isMixed = is(node, 'SelfNode') && !frame.isStatic && frame.isMixin(frame.self.type.model) && given.code === 'this'
  return isMixed ? { ...given, code: '(this as Untyped)' } : given
}

/** What stands for parameters that a call leaves out, so that what follows lands behind them. */
export function omitted(given: number, wanted: number): string[] {
  return Array.from({ length: Math.max(0, wanted - given) }, () => 'undefined')
}

/** How many places a method has before its keywords and its block; none where it takes any number. */
export function positionalCount({ node }: MethodInfo): number {
  const parameters = node?.parameters as NodeOf<'ParametersNode'> | null | undefined
  return !parameters || parameters.rest ? 0 : parameters.requireds.length + parameters.optionals.length
}

export function takesOptions(callee: MethodInfo): boolean {
  const parameters = callee.node?.parameters as NodeOf<'ParametersNode'> | null | undefined
  return takesKeywords(callee) || is(parameters?.keywordRest as RubyNode | null | undefined, 'KeywordRestParameterNode')
}

/** How a keyword is given to a method that says what it takes for it. */
function keywordOf(callee: MethodInfo, key: string, frame: Frame): (name: string, given: Expression) => string {
  const keywords = ((callee.node!.parameters as NodeOf<'ParametersNode'> | null)?.keywords ?? []) as RubyNode[]
  return (name, given) => {
    const isNull = !given.type.isNullable || given.type.kind === 'null' || given.type.kind === 'unknown'
    const keyword = keywords.find((each) => (each as { name?: unknown }).name === name)
    if (!isNull && is(keyword, 'OptionalKeywordParameterNode') && !is(keyword.value as RubyNode, 'NilNode')) return present(given).code
    if (isNull || !is(keyword, 'RequiredKeywordParameterNode')) return given.code
    const declared = parameterType(name, name, { key, body: callee.node!.body as RubyNode | null }, frame)
    if (declared.kind === 'unknown') return given.code
    return declared.isNullable ? orNull(given) : present(given).code
  }
}

/** What may be null for a parameter that isn't: Ruby too would raise, though later. */
function passedCode(given: Expression, index: number, callee: MethodInfo, key: string, frame: Frame): string {
  if (!given.type.isNullable || given.type.kind === 'null' || given.type.kind === 'unknown') return given.code
  const parameter = (callee.node!.parameters as NodeOf<'ParametersNode'> | null)?.requireds[index] as RubyNode | undefined
  if (!is(parameter, 'RequiredParameterNode')) return given.code
  const known = parameterType(parameter.name, String(index), { key, body: callee.node!.body as RubyNode | null }, frame)
  const declared = frame.application.hintOf(key, String(index)) ?? known
  if (declared.kind === 'unknown') return given.code
  return declared.isNullable ? orNull(given) : present(given).code
}

function takesKeywords(callee: MethodInfo | undefined): boolean {
  return Boolean((callee?.node?.parameters as NodeOf<'ParametersNode'> | null | undefined)?.keywords.length)
}

/** A list for the parameters of a method that takes so many: the compiler can't tell how long a list is. */
function spread(code: string, index: number, callee: MethodInfo | undefined): string {
  const parameters = callee?.node?.parameters as NodeOf<'ParametersNode'> | null | undefined
  if (!parameters || parameters.rest || parameters.keywords.length > 0) return code
  const count = parameters.requireds.length + parameters.optionals.length - index
  return count > 0 ? `(${code} as [${Array.from({ length: count }, () => 'Untyped').join(', ')}])` : code
}

function noteKeyword(pair: RubyNode, method: string, frame: Frame): void {
  const name = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
  if (name === undefined || !is(pair, 'AssocNode')) return
  const { isAsync } = frame
  frame.application.noteArgument(method, name, value(pair.value as RubyNode, frame).type)
  frame.isAsync = isAsync
}

function negation(node: CallNode, frame: Frame): Expression {
  const inner = value(node.receiver as RubyNode, frame)
  const isZero = ['number', 'text'].includes(inner.type.kind)
  return { code: isZero ? `(${inner.code}) == null` : `!(${inner.code})`, type: { kind: 'boolean' } }
}

function selfCall(node: CallNode, frame: Frame): Expression {
  const declared = classBlock(node, frame) ?? macroCall(node, frame)
  if (declared) return declared
  if (node.name === 'class') return objectMethod(node, frame.self, frame) ?? frame.self
  return onReceiver(node, frame.self, frame)
}

function ownCall(node: CallNode, frame: Frame): Expression {
  const kernel = frame.owner === undefined || !knows(frame.self, node.name, frame) ? kernelCall(node, frame) : undefined
  if (kernel) return kernel
  const declared = connectionCall(node, frame) ?? classBlock(node, frame) ?? macroCall(node, frame)
  if (declared) return declared
  if (frame.owner === undefined) return unknownCall(node, frame.self, frame, '.')
  if (node.name === 'options' && isValidator(frame) && !knows(frame.self, 'options', frame))
    return { code: `(${frame.self.code}.options as Record<string, Untyped>)`, type: hash }
  const hasRoutes = /_(path|url)$/.test(node.name) && frame.application.lineage(frame.owner).some((info) => info.hasRoutes)
  if (hasRoutes && !knows(frame.self, node.name, frame)) return routeHelper(node, frame)
  return onReceiver(node, frame.self, frame)
}

/** Rails gives validators their options. */
function isValidator({ application, owner, isStatic }: Frame): boolean {
  const lineage = isStatic ? [] : application.lineage(owner!)
  return lineage.some(({ parent }) => /^(::)?ActiveModel::(Each)?Validator$/.test(parent ?? ''))
}

/** `Rails.application.routes.url_helpers.post_path(post)`: a helper of the routes. */
function routeHelper(node: CallNode, frame: Frame): Expression {
  return { code: `${frame.imports.framework('routes')}.${ourWord(node.name)}!(${argumentCodes(node, frame).join(', ')})`, type: text }
}

/** What jobs and mailers answer: it is told to the queue, which is waited for. */
const queued = new Set(
  'perform_later perform_now perform_async perform_in perform_all_later deliver_later deliver_now deliver_later! deliver_now!'.split(' '),
)

/** A method that nothing explains: called by its name here; without arguments on a value it may as well be a property. */
function unknownCall(node: CallNode, receiver: Expression, frame: Frame, dot: string): Expression {
  if (!/^[a-zA-Z_]\w*[?!]?$/.test(node.name)) throw new Untranslated(node, `${node.name} on a value of unknown type`)
  const args = argumentCodes(node, frame)
  const isOwn = receiver === frame.self
  const isRead = !isOwn && args.length === 0 && !node.openingLoc && receiver.type.kind === 'unknown' && !/[?!]$/.test(node.name)
  if (queued.has(node.name))
    return { code: `${receiver.code}${dot}${methodName(node.name)}(${args.join(', ')})`, type: unknown, pending: true }
  if (node.name === 'new' && /^[\w$.]+$/.test(receiver.code) && !isOwn)
    return { code: `new ${receiver.code}(${args.join(', ')})`, type: unknown }
  const isKnown = frame.application.knowsMethod(node.name)
  if (!isKnown && !(isRead && receiver.type.kind === 'unknown')) frame.unknownNames.add(node.name)
  const isAsync = frame.application.isAsyncSomewhere(node.name)
  if (isRead && !isKnown) return { code: `${receiver.code}${dot}${node.name}`, type: unknown }
  const isTyped = receiver.type.kind !== 'unknown' && receiver.code !== 'module$'
  return {
    code: `${isTyped ? `(${receiver.code} as Untyped)` : receiver.code}${dot}${methodName(node.name)}(${args.join(', ')})`,
    type: !isKnown && /^(\w+_)?methods$/.test(node.name) ? { ...arrayOf(text), isLoose: true } : unknown,
    ...(isAsync ? { pending: true } : {}),
  }
}

/** What nobody knows, and nothing takes what it answers, is called: to read it would do nothing. */
export function calledAsStatement(node: RubyNode, { code, type, pending }: Expression): string {
  const isRead = is(node, 'CallNode') && node.receiver && !node.arguments_ && type.kind === 'unknown' && !pending
  return isRead && code.endsWith(`.${node.name}`) ? `${code.slice(0, -node.name.length)}${methodName(node.name)}()` : code
}

/** What reads back an attribute that a statement writes. */
export function attributeRead(node: RubyNode, frame: Frame): Expression | undefined {
  if (!is(node, 'CallNode') || !node.receiver || !/^[a-z_]\w*=$/.test(node.name)) return undefined
  const receiver = expression(node.receiver as RubyNode, frame)
  if (isLazy(receiver.type) || receiver.pending) return undefined
  return { code: 'null', type: { kind: 'null' } }
}

export { literalText }
