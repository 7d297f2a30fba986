import type { AssociationOptions, CollectionEvent, NestedOptions } from '../associations/declaration.ts'
import type { CallbackEvent, CallbackPosition, SkippedEvent } from '../callbacks/declaration.ts'
import type { SqlValue } from '../database.ts'
import type { EnumOptions } from '../attributes/declared_enum.ts'
import type { CustomType, TypeName } from '../attributes/custom_type.ts'
import type { AttributeOptions, SerializeOptions, StoreAccessorOptions, StoreOptions } from '../record/attribute_macros.ts'
import type { CustomRules } from '../register.ts'
import type { DescribedValidation } from '../record/macro_statics.ts'
import type { ValidatorClass } from '../validations/custom_validator.ts'
import type { StrictError } from '../validations/declaration.ts'
import type { Range } from '../range.ts'
import type { ClassOf, InstanceOf, RecordOf } from './instances.ts'
import type { AnyClass, Instance, RelationOf } from './relations.ts'
import type { NameOf, ObjectsOf, ScalarsOf, TargetOf } from './schema_types.ts'

type Columns<G, N extends NameOf<G>> = keyof ScalarsOf<G, N> & string
/** A column, or any other member of the class by name. */
type AttributeName<G, N extends NameOf<G>> = Columns<G, N> | (keyof ObjectsOf<G, N> & string) | VirtualName
/** Other names are completed last; a name that doesn't exist is an error at boot. */
type VirtualName = string & {}

type Test<R> = string | ((record: R) => unknown)

/** When a callback or a validation runs. */
export interface When<R> {
  readonly if?: Test<R> | readonly Test<R>[]
  readonly unless?: Test<R> | readonly Test<R>[]
}

type Message<R> = string | ((record: R, data: { model: string; attribute: string; value: unknown }) => string)
/** What all validations take. */
export interface Shared<R> extends When<R> {
  readonly message?: Message<R>
  readonly on?: string | readonly string[]
  readonly exceptOn?: string | readonly string[]
  readonly allowNil?: boolean
  readonly allowBlank?: boolean
  readonly strict?: boolean | StrictError
}
type Rule<R, O = {}> = true | (Shared<R> & O)
/** A value, a method by name, or a function of the record. */
type Limit<R> = number | Date | string | ((record: R) => unknown)
interface Comparisons<R> {
  readonly greaterThan?: Limit<R>
  readonly greaterThanOrEqualTo?: Limit<R>
  readonly equalTo?: Limit<R>
  readonly lessThan?: Limit<R>
  readonly lessThanOrEqualTo?: Limit<R>
  readonly otherThan?: Limit<R>
}
type Among<R> = readonly unknown[] | ReadonlySet<unknown> | Range<unknown> | string | ((record: R) => unknown)
type Membership<R> = readonly unknown[] | Range<unknown> | (Shared<R> & ({ readonly in: Among<R> } | { readonly within: Among<R> }))

/** The rules of `validates`. */
export interface Rules<R> extends Shared<R>, CustomRules {
  readonly presence?: Rule<R>
  readonly absence?: Rule<R>
  readonly acceptance?: Rule<R, { readonly accept?: unknown }>
  readonly confirmation?: Rule<R, { readonly caseSensitive?: boolean }>
  readonly comparison?: Shared<R> & Comparisons<R>
  readonly exclusion?: Membership<R>
  readonly inclusion?: Membership<R>
  readonly format?:
    | RegExp
    | (Shared<R> & { readonly multiline?: boolean } & (
          | { readonly with: RegExp | ((record: R) => RegExp) }
          | { readonly without: RegExp | ((record: R) => RegExp) }
        ))
  readonly length?:
    | Range<number>
    | (Shared<R> & {
        readonly minimum?: Limit<R>
        readonly maximum?: Limit<R>
        readonly is?: Limit<R>
        readonly in?: Range<number> | readonly [number, number]
        readonly within?: Range<number> | readonly [number, number]
        readonly tooShort?: string
        readonly tooLong?: string
        readonly wrongLength?: string
      })
  readonly numericality?: Rule<
    R,
    Comparisons<R> & {
      readonly onlyInteger?: boolean | Test<R>
      readonly onlyNumeric?: boolean
      readonly odd?: boolean
      readonly even?: boolean
      readonly in?: Range<number>
    }
  >
  readonly uniqueness?: Rule<
    R,
    {
      readonly scope?: string | readonly string[]
      readonly caseSensitive?: boolean
      readonly conditions?: (relation: never, record: R) => unknown
    }
  >
  readonly associated?: Rule<R>
}

/** The name of a method, a function of the record, or an object or class with a method of the macro's name. */
export type Callback<R> = string | ((this: R, record: R) => unknown) | CallbackObject<R>
export type AroundCallback<R> = string | ((this: R, record: R, proceed: () => Promise<unknown>) => unknown) | CallbackObject<R>
/** What has the callbacks of several events or classes: `{ beforeSave(article) { … }, afterCommit(article) { … } }`. */
export type CallbackObject<R> = {
  readonly [K in `${CallbackPosition}${Capitalize<CallbackEvent>}`]?: CallbackMethod<R>
}
/** A method, so that its record may be said to be of its class. */
type CallbackMethod<R> = { call(record: R, proceed: () => Promise<unknown>): unknown }['call']
/** What all callbacks take. */
export interface CallbackOptions<R> extends When<R> {
  readonly on?: string | readonly string[]
  readonly prepend?: boolean
}
type CallbackMacro = <T extends AnyClass>(this: T, ...callbacks: readonly (Callback<Instance<T>> | CallbackOptions<Instance<T>>)[]) => void
type AroundMacro = <T extends AnyClass>(
  this: T,
  ...callbacks: readonly (AroundCallback<Instance<T>> | CallbackOptions<Instance<T>>)[]
) => void

/** The options of an association to a model, whose relation `scope` narrows. */
interface OptionsTo<G, N extends NameOf<G>, O = unknown> extends PlainOptions, CollectionCallbacks<O, InstanceOf<G, N>> {
  readonly scope?: CollectionScope<RelationTo<G, N>, O>
}
type PlainOptions = Omit<AssociationOptions, 'scope' | CollectionEvent>
/** Options without functions of records, which need no types of the model: what most associations have, so it is asked first. */
type OptionsAlone = PlainOptions & { readonly [K in 'scope' | CollectionEvent]?: never }
/** What runs when records come to and go from the collection of an owner `O`. */
type CollectionCallbacks<O, R> = { readonly [E in CollectionEvent]?: CollectionCallback<O, R> | readonly CollectionCallback<O, R>[] }
type CollectionCallback<O, R> = string | CollectionFunction<O, R> | { readonly [E in CollectionEvent]?: CollectionFunction<O, R> }
/** A method, so that the owner may be said to be of its class. */
type CollectionScope<R, O> = { call(relation: R, owner: O): unknown }['call']
/** A method, so that the owner and the record may be said to be of their classes. */
type CollectionFunction<O, R> = { call(owner: O, record: R): unknown }['call']
/** A relation of a model by name, with the scopes of its class where that is registered. */
type RelationTo<G, N extends NameOf<G>> = RelationOf<G, [ClassOf<G, N>] extends [never] ? AnyClass : ClassOf<G, N>, N, InstanceOf<G, N>>

/** Declares an association: of the schema's, or one that only the application knows, whose relations are untyped until it says its model. */
export interface AssociationMacro<G, N extends NameOf<G>> {
  (name: keyof ObjectsOf<G, N> & string, options?: OptionsAlone): void
  <K extends keyof ObjectsOf<G, N> & string>(name: K, options?: OptionsTo<G, TargetOf<G, N, K>, RecordOf<G, N>>): void
  (name: VirtualName, options?: OptionsTo<{}, string, RecordOf<G, N>>): void
}

/** The macros of the static block of a class. */
export type Macros<G, N extends NameOf<G>> = {
  belongsTo: AssociationMacro<G, N>
  hasOne: AssociationMacro<G, N>
  hasMany: AssociationMacro<G, N>
  hasAndBelongsToMany: AssociationMacro<G, N>

  acceptsNestedAttributesFor(...args: readonly [AttributeName<G, N>, ...(AttributeName<G, N> | NestedOptions)[]]): void
  validates<T extends AnyClass>(this: T, attribute: AttributeName<G, N>, rules: Rules<Instance<T>>): void
  validates<T extends AnyClass>(this: T, ...args: readonly [AttributeName<G, N>, ...(AttributeName<G, N> | Rules<Instance<T>>)[]]): void
  validatesOrThrow<T extends AnyClass>(
    this: T,
    ...args: readonly [AttributeName<G, N>, ...(AttributeName<G, N> | Rules<Instance<T>>)[]]
  ): void
  validatorsOn(...names: readonly AttributeName<G, N>[]): DescribedValidation[]
  validatesEach<T extends AnyClass>(
    this: T,
    ...args: readonly (AttributeName<G, N> | Shared<Instance<T>> | ((record: Instance<T>, attribute: string, value: unknown) => unknown))[]
  ): void
  validatesAssociated<T extends AnyClass>(this: T, ...args: readonly (AttributeName<G, N> | Shared<Instance<T>>)[]): void

  enum(attribute: Columns<G, N>, members: readonly string[] | Readonly<Record<string, SqlValue>>, options?: EnumOptions): void
  normalizes<K extends Columns<G, N>>(
    ...args: readonly [K, ...(K | { with: (value: NonNullable<ScalarsOf<G, N>[K]>) => unknown; applyToNil?: boolean })[]]
  ): void
  aliasAttribute(alias: string, name: AttributeName<G, N>): void
  serialize(name: Columns<G, N>, options?: SerializeOptions): void
  store(name: Columns<G, N>, options?: StoreOptions): void
  storeAccessor(name: Columns<G, N>, ...args: readonly (string | StoreAccessorOptions)[]): void
  normalizeValueFor<K extends Columns<G, N>>(name: K, value: unknown): ScalarsOf<G, N>[K] | null
  attrReadonly(...names: readonly Columns<G, N>[]): void
  queryConstraints(...names: readonly Columns<G, N>[]): void
  defaultScope<T extends AnyClass>(this: T, scope: (relation: RelationOf<G, T, N, Instance<T>>) => unknown): void
  scope<T extends AnyClass, A extends readonly unknown[]>(
    this: T,
    name: string,
    body: (this: RelationOf<G, T, N, Instance<T>>, ...args: A) => unknown,
  ): void
}

/** The macros that are the same whatever the model. */
export interface PlainMacros {
  readonly validators: DescribedValidation[]
  clearValidators(): void
  validate<T extends AnyClass>(this: T, ...args: readonly (Callback<Instance<T>> | Shared<Instance<T>>)[]): void
  attribute(name: string, options?: AttributeOptions): void
  attribute<V>(name: string, type: TypeName | CustomType<V>, options?: AttributeOptions): void
  delegatedType(role: string, options: { readonly types: readonly string[] } & AssociationOptions): void
  validatesWith<T extends AnyClass>(
    this: T,
    ...args: readonly [ValidatorClass, ...(ValidatorClass | (Shared<Instance<T>> & Readonly<Record<string, unknown>>))[]]
  ): void
  beforeValidation: CallbackMacro
  afterValidation: CallbackMacro
  beforeSave: CallbackMacro
  aroundSave: AroundMacro
  afterSave: CallbackMacro
  beforeCreate: CallbackMacro
  aroundCreate: AroundMacro
  afterCreate: CallbackMacro
  beforeUpdate: CallbackMacro
  aroundUpdate: AroundMacro
  afterUpdate: CallbackMacro
  beforeDestroy: CallbackMacro
  aroundDestroy: AroundMacro
  afterDestroy: CallbackMacro
  beforeCommit: CallbackMacro
  afterCommit: CallbackMacro
  afterRollback: CallbackMacro
  afterInitialize: CallbackMacro
  afterFind: CallbackMacro
  afterTouch: CallbackMacro
  afterCreateCommit: CallbackMacro
  afterUpdateCommit: CallbackMacro
  afterDestroyCommit: CallbackMacro
  afterSaveCommit: CallbackMacro
  /** Declares callbacks of an event by its name: `setCallback('save', 'before', 'assignSlug')` is `beforeSave('assignSlug')`. */
  setCallback<T extends AnyClass>(
    this: T,
    event: CallbackEvent,
    position: CallbackPosition,
    ...callbacks: readonly (AroundCallback<Instance<T>> | CallbackOptions<Instance<T>>)[]
  ): void
  /** Leaves out callbacks that an ancestor declared; with conditions, only where they hold. Under `validate`, what `validate` declared. */
  skipCallback<T extends AnyClass>(
    this: T,
    event: SkippedEvent,
    position: CallbackPosition,
    ...callbacks: readonly (AroundCallback<Instance<T>> | (When<Instance<T>> & { readonly raise?: boolean }))[]
  ): void
  /** Without a position, those before. */
  skipCallback<T extends AnyClass>(
    this: T,
    event: SkippedEvent,
    ...callbacks: readonly (AroundCallback<Instance<T>> | (When<Instance<T>> & { readonly raise?: boolean }))[]
  ): void
  /** Leaves out all callbacks of an event that macros declared so far. */
  resetCallbacks(event: SkippedEvent): void
}
