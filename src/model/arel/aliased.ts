import type { Clause, Seen } from '../sql/clause.ts'
import { quotedName, requireName } from '../sql/quoted_name.ts'
import { CLAUSE, operandClause, SqlFragment, weave } from '../sql/fragment.ts'
import type { Expression } from './expression.ts'

/** An expression under the name that it is selected by. */
export class Aliased<V = unknown> extends SqlFragment {
  declare readonly valueType?: V
  readonly of: Expression<V>
  readonly alias: string

  constructor(of: Expression<V>, alias: string) {
    super('', [])
    requireName(alias)
    this.of = of
    this.alias = alias
  }

  override get text(): string {
    return `${this.of.text} as ${quotedName(this.alias, 'sqlite')}`
  }
  override get values(): readonly unknown[] {
    return this.of.values
  }

  override [CLAUSE](seen: Seen): Clause {
    return weave(['', ` as ${quotedName(this.alias, seen.dialect)}`], [operandClause(this.of, seen)])
  }
}
