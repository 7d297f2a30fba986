import type { BatchOptions } from '../relation/batches.ts'
import type { SqlFragment } from '../sql/fragment.ts'
import type { AssignableTo, NumericKeys, OrderItem, PermittedLike, SubqueryLike, TreeOf, WhereOf } from './conditions.ts'
import type { ClassOf, InstanceOf, LoadedRecord } from './instances.ts'
import type { NameOf, ScalarsOf } from './schema_types.ts'
import type { TokenFindersOf } from './security.ts'
import type { StaticMember } from './statics.ts'

/** A class of records, as far as relations need it. */
export type AnyClass = abstract new (...args: never[]) => unknown
export type Instance<T> = T extends abstract new (...args: never[]) => infer R ? R : never

/** The static methods of an application's class: methods of its relations, so that scopes chain. */
export type ScopesOf<T> = { [K in Exclude<keyof T, StaticMember | 'prototype'>]: T[K] }

/** A query of a model, as typed by its class `T`, its name `N` and what it loads `R`. */
export type RelationOf<G, T, N extends NameOf<G>, R> = Query<G, T, N, R> &
  LoadingMembers<R> &
  PromiseLike<R[]> &
  AsyncIterable<R> &
  SubqueryLike &
  ScopesOf<T>

type Columns<G, N extends NameOf<G>> = keyof ScalarsOf<G, N> & string
type Value<G, N extends NameOf<G>, K> = K extends keyof ScalarsOf<G, N> ? ScalarsOf<G, N>[K] : unknown

/** The methods of relations and of classes that find, narrow and write. */
export interface Query<G, T, N extends NameOf<G>, R> extends TokenFindersOf<R> {
  all(): RelationOf<G, T, N, R>
  where(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  where(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  not(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  not(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  rewhere(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  or(other: SubqueryLike): RelationOf<G, T, N, R>
  and(other: SubqueryLike): RelationOf<G, T, N, R>
  merge(other: SubqueryLike): RelationOf<G, T, N, R>
  order(...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, R>
  reorder(...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, R>
  reverseOrder(): RelationOf<G, T, N, R>
  limit(count: number | string | null): RelationOf<G, T, N, R>
  offset(count: number | string | null): RelationOf<G, T, N, R>
  select(...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  reselect(...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  distinct(distinct?: boolean): RelationOf<G, T, N, R>
  joins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  leftJoins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  leftOuterJoins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  includes<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  preload<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  eagerLoad<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  group<K extends Columns<G, N>>(column: K): GroupedOf<G, N, Value<G, N, K>>
  group<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): GroupedOf<G, N, { -readonly [I in keyof K]: Value<G, N, K[I]> }>
  having(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  none(): RelationOf<G, T, N, R>
  readonly(): RelationOf<G, T, N, R>
  lock(kind?: boolean | string): RelationOf<G, T, N, R>
  unscoped(): RelationOf<G, T, N, R>
  unscope(
    ...parts: readonly (
      | 'where'
      | 'order'
      | 'limit'
      | 'offset'
      | 'joins'
      | 'includes'
      | 'select'
      | 'group'
      | 'having'
      | 'lock'
      | { where: Columns<G, N> | readonly Columns<G, N>[] }
    )[]
  ): RelationOf<G, T, N, R>
  excluding(...records: readonly (InstanceOf<G, N> | readonly InstanceOf<G, N>[])[]): RelationOf<G, T, N, R>
  createWith(attributes: AssignableTo<G, N, R>): RelationOf<G, T, N, R>

  find(id: Key<G, N>): Promise<R>
  find(ids: readonly Key<G, N>[]): Promise<R[]>
  find(...ids: readonly [Key<G, N>, Key<G, N>, ...Key<G, N>[]]): Promise<R[]>
  findBy(conditions: WhereOf<G, N>): Promise<R | null>
  findBy(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R | null>
  findByOrThrow(conditions: WhereOf<G, N>): Promise<R>
  findByOrThrow(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R>
  findSoleBy(conditions: WhereOf<G, N>): Promise<R>
  take(): Promise<R | null>
  take(count: number): Promise<R[]>
  takeOrThrow(): Promise<R>
  first(): Promise<R | null>
  first(count: number): Promise<R[]>
  firstOrThrow(): Promise<R>
  last(): Promise<R | null>
  last(count: number): Promise<R[]>
  lastOrThrow(): Promise<R>
  second(): Promise<R | null>
  sole(): Promise<R>
  exists(condition?: WhereOf<G, N> | Key<G, N> | false): Promise<boolean>
  isAny(): Promise<boolean>
  any(): Promise<boolean>
  isNone(): Promise<boolean>
  isEmpty(): Promise<boolean>
  many(): Promise<boolean>
  one(): Promise<boolean>
  include(record: unknown): Promise<boolean>

  count(column?: Columns<G, N> | '*' | SqlFragment): Promise<number>
  sum(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<number>
  average(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<number | null>
  minimum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  maximum<K extends Columns<G, N>>(column: K): Promise<NonNullable<Value<G, N, K>> | null>
  pluck<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K>[]>
  pluck<const K extends readonly (Columns<G, N> | SqlFragment)[]>(...columns: K): Promise<{ -readonly [I in keyof K]: Value<G, N, K[I]> }[]>
  pick<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K> | null>
  pick<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): Promise<{ -readonly [I in keyof K]: Value<G, N, K[I]> } | null>
  ids(): Promise<Key<G, N>[]>

  findEach(work: (record: R) => unknown, options?: BatchOptions): Promise<void>
  findInBatches(work: (records: R[]) => unknown, options?: BatchOptions): Promise<void>
  inBatches(work: (batch: RelationOf<G, T, N, R>) => unknown, options?: BatchOptions & { of?: number }): Promise<void>

  updateAll(attributes: { readonly [K in keyof ScalarsOf<G, N>]?: ScalarsOf<G, N>[K] | SqlFragment }): Promise<number>
  updateAll(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number>
  updateCounters(counters: { readonly [K in NumericKeys<ScalarsOf<G, N>>]?: number }): Promise<number>
  touchAll(...names: readonly Columns<G, N>[]): Promise<number>
  deleteAll(): Promise<number>
  deleteBy(conditions: WhereOf<G, N>): Promise<number>
  destroyAll(): Promise<R[]>
  destroyBy(conditions: WhereOf<G, N>): Promise<R[]>
  build(attributes?: AssignableTo<G, N, R> | PermittedLike): R
  create(attributes?: AssignableTo<G, N, R> | PermittedLike): Promise<R>
  create(list: readonly AssignableTo<G, N, R>[]): Promise<R[]>
  createOrThrow(attributes?: AssignableTo<G, N, R> | PermittedLike): Promise<R>
  createOrThrow(list: readonly AssignableTo<G, N, R>[]): Promise<R[]>
  findOrInitializeBy(attributes: AssignableTo<G, N, R>): Promise<R>
  findOrCreateBy(attributes: AssignableTo<G, N, R>, extra?: AssignableTo<G, N, R>): Promise<R>
  findOrCreateByOrThrow(attributes: AssignableTo<G, N, R>, extra?: AssignableTo<G, N, R>): Promise<R>
  toSql(): string
}

/** The members that a relation has and its class hasn't. */
export interface LoadingMembers<R> {
  new (attributes?: object): R
  toArray(): Promise<R[]>
  load(): Promise<void>
  reload(): Promise<R[]>
  isLoaded(): boolean
}

/** The type of the key: what `find` takes. Texts are cast, as they come from routes. */
export type Key<G, N extends NameOf<G>> = (ScalarsOf<G, N> extends { id: infer I } ? I : unknown) | string | number | bigint

/** A grouped relation: its calculations answer a Map by group. */
export interface GroupedOf<G, N extends NameOf<G>, V> {
  having(sql: string | SqlFragment, ...values: readonly unknown[]): GroupedOf<G, N, V>
  order(...items: readonly OrderItem<G, N>[]): GroupedOf<G, N, V>
  limit(count: number): GroupedOf<G, N, V>
  count(column?: Columns<G, N>): Promise<Map<V, number>>
  sum(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<Map<V, number>>
  average(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<Map<V, number | null>>
  minimum<K extends Columns<G, N>>(column: K): Promise<Map<V, Value<G, N, K>>>
  maximum<K extends Columns<G, N>>(column: K): Promise<Map<V, Value<G, N, K>>>
  select(...columns: readonly (Columns<G, N> | SqlFragment)[]): SubqueryLike & PromiseLike<Record<string, unknown>[]>
}

/** The records of a hasMany: a relation with what adds and removes. Loaded, it reads like an array; before, those readers throw. */
export type CollectionOf<G, N extends NameOf<G>, R = InstanceOf<G, N>> = Query<G, ClassOf<G, N>, N, R> &
  CollectionMembers<R, AssignableTo<G, N, R>> &
  PromiseLike<R[]> &
  AsyncIterable<R> &
  SubqueryLike &
  ([ClassOf<G, N>] extends [never] ? {} : ScopesOf<ClassOf<G, N>>)

/** What only collections have. */
export interface CollectionMembers<R, A> {
  new (attributes?: A | PermittedLike): R
  push(...records: readonly (R | readonly R[])[]): Promise<this>
  concat(...records: readonly (R | readonly R[])[]): Promise<this>
  delete(...records: readonly (R | readonly R[])[]): Promise<R[]>
  destroy(...records: readonly (R | readonly R[])[]): Promise<R[]>
  replace(records: readonly R[]): Promise<this>
  replaceIds(ids: readonly unknown[]): Promise<this>
  clear(): Promise<this>
  size(): Promise<number>
  load(): Promise<void>
  reload(): Promise<R[]>
  reset(): void
  isLoaded(): boolean
  toArray(): Promise<R[]>
  readonly length: number
  at(place: number): R | undefined
  map<V>(work: (record: R, place: number) => V): V[]
  flatMap<V>(work: (record: R, place: number) => V | readonly V[]): V[]
  filter(test: (record: R, place: number) => unknown): R[]
  forEach(work: (record: R, place: number) => void): void
  some(test: (record: R, place: number) => unknown): boolean
  every(test: (record: R, place: number) => unknown): boolean
  reduce<V>(work: (result: V, record: R, place: number) => V, initial: V): V
  detect(test: (record: R, place: number) => unknown): R | undefined
}
