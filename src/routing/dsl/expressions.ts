import { type GuardedExpression, guardExpression } from '../expression/guarded_expression.ts'
import { guardRequirement } from '../path/requirement.ts'
import { resolveLocation } from '../source_location.ts'
import type { Constraint } from '../types.ts'
import type { Drawing } from './drawing.ts'

const warned = new WeakSet<RegExp>()

/** Refuses an expression that can't be matched safely, and warns, with the line, of one that is matched slowly to be safe.
 *
 * @param isWhole whether it must match a whole segment, rather than a part of an attribute of the request
 */
export function checkExpressionOf(drawing: Drawing, name: string, constraint: Constraint, isWhole: boolean): void {
  for (const one of Array.isArray(constraint) ? constraint : [constraint]) {
    if (one instanceof RegExp) check(drawing, name, one, isWhole ? guardRequirement(one) : guardExpression(one))
  }
}

function check(drawing: Drawing, name: string, expression: RegExp, guard: GuardedExpression): void {
  if (guard.isRefused)
    drawing.fail(`The constraint of '${name}' has the flag v or repetitions of very large counts, and can't be matched safely.`)
  if (!guard.isAmbiguous || warned.has(expression)) return
  warned.add(expression)
  const source = resolveLocation(drawing.site)
  const place = source === undefined ? '' : `${source.file}:${source.line}: `
  const undecided = guard.mayGiveUp ? ' A value that takes it too many steps does not match.' : ''
  process.emitWarning(
    `${place}the constraint of '${name}', ${expression}, could take for ever to say no to a long value, so a slower matcher stands in for the engine.${undecided} Write it so that it reads each value in one way only.`,
    { type: 'RegaugeWarning', code: 'REGAUGE_AMBIGUOUS_EXPRESSION' },
  )
}
