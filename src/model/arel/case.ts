import { type Comparable, type Condition, Expression, requireFragment } from './expression.ts'

type Branch = readonly [when: unknown, value: unknown]

/** A value by the first condition that holds. `when` and `else` give another expression; without `else` it is null where none holds. */
export class CaseExpression<V> extends Expression<V> {
  readonly #of: Expression | undefined
  readonly #branches: readonly Branch[]

  constructor(of: Expression | undefined, branches: readonly Branch[], otherwise?: readonly [value: unknown]) {
    const start = of === undefined ? ['case'] : ['case ', '']
    const parts = branches.length === 0 && otherwise === undefined ? [...start.slice(0, -1), `${start.at(-1)} end`] : start
    super(
      [...parts.slice(0, -1), ...woven(parts.at(-1)!, branches.length, otherwise !== undefined)],
      [...(of === undefined ? [] : [of]), ...branches.flat(), ...(otherwise ?? [])],
    )
    this.#of = of
    this.#branches = branches
  }

  /** @param condition a condition; or what the expression that was given to `case` may be
   * @throws InvalidArgument for a value where nothing was given to `case`
   */
  when<T extends string | number | bigint | boolean | null>(
    condition: Condition | Comparable<unknown>,
    value: T | Expression<T>,
  ): CaseExpression<V | T> {
    if (this.#of === undefined) requireFragment(condition)
    return new CaseExpression<V | T>(this.#of, [...this.#branches, [condition, value]])
  }

  else<T extends string | number | bigint | boolean | null>(value: T | Expression<T>): Expression<V | T> {
    return new CaseExpression<V | T>(this.#of, this.#branches, [value])
  }
}

/** The words between the operands. */
function woven(start: string, branches: number, hasElse: boolean): string[] {
  if (branches === 0 && !hasElse) return [start]
  const words = Array.from({ length: branches }, () => [' when ', ' then ']).flat()
  if (hasElse) words.push(' else ')
  return [start + words[0]!, ...words.slice(1), ' end']
}
