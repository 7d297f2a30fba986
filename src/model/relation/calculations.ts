import { type AttributeType, readAnswer } from '../attributes/attribute_type.ts'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { textOfKey } from '../associations/keys.ts'
import { infoOf } from '../model_info.ts'
import { readAttribute } from '../record/attribute_access.ts'
import { isOneOfRows } from '../sql/key_rows.ts'
import { countQuery, selectQuery } from '../sql/select.ts'
import { aggregate, columnSelection, named, type Selection, selectionsOf, typeOf } from '../sql/selection.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Clauses } from './clauses.ts'
import { withoutLimit } from './eager_loading.ts'
import { FinderMethods } from './finders.ts'
import { joinIncludes } from './includes.ts'
import { pluckedRows, rowsOf } from './rows.ts'

/** A grouped result: the group's value (an array for several) → the result. */
export type Grouped = Map<unknown, unknown>

type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max'

/** What `group` answers: a Map that JSON writes as an object, as Rails does. */
class Groups extends Map<unknown, unknown> {
  toJSON(): Record<string, unknown> {
    return Object.fromEntries([...this].map(([key, value]) => [Array.isArray(key) ? JSON.stringify(key) : String(key ?? ''), value]))
  }
}

const operationNames: ReadonlySet<string> = new Set(['count', 'sum', 'average', 'minimum', 'maximum'])

/** The methods that calculate in the database. With `group` they answer a Map. */
export class CalculationMethods extends FinderMethods {
  /** The number of records: of those in memory when they are loaded, else counted. */
  async size(): Promise<number> {
    return this.isLoaded() ? (await this.toArray()).length : Number(await this.count())
  }

  /** The number of rows, or of rows where a column isn't null; with a function, of the loaded records that pass it. */
  async count(column?: unknown): Promise<number | Grouped> {
    if (typeof column === 'function') return (await this.select(column as (record: ModelRecord) => unknown)).length
    if (column !== undefined && column !== '*' && column !== 'all' && this.clauses.includes.size > 0)
      return this.spawn((await this.clausesWithIncludes()).with({ distinct: true })).count(column)
    const { clauses } = this
    if (clauses.findsNothing) return clauses.groups.length > 0 ? new Groups() : 0
    if (clauses.groups.length > 0) return this.grouped('count', column)
    const only = clauses.selections?.length === 1 && clauses.selections[0]!.column !== undefined ? clauses.selections[0] : undefined
    const selected = column === undefined || column === '*' || column === 'all' ? only : this.expression(column)
    // Joined collections multiply rows: records are counted, each once.
    const isDistinct = clauses.distinct || (clauses.isEager && selected === undefined)
    const plain = clauses.with({ orders: [], distinct: isDistinct })
    if (clauses.limit !== null || clauses.offset !== null || (isDistinct && selected === undefined)) {
      const key = columnSelection(this.info, this.info.schema.key ?? this.info.schema.columns[0]!)
      const counted = selected === undefined ? undefined : 'counted_value'
      const selections = selected === undefined ? (clauses.selections ?? [key]) : [named(selected, counted!)]
      const [row] = await rowsOf(this.info, countQuery(this.info, plain.with({ orders: clauses.orders }), selections, counted), 'Count')
      return Number(row![0])
    }
    const [row] = await this.rows(
      [aggregate('count', selected, clauses.distinct)],
      plain.with({ selections: null, distinct: false }),
      'Count',
    )
    return Number(row![0])
  }

  /** The sum of a column or an expression; with a function, of what it gives for each of the loaded records. */
  async sum(column: unknown): Promise<unknown> {
    if (typeof column === 'function') {
      let sum = 0
      for (const record of await this.toArray()) sum += Number(await (column as (record: ModelRecord) => unknown)(record))
      return sum
    }
    return this.calculation('sum', column, 0)
  }

  async average(column: unknown): Promise<unknown> {
    return this.calculation('avg', column, null)
  }

  async minimum(column: unknown): Promise<unknown> {
    return this.calculation('min', column, null)
  }

  async maximum(column: unknown): Promise<unknown> {
    return this.calculation('max', column, null)
  }

  /** Rails' `calculate(:sum, :views)`. */
  async calculate(operation: 'count' | 'sum' | 'average' | 'minimum' | 'maximum', column?: unknown): Promise<unknown> {
    if (!operationNames.has(operation))
      throw new InvalidArgument({ reason: `calculate() knows ${[...operationNames].join(', ')}; it was given '${String(operation)}'.` })
    return this[operation](column)
  }

  /** The values of one column, or arrays of the values of several, without making records. */
  async pluck(...columns: readonly unknown[]): Promise<unknown[]> {
    const { info } = this
    const selections = columns.length === 0 ? info.schema.columns.map((each) => columnSelection(info, each)) : selectionsOf(info, columns)
    if (this.isLoaded() && selections.every((selection) => selection.column !== undefined)) {
      const records = await this.toArray()
      const rows = records.map((record) => selections.map((selection) => readAttribute(record, selection.column!.name)))
      return selections.length === 1 ? rows.map((row) => row[0]) : rows
    }
    const clauses = await this.clausesWithIncludes()
    if (clauses.findsNothing) return []
    const { rows, types } = await pluckedRows(info, selectQuery(info, clauses, selections), selections)
    if (types.length === 1) return rows.map((row) => read(types[0], row[0]!))
    return rows.map((row) => types.map((type, place) => read(type, row[place]!)))
  }

  /** The value of a column of the first row; null without a row. */
  async pick(...columns: readonly unknown[]): Promise<unknown> {
    const [first] = await this.limit(1).pluck(...columns)
    return first ?? null
  }

  /** The keys of the records: of each one's once, also where included collections are joined. */
  async ids(): Promise<unknown[]> {
    const { key, primaryKey } = this.info.schema
    if (this.clauses.isEager && key !== undefined) return [...new Set(await this.pluck(key.name))]
    if (this.clauses.includes.size > 0) return this.unscope('includes').ids()
    return key === undefined ? this.pluck(...primaryKey.map((column) => column.name)) : this.pluck(key.name)
  }

  /** The clauses with the included associations joined, as Rails joins them for what is read without records: columns may be theirs, and rows come
   * once for each of their records.
   */
  private async clausesWithIncludes(): Promise<Clauses> {
    const { info, clauses } = this
    if (clauses.includes.size === 0 || clauses.findsNothing) return clauses
    const joined = joinIncludes(clauses, info)
    const found = await withoutLimit(info, joined, (selections, part) => this.rows(selections, part, 'Ids'))
    return (found ?? joined.with({ isNone: true })).with({ includes: new Map(), isEager: false })
  }

  private expression(column: unknown): Selection {
    const [selection] = selectionsOf(this.info, [column])
    return selection!
  }

  private async calculation(name: AggregateName, column: unknown, empty: unknown): Promise<unknown> {
    const clauses = await this.clausesWithIncludes()
    if (clauses.findsNothing) return clauses.groups.length > 0 ? new Groups() : empty
    if (column === undefined) throw new InvalidArgument({ reason: `${name} needs a column.` })
    if (clauses.groups.length > 0) return this.spawn(clauses).grouped(name, column)
    const selection = this.expression(column)
    const plain = clauses.with({ orders: [], selections: null, distinct: false })
    const [row] = await this.rows([aggregate(name, selection, clauses.distinct)], plain, operations[name])
    return calculated(name, this.typeOfResult(typeOf(selection), row![0]!), row![0]!, empty)
  }

  /** A database answers texts for decimals alone, also for those of expressions. */
  private typeOfResult(type: AttributeType | undefined, value: SqlValue): AttributeType | undefined {
    return type === undefined && typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? this.info.schema.decimals : type
  }

  private async grouped(name: AggregateName, column: unknown): Promise<Grouped> {
    const { clauses } = this
    const selected = column === undefined ? undefined : this.expression(column)
    const plain = clauses.with({ selections: null, distinct: false })
    const rows = await this.rows([...clauses.groups, aggregate(name, selected, clauses.distinct)], plain, operations[name])
    const readers = await Promise.all(keysOfGroups(clauses.groups).map((group) => readerOf(group, rows)))
    return new Groups(
      rows.map((row) => {
        const keys = readers.map((reader) => reader(row))
        return [
          keys.length === 1 ? keys[0] : keys,
          name === 'count' ? Number(row.at(-1)) : calculated(name, selected && typeOf(selected), row.at(-1)!, 0),
        ]
      }),
    )
  }
}

const operations: Readonly<Record<AggregateName, string>> = { count: 'Count', sum: 'Sum', avg: 'Average', min: 'Minimum', max: 'Maximum' }

type Row = readonly SqlValue[]

/** One key of a grouped result: an expression, or all columns of the key of a belongsTo. */
interface GroupKey {
  readonly from: number
  readonly selections: readonly Selection[]
}

function keysOfGroups(groups: readonly Selection[]): GroupKey[] {
  const keys: { from: number; selections: Selection[] }[] = []
  for (const [from, group] of groups.entries()) {
    const selections = keys.at(-1)?.selections ?? []
    const { groupedBy } = group
    if (groupedBy !== undefined && selections[0]?.groupedBy === groupedBy && selections.length < groupedBy.ownerKeys.length)
      selections.push(group)
    else keys.push({ from, selections: [group] })
  }
  return keys
}

/** Reads a key of a row: a value, or for a group by an association its record, of which all are loaded with one query. */
async function readerOf({ from, selections }: GroupKey, rows: readonly Row[]): Promise<(row: Row) => unknown> {
  const [{ groupedBy }] = selections as [Selection]
  const values = (row: Row): unknown[] => selections.map((selection, place) => read(typeOf(selection), row[from + place]!))
  if (groupedBy === undefined) return (row) => values(row)[0]
  const keys = new Map(rows.map(values).flatMap((key) => (key.includes(null) ? [] : [[textOfKey(key), key]])))
  const target = infoOf(groupedBy.target)
  const places = groupedBy.targetKeys.map((name) => ({ path: '', table: target.schema.table, column: target.schema.byName.get(name)! }))
  const found = await target.relation(target.unscopedClauses.and([isOneOfRows(places, [...keys.values()])]))
  const byKey = new Map(found.map((record) => [textOfKey(groupedBy.targetKeys.map((name) => readAttribute(record, name))), record]))
  return (row) => byKey.get(textOfKey(values(row))) ?? null
}

function calculated(name: AggregateName, type: AttributeType | undefined, value: SqlValue, empty: unknown): unknown {
  if (value === null) return name === 'sum' ? empty : null
  if (name === 'min' || name === 'max') return read(type, value)
  if (type?.name === 'decimal') return read(type, value)
  return Number(value)
}

function read(type: AttributeType | undefined, value: SqlValue): unknown {
  if (type?.deserialize === undefined || value === null) return typeof value === 'bigint' && type === undefined ? Number(value) : value
  return readAnswer(type, value)
}
