import { InvalidArgument } from '../errors.ts'
import type { Clause, Seen } from '../sql/clause.ts'
import { CLAUSE, operandClause, SqlFragment, weave } from '../sql/fragment.ts'
import type { Expression } from './expression.ts'

/** An expression under the name that it is selected by. */
export class Aliased<V = unknown> extends SqlFragment {
  declare readonly valueType?: V
  readonly of: Expression<V>
  readonly alias: string

  constructor(of: Expression<V>, alias: string) {
    if (alias.includes('\0')) throw new InvalidArgument({ reason: 'A name in SQL has no null bytes.' })
    super('', [])
    this.of = of
    this.alias = alias
  }

  override get text(): string {
    return `${this.of.text} as "${this.alias.replaceAll('"', '""')}"`
  }
  override get values(): readonly unknown[] {
    return this.of.values
  }

  override [CLAUSE](seen: Seen): Clause {
    const quote = seen.dialect === 'mysql' ? '`' : '"'
    return weave(['', ` as ${quote}${this.alias.replaceAll(quote, quote + quote)}${quote}`], [operandClause(this.of, seen)])
  }
}
