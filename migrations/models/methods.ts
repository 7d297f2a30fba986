import type { NodeOf, RubyNode } from '../ruby/index.ts'
import {
  declareParameters,
  type Frame,
  functionBody,
  type MethodInfo,
  methodName,
  setterName,
  unknown,
  Untranslated,
  type ValueType,
  writesProperty,
} from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

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
    const declared = declareParameters(node.parameters as RubyNode | null, frame)
    frame.parameters = declared.map((print) => passedOn(print()))
    const isWriter = /^[a-z_]\w*=$/.test(node.name)
    const body = functionBody(
      node.body as RubyNode | null,
      node.locals as string[],
      frame,
      isWriter || node.name === 'initialize' ? 'statement' : 'return',
    )
    const parameters = declared.map((print) => print())
    if (frame.block !== undefined) parameters.push(`${frame.block}?: any`)
    return { body, parameters: parameters.join(', ') }
  })
  const { body, parameters } = printed.result
  const { isAsync } = printed
  const head = headOf(node.name, parameters, isStatic, isAsync, context)
  if (isAsync && node.name === 'initialize') throw new Untranslated(node, 'a constructor that has to wait')
  if (isAsync && head.startsWith('get '))
    return { text: `${head}: any {\nreturn (async () => {\n${body}\n})()\n}`, isAsync, returns: printed.returns, frame }
  const access = visibility === 'public' || context.info.kind === 'module' || isStatic ? '' : 'protected '
  const declaration = context.info.isNamespace
    ? `export ${isAsync ? 'async ' : ''}function ${head.replace(/^static (async )?/, '')}`
    : `${access}${head}`
  return { text: `${declaration} {\n${body}\n}`, isAsync, returns: printed.returns, frame }
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
  const overrides =
    !isStatic &&
    parameters === '' &&
    (application.columnsOf(info.name)?.has(name) || application.associationOf(info.name, name) !== undefined)
  if (overrides) return `get ${name}()`
  return `${front}${isAsync ? 'async ' : ''}${methodName(name)}(${parameters})`
}

/** Translates the methods of all classes until what they answer, and which of them wait, changes no more. */
export function settleMethods(contexts: readonly ClassContext[], rounds = 8): void {
  for (let round = 0; round < rounds; round++) {
    let changed = false
    for (const context of contexts) {
      for (const isStatic of [false, true]) {
        for (const method of (isStatic ? context.info.staticMethods : context.info.methods).values()) {
          if (!method.node || method.source !== context.source) continue
          const printed = tryPrint(method.node, isStatic, context)
          if (!printed) continue
          const { isAsync, returns } = printed
          const known = returns.kind === 'null' ? unknown : returns
          if (isAsync !== method.isAsync || known.kind !== method.returns.kind || known.model !== method.returns.model) changed = true
          if (isAsync) context.application.addAsyncName(method.name)
          Object.assign(method, { isAsync: isAsync || method.isAsync, returns: known })
        }
      }
    }
    const isSettled = !contexts[0]?.application.settleVariables()
    if (!changed && isSettled) return
  }
}

/** A method that can't be printed is left where it stands; here it tells nothing. */
function tryPrint(node: NodeOf<'DefNode'>, isStatic: boolean, context: ClassContext): PrintedMethod | undefined {
  try {
    return printMethod(node, isStatic, context)
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
