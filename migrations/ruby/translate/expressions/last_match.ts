import { childrenOf, is, type RubyNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import type { Expression } from '../value_types.ts'

/** What Ruby keeps of the last match for `$1`, under the name of the variable that holds it here. */
export const lastMatch = '$~'

/** Whether `$1` and its kind are read below a node. */
export function readsMatch(node: RubyNode): boolean {
  return is(node, 'NumberedReferenceReadNode') || childrenOf(node).some(readsMatch)
}

/** Declares the variable of the last match where the body of a function reads one; answers its line. */
export function matchVariable(body: RubyNode | null, frame: Frame): string[] {
  if (!body || frame.local(lastMatch) || !readsMatch(body)) return []
  return [`let ${frame.declare(lastMatch, undefined, 'match').code}: RegExpMatchArray | null = null`]
}

/** A match that is kept for `$1`, as a condition; undefined where nothing reads it. */
export function keptMatch(subject: Expression, pattern: string, frame: Frame): string | undefined {
  const kept = frame.local(lastMatch)
  if (!kept) return undefined
  const found =
    subject.type.kind === 'text' && !subject.type.isNullable
      ? `${subject.code}.match(${pattern})`
      : `(${subject.code}?.match(${pattern}) ?? null)`
  return `(${kept.code} = ${found}) != null`
}
