import type { SqlFragment } from '../sql/fragment.ts'
import type { BatchOptions } from '../relation/batches.ts'
import type { TransactionOptions } from '../transactions/transaction.ts'
import type {
  AssignableTo,
  AttributesOf,
  NumericKeys,
  OrderItem,
  PasswordsOf,
  PermittedLike,
  SubqueryLike,
  TreeOf,
  WhereOf,
} from './conditions.ts'
import type { InstanceOf, LoadedRecord, RecordOf } from './instances.ts'
import type { Macros } from './macros.ts'
import type { AnyClass, GroupedOf, Instance, Key, RelationOf } from './relations.ts'
import type { NameOf, ScalarsOf } from './schema_types.ts'
import type { ResetTokenStatics, TokenStatics } from './security.ts'

type Columns<G, N extends NameOf<G>> = keyof ScalarsOf<G, N> & string
type Value<G, N extends NameOf<G>, K> = K extends keyof ScalarsOf<G, N> ? ScalarsOf<G, N>[K] : unknown
type All<G, T, N extends NameOf<G>> = RelationOf<G, T, N, Instance<T>>

/** The names of the static members of every model: what a subclass has besides is its scopes. */
export type StaticMember = keyof StaticsOf<{}, string>

/** A class that `Model('…')` makes. */
export interface StaticsOf<G, N extends NameOf<G>> extends Macros<G, N>, TokenStatics {
  new (attributes?: (AttributesOf<G, N> & PasswordsOf<ScalarsOf<G, N>>) | PermittedLike): RecordOf<G, N>

  all<T extends AnyClass>(this: T): All<G, T, N>
  unscoped<T extends AnyClass>(this: T): All<G, T, N>
  where<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): All<G, T, N>
  where<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): All<G, T, N>
  not<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): All<G, T, N>
  not<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): All<G, T, N>
  rewhere<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): All<G, T, N>
  or<T extends AnyClass>(this: T, other: SubqueryLike): All<G, T, N>
  and<T extends AnyClass>(this: T, other: SubqueryLike): All<G, T, N>
  merge<T extends AnyClass>(this: T, other: SubqueryLike): All<G, T, N>
  order<T extends AnyClass>(this: T, ...items: readonly OrderItem<G, N>[]): All<G, T, N>
  reorder<T extends AnyClass>(this: T, ...items: readonly OrderItem<G, N>[]): All<G, T, N>
  reverseOrder<T extends AnyClass>(this: T): All<G, T, N>
  limit<T extends AnyClass>(this: T, count: number | string | null): All<G, T, N>
  offset<T extends AnyClass>(this: T, count: number | string | null): All<G, T, N>
  select<T extends AnyClass>(this: T, ...columns: readonly (Columns<G, N> | SqlFragment)[]): All<G, T, N>
  reselect<T extends AnyClass>(this: T, ...columns: readonly (Columns<G, N> | SqlFragment)[]): All<G, T, N>
  distinct<T extends AnyClass>(this: T, distinct?: boolean): All<G, T, N>
  joins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): All<G, T, N>
  leftJoins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): All<G, T, N>
  leftOuterJoins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): All<G, T, N>
  includes<T extends AnyClass, const I extends readonly TreeOf<G, N>[]>(
    this: T,
    ...trees: I
  ): RelationOf<G, T, N, LoadedRecord<G, N, Instance<T>, I[number]>>
  preload<T extends AnyClass, const I extends readonly TreeOf<G, N>[]>(
    this: T,
    ...trees: I
  ): RelationOf<G, T, N, LoadedRecord<G, N, Instance<T>, I[number]>>
  eagerLoad<T extends AnyClass, const I extends readonly TreeOf<G, N>[]>(
    this: T,
    ...trees: I
  ): RelationOf<G, T, N, LoadedRecord<G, N, Instance<T>, I[number]>>
  group<K extends Columns<G, N>>(column: K): GroupedOf<G, N, Value<G, N, K>>
  group<const K extends readonly (Columns<G, N> | SqlFragment)[]>(
    ...columns: K
  ): GroupedOf<G, N, { -readonly [I in keyof K]: Value<G, N, K[I]> }>
  having<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): All<G, T, N>
  none<T extends AnyClass>(this: T): All<G, T, N>
  lock<T extends AnyClass>(this: T, kind?: boolean | string): All<G, T, N>
  excluding<T extends AnyClass>(this: T, ...records: readonly (InstanceOf<G, N> | readonly InstanceOf<G, N>[])[]): All<G, T, N>
  createWith<T extends AnyClass>(this: T, attributes: AssignableTo<G, N, Instance<T>>): All<G, T, N>
  unscope<T extends AnyClass>(this: T, ...parts: Parameters<All<G, T, N>['unscope']>): All<G, T, N>

  find<T extends AnyClass>(this: T, id: Key<G, N>): Promise<Instance<T>>
  find<T extends AnyClass>(this: T, ids: readonly Key<G, N>[]): Promise<Instance<T>[]>
  find<T extends AnyClass>(this: T, ...ids: readonly [Key<G, N>, Key<G, N>, ...Key<G, N>[]]): Promise<Instance<T>[]>
  findBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T> | null>
  findBy<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T> | null>
  findByOrThrow<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>>
  findByOrThrow<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T>>
  findSoleBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>>
  take<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  take<T extends AnyClass>(this: T, count: number): Promise<Instance<T>[]>
  takeOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  first<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  first<T extends AnyClass>(this: T, count: number): Promise<Instance<T>[]>
  firstOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  last<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  last<T extends AnyClass>(this: T, count: number): Promise<Instance<T>[]>
  lastOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  second<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  sole<T extends AnyClass>(this: T): Promise<Instance<T>>
  exists(condition?: WhereOf<G, N> | Key<G, N> | false): Promise<boolean>
  isAny(): Promise<boolean>
  any(): Promise<boolean>
  isNone(): Promise<boolean>
  isEmpty(): Promise<boolean>
  many(): Promise<boolean>
  one(): Promise<boolean>

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

  findEach<T extends AnyClass>(this: T, work: (record: Instance<T>) => unknown, options?: BatchOptions): Promise<void>
  findInBatches<T extends AnyClass>(this: T, work: (records: Instance<T>[]) => unknown, options?: BatchOptions): Promise<void>
  inBatches<T extends AnyClass>(this: T, work: (batch: All<G, T, N>) => unknown, options?: BatchOptions & { of?: number }): Promise<void>

  updateAll(attributes: { readonly [K in keyof ScalarsOf<G, N>]?: ScalarsOf<G, N>[K] | SqlFragment }): Promise<number>
  updateAll(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number>
  updateCounters(counters: { readonly [K in NumericKeys<ScalarsOf<G, N>>]?: number }): Promise<number>
  touchAll(...names: readonly Columns<G, N>[]): Promise<number>
  deleteAll(): Promise<number>
  deleteBy(conditions: WhereOf<G, N>): Promise<number>
  destroyAll<T extends AnyClass>(this: T): Promise<Instance<T>[]>
  destroyBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>[]>
  build<T extends AnyClass>(this: T, attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike): Instance<T>
  create<T extends AnyClass>(this: T, attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike): Promise<Instance<T>>
  create<T extends AnyClass>(this: T, list: readonly AssignableTo<G, N, Instance<T>>[]): Promise<Instance<T>[]>
  createOrThrow<T extends AnyClass>(this: T, attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike): Promise<Instance<T>>
  createOrThrow<T extends AnyClass>(this: T, list: readonly AssignableTo<G, N, Instance<T>>[]): Promise<Instance<T>[]>
  findOrInitializeBy<T extends AnyClass>(this: T, attributes: AssignableTo<G, N, Instance<T>>): Promise<Instance<T>>
  findOrCreateBy<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    extra?: AssignableTo<G, N, Instance<T>>,
  ): Promise<Instance<T>>
  findOrCreateByOrThrow<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    extra?: AssignableTo<G, N, Instance<T>>,
  ): Promise<Instance<T>>
  authenticateBy<T extends AnyClass>(
    this: T,
    attributes: { readonly [K in Columns<G, N> | keyof PasswordsOf<ScalarsOf<G, N>>]?: unknown },
  ): Promise<Instance<T> | null>
  toSql(): string
  /** The PrismaClient on the same connections; say its type where it is used. */
  readonly prisma: unknown
  transaction<V>(work: () => V | Promise<V>, options?: TransactionOptions): Promise<V | undefined>
}

type Members<G, N extends NameOf<G>, E extends keyof ScalarsOf<G, N>> = NonNullable<ScalarsOf<G, N>[E]> & string

/** A class with the finders of its reset tokens: `findByPasswordResetToken` where there is a column `password_digest`. */
export type ClassStaticsOf<G, N extends NameOf<G>> = StaticsOf<G, N> & ResetTokenStatics<ScalarsOf<G, N>>

/** A class with methods and scopes for the members of enum columns: `isDraft()`, `draftOrThrow()`, `Post.draft()`. */
export type WithEnumsOf<G, N extends NameOf<G>, E extends keyof ScalarsOf<G, N>> = Omit<StaticsOf<G, N>, never> &
  ResetTokenStatics<ScalarsOf<G, N>> & {
    new (
      attributes?: AttributesOf<G, N> | PermittedLike,
    ): RecordOf<G, N> & { readonly [M in Members<G, N, E> as `is${Capitalize<M>}`]: () => boolean } & {
      readonly [M in Members<G, N, E> as `${M}OrThrow`]: () => Promise<unknown>
    }
  } & { readonly [M in Members<G, N, E>]: <T extends AnyClass>(this: T) => All<G, T, N> }
