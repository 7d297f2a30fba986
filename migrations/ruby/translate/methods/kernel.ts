import { quote } from '../../../typescript/index.ts'
import { argumentsOf, blockOf, type CallNode, constantPath, is, literalText, type RubyNode } from '../../nodes.ts'
import { constantClass } from '../expressions/constants.ts'
import { expression, value } from '../expressions/expressions.ts'
import { formatTemplate } from './format_text.ts'
import { pairOf } from './text_methods.ts'
import type { Frame } from '../frame.ts'
import { arrow } from '../calls/functions.ts'
import { Untranslated } from '../untranslated.ts'
import { arrayOf, boolean, type Expression, nothing, number, text, unknown } from '../value_types.ts'

type Kernel = (call: CallNode, frame: Frame) => Expression | undefined

const one = (call: CallNode, frame: Frame): Expression => {
  const [first] = argumentsOf(call).positional
  if (!first) throw new Untranslated(call, `${call.name} without an argument`)
  return value(first, frame)
}

/** Ruby's methods without a receiver, by name. */
const kernel: Record<string, Kernel> = {
  raise: (call, frame) => ({ code: raised(call, frame), type: nothing }),
  fail: (call, frame) => ({ code: raised(call, frame), type: nothing }),
  throw: (call, frame) => {
    if (literalText(argumentsOf(call).positional[0]) !== 'abort') throw new Untranslated(call, 'throw of a symbol')
    return { code: `${frame.imports.framework('abort')}()`, type: nothing }
  },
  lambda: closure,
  proc: closure,
  'block_given?': (_call, frame) => {
    frame.block ??= 'block'
    frame.mayLackBlock = true
    return { code: `${frame.block} !== undefined`, type: boolean }
  },
  puts: (call, frame) => ({
    code: `console.log(${argumentsOf(call)
      .positional.map((argument) => value(argument, frame).code)
      .join(', ')})`,
    type: nothing,
  }),
  print: (call, frame) => ({ code: `process.stdout.write(String(${one(call, frame).code}))`, type: nothing }),
  p: (call, frame) => ({ code: `console.log(${one(call, frame).code})`, type: nothing }),
  Array: (call, frame) => {
    const { code, type } = one(call, frame)
    if (type.isJson) return { code: `([${code} ?? []].flat() as Untyped[])`, type: arrayOf() }
    if (type.kind === 'hash') return { code: `Object.entries<Untyped>(${code})`, type: arrayOf(arrayOf()) }
    return type.kind === 'array' ? { code, type } : { code: `[${code} ?? []].flat()`, type: arrayOf() }
  },
  Integer: (call, frame) =>
    argumentsOf(call).positional.length > 1 || argumentsOf(call).pairs.length > 0
      ? undefined
      : { code: strict(one(call, frame).code, '/^\\s*[+-]?\\d+\\s*$/', 'Math.trunc(Number(text))'), type: number },
  Float: (call, frame) =>
    argumentsOf(call).pairs.length > 0
      ? undefined
      : { code: strict(one(call, frame).code, '/^\\s*[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\s*$/', 'Number(text)'), type: number },
  BigDecimal: (call, frame) => ({ code: `Number(${one(call, frame).code})`, type: number }),
  String: (call, frame) => ({ code: `String(${one(call, frame).code})`, type: text }),
  rand: (call, frame) => {
    const [limit] = argumentsOf(call).positional
    if (!limit) return { code: 'Math.random()', type: number }
    if (is(limit, 'RangeNode')) return undefined
    return { code: `Math.floor(Math.random() * ${value(limit, frame).code})`, type: number }
  },
  sleep: (call, frame) => {
    frame.isAsync = true
    const { code, type } = one(call, frame)
    const wait = type.kind === 'duration' ? `${code}.seconds` : code
    return { code: `(await new Promise((resolve) => setTimeout(resolve, ${wait} * 1000)))`, type: nothing }
  },
  format: formatted,
  sprintf: formatted,
  binding: (call) => {
    throw new Untranslated(call, 'binding')
  },
  eval: (call) => {
    throw new Untranslated(call, 'eval')
  },
  __method__: (_call, frame) => (frame.method === undefined ? undefined : { code: `'${frame.method}'`, type: text }),
  require: () => ({ code: 'undefined', type: nothing }),
}

/** A call without a receiver that Ruby itself answers; undefined for any other. */
export function kernelCall(call: CallNode, frame: Frame): Expression | undefined {
  return Object.hasOwn(kernel, call.name) ? kernel[call.name]!(call, frame) : undefined
}

/** A number that is read strictly: what is none raises. */
function strict(code: string, pattern: string, read: string): string {
  return `((text: unknown) => { if (typeof text !== 'number' && !${pattern}.test(String(text))) throw new Error(\`invalid value: \${text}\`); return ${read} })(${code})`
}

function formatted(call: CallNode, frame: Frame): Expression | undefined {
  const { positional, pairs } = argumentsOf(call)
  const [first, ...rest] = positional
  const format = literalText(first)
  if (format === undefined) return undefined
  const template = formatTemplate(
    format,
    rest.map((each) => value(each, frame).code),
    (name) => pairOf(pairs, name, frame),
  )
  return template === undefined ? undefined : { code: template, type: text }
}

function closure(call: CallNode, frame: Frame): Expression | undefined {
  const block = blockOf(call)
  return block && { code: `(${arrow(block, frame).code})`, type: unknown }
}

/** `raise` as a statement: what is thrown. */
function raised(call: CallNode, frame: Frame): string {
  const { positional, pairs } = argumentsOf(call)
  const [first, second] = positional
  if (!first) {
    const error = frame.local('error') ?? undefined
    return `throw ${error?.code ?? `new Error('unhandled')`}`
  }
  const path = constantPath(first)
  if (path === undefined || !/[a-z]/.test(path)) {
    const { code, type } = frame.value(expression(first, frame))
    return type.kind === 'text' ? `throw new Error(${code})` : `throw ${code}`
  }
  const name = constantClass(first, frame)?.replaceAll('::', '.') ?? value(first, frame).code
  const args = second
    ? [value(second, frame).code]
    : pairs.length > 0
      ? [value((call.arguments_!.arguments_ as RubyNode[]).at(-1)!, frame).code]
      : ownMessage(path, name, frame)
  return `throw new ${name}(${args.join(', ')})`
}

/** An error of the framework that is raised without a message has the name of its class for one. */
function ownMessage(path: string, name: string, frame: Frame): string[] {
  return frame.application.resolve(path, frame.owner) === undefined && frame.imports.hasFramework(name) ? [quote(path)] : []
}
