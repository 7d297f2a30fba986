import type { BatchOptions, InBatchesOptions } from '../relation/batches.ts'
import type { CommonTableOptions, Part } from '../relation/composition_methods.ts'
import type { SqlFragment } from '../sql/fragment.ts'
import type {
  AssignableTo,
  AttributesOf,
  NoList,
  NumericKeys,
  OrderItem,
  PermittedLike,
  SubqueryLike,
  TreeOf,
  WhereOf,
} from './conditions.ts'
import type { AssociatedOf, ClassOf, InstanceOf, LoadedRecord } from './instances.ts'
import type { AssociationName, Columns, RowMethods, Value } from './rows.ts'
import type { NameOf, ScalarsOf } from './schema_types.ts'
import type { TokenFindersOf } from './security.ts'
import type { StaticMember } from './statics.ts'

/** A class of records, as far as relations need it. */
export type AnyClass = abstract new (...args: never[]) => unknown
export type Instance<T> = T extends abstract new (...args: never[]) => infer R ? R : never

/** The static methods of an application's class: methods of its relations, so that scopes chain. */
export type ScopesOf<T> = { [K in Exclude<keyof T, StaticMember | 'prototype'>]: T[K] }

/** A query of a model, as typed by its class `T`, its name `N` and what it loads `R`. */
export type RelationOf<G, T, N extends NameOf<G>, R> = Selection<G, T, N, R> & ScopesOf<T>

/** A relation without the scopes of its class. One interface: the compiler looks up each member in each part of an intersection. */
interface Selection<G, T, N extends NameOf<G>, R>
  extends Query<G, T, N, R>,
    RowMethods<G, N>,
    TokenFindersOf<R>,
    LoadingMembers<R>,
    PromiseLike<R[]>,
    AsyncIterable<R>,
    SubqueryLike {}

/** Parts of a query by name, for `merge`. */
export interface MergedParts<G, N extends NameOf<G>> {
  readonly where?: WhereOf<G, N>
  readonly order?: OrderItem<G, N> | readonly OrderItem<G, N>[]
  readonly joins?: TreeOf<G, N> | readonly TreeOf<G, N>[]
  readonly leftJoins?: TreeOf<G, N> | readonly TreeOf<G, N>[]
  readonly includes?: TreeOf<G, N> | readonly TreeOf<G, N>[]
  readonly preload?: TreeOf<G, N> | readonly TreeOf<G, N>[]
  readonly limit?: number | null
  readonly offset?: number | null
  readonly group?: Columns<G, N> | readonly Columns<G, N>[]
  readonly select?: Columns<G, N> | readonly Columns<G, N>[]
  readonly distinct?: boolean
  readonly lock?: boolean | string
}

/** How batches are walked, in the names of the model's columns. */
export interface BatchOptionsOf<G, N extends NameOf<G>> extends BatchOptions {
  readonly cursor?: Columns<G, N> | readonly Columns<G, N>[]
}
export interface InBatchesOptionsOf<G, N extends NameOf<G>> extends InBatchesOptions {
  readonly cursor?: Columns<G, N> | readonly Columns<G, N>[]
}

/** The batches of a relation: to iterate, or to write to one after the other. The iterator isn't said with `AsyncIterator`, whose values
 * `for await` takes for awaited: a batch is the relation itself and not yet its records. */
export interface BatchesOf<G, T, N extends NameOf<G>, R> {
  [Symbol.asyncIterator](): {
    next(): Promise<IteratorResult<RelationOf<G, T, N, R>, undefined>>
    return(): Promise<IteratorResult<RelationOf<G, T, N, R>, undefined>>
  }
  eachRecord(work: (record: R) => unknown): Promise<void>
  updateAll: RowMethods<G, N>['updateAll']
  touchAll: RowMethods<G, N>['touchAll']
  deleteAll(): Promise<number>
  destroyAll(): Promise<number>
}

/** The methods of relations and of classes that find, narrow and write. */
export type Query<G, T, N extends NameOf<G>, R> = {
  all(): RelationOf<G, T, N, R>
  where(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  where(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  where<const K extends readonly Columns<G, N>[]>(
    columns: K,
    rows: readonly { readonly [I in keyof K]: Value<G, N, K[I]> }[],
  ): RelationOf<G, T, N, R>
  not(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  not(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  rewhere(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  or(other: SubqueryLike): RelationOf<G, T, N, R>
  and(other: SubqueryLike): RelationOf<G, T, N, R>
  isStructurallyCompatible(other: SubqueryLike): boolean
  invertWhere(): RelationOf<G, T, N, R>
  associated(...names: readonly AssociationName<G, N>[]): RelationOf<G, T, N, R>
  missing(...names: readonly AssociationName<G, N>[]): RelationOf<G, T, N, R>
  merge(other: SubqueryLike | MergedParts<G, N>): RelationOf<G, T, N, R>
  order(...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, R>
  reorder(...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, R>
  inOrderOf<K extends Columns<G, N>>(
    column: K,
    values: readonly Value<G, N, NoInfer<K>>[],
    options?: { filter?: boolean },
  ): RelationOf<G, T, N, R>
  reverseOrder(): RelationOf<G, T, N, R>
  limit(count: number | string | null): RelationOf<G, T, N, R>
  offset(count: number | string | null): RelationOf<G, T, N, R>
  select(test: (record: R) => unknown): Promise<R[]>
  select(...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  reselect(...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  distinct(distinct?: boolean): RelationOf<G, T, N, R>
  joins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  leftJoins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  leftOuterJoins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, R>
  includes<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  preload<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  eagerLoad<const I extends readonly TreeOf<G, N>[]>(...trees: I): RelationOf<G, T, N, LoadedRecord<G, N, R, I[number]>>
  having(conditions: WhereOf<G, N>): RelationOf<G, T, N, R>
  having(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  none(): RelationOf<G, T, N, R>
  readonly(): RelationOf<G, T, N, R>
  lock(kind?: boolean | string): RelationOf<G, T, N, R>
  unscoped(): RelationOf<G, T, N, R>
  unscoped<V>(work: () => V): V
  scoping<V>(work: () => V): V
  unscope(...parts: readonly (Part | { where: Columns<G, N> | readonly Columns<G, N>[] })[]): RelationOf<G, T, N, R>
  only(...parts: readonly Part[]): RelationOf<G, T, N, R>
  except(...parts: readonly Part[]): RelationOf<G, T, N, R>
  from(source: SubqueryLike | SqlFragment | string, alias?: string): RelationOf<G, T, N, R>
  fromSql(sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, R>
  with(queries: NamedQueries, options?: CommonTableOptions): RelationOf<G, T, N, R>
  withRecursive(queries: NamedQueries, options?: CommonTableOptions): RelationOf<G, T, N, R>
  annotate(...comments: readonly string[]): RelationOf<G, T, N, R>
  optimizerHints(...hints: readonly string[]): RelationOf<G, T, N, R>
  references(...tables: readonly string[]): RelationOf<G, T, N, R>
  strictLoading(strict?: boolean): RelationOf<G, T, N, R>
  extending(work: (relation: RelationOf<G, T, N, R>) => RelationOf<G, T, N, R> | undefined | void): RelationOf<G, T, N, R>
  extending<M extends object>(methods: Methods<M, RelationOf<G, T & M, N, R>>): RelationOf<G, T & M, N, R>
  extractAssociated<K extends AssociationName<G, N>>(name: K): Promise<AssociatedOf<G, N, K>[]>
  excluding(...records: readonly Excluded<G, N>[]): RelationOf<G, T, N, R>
  without(...records: readonly Excluded<G, N>[]): RelationOf<G, T, N, R>
  createWith(attributes: AssignableTo<G, N, R>): RelationOf<G, T, N, R>

  find(id: Key<G, N>): Promise<R>
  find(ids: readonly Key<G, N>[]): Promise<R[]>
  find(...ids: readonly [Key<G, N>, Key<G, N>, ...Key<G, N>[]]): Promise<R[]>
  findBy(conditions: WhereOf<G, N>): Promise<R | null>
  findBy(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R | null>
  findByOrThrow(conditions: WhereOf<G, N>): Promise<R>
  findByOrThrow(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R>
  findSoleBy(conditions: WhereOf<G, N>): Promise<R>
  findSoleBy(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R>
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
  secondOrThrow(): Promise<R>
  third(): Promise<R | null>
  thirdOrThrow(): Promise<R>
  fourth(): Promise<R | null>
  fourthOrThrow(): Promise<R>
  fifth(): Promise<R | null>
  fifthOrThrow(): Promise<R>
  fortyTwo(): Promise<R | null>
  secondToLast(): Promise<R | null>
  thirdToLast(): Promise<R | null>
  sole(): Promise<R>
  count(column?: Columns<G, N> | '*' | SqlFragment): Promise<number>
  count(test: (record: R) => unknown): Promise<number>
  sum(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<number>
  sum(value: (record: R) => unknown): Promise<number>
  isAny(test?: (record: R) => unknown): Promise<boolean>
  any(test?: (record: R) => unknown): Promise<boolean>
  isNone(test?: (record: R) => unknown): Promise<boolean>
  many(test?: (record: R) => unknown): Promise<boolean>
  one(test?: (record: R) => unknown): Promise<boolean>

  findEach(work: (record: R) => unknown, options?: BatchOptionsOf<G, N>): Promise<void>
  findEach(options?: BatchOptionsOf<G, N>): WalkOf<R>
  findInBatches(work: (records: R[]) => unknown, options?: BatchOptionsOf<G, N>): Promise<void>
  findInBatches(options?: BatchOptionsOf<G, N>): WalkOf<R[]>
  inBatches(work: (batch: RelationOf<G, T, N, R>) => unknown, options?: InBatchesOptionsOf<G, N>): Promise<void>
  inBatches(options?: InBatchesOptionsOf<G, N>): BatchesOf<G, T, N, R>

  update(attributes: AssignableTo<G, N, R> | PermittedLike): Promise<R[]>
  update(ids: readonly Key<G, N>[], attributes: readonly AssignableTo<G, N, R>[]): Promise<R[]>
  update(id: Key<G, N>, attributes: AssignableTo<G, N, R> | PermittedLike): Promise<R>
  updateOrThrow(attributes: AssignableTo<G, N, R> | PermittedLike): Promise<R[]>
  updateOrThrow(ids: readonly Key<G, N>[], attributes: readonly AssignableTo<G, N, R>[]): Promise<R[]>
  updateOrThrow(id: Key<G, N>, attributes: AssignableTo<G, N, R> | PermittedLike): Promise<R>
  deleteAll(): Promise<number>
  destroyAll(): Promise<R[]>
  destroyBy(conditions: WhereOf<G, N>): Promise<R[]>
  destroyBy(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<R[]>
  build(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): R
  create(attributes?: (AttributesOf<G, N> & NoList) | PermittedLike, fill?: Fills<R>): Promise<R>
  create(list: readonly AssignableTo<G, N, R>[], fill?: Fills<R>): Promise<R[]>
  create(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): Promise<R>
  createOrThrow(attributes?: (AttributesOf<G, N> & NoList) | PermittedLike, fill?: Fills<R>): Promise<R>
  createOrThrow(list: readonly AssignableTo<G, N, R>[], fill?: Fills<R>): Promise<R[]>
  createOrThrow(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): Promise<R>
  findOrInitializeBy(attributes: AssignableTo<G, N, R>, fill?: Fills<R>): Promise<R>
  findOrCreateBy(attributes: AssignableTo<G, N, R>, rest?: AssignableTo<G, N, R> | Fills<R>): Promise<R>
  findOrCreateByOrThrow(attributes: AssignableTo<G, N, R>, rest?: AssignableTo<G, N, R> | Fills<R>): Promise<R>
  createOrFindBy(attributes: AssignableTo<G, N, R>, rest?: AssignableTo<G, N, R> | Fills<R>): Promise<R>
  createOrFindByOrThrow(attributes: AssignableTo<G, N, R>, rest?: AssignableTo<G, N, R> | Fills<R>): Promise<R>
  firstOrCreate(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): Promise<R>
  firstOrCreateOrThrow(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): Promise<R>
  firstOrInitialize(attributes?: AssignableTo<G, N, R> | PermittedLike, fill?: Fills<R>): Promise<R>
}

/** What `excluding` takes: records, or relations that find them. */
export type Excluded<G, N extends NameOf<G>> = InstanceOf<G, N> | readonly InstanceOf<G, N>[] | SubqueryLike | null
/** Sets what is left of a new record before it is saved. */
export type Fills<R> = (record: R) => unknown
/** Something to iterate that can be asked how much there is to come. */
export interface WalkOf<T> extends AsyncIterable<T> {
  size(): Promise<number>
}
/** What a name of `with` stands for: a query, or the rows of several. */
export type NamedQueries = Readonly<Record<string, SubqueryLike | SqlFragment | readonly (SubqueryLike | SqlFragment)[]>>
/** Methods for `extending`, whose `this` is the relation that has them. */
export type Methods<M, T> = M & ThisType<T> & { readonly then?: never }

/** The members that a relation has and its class hasn't. */
export interface LoadingMembers<R> {
  'new'(attributes?: object): R
  loadAsync(): this
  isScheduled(): boolean
  toArray(): Promise<R[]>
  load(): Promise<void>
  reload(): Promise<R[]>
  isLoaded(): boolean
}

/** The type of the key: what `find` takes. Texts are cast, as they come from routes. */
export type Key<G, N extends NameOf<G>> = (ScalarsOf<G, N> extends { id: infer I } ? I : unknown) | string | number | bigint

/** What a record has for its key. */
export type KeyHeld<G, N extends NameOf<G>> = ScalarsOf<G, N> extends { id: infer I } ? I : Key<G, N>

/** A grouped relation: its calculations answer a Map by group. */
export interface GroupedOf<G, N extends NameOf<G>, V> {
  where(conditions: WhereOf<G, N>): GroupedOf<G, N, V>
  where(sql: string | SqlFragment, ...values: readonly unknown[]): GroupedOf<G, N, V>
  not(conditions: WhereOf<G, N>): GroupedOf<G, N, V>
  joins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): GroupedOf<G, N, V>
  leftJoins(...trees: readonly (TreeOf<G, N> | SqlFragment)[]): GroupedOf<G, N, V>
  distinct(distinct?: boolean): GroupedOf<G, N, V>
  reorder(...items: readonly OrderItem<G, N>[]): GroupedOf<G, N, V>
  offset(count: number): GroupedOf<G, N, V>
  pluck<K extends Columns<G, N> | SqlFragment>(column: K): Promise<Value<G, N, K>[]>
  pluck<const K extends readonly (Columns<G, N> | SqlFragment)[]>(...columns: K): Promise<{ -readonly [I in keyof K]: Value<G, N, K[I]> }[]>
  regroup: RowMethods<G, N>['group']
  having(conditions: WhereOf<G, N>): GroupedOf<G, N, V>
  having(sql: string | SqlFragment, ...values: readonly unknown[]): GroupedOf<G, N, V>
  order(...items: readonly OrderItem<G, N>[]): GroupedOf<G, N, V>
  limit(count: number): GroupedOf<G, N, V>
  count(column?: Columns<G, N> | SqlFragment): Promise<Map<V, number>>
  sum(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<Map<V, number>>
  average(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<Map<V, number | null>>
  minimum<K extends Columns<G, N>>(column: K): Promise<Map<V, Value<G, N, K>>>
  maximum<K extends Columns<G, N>>(column: K): Promise<Map<V, Value<G, N, K>>>
  select(...columns: readonly (Columns<G, N> | SqlFragment)[]): SubqueryLike & PromiseLike<Record<string, unknown>[]>
}

/** The records of a hasMany: a relation with what adds and removes. Loaded, it reads like an array; before, those readers throw. */
export type CollectionOf<G, N extends NameOf<G>, R = InstanceOf<G, N>> = Collected<G, N, R> &
  ([ClassOf<G, N>] extends [never] ? {} : ScopesOf<ClassOf<G, N>>)

interface Collected<G, N extends NameOf<G>, R>
  extends Query<G, ClassOf<G, N>, N, R>,
    RowMethods<G, N>,
    TokenFindersOf<R>,
    CollectionMembers<R, AssignableTo<G, N, R>>,
    PromiseLike<R[]>,
    AsyncIterable<R>,
    SubqueryLike {
  deleteAll(dependent?: 'nullify' | 'deleteAll'): Promise<number>
}

/** What only collections have. */
export interface CollectionMembers<R, A> {
  'new'(attributes?: A | PermittedLike): R
  loadAsync(): this
  isScheduled(): boolean
  push(...records: readonly (R | readonly R[])[]): Promise<R[] | false>
  concat(...records: readonly (R | readonly R[])[]): Promise<R[] | false>
  delete(...records: readonly (R | readonly R[])[]): Promise<R[]>
  destroy(...records: readonly (R | readonly R[])[]): Promise<R[]>
  replace(records: readonly R[]): Promise<this>
  replaceIds(ids: readonly unknown[]): Promise<this>
  clear(): Promise<this>
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
