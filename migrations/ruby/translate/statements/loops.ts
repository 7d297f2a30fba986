import { type BlockNode, blockOf, argumentsOf, type CallNode, is, type NodeOf, type RubyNode } from '../../nodes.ts'
import { camelize } from '../../../../src/naming/index.ts'
import { expression, hashCode, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { declareParameters, parameterCount } from '../calls/functions.ts'
import { test } from '../expressions/conditions.ts'
import { rangeItems } from '../methods/range_methods.ts'
import { type Position, functionBody } from './statements.ts'
import { arrayOf, isLazy, number, present, text, recordOf, unknown, type ValueType } from '../value_types.ts'

type Looper = (call: CallNode, block: BlockNode, frame: Frame) => string[] | undefined

/** Calls with a block that are loops when their value isn't used. */
const loopers: Record<string, Looper> = {
  each: (call, block, frame) => over(call, block, frame),
  find_each: (call, block, frame) => over(call, block, frame, true),
  each_value: (call, block, frame) => overEntries(call, block, frame, 'values'),
  each_key: (call, block, frame) => overEntries(call, block, frame, 'keys'),
  each_pair: (call, block, frame) => over(call, block, frame),
  reverse_each: (call, block, frame) => over(call, block, frame, false, '.toReversed()'),
  each_with_index: (call, block, frame) => {
    const items = iterated(call, frame)
    return forLoop(
      block,
      frame,
      [items.element, number],
      ([item, index]) => `for (const [${index ?? 'index'}, ${item}] of ${items.code}.entries())`,
    )
  },
  each_slice: () => undefined,
  times: (call, block, frame) => {
    const count = value(call.receiver as RubyNode, frame).code
    return forLoop(block, frame, [number], ([name = 'index']) => `for (let ${name} = 0; ${name} < ${count}; ${name}++)`)
  },
  upto: (call, block, frame) => {
    const [from, to] = [value(call.receiver as RubyNode, frame), value(argumentsOf(call).positional[0]!, frame)]
    return forLoop(block, frame, [number], ([name = 'index']) => `for (let ${name} = ${from.code}; ${name} <= ${to.code}; ${name}++)`)
  },
  downto: (call, block, frame) => {
    const [from, to] = [value(call.receiver as RubyNode, frame), value(argumentsOf(call).positional[0]!, frame)]
    return forLoop(block, frame, [number], ([name = 'index']) => `for (let ${name} = ${from.code}; ${name} >= ${to.code}; ${name}--)`)
  },
  loop: (call, block, frame) => (call.receiver ? undefined : forLoop(block, frame, [], () => 'while (true)')),
}

/** A statement that loops; undefined for any other. */
export function loop(node: RubyNode, frame: Frame, position: Position): string[] | undefined {
  if (is(node, 'WhileNode', 'UntilNode')) return frame.withoutBreaks(() => whileLoop(node, frame))
  if (
    !is(node, 'CallNode') ||
    (position === 'return' && !['each', 'find_each', 'each_with_index', 'reverse_each', 'loop', 'times'].includes(node.name))
  )
    return undefined
  const block = blockOf(node)
  if (!block || !Object.hasOwn(loopers, node.name)) return undefined
  if (!node.receiver && node.name !== 'loop') return undefined
  return frame.withoutBreaks(() => {
    if (node.name === 'loop' && position === 'return') frame.breaks = 'return'
    return loopers[node.name]!(node, block, frame)
  })
}

function whileLoop(node: NodeOf<'WhileNode'> | NodeOf<'UntilNode'>, frame: Frame): string[] {
  const condition = test(node.predicate as RubyNode, frame)
  const body = loopBody(node.statements as RubyNode | null, [], frame)
  const head = is(node, 'UntilNode') ? `!(${condition})` : condition
  return node.isBeginModifier() ? ['do {', ...body, `} while (${head})`] : [`while (${head}) {`, ...body, '}']
}

function iterated(call: CallNode, frame: Frame): { code: string; element: ValueType } {
  const given = present(value(call.receiver as RubyNode, frame))
  const items = rangeItems(given) ?? given
  return { code: items.code, element: items.type.kind === 'array' ? (items.type.element ?? unknown) : unknown }
}

function over(call: CallNode, block: BlockNode, frame: Frame, inBatches = false, suffix = ''): string[] | undefined {
  const receiver = expression(call.receiver as RubyNode, frame)
  if (inBatches && (isLazy(receiver.type) || receiver.type.kind === 'class')) {
    frame.isAsync = true
    const { pairs } = argumentsOf(call)
    const options = pairs.length > 0 ? hashCode(pairs, frame, (key) => camelize(key, 'lower')) : ''
    return forLoop(
      block,
      frame,
      [recordOf(receiver.type.model)],
      ([item]) => `for await (const ${item} of ${receiver.code}.findEach(${options}))`,
    )
  }
  const { kind, model } = receiver.type
  if (kind === 'record' && model !== undefined && frame.application.methodOf(model, 'each', false)?.node) return undefined
  const items = rangeItems(receiver) ?? present(frame.value(receiver))
  const pairs = parameterCount(block) > 1
  const isPair = parameterCount(block) === 2
  const isList = items.type.isJson && !pairs
  const isHash = items.type.kind === 'hash' && !isList
  if (isList) frame.doubts.add('each')
  if (items.type.kind === 'map' && pairs)
    return forLoop(
      block,
      frame,
      [unknown, items.type.element ?? unknown],
      (names) => `for (const [${names.join(', ')}] of ${items.code}${suffix})`,
    )
  const source =
    isHash || (isPair && items.type.kind === 'unknown')
      ? `Object.entries<Untyped>(${items.code})`
      : isList
        ? `(${items.code} as Untyped[])`
        : items.code
  const element = items.type.element ?? unknown
  if (pairs)
    return forLoop(block, frame, [isHash ? text : unknown, unknown], (names) => `for (const [${names.join(', ')}] of ${source}${suffix})`)
  return forLoop(
    block,
    frame,
    [isHash || items.type.kind === 'map' ? arrayOf() : element],
    ([item = 'item']) => `for (const ${item} of ${source}${suffix})`,
  )
}

function overEntries(call: CallNode, block: BlockNode, frame: Frame, part: 'keys' | 'values'): string[] {
  const items = value(call.receiver as RubyNode, frame).code
  return forLoop(block, frame, [unknown], ([item = 'item']) => `for (const ${item} of Object.${part}(${items}))`)
}

function forLoop(block: BlockNode, frame: Frame, types: readonly ValueType[], head: (names: string[]) => string): string[] {
  return frame.inScope(() => {
    const names = declareParameters(block.parameters as RubyNode | null, frame, types).map((print) => print().replace(/: [^:]*$/, ''))
    const body = loopBody(block.body as RubyNode | null, block.locals as string[], frame)
    return [`${head(names)} {`, ...body, '}']
  })
}

function loopBody(body: RubyNode | null, locals: readonly string[], frame: Frame): string[] {
  const { next } = frame
  frame.next = 'continue'
  try {
    return frame.inScope(() => functionBody(body, locals, frame, 'statement').split('\n'))
  } finally {
    frame.next = next
  }
}
