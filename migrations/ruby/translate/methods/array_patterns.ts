import { argumentsOf, is, literalText, type RubyNode } from '../../nodes.ts'
import { caseEqual } from '../expressions/conditions.ts'
import { value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import type { ValueMethod } from './value_methods.ts'
import { type Expression, text, unknown } from '../value_types.ts'

/** `to_sentence` with connectors of its own. */
export function connected(receiver: Expression, pairs: readonly RubyNode[], frame: Frame): Expression | undefined {
  const connectors = new Map([
    ['words_connector', "', '"],
    ['two_words_connector', "' and '"],
    ['last_word_connector', "', and '"],
  ])
  for (const pair of pairs) {
    const name = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
    if (name === undefined || !connectors.has(name) || !is(pair, 'AssocNode')) return undefined
    connectors.set(name, value(pair.value as RubyNode, frame).code)
  }
  const [words, two, last] = [...connectors.values()]
  const joined = `[items.slice(0, -1).join(${words}), items.at(-1)].join(items.length > 2 ? ${last} : ${two})`
  return { code: `((items: string[]) => (items.length < 2 ? items.join('') : ${joined}))(${receiver.code}.map(String))`, type: text }
}

/** The items that a pattern, a range or a class fits, as `===` says. */
export function grepped({ receiver, call, frame, dot }: Parameters<ValueMethod>[0], not = false): Expression | undefined {
  const [pattern] = argumentsOf(call).positional
  if (!pattern || call.block) return undefined
  const test = caseEqual(pattern, { code: 'item', type: { ...(receiver.type.element ?? unknown), isLoose: true } }, frame)
  return { code: `${receiver.code}${dot}filter((item: Untyped) => ${not ? `!(${test})` : test})`, type: receiver.type }
}
