import {
  type BlockNode,
  blockOf,
  type CallNode,
  is,
  parameterNames,
  RubyConstant,
  RubyHash,
  type RubyNode,
  statementsOf,
  tryEvaluate,
} from '../ruby/index.ts'
import { type BlockStatement, type Code, call, type Statement } from '../typescript/index.ts'
import { expression, inline } from './expressions.ts'
import { head } from './calls.ts'
import { blockStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { readsWrittenOut, writtenOut } from './written_out.ts'

type LoopHead = (subject: Code, names: string[], node: CallNode, translation: Translation) => { head: string; subject?: Code }

/** Ruby's loops: what `for` iterates over, by the method's name. */
const loops: Record<string, LoopHead> = {
  each: (subject, names, node, translation) => {
    if (names.length < 2) return { head: `for (const ${names[0]} of `, subject }
    const pairs = isHash(node.receiver as RubyNode, translation) ? call('Object.entries', subject) : subject
    return { head: `for (const [${names.join(', ')}] of `, subject: pairs }
  },
  each_pair: (subject, names) => ({ head: `for (const [${names.join(', ')}] of `, subject: call('Object.entries', subject) }),
  each_key: (subject, names) => ({ head: `for (const ${names[0]} of `, subject: call('Object.keys', subject) }),
  each_value: (subject, names) => ({ head: `for (const ${names[0]} of `, subject: call('Object.values', subject) }),
  each_with_index: (subject, [item, index], node) => {
    if (typeof subject !== 'string') throw new Untranslatable(node, 'a loop with its index over a literal is not translated')
    return { head: `for (const [${index}, ${item}] of ${subject}.entries())` }
  },
  times: (subject, [name = 'index'], node) => {
    if (typeof subject !== 'string') throw new Untranslatable(node, 'the number of times is not known')
    return { head: `for (let ${name} = 0; ${name} < ${subject}; ${name}++)` }
  },
}

/** Translates a loop; undefined when the call is none. One that can't stay a loop, over values that are known, is written out turn by turn. */
export function loop(node: CallNode, translation: Translation): Statement[] | undefined {
  const block = blockOf(node)
  if (!block || !node.receiver || !Object.hasOwn(loops, node.name)) return undefined
  if (readsWrittenOut(node.receiver as RubyNode, translation)) {
    const statements = writtenOut(node, block, translation)
    if (statements) return statements
  }
  const begin = translation.checkpoint()
  const [kept, error] = attempt(() => loopStatement(node, block, translation))
  const leftInLoop = error ? Number.POSITIVE_INFINITY : leftRows(translation, begin.rows)
  if (leftInLoop > 0) {
    translation.rollback(begin)
    const [statements] = attempt(() => writtenOut(node, block, translation))
    if (statements && leftRows(translation, begin.rows) < leftInLoop) {
      translation.report(node, head(node, translation), 'note', 'written out turn by turn, with the values of today')
      return statements
    }
    translation.rollback(begin)
    if (error) throw error
    return [loopStatement(node, block, translation)]
  }
  return [kept!]
}

function attempt<T>(translate: () => T): [T, undefined] | [undefined, Untranslatable] {
  try {
    return [translate(), undefined]
  } catch (error) {
    if (error instanceof Untranslatable) return [undefined, error]
    throw error
  }
}

/** How many lines were left in Ruby since a row of the report. */
function leftRows({ rows }: Translation, from: number): number {
  const left = rows.slice(from).filter(({ status }) => status === 'left')
  return new Set(left.map(({ file, line, construct }) => `${file}:${line} ${construct}`)).size
}

function loopStatement(node: CallNode, block: BlockNode, translation: Translation): BlockStatement {
  const subject = subjectOf(node.receiver as RubyNode, node.name === 'each_with_index', translation)
  return translation.inBlock(() => {
    const names = parameterNames(block.parameters as RubyNode | null).map((name) => translation.declare(name))
    if (names.length === 0 && node.name !== 'times') throw new Untranslatable(node, 'the loop names nothing')
    const begin = loops[node.name]!(names.length > 1 ? asPairs(subject, node, translation) : subject, names, node, translation)
    translation.report(node, head(node, translation), 'ported')
    const outer = translation.isWrittenOut
    translation.isWrittenOut = false
    try {
      return { type: 'block', ...begin, body: blockStatements(block, translation) }
    } finally {
      translation.isWrittenOut = outer
    }
  })
}

/** Literal pairs keep their length in their type, so that each of a pair is surely there. */
function asPairs(subject: Code, node: CallNode, translation: Translation): Code {
  if (typeof subject === 'string' || subject.type !== 'array') return subject
  const text = inline(node.receiver as RubyNode, translation)
  return text.length <= 100 ? `${text} as const` : subject
}

function subjectOf(receiver: RubyNode, ofOneLine: boolean, translation: Translation): Code {
  const inner = is(receiver, 'ParenthesesNode') ? (statementsOf(receiver.body as RubyNode | null)[0] ?? receiver) : receiver
  if (!is(inner, 'RangeNode')) return ofOneLine ? inline(inner, translation) : expression(inner, translation)
  const first = inline(inner.left as RubyNode, translation)
  const last = inline(inner.right as RubyNode, translation)
  const length = inner.isExcludeEnd() ? `${last} - ${first}` : `${last} - ${first} + 1`
  return `Array.from({ length: ${length} }, (_, index) => index + ${first})`
}

function isHash(node: RubyNode, { scope }: Translation): boolean {
  const value = tryEvaluate(node, scope)
  return value === undefined || value instanceof RubyConstant ? is(node, 'HashNode', 'ConstantReadNode') : value instanceof RubyHash
}
