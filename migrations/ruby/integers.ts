import { childrenOf, is, type RubyNode } from './nodes.ts'

/** Whether a text may hold a whole number of more than 31 bits. */
const mayBeLarge = /[\da-f][\da-f_]{7}/i

/** Reads the large whole numbers of a tree anew from its text: Prism's own reader takes the highest bit of each 32 for a sign.
 * They are numbers as long as those of JavaScript hold them exactly.
 *
 * @param textOf the text of a node
 */
export function readLargeIntegers(tree: RubyNode, text: string, textOf: (node: RubyNode) => string): void {
  if (!mayBeLarge.test(text)) return
  const waiting = [tree]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (is(node, 'IntegerNode')) (node as { value: number | bigint }).value = integerOf(textOf(node))
    waiting.push(...childrenOf(node))
  }
}

function integerOf(written: string): number | bigint {
  const isNegative = written.startsWith('-')
  const digits = written
    .replace(/^[-+]|_/g, '')
    .replace(/^0d/i, '')
    .replace(/^0(?=\d)/, '0o')
  const value = isNegative ? -BigInt(digits) : BigInt(digits)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
