import { childrenOf, is, type NodeOf, type RubyNode, statementsOf } from '../ruby/index.ts'
import {
  arrayOf,
  declareParameters,
  expression,
  type Frame,
  functionBody,
  isLazy,
  keyOfMethod,
  type MethodInfo,
  methodName,
  nameIn,
  recordOf,
  setterName,
  takesBlock,
  typeScriptName,
  unknown,
  Untranslated,
  type ValueType,
  writesProperty,
  recordMembers,
} from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'
import { extensionMethod } from './macros/associations.ts'
import { synchronous, waitTogether } from './overridden_methods.ts'

/** A method as it goes out. */
export interface PrintedMethod {
  readonly text: string
  readonly isAsync: boolean
  readonly returns: ValueType
  readonly frame: Frame
}

/** Prints a method of a class.
 *
 * @param asFunction whether it becomes a function of a module
 */
export function printMethod(
  node: NodeOf<'DefNode'>,
  isStatic: boolean,
  context: ClassContext,
  visibility: MethodInfo['visibility'] = 'public',
): PrintedMethod {
  const frame = isStatic ? context.ofClass() : context.ofRecord()
  frame.method = node.name
  const printed = frame.inFunction(() => {
    if ((isStatic ? context.info.staticMethods : context.info.methods).get(node.name)?.mustWait) frame.isAsync = true
    const declared = declareParameters(node.parameters as RubyNode | null, frame, [], calledAs(node, context))
    frame.parameters = declared.map((print) => passedOn(print()))
    const isWriter = /^[a-z_]\w*=$/.test(node.name)
    const body = functionBody(
      node.body as RubyNode | null,
      node.locals as string[],
      frame,
      isWriter || node.name === 'initialize' ? 'statement' : 'return',
    )
    const parameters = declared.map((print) => print())
    if (takesBlock(node)) frame.block ??= 'block'
    if (frame.block !== undefined)
      parameters.push(`${frame.block}${mayLackBlock(frame, node, body) ? '?' : ''}: (...args: Untyped[]) => Untyped`)
    return { body: calledSurely(body, parameters.at(-1) ?? '', frame.block), parameters: parameters.join(', ') }
  })
  const { body, parameters } = printed.result
  const { isAsync } = printed
  const isNothing =
    printed.returns.kind === 'null' && context.info.kind === 'module' && !context.info.isNamespace && /\breturn null\b/.test(body)
  const plain = headOf(node.name, parameters, isStatic, isAsync, context)
  const head =
    (isNothing ||
      frame.answersDiffer ||
      answersNothingOfRecords(node.name, body, isStatic, context) ||
      onlyThrows(body, printed.returns) ||
      callsItself(node, node.body as RubyNode | null)) &&
    !/^(static )?set |^constructor/.test(plain)
      ? `${plain}: ${isAsync ? 'Promise<Untyped>' : 'Untyped'}`
      : `${plain}${openAnswer(body, isAsync, plain, (isStatic ? context.info.staticMethods : context.info.methods).get(node.name))}`
  if (isAsync && node.name === 'initialize') throw new Untranslated(node, 'a constructor that has to wait')
  if (isAsync && head.startsWith('get '))
    return { text: `${head}: Untyped {\nreturn (async () => {\n${body}\n})()\n}`, isAsync, returns: printed.returns, frame }
  if (isAsync && !isStatic && synchronous.has(node.name) && context.application.isModel(context.info.name)) {
    frame.notes.add(`${node.name} has to wait, and what calls it in the framework doesn't`)
    return {
      text: `// @ts-expect-error PORT: it has to wait, and what calls it doesn't\n${head} {\n${body}\n}`,
      isAsync,
      returns: printed.returns,
      frame,
    }
  }
  const access =
    visibility === 'public' || node.name === 'initialize' || isPublicAbove(node.name, context) || context.info.kind === 'module' || isStatic
      ? ''
      : 'protected '
  const declaration = context.info.isNamespace
    ? `export ${isAsync ? 'async ' : ''}function ${head.replace(/^static (async )?/, '')}`
    : `${access}${head}`
  return { text: `${declaration} {\n${body}\n}`, isAsync, returns: printed.returns, frame }
}

/** Prints a function of a module that is mixed in: it is called on the module. */
export function printModuleFunction(node: NodeOf<'DefNode'>, context: ClassContext): PrintedMethod {
  const frame = context.ofModule()
  frame.method = node.name
  const { result, isAsync, returns } = frame.inFunction(() => {
    const declared = declareParameters(node.parameters as RubyNode | null, frame, [], calledAs(node, context))
    const body = functionBody(node.body as RubyNode | null, node.locals as string[], frame)
    const parameters = declared.map((print) => print())
    if (takesBlock(node)) frame.block ??= 'block'
    if (frame.block !== undefined)
      parameters.push(`${frame.block}${frame.mayLackBlock || asksFor(node) ? '?' : ''}: (...args: Untyped[]) => Untyped`)
    return { body, parameters: parameters.join(', ') }
  })
  const type = callsItself(node, node.body as RubyNode | null) ? `: ${isAsync ? 'Promise<Untyped>' : 'Untyped'}` : ''
  const name = `${typeScriptName(context.info.name)}.${methodName(node.name)}`
  return { text: `${name} = ${isAsync ? 'async ' : ''}(${result.parameters})${type} => {\n${result.body}\n}`, isAsync, returns, frame }
}

/** Whether a method does without the block that it takes: it asks for it, or has no use of it. */
function mayLackBlock({ block, mayLackBlock: isAsked }: Frame, node: NodeOf<'DefNode'>, body: string): boolean {
  return isAsked || asksFor(node) || !new RegExp(`(?<![\\w$.])${block}(?![\\w$])`).test(body)
}

/** A block that may be missing is called as in Ruby, which would raise. */
function calledSurely(body: string, last: string, block: string | undefined): string {
  if (block === undefined || !last.startsWith(`${block}?:`)) return body
  return body
    .replace(new RegExp(`\\(${block}\\)(?=\\()`, 'g'), block)
    .replace(new RegExp(`(?<![\\w$.])${block}(?=\\()`, 'g'), `${block}!`)
    .replace(new RegExp(`, ${block}\\)`, 'g'), `, ${block}!)`)
}

function calledAs(node: NodeOf<'DefNode'>, { source }: ClassContext): { key: string; body: RubyNode | null } {
  return { key: keyOfMethod(node, source), body: node.body as RubyNode | null }
}

/** Whether a method reads the block that it takes, other than to call it. */
function asksFor(node: NodeOf<'DefNode'>): boolean {
  const parameters = node.parameters as RubyNode | null
  const block = is(parameters, 'ParametersNode') ? (parameters.block as NodeOf<'BlockParameterNode'> | null) : null
  const body = node.body as RubyNode | null
  return Boolean(block?.name && body && readsApart(body, block.name))
}

function readsApart(node: RubyNode, name: string): boolean {
  const isRead = (each: RubyNode | null) => is(each, 'LocalVariableReadNode') && each.name === name
  if (isRead(node)) return true
  const called = is(node, 'CallNode') && node.name === 'call' && !node.isSafeNavigation() && isRead(node.receiver as RubyNode | null)
  return childrenOf(node).some(
    (child) => !(called && child === (node as unknown as { receiver: RubyNode }).receiver) && readsApart(child, name),
  )
}

/** What a class above lets everybody call can't be kept from them below it. */
function isPublicAbove(name: string, { application, info }: ClassContext): boolean {
  return application
    .lineage(info.name)
    .some(
      (each) => each !== info && (each.methods.get(name)?.visibility === 'public' || (each.kind === 'module' && each.methods.has(name))),
    )
}

/** What stands in for a method that all records have, and answers nothing: theirs answers something. */
function answersNothingOfRecords(name: string, body: string, isStatic: boolean, { application, info }: ClassContext): boolean {
  const isOfRecords = !isStatic && Object.hasOwn(recordMembers, name) && (application.isModel(info.name) || application.isForm(info.name))
  return isOfRecords && !/\breturn\b/.test(body)
}

/** What only throws is there to be answered by classes below, or by what was left as Ruby. */
function onlyThrows(body: string, returns: ValueType): boolean {
  return returns.kind === 'null' && /^throw /.test(body.trimEnd().split('\n').at(-1) ?? '')
}

/** What a method answers that others of its name answer otherwise: where it answers nothing or an empty list, the compiler would take that for all. */
function openAnswer(body: string, isAsync: boolean, head: string, method: MethodInfo | undefined): string {
  if (!method?.isShared || /^(static )?[gs]et |^constructor/.test(head)) return ''
  const code = body.trim()
  if (method.isAnsweredOtherwise && code !== 'return []') return isAsync ? ': Promise<Untyped>' : ': Untyped'
  if (isAsync && !/\breturn\b/.test(code)) return ': Promise<Untyped>'
  return code === 'return []' ? (isAsync ? ': Promise<Untyped[]>' : ': Untyped[]') : ''
}

/** The compiler doesn't infer what a function answers that asks itself. */
function callsItself(method: NodeOf<'DefNode'>, node: RubyNode | null): boolean {
  if (!node) return false
  if (
    is(node, 'CallNode') &&
    node.name === method.name &&
    (!node.receiver || is(node.receiver as RubyNode, 'SelfNode', 'ConstantReadNode'))
  )
    return true
  return childrenOf(node).some((child) => callsItself(method, child))
}

function headOf(name: string, parameters: string, isStatic: boolean, isAsync: boolean, context: ClassContext): string {
  const front = `${isStatic ? 'static ' : ''}`
  const { application, info } = context
  if (name === 'initialize' && !isStatic) return `constructor(${parameters})`
  if (name === 'to_s' && !isStatic) return `toString(${parameters})`
  const writer = /^([a-z_]\w*)=$/.exec(name)
  if (writer)
    return writesProperty(info.name, writer[1]!, isStatic, application)
      ? `${front}set ${writer[1]}(${parameters})`
      : `${front}${isAsync ? 'async ' : ''}${setterName(writer[1]!)}(${parameters})`
  if (!isStatic && !isAsync && name === 'message' && info.methods.get(name)?.isProperty) return `override get ${name}()`
  const overrides =
    !isStatic &&
    parameters === '' &&
    (application.columnsOf(info.name)?.has(name) || application.associationOf(info.name, name) !== undefined)
  if (overrides) return `get ${name}()`
  return `${front}${isAsync ? 'async ' : ''}${nameIn(info.name, name, isStatic, application)}(${parameters})`
}

/** Translates the methods of all classes until what they answer, and which of them wait, changes no more. */
export function settleMethods(contexts: readonly ClassContext[], rounds = 8): void {
  for (let round = 0; round < rounds; round++) {
    let changed = false
    for (const context of contexts) {
      noteVariables(context)
      for (const isStatic of [false, true]) {
        for (const method of (isStatic ? context.info.staticMethods : context.info.methods).values()) {
          if (!method.node || method.source !== context.source) continue
          const printed = tryPrint(method.node, isStatic, context)
          method.isLeft = !printed
          method.isLoop = endsInLoop(method.node)
          if (!printed) continue
          const { isAsync, returns } = printed
          const known = returns.kind === 'null' ? unknown : isAsync && isLazy(returns) ? listOf(returns) : returns
          if (
            isAsync !== method.isAsync ||
            known.kind !== method.returns.kind ||
            known.model !== method.returns.model ||
            known.isNullable !== method.returns.isNullable ||
            known.isDecimal !== method.returns.isDecimal
          )
            changed = true
          if (isAsync) context.application.addAsyncName(method.name)
          Object.assign(method, { isAsync: isAsync || method.isAsync, returns: known })
        }
      }
    }
    for (const context of contexts) if (settleExtensions(context)) changed = true
    if (waitTogether(contexts)) changed = true
    const isSettled = !contexts[0]?.application.settleVariables()
    if (!changed && isSettled) return
  }
}

/** Notes what the body of a class assigns to its own variables. */
function noteVariables(context: ClassContext): void {
  for (const node of context.info.variables)
    attempted(() => context.ofClass().inFunction(() => expression(node as unknown as RubyNode, context.ofClass())))
}

/** What a query answers once it has run. */
function listOf({ model, isNullable }: ValueType): ValueType {
  return { ...arrayOf(recordOf(model)), ...(isNullable ? { isNullable } : {}) }
}

/** Translates the methods that blocks of associations give to collections.
 *
 * @returns whether one of them waits, or answers something, that didn't before
 */
function settleExtensions(context: ClassContext): boolean {
  let changed = false
  const { application, info } = context
  for (const [name, { extension }] of info.associations) {
    for (const method of extension?.values() ?? []) {
      if (!method.node || method.source !== context.source) continue
      const { node } = method
      const printed = attempted(() => extensionMethod(node, name, application.associationOf(info.name, name)?.model, context))
      if (!printed) continue
      const returns = printed.returns.kind === 'null' ? unknown : printed.returns
      if (printed.isAsync !== method.isAsync || returns.kind !== method.returns.kind || returns.model !== method.returns.model)
        changed = true
      if (printed.isAsync) application.addAsyncName(method.name)
      Object.assign(method, { isAsync: printed.isAsync || method.isAsync, returns })
    }
  }
  return changed
}

/** Whether the last that a method does is to go through a list. */
function endsInLoop(node: NodeOf<'DefNode'>): boolean {
  const last = statementsOf(node.body as RubyNode | null).at(-1)
  return is(last, 'CallNode') && /^each(_with_index)?$/.test(last.name) && last.block !== null
}

/** A method that can't be printed is left where it stands; here it tells nothing. */
function tryPrint(node: NodeOf<'DefNode'>, isStatic: boolean, context: ClassContext): PrintedMethod | undefined {
  return attempted(() => printMethod(node, isStatic, context))
}

function attempted<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Untranslated) return undefined
    throw error
  }
}

/** A parameter as it is passed on to \`super\`. */
function passedOn(printed: string): string {
  const names = /^\{ (.*?) \}: /s.exec(printed)?.[1]
  if (names === undefined) return printed.replace(/[?:=].*$/s, '').trim()
  return `{ ${names
    .split(', ')
    .map((name) => name.replace(/ = .*$/s, '').trim())
    .join(', ')} }`
}
