import {
  childrenOf,
  type BlockNode,
  type CallNode,
  constantScope,
  elementsOf,
  is,
  type NodeOf,
  parameterNames,
  type RubyNode,
  type RubyValue,
  tryEvaluate,
} from '../ruby/index.ts'
import type { Statement } from '../typescript/index.ts'
import { blockStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** Turns of loops that one file writes out. */
const mostTurns = 5_000

/** What a block is given in each turn, by the method of the loop. */
const turns: Record<string, (subject: RubyValue) => RubyValue[][] | undefined> = {
  each: (subject) => elementsOf(subject)?.map(spread),
  each_pair: (subject) => elementsOf(subject)?.map(spread),
  each_key: (subject) => pairsOf(subject)?.map(([key]) => [key!]),
  each_value: (subject) => pairsOf(subject)?.map(([, value]) => [value!]),
  each_with_index: (subject) => elementsOf(subject)?.map((item, index) => [item, index]),
  times: (subject) =>
    typeof subject === 'number' && subject <= mostTurns ? Array.from({ length: subject }, (_, index) => [index]) : undefined,
}

/** The statements of a loop over what is known, once for each turn, with the values of the turn in place of the loop's variables.
 *
 * @returns undefined when what it loops over isn't known
 */
export function writtenOut(node: CallNode, block: BlockNode, translation: Translation): Statement[] | undefined {
  const subject = tryEvaluate(node.receiver as RubyNode, constantScope(translation.scope))
  const all = subject === undefined ? undefined : turns[node.name]?.(subject)
  const names = parameterNames(block.parameters as RubyNode | null)
  if (!all || names.includes('_')) return undefined
  translation.turns += all.length
  if (translation.turns > mostTurns) throw new Untranslatable(node, `the loop has more than ${mostTurns} turns`)
  const [before, outer, within] = [translation.rows.length, translation.unrolled, translation.isWrittenOut]
  const locals = new Map(translation.scope.locals)
  try {
    const statements = all.flatMap((values, turn) => {
      translation.unrolled = new Set([...outer, ...names])
      translation.isWrittenOut = true
      const given = names.length === 1 && values.length > 1 ? [values] : values
      names.forEach((name, index) => {
        translation.scope.locals.set(name, given[index] ?? null)
      })
      const [first, ...rest] = translation.inBlock(() => blockStatements(block, translation))
      return first ? [{ ...first, blankBefore: turn > 0 && rest.length > 0 }, ...rest] : []
    })
    keepDistinctRows(translation, before)
    return statements
  } finally {
    translation.unrolled = outer
    translation.isWrittenOut = within
    translation.scope.locals.clear()
    for (const [name, value] of locals) translation.scope.locals.set(name, value)
  }
}

/** Makes what a variable is assigned known, so that it stands in its place; whether it is known. */
export function assignKnown(node: NodeOf<'LocalVariableWriteNode'> | NodeOf<'MultiWriteNode'>, translation: Translation): boolean {
  if (is(node, 'LocalVariableWriteNode') && !readsWrittenOut(node.value as RubyNode, translation)) return false
  const value = tryEvaluate(node, constantScope(translation.scope))
  if (value === undefined) return false
  const names = is(node, 'LocalVariableWriteNode')
    ? [node.name]
    : node.lefts.map((target) => (target as NodeOf<'LocalVariableTargetNode'>).name)
  translation.unrolled = new Set([...translation.unrolled, ...names])
  return true
}

/** What an expression is in this turn of a loop that is written out; undefined when it reads none of its variables, or isn't constant. */
export function valueInTurn(node: RubyNode, translation: Translation): RubyValue | undefined {
  return readsWrittenOut(node, translation) ? tryEvaluate(node, constantScope(translation.scope)) : undefined
}

/** Whether an expression reads a variable of a loop that is written out. */
export function readsWrittenOut(node: RubyNode, { unrolled }: Translation): boolean {
  if (unrolled.size === 0) return false
  const reads = (child: RubyNode): boolean =>
    (is(child, 'LocalVariableReadNode') && unrolled.has(child.name)) || childrenOf(child).some(reads)
  return reads(node)
}

/** A list is spread over the variables of a block, when there are several. */
function spread(item: RubyValue): RubyValue[] {
  return Array.isArray(item) && item.length > 1 ? item : [item]
}

function pairsOf(value: RubyValue): RubyValue[][] | undefined {
  return Array.isArray(value) ? undefined : (elementsOf(value)?.filter(Array.isArray) as RubyValue[][] | undefined)
}

/** A line is reported once, however often it is written. */
function keepDistinctRows(translation: Translation, from: number): void {
  const seen = new Set<string>()
  const distinct = translation.rows.splice(from).filter(({ file, line, construct, status, reason }) => {
    const key = JSON.stringify([file, line, construct, status, reason])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  translation.rows.push(...distinct)
}
