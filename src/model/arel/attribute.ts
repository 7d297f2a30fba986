import { didYouMean } from '../../naming/index.ts'
import type { AttributeType } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { UnknownColumn } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import type { Clause, Seen } from '../sql/clause.ts'
import { columnNode, compare, keyOf, negate, type Place } from '../sql/comparison.ts'
import { CLAUSE, SqlFragment } from '../sql/fragment.ts'
import { quotedName } from '../sql/quoted_name.ts'
import { isSubquery } from '../sql/subquery.ts'
import { Condition, Expression } from './expression.ts'
import { numbers } from './numbers.ts'

/** A column of a table. Its values are cast as everywhere else: enums by name, times, encrypted texts. */
export class Attribute<V = unknown> extends Expression<V> {
  readonly #info: ModelInfo
  readonly #table: string
  readonly #column: Column

  /** @param table the model's, or another name that it is joined under
   * @throws UnknownColumn with a suggestion
   */
  constructor(info: ModelInfo, table: string, name: string) {
    super([''], [])
    const { byName } = info.schema
    const column = byName.get(name)
    if (column === undefined) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
    this.#info = info
    this.#table = table
    this.#column = column
  }

  /** The column as queries select it: with `info` as the model of the query. */
  get column(): Column {
    return this.#column
  }
  get table(): string {
    return this.#table
  }

  override get text(): string {
    return [this.#table, this.#column.column].map((name) => quotedName(name, this.#info.schema.dialect)).join('.')
  }
  override get values(): readonly unknown[] {
    return []
  }
  override get readAs(): AttributeType {
    return this.#column.type
  }

  /** Where it is, seen from a query. */
  placeIn(seen: Seen): Place {
    const isOwn = seen.table === this.#table
    return { path: isOwn ? '' : `@${this.#table}`, table: this.#table, column: this.#column, isOuter: true }
  }

  override [CLAUSE](seen: Seen): Clause {
    const place = this.placeIn(seen)
    return { key: keyOf(place), binds: [], build: (names) => columnNode(place, names) }
  }

  protected override get amounts(): AttributeType | undefined {
    return this.#column.type.name === 'decimal' ? this.#column.type : numbers
  }

  /** What a column can't be compared with is refused where the query is made of it. */
  protected override operandOf(value: unknown): unknown {
    return value instanceof SqlFragment || isSubquery(value) ? super.operandOf(value) : value
  }

  protected override compared(operator: string, value: unknown): Condition {
    if (value instanceof SqlFragment || isSubquery(value)) return super.compared(operator, value)
    return new ColumnCondition(this, ['', operator, ''], value, (place) => compare(place, conditions[operator]!(value)))
  }

  protected override listed(values: unknown, operator: string, empty: string): Condition {
    const fragments = Array.isArray(values) ? values.filter((value) => value instanceof SqlFragment) : []
    if (fragments.length > 0) {
      const found = super.listed(fragments, operator, empty)
      const others = (values as readonly unknown[]).filter((value) => !(value instanceof SqlFragment))
      if (others.length === 0) return found
      return operator === ' in ' ? found.or(this.listed(others, operator, empty)) : found.and(this.listed(others, operator, empty))
    }
    return new ColumnCondition(this, ['', `${operator}(`, ')'], values, (place) => {
      const found = compare(place, values)
      return operator === ' in ' ? found : { ...negate(found), attribute: keyOf(place) }
    })
  }
}

/** What a comparison is as a condition of a hash. */
const conditions: Readonly<Record<string, (value: unknown) => unknown>> = {
  ' = ': (value) => value,
  ' <> ': (value) => ({ not: value }),
  ' > ': (gt) => ({ gt }),
  ' >= ': (gte) => ({ gte }),
  ' < ': (lt) => ({ lt }),
  ' <= ': (lte) => ({ lte }),
}

/** A condition on a column alone, which is the same as one that a hash says: records made on the relation start with it, `unscope` finds it. */
class ColumnCondition extends Condition {
  readonly #attribute: Attribute
  readonly #clause: (place: Place) => Clause

  constructor(attribute: Attribute, parts: readonly string[], value: unknown, clause: (place: Place) => Clause) {
    super(parts, [attribute, value])
    this.#attribute = attribute
    this.#clause = clause
  }

  override [CLAUSE](seen: Seen): Clause {
    return this.#clause(this.#attribute.placeIn(seen))
  }
}
