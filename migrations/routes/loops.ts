import { blockOf, type CallNode, is, parameterNames, type RubyNode } from '../ruby/index.ts'
import type { BlockStatement } from '../typescript/index.ts'
import { inline } from './expressions.ts'
import { head } from './calls.ts'
import { blockStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

type LoopHead = (subject: string, names: string[], node: CallNode) => string

/** Ruby's loops: what `for` iterates over, by the method's name. */
const loops: Record<string, LoopHead> = {
  each: (subject, names, node) =>
    names.length > 1 && isHash(node.receiver as RubyNode)
      ? `const [${names.join(', ')}] of Object.entries(${subject})`
      : `const ${names.length > 1 ? `[${names.join(', ')}]` : names[0]} of ${subject}`,
  each_pair: (subject, names) => `const [${names.join(', ')}] of Object.entries(${subject})`,
  each_with_index: (subject, [item, index]) => `const [${index}, ${item}] of ${subject}.entries()`,
  each_key: (subject, names) => `const ${names[0]} of Object.keys(${subject})`,
  each_value: (subject, names) => `const ${names[0]} of Object.values(${subject})`,
  times: (subject, names) => `let ${names[0] ?? 'index'} = 0; ${names[0] ?? 'index'} < ${subject}; ${names[0] ?? 'index'}++`,
}

/** Translates a loop over a value that is known here; undefined when the call is no loop. */
export function loop(node: CallNode, translation: Translation): BlockStatement | undefined {
  const block = blockOf(node)
  if (!block || !node.receiver || !Object.hasOwn(loops, node.name)) return undefined
  const subject = subjectOf(node.receiver as RubyNode, translation)
  return translation.inBlock(() => {
    const names = parameterNames(block.parameters as RubyNode | null).map((name) => translation.declare(name))
    if (names.length === 0 && node.name !== 'times') throw new Untranslatable(node, 'the loop names nothing')
    translation.report(node, head(node, translation), 'ported')
    return { type: 'block', head: `for (${loops[node.name]!(subject, names, node)})`, body: blockStatements(block, translation) }
  })
}

function subjectOf(receiver: RubyNode, translation: Translation): string {
  const inner = is(receiver, 'ParenthesesNode') ? ((receiver.body as { body?: RubyNode[] } | null)?.body?.[0] ?? receiver) : receiver
  if (!is(inner, 'RangeNode')) return inline(inner, translation)
  const first = inline(inner.left as RubyNode, translation)
  const last = inline(inner.right as RubyNode, translation)
  const length = inner.isExcludeEnd() ? `${last} - ${first}` : `${last} - ${first} + 1`
  return `Array.from({ length: ${length} }, (_, index) => index + ${first})`
}

function isHash(node: RubyNode): boolean {
  return is(node, 'HashNode', 'ConstantReadNode')
}
