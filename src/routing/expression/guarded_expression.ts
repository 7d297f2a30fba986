import { growthOf } from './ambiguity.ts'
import { compileExpression } from './compile_expression.ts'
import type { Program } from './program.ts'
import { type Captures, runProgram } from './run_program.ts'

/** As many steps the engine may take before a text counts as too long for it. */
const mostEngineSteps = 65_536

/** An expression of a routes file, safe to ask about text from outside. It answers as the expression does, but takes no longer for a text made to
 * be slow: where the engine could take too long, a matcher of our own answers.
 */
export class GuardedExpression {
  readonly #expression: RegExp
  /** Texts longer than this aren't given to the engine. */
  readonly #longest: number
  readonly #program: Program | null
  /** Whether the engine is never asked, since every character may double the time that it takes. */
  readonly isAmbiguous: boolean
  /** Whether the search through a hostile text may end undecided, which counts as no. */
  readonly mayGiveUp: boolean
  /** Whether it couldn't be compiled, so that it matches nothing. */
  readonly isRefused: boolean

  constructor(expression: RegExp) {
    // With g or y it would go on where its last match ended.
    this.#expression = /[gy]/.test(expression.flags) ? new RegExp(expression.source, expression.flags.replace(/[gy]/g, '')) : expression
    const program = compileExpression(this.#expression)
    const growth = program === null ? Number.POSITIVE_INFINITY : growthOf(program)
    this.isAmbiguous = growth === Number.POSITIVE_INFINITY
    this.mayGiveUp = program !== null && !program.isRegular
    this.isRefused = program === null
    this.#longest = growth === 1 ? Number.POSITIVE_INFINITY : Math.floor(mostEngineSteps ** (1 / growth))
    this.#program = growth === 1 ? null : program
  }

  test(text: string): boolean {
    return text.length <= this.#longest ? this.#expression.test(text) : this.#search(text) !== null
  }

  exec(text: string): Captures | null {
    return text.length <= this.#longest ? this.#expression.exec(text) : this.#search(text)
  }

  #search(text: string): Captures | null {
    return this.#program === null ? null : runProgram(this.#program, text)
  }
}

/** The guard of an expression; one for all that are written alike, which most are. */
export function guardExpression(expression: RegExp): GuardedExpression {
  return guardSource(expression.source, expression.flags)
}

/** As {@link guardExpression}, for an expression that isn't made yet: often it needn't be. */
export function guardSource(source: string, flags: string): GuardedExpression {
  const key = `/${source}/${flags}`
  const known = guards.get(key)
  if (known !== undefined) return known
  const guard = new GuardedExpression(new RegExp(source, flags))
  if (guards.size < 1000) guards.set(key, guard)
  return guard
}

const guards = new Map<string, GuardedExpression>()
