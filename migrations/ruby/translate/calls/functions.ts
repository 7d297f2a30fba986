import { quote } from '../../../typescript/index.ts'
import { type BlockNode, blockOf, type CallNode, is, literalText, type NodeOf, parameterNames, type RubyNode } from '../../nodes.ts'
import { ourWord } from '../../../../src/naming/words.ts'
import { expression, value } from '../expressions/expressions.ts'
import { demodulize, underscore } from '../../../../src/naming/index.ts'
import { type Frame, localName } from '../frame.ts'
import { functionBody, statementLines } from '../statements/statements.ts'
import { member, recordMembers } from '../classes/members.ts'
import { isAskedAsList, isAskedFor, isAskedItsClass, isAssigned, isGivenAsKey, isOnlyGiven, isOnlyLookedAt } from './looked_at.ts'
import { Untranslated } from '../untranslated.ts'
import { valueMethod } from '../methods/value_methods.ts'
import { type Expression, typeText, unknown, type ValueType } from '../value_types.ts'

/** A function that a block, a lambda or `&:name` became. */
export interface FunctionCode {
  readonly code: string
  readonly isAsync: boolean
  readonly returns: ValueType
  /** The parameters and the body apart, for loops. */
  readonly parameters: string
  readonly body: string
}

type Block = BlockNode | NodeOf<'LambdaNode'>

/** A block or lambda as an arrow function.
 *
 * @param types the types of its parameters, as far as the caller knows them
 * @param self what `self` is inside, when the caller runs the block on an object
 */
export function arrow(
  block: Block,
  frame: Frame,
  types: readonly ValueType[] = [],
  self?: Expression,
  extra: readonly string[] = [],
  position: 'return' | 'statement' = 'return',
): FunctionCode {
  let parameters = ''
  const { result, isAsync, returns } = frame.inFunction(() => {
    frame.isBlock = is(block, 'BlockNode')
    const declared = declareParameters(block.parameters as RubyNode | null, frame, types, { body: block.body as RubyNode | null })
    const body = functionBody(block.body as RubyNode | null, block.locals as string[], frame, position)
    parameters = [...extra, ...declared.map((print) => print())].join(', ')
    return body
  }, self ?? frame.self)
  const single = /^return ((?:[^;]|;(?!\n))*);?$/s.exec(result.trim())
  const isSimple = single && !result.trim().includes('\n') && !/;\s*\S/.test(single[1]!)
  const body = isSimple ? `(${single[1]!})` : `{\n${result}\n}`
  return { code: `${isAsync ? 'async ' : ''}(${parameters}) => ${body}`, isAsync, returns, parameters, body: result }
}

/** Declares the parameters of a block or method; answers what prints each once the body is known. */
export function declareParameters(
  parameters: RubyNode | null,
  frame: Frame,
  types: readonly ValueType[] = [],
  method: Called = {},
): (() => string)[] {
  if (is(parameters, 'BlockParametersNode')) return declareParameters(parameters.parameters as RubyNode | null, frame, types, method)
  if (!is(parameters, 'ParametersNode')) return parameterNames(parameters).map((name, index) => typed(name, types[index], frame, method))
  const printers: (() => string)[] = []
  const positional = [...parameters.requireds, ...parameters.optionals] as RubyNode[]
  for (const [index, node] of positional.entries()) {
    if (is(node, 'RequiredParameterNode')) printers.push(typed(node.name, types[index], frame, method, String(index)))
    else if (is(node, 'OptionalParameterNode')) {
      const given = frame.settled(expression(node.value as RubyNode, frame))
      const print = typed(node.name, given.type.kind === 'null' ? unknown : given.type, frame)
      if (isAwaited(given.code)) {
        printers.push(missing(node.name, given, print, frame))
        continue
      }
      const empty = given.code === '{}' ? ': Record<string, Untyped>' : given.code === '[]' ? ': Untyped[]' : ''
      printers.push(() => `${withDefault(print(), given.code)}${empty} = ${given.code}`)
    } else if (is(node, 'MultiTargetNode')) printers.push(destructured(node, frame, types[index]?.element))
    else throw new Untranslated(node, 'a parameter of another kind')
  }
  if (parameters.posts.length > 0) throw new Untranslated(parameters, 'parameters behind a splat')
  const keywords = (parameters.keywords as RubyNode[]).map((node) => keyword(node, frame, method))
  if (keywords.length > 0 || is(parameters.keywordRest as RubyNode | null, 'KeywordRestParameterNode'))
    printers.push(keywordObject(parameters, keywords, frame))
  if (is(parameters.rest as RubyNode | null, 'RestParameterNode')) {
    const rest = frame.declare((parameters.rest as NodeOf<'RestParameterNode'>).name ?? 'rest', { kind: 'array' })
    if (keywords.length > 0) throw new Untranslated(parameters, 'a splat beside keywords')
    printers.push(() => `...${rest.code}: Untyped[]`)
  }
  const block = parameters.block as NodeOf<'BlockParameterNode'> | null
  if (block) {
    const local = frame.declare(block.name ?? 'block')
    frame.block = local.code
  }
  return printers
}

/** A default that has to be waited for: what was not given is assigned in the body. */
function missing(name: string, { code, type: { isLoose } }: Expression, print: () => string, frame: Frame): () => string {
  const local = frame.local(name)!.code
  const type = isLoose ? /: (.*)$/s.exec(print())?.[1] : undefined
  const sure = type === undefined || type === 'Untyped' || type === 'unknown' ? '' : ` as ${type}`
  frame.prologue.push(`if (${local} === undefined) ${local} = ${code}${sure}`)
  return () => print().replace(/^([\w$]+)(?=:|$)/, '$1?')
}

function isAwaited(code: string): boolean {
  return /\bawait /.test(code)
}

/** What is known of the function whose parameters are declared. */
export interface Called {
  /** Its key, where what it is given is noted under it. */
  readonly key?: string
  readonly body?: RubyNode | null
}

/** How many required parameters a block has. */
export function parameterCount(block: BlockNode): number {
  const parameters = block.parameters as RubyNode | null
  if (is(parameters, 'NumberedParametersNode')) return parameters.maximum
  if (!is(parameters, 'BlockParametersNode') || !is(parameters.parameters as RubyNode | null, 'ParametersNode')) return 0
  return (parameters.parameters as NodeOf<'ParametersNode'>).requireds.length
}

function typed(name: string, type: ValueType | undefined, frame: Frame, method: Called = {}, place = name): () => string {
  const known = type ?? parameterType(name, place, method, frame)
  const initial = known.kind === 'unknown' ? { ...known, isLoose: true } : known
  const local = frame.declare(name, initial, /^(_\d|it)$/.test(name) ? itemName(name, initial) : undefined)
  if (type === undefined && initial.kind === 'record' && !(method.body && isAskedFor(name, method.body))) frame.guessed.add(local.code)
  return () => {
    const given = frame.hints.get(local.code)
    const isPlain = initial.kind === 'number' && !initial.isDecimal && given?.type.isDecimal
    const isOther = method.body && (isAssignedOther(name, method.body, given?.type, frame) || isAskedItsClass(name, method.body))
    const hint = isOther || isPlain ? undefined : given
    if (type?.kind === 'record' && frame.isMixin(type.model)) return `${local.code}: Untyped`
    if (type !== undefined && type.kind !== 'unknown' && !type.isLoose) return local.code
    const shown = hint ? hint.type : initial
    const written = hint ? hintText(hint.type, frame) : typeText(shown, frame.typeName)
    const isNull = mayBeNull(hint, initial) && !(hint?.type.isJson && method.body && isAskedFor(name, method.body))
    if (hint && method.key !== undefined && !hint.many) frame.application.noteHint(method.key, place, { ...hint.type, isNullable: isNull })
    if (written === 'Untyped') return `${local.code}: ${method.body && isOnlyLookedAt(name, method.body) ? 'unknown' : written}`
    if (hint?.many && method.body && isAskedAsList(name, method.body, hint.type)) return `${local.code}: ${written}[]`
    return `${local.code}: ${written}${hint?.many && (!method.body || isOnlyGiven(name, method.body)) ? ` | ${written}[]` : ''}${hint?.type.isDecimal && !hint.many ? ' | number' : ''}${isNull ? ' | null' : ''}`
  }
}

/** Whether a body gives a parameter a value of another kind than its first use tells: a list of what was one, say. */
function isAssignedOther(name: string, body: RubyNode, type: ValueType | undefined, frame: Frame): boolean {
  if (!type || !isAssigned(name, body)) return false
  const kind = frame.assigned.get(name)
  return kind !== undefined && kind !== type.kind
}

/** A parameter whose default is nil may be null. */
function withDefault(printed: string, code: string): string {
  return code === 'null' && /: /.test(printed) && !/: (Untyped|unknown)$|\| null$/.test(printed) ? `${printed} | null` : printed
}

/** A column may be null where one value is given for it, and so may what the classes here give. */
function mayBeNull(hint: { type: ValueType; many: boolean } | undefined, given: ValueType): boolean {
  return Boolean((hint && !hint.many && hint.type.isNullable) || given.isNullable)
}

/** What a parameter is: what the classes here give it, or what its name says where they don't say otherwise. */
export function parameterType(name: string, place: string, method: Called, frame: Frame): ValueType {
  const type = typeOfParameter(name, place, method, frame)
  const isNull = method.key !== undefined && frame.application.isGivenNull(method.key, place)
  return isNull ? { ...type, isNullable: true } : type
}

function typeOfParameter(name: string, place: string, method: Called, frame: Frame): ValueType {
  const given = givenType(name, place, method, frame)
  const isOpen = method.body && (isGivenAsKey(name, method.body) || (isAssigned(name, method.body) && isAskedItsClass(name, method.body)))
  const named = isOpen ? unknown : namedType(name, frame)
  if (named.kind === 'unknown') return given ?? unknown
  if (given && (given.model === named.model || !/^(record|class)$/.test(given.kind))) return given
  const isOther = method.key !== undefined && frame.application.isGivenOther(method.key, place, named.model!)
  return isOther ? unknown : named
}

/** What the classes here give a method, where the compiler has a type for it and the method gives it nothing else. */
function givenType(name: string, place: string, method: Called, frame: Frame): ValueType | undefined {
  const given = method.key === undefined ? undefined : frame.application.argumentType(method.key, place)
  if (!given || /Untyped$/.test(typeText(given, frame.typeName))) return undefined
  if (method.body && (isAssigned(name, method.body) || isAskedItsClass(name, method.body))) return undefined
  return given
}

/** A condition takes a number for a `bigint`; the members of an enum are those of the attribute. */
function hintText(type: ValueType, frame: Frame): string {
  const { isBig: _, members, ...plain } = type
  const [model, attribute] = members?.split('.') ?? []
  const name = model === undefined ? undefined : frame.typeName(model)
  return name === undefined ? typeText(plain, frame.typeName) : `${name}['${attribute}']`
}

/** Ruby's nameless parameters are called after what they hold. */
function itemName(name: string, type: ValueType): string {
  if (type.kind === 'record' && type.model !== undefined) return localName(underscore(demodulize(type.model)))
  return /^_[2-9]$/.test(name) ? `item${name.slice(1)}` : 'item'
}

/** By custom a variable called after a class holds its record; after a module and a column of it, what the column has. */
function namedType(name: string, frame: Frame): ValueType {
  const model = frame.application.classNamed(name)
  if (model === undefined || !frame.application.isModel(model)) return unknown
  const isColumn = frame.isMixin(model) && frame.application.columnsOf(model)?.has(name)
  return isColumn ? unknown : { kind: 'record', model }
}

function keyword(node: RubyNode, frame: Frame, method: Called): { print: () => string; type: () => string } {
  if (is(node, 'RequiredKeywordParameterNode')) {
    const print = typed(node.name, undefined, frame, method)
    return { print: () => named(node.name, print()), type: () => `${node.name}: ${print().replace(/^[^:]*: ?/, '') || 'Untyped'}` }
  }
  if (!is(node, 'OptionalKeywordParameterNode')) throw new Untranslated(node, 'a keyword of another kind')
  const given = value(node.value as RubyNode, frame)
  const print = typed(node.name, given.type.kind === 'null' ? unknown : given.type, frame)
  const type = () => {
    const written = given.type.kind === 'null' ? 'Untyped' : typeText(given.type, frame.typeName)
    return `${node.name}?: ${written}${given.type.isNullable && written !== 'Untyped' ? ' | null' : ''}`
  }
  if (isAwaited(given.code)) {
    missing(node.name, given, print, frame)
    return { print: () => named(node.name, print()), type }
  }
  return { print: () => `${named(node.name, print())} = ${given.code}`, type }
}

function named(name: string, printed: string): string {
  const local = printed.replace(/:.*$/s, '')
  return local === name ? name : `${name}: ${local}`
}

function keywordObject(
  parameters: NodeOf<'ParametersNode'>,
  keywords: readonly { print: () => string; type: () => string }[],
  frame: Frame,
): () => string {
  const rest = is(parameters.keywordRest as RubyNode | null, 'KeywordRestParameterNode')
    ? (parameters.keywordRest as NodeOf<'KeywordRestParameterNode'>)
    : undefined
  const local = rest ? frame.declare(rest.name ?? '**', { kind: 'hash' }, rest.name ? undefined : 'options') : undefined
  const isOptional = (parameters.keywords as RubyNode[]).every((node) => is(node, 'OptionalKeywordParameterNode'))
  return () => {
    if (keywords.length === 0) return `${local!.code}: Record<string, Untyped> = {}`
    const parts = [...keywords.map(({ print }) => print()), ...(local ? [`...${local.code}`] : [])]
    const types = [...keywords.map(({ type }) => type()), ...(local ? ['[key: string]: Untyped'] : [])]
    return `{ ${parts.join(', ')} }: { ${types.join('; ')} }${isOptional ? ' = {}' : ''}`
  }
}

function destructured(node: NodeOf<'MultiTargetNode'>, frame: Frame, element: ValueType = unknown): () => string {
  if (node.rest || node.rights.length > 0) throw new Untranslated(node, 'a splat within a parameter')
  const names = (node.lefts as RubyNode[]).map((left) => {
    if (!is(left, 'RequiredParameterNode')) throw new Untranslated(left, 'a parameter within a parameter')
    return frame.declare(left.name, element).code
  })
  return () => `[${names.join(', ')}]: Untyped`
}

/** `->(x) { … }` */
export function lambda(node: NodeOf<'LambdaNode'>, frame: Frame): Expression {
  return { code: `(${arrow(node, frame).code})`, type: unknown }
}

/** What is given to a call as its block: a literal one, `&:name`, `&method(:name)` or `&variable`. */
export function blockFunction(call: CallNode, frame: Frame, types: readonly ValueType[] = []): FunctionCode | undefined {
  const block = blockOf(call)
  if (block) return arrow(block, frame, types)
  if (!is(call.block as RubyNode | null, 'BlockArgumentNode')) return undefined
  const given = (call.block as NodeOf<'BlockArgumentNode'>).expression as RubyNode | null
  const name = is(given, 'SymbolNode') ? literalText(given) : undefined
  if (name !== undefined) return called(name, frame, types[0])
  if (!given) return { code: frame.block ?? 'block', isAsync: false, returns: unknown, parameters: '', body: '' }
  if (is(given, 'CallNode') && given.name === 'method' && !given.receiver) {
    const method = literalText((given.arguments_?.arguments_ as RubyNode[] | undefined)?.[0])
    if (method !== undefined) {
      const info = frame.owner === undefined ? undefined : frame.application.methodOf(frame.owner, method, frame.isStatic)
      return passed(`${frame.self.code}.${ourWord(method)}`, Boolean(info?.isAsync), types[0], requiredCount(info?.node))
    }
  }
  const held = frame.value(expression(given, frame))
  const isOpen = is(given, 'LocalVariableReadNode') && held.type.kind === 'unknown' && !held.type.isLoose && held.code !== frame.block
  const code = isOpen ? `(${held.code} as Untyped)` : held.code
  return { code, isAsync: false, returns: unknown, parameters: '', body: '' }
}

function requiredCount(node: NodeOf<'DefNode'> | undefined): number {
  return (node?.parameters as NodeOf<'ParametersNode'> | null | undefined)?.requireds.length ?? 1
}

function passed(code: string, isAsync: boolean, type: ValueType = unknown, count = 1): FunctionCode {
  const names = count > 1 ? Array.from({ length: count }, (_, index) => `item${index + 1}`) : ['item']
  const parameters = names.map((name) => (type.kind === 'unknown' || count > 1 ? `${name}: Untyped` : name)).join(', ')
  const called = `${isAsync ? 'await ' : ''}${code}(${names.join(', ')})`
  return { code: `${isAsync ? 'async ' : ''}(${parameters}) => ${called}`, isAsync, returns: unknown, parameters, body: `return ${called}` }
}

/** `&:name`: a function that calls it; undefined for an operator that JavaScript has not. */
function called(name: string, frame: Frame, type: ValueType = unknown): FunctionCode | undefined {
  if (!/^([A-Za-z_]\w*[?!]?|!|-@)$/.test(name)) return undefined
  const variable = itemName('it', type)
  const isUntyped = type.kind === 'unknown' || type.isLoose || (type.kind === 'record' && frame.isMixin(type.model))
  const parameter = isUntyped ? `${variable}: ${typeText(type, frame.typeName)}` : variable
  const { result, isAsync, returns } = frame.inFunction(() => {
    const answer = frame.value(simpleCall({ code: variable, type }, name, frame))
    frame.returned(answer.type)
    return answer.code
  })
  return {
    code: `${isAsync ? 'async ' : ''}(${parameter}) => ${result}`,
    isAsync,
    returns,
    parameters: parameter,
    body: `return ${result}`,
  }
}

/** A call without arguments, as `&:name` makes it. */
export function bareCall(name: string): CallNode {
  return { name, receiver: null, arguments_: null, block: null, openingLoc: null, isSafeNavigation: () => false } as unknown as CallNode
}

function simpleCall(receiver: Expression, name: string, frame: Frame): Expression {
  const found = member(receiver, name, [], frame)
  if (found) return found
  const standard = receiver.type.kind === 'record' && Object.hasOwn(recordMembers, name) ? recordMembers[name] : undefined
  if (standard) {
    const code = `${receiver.code}.${standard.as ?? ourWord(name)}${standard.property ? '' : '()'}`
    return { code, type: standard.type ?? unknown, ...(standard.pending ? { pending: true } : {}) }
  }
  const known =
    receiver.type.kind === 'unknown' || receiver.type.kind === 'record' ? undefined : valueMethod(bareCall(name), receiver, frame, '.')
  if (known) return known
  const plain: Record<string, string> = {
    to_s: `String(${receiver.code})`,
    to_sym: `String(${receiver.code})`,
    to_i: `(Number.parseInt(${receiver.code}, 10) || 0)`,
    to_f: `(Number.parseFloat(${receiver.code}) || 0)`,
    upcase: `${receiver.code}.toUpperCase()`,
    downcase: `${receiver.code}.toLowerCase()`,
    strip: `${receiver.code}.trim()`,
    first: `${receiver.code}[0]`,
    last: `${receiver.code}.at(-1)`,
    size: `${receiver.code}.length`,
    length: `${receiver.code}.length`,
    'nil?': `${receiver.code} == null`,
    to_h: receiver.code,
    to_a: receiver.code,
    itself: receiver.code,
    freeze: receiver.code,
    'zero?': `${receiver.code} === 0`,
    'positive?': `${receiver.code} > 0`,
    'negative?': `${receiver.code} < 0`,
    'even?': `${receiver.code} % 2 === 0`,
    'odd?': `${receiver.code} % 2 !== 0`,
    reverse: `${receiver.code}.toReversed()`,
  }
  if (Object.hasOwn(plain, name)) return { code: plain[name]!, type: /^to_s/.test(name) ? { kind: 'text' } : unknown }
  if (['present?', 'blank?', 'presence'].includes(name))
    return { code: `${frame.imports.framework(ourWord(name))}(${receiver.code})`, type: unknown }
  if (name === 'empty?') return { code: `${receiver.code}.length === 0`, type: { kind: 'boolean' } }
  if (name === '!') return { code: `!${receiver.code}`, type: { kind: 'boolean' } }
  if (name === '-@') return { code: `-${receiver.code}`, type: { kind: 'number' } }
  const isAsync = frame.application.isAsyncSomewhere(name)
  const isQuestion = /[?!]$/.test(name) || isAsync
  return { code: `${receiver.code}.${isQuestion ? `${ourWord(name)}()` : name}`, type: unknown, ...(isAsync ? { pending: true } : {}) }
}

export { quote, statementLines }
