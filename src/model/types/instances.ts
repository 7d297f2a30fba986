import type { Errors } from '../validations/errors.ts'
import type { CounterChange } from '../relation/bulk_writes.ts'
import type { ChangeOptions } from '../record/changes.ts'
import type { SaveOptions } from '../record/persistence.ts'
import type { SerializationOptions } from '../record/serialized_record.ts'
import type { TransactionOptions } from '../transactions/transaction.ts'
import type { AssignableTo, AttributesOf, PasswordsOf, PermittedLike, TreeOf } from './conditions.ts'
import type { ClassIn, InstanceIn, IsMany, NameOf, ObjectsOf, Registered, ScalarsOf, TargetOf } from './schema_types.ts'
import type { CollectionOf } from './relations.ts'
import type { SecretMembers, SecureMembers } from './security.ts'

/** A record of a model: of the application's class when it is registered. */
export type InstanceOf<G, N extends NameOf<G>> = [Registered<G, N>] extends [never] ? RecordOf<G, N> : InstanceIn<Registered<G, N>>

/** The class of a model, when the application registered classes rather than instances. */
export type ClassOf<G, N extends NameOf<G>> = ClassIn<Registered<G, N>>

/** A record as `Model('…')` makes it: members, columns, associations, passwords. */
export type RecordOf<G, N extends NameOf<G>> = BaseRecord<G, N> &
  ScalarsOf<G, N> &
  AssociationsOf<G, N> &
  MakersOf<G, N> &
  PasswordMembers<ScalarsOf<G, N>>

/** `buildProfile`, `createProfile`, `createProfileOrThrow`, `reloadProfile`, `resetProfile` of associations that lead to one. */
type MakersOf<G, N extends NameOf<G>> = MakersTo<G, N, OneOf<G, N>>
type MakersTo<G, N extends NameOf<G>, One extends keyof ObjectsOf<G, N> & string> = {
  readonly [K in One as `build${Pascal<K>}`]: (attributes?: AttributesOf<G, TargetOf<G, N, K>>) => InstanceOf<G, TargetOf<G, N, K>>
} & {
  readonly [K in One as `create${Pascal<K>}` | `create${Pascal<K>}OrThrow`]: (
    attributes?: AttributesOf<G, TargetOf<G, N, K>>,
  ) => Promise<InstanceOf<G, TargetOf<G, N, K>>>
} & {
  readonly [K in One as `reload${Pascal<K>}`]: () => Promise<InstanceOf<G, TargetOf<G, N, K>> | Extract<ObjectsOf<G, N>[K], null>>
} & {
  readonly [K in One as `reset${Pascal<K>}`]: () => void
} & {
  readonly [K in One as OwnedBy<K, keyof ScalarsOf<G, N>>]: () => boolean
}

/** The associations that lead to one record. */
type OneOf<G, N extends NameOf<G>> = {
  [K in keyof ObjectsOf<G, N>]: ObjectsOf<G, N>[K] extends readonly unknown[] ? never : K
}[keyof ObjectsOf<G, N>] &
  string

/** `last_post` as methods write it: `LastPost`. */
type Pascal<K extends string> = K extends `${infer H}_${infer T}` ? `${Capitalize<H>}${Pascal<T>}` : Capitalize<K>

/** What a record that has the key of another says of it. */
type OwnedBy<K extends string, S> = `${K}_id` extends S ? ChangedNames<K> : `${K}Id` extends S ? ChangedNames<K> : never
type ChangedNames<K extends string> = `${Uncapitalize<Pascal<K>>}${'' | 'Previously'}Changed`

type PasswordMembers<S> = ([keyof S & `${string}_digest`] extends [never] ? unknown : Required<PasswordsOf<S>>) & SecretMembers<S>

/** A belongsTo or hasOne that isn't loaded: await it. */
export interface Ref<T> extends PromiseLike<T> {
  /** Loads the record anew. */
  reload(): Promise<T>
}

type AssociationsOf<G, N extends NameOf<G>> = {
  readonly [K in keyof ObjectsOf<G, N>]: IsMany<G, N, K> extends true
    ? CollectionOf<G, TargetOf<G, N, K>>
    : Ref<InstanceOf<G, TargetOf<G, N, K>> | Extract<ObjectsOf<G, N>[K], null>>
}

type Heads<I> = I extends string ? I : I extends object ? keyof I : never
type Below<I, K> = I extends object ? (K extends keyof I ? (I[K] extends readonly (infer E)[] ? E : I[K]) : never) : never

/** A record with associations that `includes` loaded: they are read without await, down the tree. It is a record of its class still (a `Ref` may
 * be awaited whether it is loaded or not), so that a method which takes an `Article` takes one with a loaded author too. */
export type LoadedRecord<G, N extends NameOf<G>, R, I> = R & {
  readonly [K in Heads<I> & keyof ObjectsOf<G, N>]: IsMany<G, N, K> extends true
    ? LoadedCollection<G, TargetOf<G, N, K>, LoadedTarget<G, TargetOf<G, N, K>, Below<I, K>>>
    : LoadedTarget<G, TargetOf<G, N, K>, Below<I, K>> | Extract<ObjectsOf<G, N>[K], null>
}
type LoadedTarget<G, N extends NameOf<G>, I> = [I] extends [never] ? InstanceOf<G, N> : LoadedRecord<G, N, InstanceOf<G, N>, I>

/** A loaded collection: an iterable, with the readers of an array. */
export type LoadedCollection<G, N extends NameOf<G>, R> = CollectionOf<G, N, R> & Iterable<R>

/** What a loaded association of a record is: a record, null where there may be none, or a collection. */
export type AssociatedOf<G, N extends NameOf<G>, K extends keyof ObjectsOf<G, N>> =
  IsMany<G, N, K> extends true
    ? LoadedCollection<G, TargetOf<G, N, K>, InstanceOf<G, TargetOf<G, N, K>>>
    : InstanceOf<G, TargetOf<G, N, K>> | Extract<ObjectsOf<G, N>[K], null>

/** From what to what an attribute changes. */
type Change<V> = [V | null, V | null]

/** The members of every record. Those that answer the record itself are its own: of the others the compiler makes one type a model. */
export interface BaseRecord<G, N extends NameOf<G>> extends PlainMembers, RecordMembers<G, N>, SecureMembers<G, N> {
  assign(attributes: AttributesOf<G, N> | PermittedLike): this
  assign(attributes: AssignableTo<G, N, this>): this
  assignAttributes(attributes: AttributesOf<G, N> | PermittedLike): this
  assignAttributes(attributes: AssignableTo<G, N, this>): this
  valuesAt(...names: readonly (keyof this & string)[]): unknown[]
  slice<K extends Exclude<keyof this & string, 'slice'>>(...names: readonly K[]): { [P in K]: this[P] extends () => infer V ? V : this[P] }
  readonly(): this
  strictLoading(strict?: boolean | { mode?: 'all' | 'n_plus_one_only' }): this
  dup(): this
  clone(): this
  load<const I extends readonly TreeOf<G, N>[]>(...trees: I): Promise<LoadedRecord<G, N, this, I[number]>>
  saveOrThrow(options?: SaveOptions): Promise<this>
  update(attributes: AttributesOf<G, N> | PermittedLike): Promise<boolean>
  update(attributes: AssignableTo<G, N, this>): Promise<boolean>
  updateOrThrow(attributes: AttributesOf<G, N> | PermittedLike): Promise<this>
  updateOrThrow(attributes: AssignableTo<G, N, this>): Promise<this>
  updateAttributeOrThrow<K extends keyof ScalarsOf<G, N> & string>(name: K, value: ScalarsOf<G, N>[K]): Promise<this>
  destroy(): Promise<this | false>
  destroyOrThrow(): Promise<this>
  delete(): Promise<this>
  reload(options?: { lock?: boolean | string }): Promise<this>
  lock(kind?: boolean | string): Promise<this>
  increment(name: keyof ScalarsOf<G, N> & string, by?: number): this
  decrement(name: keyof ScalarsOf<G, N> & string, by?: number): this
  incrementOrThrow(name: keyof ScalarsOf<G, N> & string, change?: number | CounterChange): Promise<this>
  decrementOrThrow(name: keyof ScalarsOf<G, N> & string, change?: number | CounterChange): Promise<this>
  toggle(name: keyof ScalarsOf<G, N> & string): this
}

type RecordMembers<G, N extends NameOf<G>> = {
  get attributes(): Record<string, unknown>
  set attributes(attributes: AttributesOf<G, N> | PermittedLike)
  readonly attributesInDatabase: Partial<ScalarsOf<G, N>>
  readonly changed: (keyof ScalarsOf<G, N> & string)[]
  readonly changedAttributeNamesToSave: (keyof ScalarsOf<G, N> & string)[]
  readonly changes: { [K in keyof ScalarsOf<G, N>]?: Change<ScalarsOf<G, N>[K]> }
  readonly savedChanges: { [K in keyof ScalarsOf<G, N>]?: Change<ScalarsOf<G, N>[K]> }
  readonly previousChanges: { [K in keyof ScalarsOf<G, N>]?: Change<ScalarsOf<G, N>[K]> }
  readonly changedAttributes: Partial<ScalarsOf<G, N>>

  readAttribute<K extends keyof ScalarsOf<G, N> & string>(name: K): ScalarsOf<G, N>[K]
  readAttribute(name: string): unknown
  writeAttribute<K extends keyof ScalarsOf<G, N> & string>(name: K, value: ScalarsOf<G, N>[K]): void
  attributeBeforeTypeCast(name: keyof ScalarsOf<G, N> & string): unknown
  attributeForDatabase(name: keyof ScalarsOf<G, N> & string): unknown
  attributeForInspect(name: keyof ScalarsOf<G, N> & string): string
  attributeCameFromUser(name: keyof ScalarsOf<G, N> & string): boolean
  normalizeAttribute(name: keyof ScalarsOf<G, N> & string): void
  queryAttribute(name: keyof ScalarsOf<G, N> & string): boolean
  attributePresent(name: keyof ScalarsOf<G, N> & string): boolean

  attributeChanged(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  willSaveChangeTo(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  willSaveChangeToAttribute(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  readonly changesToSave: { [K in keyof ScalarsOf<G, N>]?: Change<ScalarsOf<G, N>[K]> }
  attributeChange<K extends keyof ScalarsOf<G, N> & string>(name: K): Change<ScalarsOf<G, N>[K]> | undefined
  attributeChangeToBeSaved<K extends keyof ScalarsOf<G, N> & string>(name: K): Change<ScalarsOf<G, N>[K]> | undefined
  attributeWillChange(name: keyof ScalarsOf<G, N> & string): void
  attributePreviouslyChanged(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  attributePreviouslyWas<K extends keyof ScalarsOf<G, N> & string>(name: K): ScalarsOf<G, N>[K] | null
  attributeWas<K extends keyof ScalarsOf<G, N> & string>(name: K): ScalarsOf<G, N>[K] | null
  attributeInDatabase<K extends keyof ScalarsOf<G, N> & string>(name: K): ScalarsOf<G, N>[K] | null
  attributeBeforeLastSave<K extends keyof ScalarsOf<G, N> & string>(name: K): ScalarsOf<G, N>[K] | null
  savedChangeTo<K extends keyof ScalarsOf<G, N> & string>(name: K): Change<ScalarsOf<G, N>[K]> | undefined
  isSavedChangeTo(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  savedChangeToAttribute(name: keyof ScalarsOf<G, N> & string, options?: ChangeOptions): boolean
  restoreAttribute(name: keyof ScalarsOf<G, N> & string): void
  restoreAttributes(names?: readonly (keyof ScalarsOf<G, N> & string)[]): void
  clearAttributeChanges(names: readonly (keyof ScalarsOf<G, N> & string)[]): void

  updateAttribute<K extends keyof ScalarsOf<G, N> & string>(name: K, value: ScalarsOf<G, N>[K]): Promise<boolean>
  updateColumn<K extends keyof ScalarsOf<G, N> & string>(name: K, value: ScalarsOf<G, N>[K]): Promise<true>
  updateColumns(attributes: Partial<ScalarsOf<G, N>>): Promise<true>
  touch(...names: readonly ((keyof ScalarsOf<G, N> & string) | { time?: Date })[]): Promise<boolean>
  touchLater(...names: readonly (keyof ScalarsOf<G, N> & string)[]): Promise<void>
  toggleOrThrow(name: keyof ScalarsOf<G, N> & string): Promise<boolean>
}

/** Members that are the same whatever the model. */
interface PlainMembers {
  readonly errors: Errors
  readonly attributeNames: string[]
  readonly attributesBeforeTypeCast: Record<string, unknown>
  readonly attributesForDatabase: Record<string, unknown>
  /** False, and saving this record leaves its timestamps. */
  recordTimestamps: boolean | undefined
  hasAttribute(name: string): boolean
  isNewRecord(): boolean
  isPersisted(): boolean
  isDestroyed(): boolean
  readonly destroyedByAssociation: string | undefined
  isPreviouslyNewRecord(): boolean
  isPreviouslyPersisted(): boolean
  isFrozen(): boolean
  isReadonly(): boolean
  isStrictLoading(): boolean
  isNoTouching(): boolean
  becomes<C>(model: abstract new (...args: never[]) => C): C
  becomesOrThrow<C>(model: abstract new (...args: never[]) => C): C
  equals(other: unknown): boolean
  toParam(): string | null
  toKey(): unknown[] | null
  isChanged(): boolean
  hasChangesToSave(): boolean
  hasSavedChanges(): boolean
  clearChangesInformation(): void
  isValid(context?: string | readonly string[]): Promise<boolean>
  isInvalid(context?: string | readonly string[]): Promise<boolean>
  validate(context?: string | readonly string[]): Promise<boolean>
  validateOrThrow(context?: string | readonly string[]): Promise<true>
  readonly validationContext: string | readonly string[] | undefined
  association(name: string): unknown
  resetAssociations(): void
  /** Has the record destroyed when its owner is saved, where the association has `autosave` or takes nested attributes. */
  markForDestruction(): true
  isMarkedForDestruction(): boolean
  isChangedForAutosave(): boolean
  isAssociationLoaded(name: string): boolean
  save(options?: SaveOptions): Promise<boolean>
  withLock<V>(work: () => V | Promise<V>, options?: TransactionOptions & { lock?: boolean | string }): Promise<V | undefined>
  serializableHash(options?: SerializationOptions): Record<string, unknown>
  asJson(options?: SerializationOptions): Record<string, unknown>
  toJSON(): Record<string, unknown>
  cacheKey(): string
  cacheVersion(): string | null
  cacheKeyWithVersion(): string
}
