import type { Clause, Seen } from '../sql/clause.ts'
import { CLAUSE, operandClause, SqlFragment, weave } from '../sql/fragment.ts'
import type { Expression } from './expression.ts'

/** An expression that rows are sorted by, one way or the other. */
export class Ordering extends SqlFragment {
  readonly by: Expression
  readonly way: 'asc' | 'desc'
  readonly nulls: 'first' | 'last' | undefined

  constructor(by: Expression, way: 'asc' | 'desc', nulls?: 'first' | 'last') {
    super('', [])
    this.by = by
    this.way = way
    this.nulls = nulls
  }

  nullsFirst(): Ordering {
    return new Ordering(this.by, this.way, 'first')
  }
  nullsLast(): Ordering {
    return new Ordering(this.by, this.way, 'last')
  }
  /** The other way round, nulls as well. */
  reverse(): Ordering {
    const nulls = this.nulls === undefined ? undefined : this.nulls === 'first' ? 'last' : 'first'
    return new Ordering(this.by, this.way === 'asc' ? 'desc' : 'asc', nulls)
  }

  override get text(): string {
    return `${this.by.text} ${this.way}${this.nulls === undefined ? '' : ` nulls ${this.nulls}`}`
  }
  override get values(): readonly unknown[] {
    return this.by.values
  }

  override [CLAUSE](seen: Seen): Clause {
    const by = operandClause(this.by, seen)
    if (this.nulls === undefined) return weave(['', ` ${this.way}`], [by])
    // MySQL has no word for it: whether it is null is sorted by first.
    if (seen.dialect === 'mysql') return weave(['', ` is ${this.nulls === 'first' ? 'not ' : ''}null, `, ` ${this.way}`], [by, by])
    return weave(['', ` ${this.way} nulls ${this.nulls}`], [by])
  }
}
