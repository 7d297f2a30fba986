import type { Aliased } from '../arel/aliased.ts'
import type { Expression } from '../arel/expression.ts'
import type { ArelTableOf } from '../arel/table.ts'
import type { CounterChange, CounterOptions } from '../relation/bulk_writes.ts'
import type { InsertOptions, InsertResult, UpsertOptions } from '../relation/insert_methods.ts'
import type { SqlFragment } from '../sql/fragment.ts'
import type { NumericKeys, WhereOf } from './conditions.ts'
import type { GroupedOf, Key, KeyHeld } from './relations.ts'
import type { NameOf, ObjectsOf, ScalarsOf } from './schema_types.ts'

export type Columns<G, N extends NameOf<G>> = keyof ScalarsOf<G, N> & string
export type Value<G, N extends NameOf<G>, K> = K extends keyof ScalarsOf<G, N>
  ? ScalarsOf<G, N>[K]
  : K extends Expression<infer V> | Aliased<infer V>
    ? V
    : unknown
export type AssociationName<G, N extends NameOf<G>> = keyof ObjectsOf<G, N> & string

type Numbers<G, N extends NameOf<G>> = NumericKeys<ScalarsOf<G, N>> & string
/** A row to insert: values by column. */
export type RowOf<G, N extends NameOf<G>> = { readonly [K in keyof ScalarsOf<G, N>]?: ScalarsOf<G, N>[K] }
type OneOrMore<T> = T | readonly T[]

/** How much is added by column, and whether the time is written too. */
type CountersOf<G, N extends NameOf<G>> =
  string extends NumericKeys<ScalarsOf<G, N>>
    ? Readonly<Record<string, number | CounterOptions['touch']>>
    : { readonly [K in NumericKeys<ScalarsOf<G, N>>]?: number } & CounterOptions

/** Names as Rails and Prisma give to indexes; another is written `{ index: 'by_name' }`. */
type IndexName = `index_${string}` | `${string}_key` | `${string}_idx`

/** How rows are inserted, in the names of the model's columns. */
export interface InsertOptionsOf<G, N extends NameOf<G>> extends InsertOptions {
  readonly returning?: OneOrMore<Columns<G, N> | SqlFragment> | false
  readonly uniqueBy?: OneOrMore<Columns<G, N>> | IndexName | { readonly index: string }
}
export interface UpsertOptionsOf<G, N extends NameOf<G>> extends InsertOptionsOf<G, N>, Pick<UpsertOptions, 'onDuplicate'> {
  readonly updateOnly?: OneOrMore<Columns<G, N>>
}

/** What classes and relations have alike: calculations and writes, which don't depend on what a record of the model is. */
export type RowMethods<G, N extends NameOf<G>> = {
  exists(condition?: WhereOf<G, N> | Key<G, N> | readonly (string | number | bigint | Date)[] | false | null): Promise<boolean>
  isEmpty(): Promise<boolean>
  isBlank(): Promise<boolean>
  isPresent(): Promise<boolean>
  include(record: unknown): Promise<boolean>
  size(): Promise<number>

  average(column: Numbers<G, N> | SqlFragment): Promise<number | null>
  minimum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  minimum(expression: SqlFragment): Promise<unknown>
  maximum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  maximum(expression: SqlFragment): Promise<unknown>
  calculate(operation: 'count', column?: Columns<G, N> | '*' | SqlFragment): Promise<number>
  calculate(operation: 'sum', column: Numbers<G, N> | SqlFragment): Promise<number>
  calculate(operation: 'average', column: Numbers<G, N> | SqlFragment): Promise<number | null>
  calculate<K extends Columns<G, N>>(operation: 'minimum' | 'maximum', column: K): Promise<NonNullable<Value<G, N, K>> | null>
  pluck<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K>[]>
  pluck<const K extends readonly (Columns<G, N> | SqlFragment)[]>(...columns: K): Promise<{ -readonly [I in keyof K]: Value<G, N, K[I]> }[]>
  pick<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K> | null>
  pick<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): Promise<{ -readonly [I in keyof K]: Value<G, N, K[I]> } | null>
  ids(): Promise<KeyHeld<G, N>[]>
  asyncCount(column?: Columns<G, N> | '*' | SqlFragment): Promise<number>
  asyncSum(column: Numbers<G, N> | SqlFragment): Promise<number>
  asyncAverage(column: Numbers<G, N> | SqlFragment): Promise<number | null>
  asyncMinimum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  asyncMaximum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  asyncPluck<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K>[]>
  asyncPick<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K> | null>
  asyncIds(): Promise<KeyHeld<G, N>[]>
  group<K extends Columns<G, N> | SqlFragment>(column: K): GroupedOf<G, N, Value<G, N, K>>
  group<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): GroupedOf<G, N, { -readonly [I in keyof K]: Value<G, N, K[I]> }>
  regroup<K extends Columns<G, N> | SqlFragment>(column: K): GroupedOf<G, N, Value<G, N, K>>
  regroup<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): GroupedOf<G, N, { -readonly [I in keyof K]: Value<G, N, K[I]> }>

  updateAll(attributes: { readonly [K in keyof ScalarsOf<G, N>]?: ScalarsOf<G, N>[K] | SqlFragment }): Promise<number>
  updateAll(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number>
  updateCounters(ids: Key<G, N> | readonly Key<G, N>[], counters: CountersOf<G, N>, options?: CounterOptions): Promise<number>
  updateCounters(counters: CountersOf<G, N>, options?: CounterOptions): Promise<number>
  incrementCounter(name: Numbers<G, N>, ids: Key<G, N> | readonly Key<G, N>[], by?: number | CounterChange): Promise<number>
  decrementCounter(name: Numbers<G, N>, ids: Key<G, N> | readonly Key<G, N>[], by?: number | CounterChange): Promise<number>
  resetCounters(id: Key<G, N>, ...given: readonly (AssociationName<G, N> | Numbers<G, N> | CounterOptions)[]): Promise<true>
  touchAll(...names: readonly (Columns<G, N> | { readonly time?: Date })[]): Promise<number>
  deleteBy(conditions: WhereOf<G, N>): Promise<number>
  deleteBy(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number>

  insert(row: RowOf<G, N>, options?: InsertOptionsOf<G, N>): Promise<InsertResult>
  insertOrThrow(row: RowOf<G, N>, options?: Omit<InsertOptionsOf<G, N>, 'uniqueBy'>): Promise<InsertResult>
  insertAll(rows: readonly RowOf<G, N>[], options?: InsertOptionsOf<G, N>): Promise<InsertResult>
  insertAllOrThrow(rows: readonly RowOf<G, N>[], options?: Omit<InsertOptionsOf<G, N>, 'uniqueBy'>): Promise<InsertResult>
  upsert(row: RowOf<G, N>, options?: UpsertOptionsOf<G, N>): Promise<InsertResult>
  upsertAll(rows: readonly RowOf<G, N>[], options?: UpsertOptionsOf<G, N>): Promise<InsertResult>

  /** The columns of the table as expressions of SQL. */
  readonly arelTable: ArelTableOf<G, N>
  toSql(): string
  explain(...options: readonly ('analyze' | 'verbose' | 'buffers')[]): Promise<string>
}
