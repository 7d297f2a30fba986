import type { SqlFragment } from '../sql/fragment.ts'
import type { SqlWithValues } from '../sql/sanitized.ts'
import type { Connection } from '../connection.ts'
import type { HumanNameOptions, ModelName } from '../model_name.ts'
import type { CommonTableOptions, Part } from '../relation/composition_methods.ts'
import type { ConnectionStatics } from '../abstract_model.ts'
import type { ColumnDescription, TypeDescription } from '../record/column_statics.ts'
import type { TransactionHandle } from '../transactions/transaction_handle.ts'
import type { TransactionOptions, TransactionWork } from '../transactions/transaction.ts'
import type {
  AssignableTo,
  AttributesOf,
  NoList,
  NumericKeys,
  OrderItem,
  PasswordsOf,
  PermittedLike,
  SubqueryLike,
  TreeOf,
  WhereOf,
} from './conditions.ts'
import type { AssociatedOf, LoadedRecord, RecordOf } from './instances.ts'
import type { Macros, PlainMacros } from './macros.ts'
import type {
  AnyClass,
  BatchesOf,
  BatchOptionsOf,
  Excluded,
  Fills,
  InBatchesOptionsOf,
  Instance,
  Key,
  MergedParts,
  Methods,
  NamedQueries,
  RelationOf,
  WalkOf,
} from './relations.ts'
import type { AssociationName, Columns, RowMethods, Value } from './rows.ts'
import type { NameOf, ScalarsOf } from './schema_types.ts'
import type { ResetTokenStatics, SecurityMacros, TokenStatics } from './security.ts'

/** The names of the static members of every model: what a subclass has besides is its scopes. */
export type StaticMember = keyof StaticsOf<{}, string>

/** What a class says about its table and its names. */
export interface TableStatics {
  readonly tableName: string
  readonly primaryKey: string | string[] | null
  readonly columnNames: string[]
  readonly attributeNames: string[]
  readonly columns: ColumnDescription[]
  readonly columnsHash: Record<string, ColumnDescription>
  readonly columnDefaults: Record<string, unknown>
  readonly attributeTypes: Record<string, TypeDescription>
  hasAttribute(name: string): boolean
  readonly attributeAliases: Record<string, string>
  readonly storedAttributes: Record<string, string[]>
  readonly readonlyAttributes: string[]
  noTouching<V>(work: () => V): V
  /** Runs `work` with the records of exactly this class not saved. */
  suppress<V>(work: () => V): V
  /** What the type column calls the class. */
  readonly stiName: string
  /** What type columns of polymorphic associations call the class. */
  readonly polymorphicName: string
  /** The class that has the table. */
  readonly baseClass: AnyClass
  isBaseClass(): boolean
  typeForAttribute(name: string): TypeDescription
  readonly modelName: ModelName
  humanAttributeName(attribute: string, options?: HumanNameOptions): string
  /** The database of the class, for SQL written by hand. */
  readonly connection: Connection
  tableExists(): Promise<boolean>
  /** Runs `work` with the answers of queries remembered: the same one is asked once, until something is written. */
  cache<V>(work: () => V): V
  /** Runs `work` with every query asked anew. */
  uncached<V>(work: () => V): V
  countBySql(sql: string | SqlFragment, ...values: readonly unknown[]): Promise<number>
  sanitizeSqlLike(text: string, escapeWith?: string): string
  /** SQL with its values behind it as a fragment: for conditions, for other fragments, or quoted as a part of a text. */
  sanitizeSql(given: SqlWithValues): SqlFragment
  sanitizeSql(given: SqlWithValues | null): SqlFragment | null
  sanitizeSqlForConditions(given: SqlWithValues): SqlFragment
  sanitizeSqlForConditions(given: SqlWithValues | null): SqlFragment | null
  sanitizeSqlArray(given: SqlWithValues): SqlFragment
  sanitizeSqlForAssignment(given: SqlWithValues | Readonly<Record<string, unknown>>): SqlFragment
  sanitizeSqlForOrder<T extends SqlWithValues>(given: T): T | SqlFragment
}

/** A class that `Model('…')` makes. */
export interface StaticsOf<G, N extends NameOf<G>>
  extends PlainStatics,
    PlainMacros,
    Macros<G, N>,
    SecurityMacros<G, N>,
    TokenStatics,
    RowMethods<G, N>,
    TableStatics,
    ConnectionStatics {
  new (attributes?: AttributesOf<G, N> | PermittedLike): RecordOf<G, N>

  all<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  unscoped<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  unscoped<V>(work: () => V): V
  where<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): RelationOf<G, T, N, Instance<T>>
  where<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, Instance<T>>
  where<T extends AnyClass, const K extends readonly Columns<G, N>[]>(
    this: T,
    columns: K,
    rows: readonly { readonly [I in keyof K]: Value<G, N, K[I]> }[],
  ): RelationOf<G, T, N, Instance<T>>
  not<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): RelationOf<G, T, N, Instance<T>>
  not<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, Instance<T>>
  rewhere<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): RelationOf<G, T, N, Instance<T>>
  or<T extends AnyClass>(this: T, other: SubqueryLike): RelationOf<G, T, N, Instance<T>>
  and<T extends AnyClass>(this: T, other: SubqueryLike): RelationOf<G, T, N, Instance<T>>
  invertWhere<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  associated<T extends AnyClass>(this: T, ...names: readonly AssociationName<G, N>[]): RelationOf<G, T, N, Instance<T>>
  missing<T extends AnyClass>(this: T, ...names: readonly AssociationName<G, N>[]): RelationOf<G, T, N, Instance<T>>
  merge<T extends AnyClass>(this: T, other: SubqueryLike | MergedParts<G, N>): RelationOf<G, T, N, Instance<T>>
  order<T extends AnyClass>(this: T, ...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, Instance<T>>
  reorder<T extends AnyClass>(this: T, ...items: readonly OrderItem<G, N>[]): RelationOf<G, T, N, Instance<T>>
  inOrderOf<T extends AnyClass, K extends Columns<G, N>>(
    this: T,
    column: K,
    values: readonly Value<G, N, NoInfer<K>>[],
    options?: { filter?: boolean },
  ): RelationOf<G, T, N, Instance<T>>
  reverseOrder<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  limit<T extends AnyClass>(this: T, count: number | string | null): RelationOf<G, T, N, Instance<T>>
  offset<T extends AnyClass>(this: T, count: number | string | null): RelationOf<G, T, N, Instance<T>>
  select<T extends AnyClass>(this: T, test: (record: Instance<T>) => unknown): Promise<Instance<T>[]>
  select<T extends AnyClass>(this: T, ...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, Instance<T>>
  reselect<T extends AnyClass>(this: T, ...columns: readonly (Columns<G, N> | SqlFragment)[]): RelationOf<G, T, N, Instance<T>>
  distinct<T extends AnyClass>(this: T, distinct?: boolean): RelationOf<G, T, N, Instance<T>>
  joins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, Instance<T>>
  leftJoins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, Instance<T>>
  leftOuterJoins<T extends AnyClass>(this: T, ...trees: readonly (TreeOf<G, N> | SqlFragment)[]): RelationOf<G, T, N, Instance<T>>
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
  having<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): RelationOf<G, T, N, Instance<T>>
  having<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, Instance<T>>
  none<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  lock<T extends AnyClass>(this: T, kind?: boolean | string): RelationOf<G, T, N, Instance<T>>
  excluding<T extends AnyClass>(this: T, ...records: readonly Excluded<G, N>[]): RelationOf<G, T, N, Instance<T>>
  without<T extends AnyClass>(this: T, ...records: readonly Excluded<G, N>[]): RelationOf<G, T, N, Instance<T>>
  only<T extends AnyClass>(this: T, ...parts: readonly Part[]): RelationOf<G, T, N, Instance<T>>
  except<T extends AnyClass>(this: T, ...parts: readonly Part[]): RelationOf<G, T, N, Instance<T>>
  from<T extends AnyClass>(this: T, source: SubqueryLike | SqlFragment | string, alias?: string): RelationOf<G, T, N, Instance<T>>
  fromSql<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): RelationOf<G, T, N, Instance<T>>
  with<T extends AnyClass>(this: T, queries: NamedQueries, options?: CommonTableOptions): RelationOf<G, T, N, Instance<T>>
  withRecursive<T extends AnyClass>(this: T, queries: NamedQueries, options?: CommonTableOptions): RelationOf<G, T, N, Instance<T>>
  annotate<T extends AnyClass>(this: T, ...comments: readonly string[]): RelationOf<G, T, N, Instance<T>>
  optimizerHints<T extends AnyClass>(this: T, ...hints: readonly string[]): RelationOf<G, T, N, Instance<T>>
  references<T extends AnyClass>(this: T, ...tables: readonly string[]): RelationOf<G, T, N, Instance<T>>
  strictLoading<T extends AnyClass>(this: T, strict?: boolean): RelationOf<G, T, N, Instance<T>>
  readonly<T extends AnyClass>(this: T): RelationOf<G, T, N, Instance<T>>
  extending<T extends AnyClass>(
    this: T,
    work: (relation: RelationOf<G, T, N, Instance<T>>) => RelationOf<G, T, N, Instance<T>> | undefined | void,
  ): RelationOf<G, T, N, Instance<T>>
  extending<T extends AnyClass, M extends object>(
    this: T,
    methods: Methods<M, RelationOf<G, T & M, N, Instance<T>>>,
  ): RelationOf<G, T & M, N, Instance<T>>
  extractAssociated<K extends AssociationName<G, N>>(name: K): Promise<AssociatedOf<G, N, K>[]>
  createWith<T extends AnyClass>(this: T, attributes: AssignableTo<G, N, Instance<T>>): RelationOf<G, T, N, Instance<T>>
  unscope<T extends AnyClass>(
    this: T,
    ...parts: readonly (Part | { where: Columns<G, N> | readonly Columns<G, N>[] })[]
  ): RelationOf<G, T, N, Instance<T>>

  find<T extends AnyClass>(this: T, id: Key<G, N>): Promise<Instance<T>>
  find<T extends AnyClass>(this: T, ids: readonly Key<G, N>[]): Promise<Instance<T>[]>
  find<T extends AnyClass>(this: T, ...ids: readonly [Key<G, N>, Key<G, N>, ...Key<G, N>[]]): Promise<Instance<T>[]>
  findBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T> | null>
  findBy<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T> | null>
  findByOrThrow<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>>
  findByOrThrow<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T>>
  findSoleBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>>
  findSoleBy<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T>>
  count(column?: Columns<G, N> | '*' | SqlFragment): Promise<number>
  count<T extends AnyClass>(this: T, test: (record: Instance<T>) => unknown): Promise<number>
  sum(column: (NumericKeys<ScalarsOf<G, N>> & string) | SqlFragment): Promise<number>
  sum<T extends AnyClass>(this: T, value: (record: Instance<T>) => unknown): Promise<number>

  findEach<T extends AnyClass>(this: T, work: (record: Instance<T>) => unknown, options?: BatchOptionsOf<G, N>): Promise<void>
  findEach<T extends AnyClass>(this: T, options?: BatchOptionsOf<G, N>): WalkOf<Instance<T>>
  findInBatches<T extends AnyClass>(this: T, work: (records: Instance<T>[]) => unknown, options?: BatchOptionsOf<G, N>): Promise<void>
  findInBatches<T extends AnyClass>(this: T, options?: BatchOptionsOf<G, N>): WalkOf<Instance<T>[]>
  inBatches<T extends AnyClass>(
    this: T,
    work: (batch: RelationOf<G, T, N, Instance<T>>) => unknown,
    options?: InBatchesOptionsOf<G, N>,
  ): Promise<void>
  inBatches<T extends AnyClass>(this: T, options?: InBatchesOptionsOf<G, N>): BatchesOf<G, T, N, Instance<T>>

  update<T extends AnyClass>(this: T, attributes: AssignableTo<G, N, Instance<T>> | PermittedLike): Promise<Instance<T>[]>
  update<T extends AnyClass>(
    this: T,
    ids: readonly Key<G, N>[],
    attributes: readonly AssignableTo<G, N, Instance<T>>[],
  ): Promise<Instance<T>[]>
  update<T extends AnyClass>(this: T, id: Key<G, N>, attributes: AssignableTo<G, N, Instance<T>> | PermittedLike): Promise<Instance<T>>
  updateOrThrow<T extends AnyClass>(this: T, attributes: AssignableTo<G, N, Instance<T>> | PermittedLike): Promise<Instance<T>[]>
  updateOrThrow<T extends AnyClass>(
    this: T,
    ids: readonly Key<G, N>[],
    attributes: readonly AssignableTo<G, N, Instance<T>>[],
  ): Promise<Instance<T>[]>
  updateOrThrow<T extends AnyClass>(
    this: T,
    id: Key<G, N>,
    attributes: AssignableTo<G, N, Instance<T>> | PermittedLike,
  ): Promise<Instance<T>>
  destroy<T extends AnyClass>(this: T, id: Key<G, N>): Promise<Instance<T>>
  destroy<T extends AnyClass>(this: T, ids: readonly Key<G, N>[]): Promise<Instance<T>[]>
  delete(id: Key<G, N> | readonly Key<G, N>[]): Promise<number>
  destroyBy<T extends AnyClass>(this: T, conditions: WhereOf<G, N>): Promise<Instance<T>[]>
  destroyBy<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T>[]>
  build<T extends AnyClass>(this: T, attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike, fill?: Fills<Instance<T>>): Instance<T>
  create<T extends AnyClass>(
    this: T,
    attributes?: (AttributesOf<G, N> & NoList) | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  create<T extends AnyClass>(this: T, list: readonly AssignableTo<G, N, Instance<T>>[], fill?: Fills<Instance<T>>): Promise<Instance<T>[]>
  create<T extends AnyClass>(
    this: T,
    attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  createOrThrow<T extends AnyClass>(
    this: T,
    attributes?: (AttributesOf<G, N> & NoList) | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  createOrThrow<T extends AnyClass>(
    this: T,
    list: readonly AssignableTo<G, N, Instance<T>>[],
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>[]>
  createOrThrow<T extends AnyClass>(
    this: T,
    attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  firstOrCreate<T extends AnyClass>(
    this: T,
    attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  firstOrCreateOrThrow<T extends AnyClass>(
    this: T,
    attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  firstOrInitialize<T extends AnyClass>(
    this: T,
    attributes?: AssignableTo<G, N, Instance<T>> | PermittedLike,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  findOrInitializeBy<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    fill?: Fills<Instance<T>>,
  ): Promise<Instance<T>>
  findOrCreateBy<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    rest?: AssignableTo<G, N, Instance<T>> | Fills<Instance<T>>,
  ): Promise<Instance<T>>
  findOrCreateByOrThrow<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    rest?: AssignableTo<G, N, Instance<T>> | Fills<Instance<T>>,
  ): Promise<Instance<T>>
  authenticateBy<T extends AnyClass>(
    this: T,
    attributes: { readonly [K in Columns<G, N> | keyof PasswordsOf<ScalarsOf<G, N>>]?: unknown },
  ): Promise<Instance<T> | null>
  createOrFindBy<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    rest?: AssignableTo<G, N, Instance<T>> | Fills<Instance<T>>,
  ): Promise<Instance<T>>
  createOrFindByOrThrow<T extends AnyClass>(
    this: T,
    attributes: AssignableTo<G, N, Instance<T>>,
    rest?: AssignableTo<G, N, Instance<T>> | Fills<Instance<T>>,
  ): Promise<Instance<T>>
}

/** Static members that are the same whatever the model. */
interface PlainStatics {
  scoping<V>(work: () => V): V
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
  secondOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  third<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  thirdOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  fourth<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  fourthOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  fifth<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  fifthOrThrow<T extends AnyClass>(this: T): Promise<Instance<T>>
  fortyTwo<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  secondToLast<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  thirdToLast<T extends AnyClass>(this: T): Promise<Instance<T> | null>
  sole<T extends AnyClass>(this: T): Promise<Instance<T>>
  isAny<T extends AnyClass>(this: T, test?: (record: Instance<T>) => unknown): Promise<boolean>
  any<T extends AnyClass>(this: T, test?: (record: Instance<T>) => unknown): Promise<boolean>
  isNone<T extends AnyClass>(this: T, test?: (record: Instance<T>) => unknown): Promise<boolean>
  many<T extends AnyClass>(this: T, test?: (record: Instance<T>) => unknown): Promise<boolean>
  one<T extends AnyClass>(this: T, test?: (record: Instance<T>) => unknown): Promise<boolean>
  deleteAll(): Promise<number>
  destroyAll<T extends AnyClass>(this: T): Promise<Instance<T>[]>
  findBySql<T extends AnyClass>(this: T, sql: string | SqlFragment, ...values: readonly unknown[]): Promise<Instance<T>[]>
  /** The PrismaClient on the same connections; say its type where it is used. */
  readonly prisma: unknown
  transaction<V>(work: TransactionWork<V>, options?: TransactionOptions): Promise<V | undefined>
  /** The transaction that is open on the database of the class. Outside of any, what waits for its commit runs at once. */
  readonly currentTransaction: TransactionHandle
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
  } & { readonly [M in Members<G, N, E>]: <T extends AnyClass>(this: T) => RelationOf<G, T, N, Instance<T>> }
