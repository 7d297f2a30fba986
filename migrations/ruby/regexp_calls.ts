import { evaluate, evaluateElement, NotConstant, type Scope } from './evaluate.ts'
import { argumentsOf, type CallNode, constantPath, is, type RubyNode } from './nodes.ts'
import { embeddedRegexp } from './regexps.ts'
import { RubyRegexp, type RubyValue, textOf } from './values.ts'

/** `Regexp.new`, `Regexp.compile`, `Regexp.escape` and `Regexp.union` of constant values.
 *
 * @throws NotConstant
 */
export function evaluateRegexp(call: CallNode, scope: Scope): RubyValue {
  const [first, second] = argumentsOf(call).positional
  if (call.name === 'union')
    return union(
      call,
      argumentsOf(call)
        .positional.flatMap((argument) => evaluateElement(argument, scope))
        .flat(),
    )
  const given = first ? evaluate(first, scope) : null
  const text = textOf(given)
  if ((call.name === 'escape' || call.name === 'quote') && text !== undefined) return escaped(text)
  if (!['new', 'compile'].includes(call.name)) throw new NotConstant(call, `Regexp.${call.name} is not constant`)
  if (given instanceof RubyRegexp) return given
  if (text === undefined) throw new NotConstant(call, `Regexp.${call.name} of this is not constant`)
  return new RubyRegexp(text, second ? flagsOf(second, scope) : '')
}

/** A regular expression within another one with these flags.
 *
 * @throws NotConstant when the two would read it differently
 */
export function embedded(value: RubyRegexp, flags: string, node: RubyNode): string {
  const text = embeddedRegexp(value.source, value.flags, flags)
  if (text === undefined) throw new NotConstant(node, 'an expression with other flags within another has no counterpart in JavaScript')
  return text
}

/** Texts stand for themselves; the flags are those that all expressions have. */
function union(call: CallNode, values: readonly RubyValue[]): RubyRegexp {
  const [only] = values
  if (values.length === 0) return new RubyRegexp('(?!)', '')
  if (values.length === 1 && only instanceof RubyRegexp) return only
  const first = values.find((value) => value instanceof RubyRegexp)
  const flags = first instanceof RubyRegexp ? first.flags.replace('x', '') : ''
  const sources = values.map((value) => {
    if (value instanceof RubyRegexp) return embedded(value, flags, call)
    const text = textOf(value)
    if (text === undefined || (flags.includes('i') && /\p{L}/u.test(text)))
      throw new NotConstant(call, 'Regexp.union of this is not constant')
    return escaped(text)
  })
  return new RubyRegexp(sources.join('|'), flags)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')
}

const flagNames: Record<string, string> = { IGNORECASE: 'i', EXTENDED: 'x', MULTILINE: 'm' }

/** `Regexp::IGNORECASE | Regexp::MULTILINE`, `"im"`, or `true` for `i`. */
function flagsOf(node: RubyNode, scope: Scope): string {
  const path = constantPath(node)
  const named = path?.startsWith('Regexp::') ? flagNames[path.slice('Regexp::'.length)] : undefined
  if (named !== undefined) return named
  if (is(node, 'CallNode') && node.name === '|' && node.receiver) {
    const other = argumentsOf(node).positional[0]
    return flagsOf(node.receiver as RubyNode, scope) + (other ? flagsOf(other, scope) : '')
  }
  const value = evaluate(node, scope)
  if (value === true) return 'i'
  if (value === false || value === null) return ''
  const text = textOf(value)
  if (text !== undefined && /^[imx]*$/.test(text)) return text
  throw new NotConstant(node, 'the flags of the expression are not constant')
}
