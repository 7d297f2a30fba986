import type { Range } from '../range.ts'
import type { SqlFragment } from '../sql/fragment.ts'
import type { InstanceOf, RecordOf } from './instances.ts'
import type { IsMany, NameOf, ObjectsOf, ScalarsOf, TargetOf } from './schema_types.ts'

/** A relation as a value of a condition: `where({ id: Favorite.select('article_id') })`. */
export interface SubqueryLike {
  toQuery(): { readonly sql: string }
}

/** The operators of a condition. */
export type Operators<V> = {
  readonly gt?: V | SqlFragment
  readonly gte?: V | SqlFragment
  readonly lt?: V | SqlFragment
  readonly lte?: V | SqlFragment
  readonly not?: V | SqlFragment | null | readonly V[] | Range<V>
  readonly in?: readonly V[] | SubqueryLike
  readonly notIn?: readonly V[] | SubqueryLike
} & (V extends string
  ? {
      readonly like?: string
      readonly notLike?: string
      readonly contains?: string
      readonly startsWith?: string
      readonly endsWith?: string
    }
  : {})

/** What a column can be compared with; null also where the column never is, for left joins. A number will do for a `bigint`, as with Prisma. */
export type Condition<V> =
  | Compared<V>
  | null
  | readonly (Compared<V> | null)[]
  | Range<NonNullable<Compared<V>>>
  | Operators<NonNullable<Compared<V>>>
  | SubqueryLike
  | SqlFragment

type Compared<V> = V extends bigint ? bigint | number : V

/** A record of another model looks like conditions: this tells them apart. */
interface NoRecord {
  readonly isNewRecord?: never
}

/** The conditions of `where` on a model: columns, records of its associations, and conditions on what is joined. */
export type WhereOf<G, N extends NameOf<G>> = { readonly [K in keyof ScalarsOf<G, N>]?: Condition<ScalarsOf<G, N>[K]> } & {
  readonly [K in keyof ObjectsOf<G, N>]?:
    | InstanceOf<G, TargetOf<G, N, K>>
    | readonly InstanceOf<G, TargetOf<G, N, K>>[]
    | (WhereOf<G, TargetOf<G, N, K>> & NoRecord)
    | SubqueryLike
    | null
}

/** What can be assigned at once: columns, and the records of associations. */
export type AttributesOf<G, N extends NameOf<G>> = { readonly [K in keyof ScalarsOf<G, N>]?: ScalarsOf<G, N>[K] } & {
  readonly [K in keyof ObjectsOf<G, N>]?: IsMany<G, N, K> extends true
    ? readonly InstanceOf<G, TargetOf<G, N, K>>[]
    : InstanceOf<G, TargetOf<G, N, K>> | Extract<ObjectsOf<G, N>[K], null>
} & ([keyof ScalarsOf<G, N> & `${string}_digest`] extends [never] ? unknown : PasswordsOf<ScalarsOf<G, N>>) &
  NestedAttributesOf<G, N>

/** `comments_attributes`, or `commentsAttributes`: the attributes of associated records, where the class accepts them. */
export type NestedAttributesOf<G, N extends NameOf<G>> = {
  readonly [K in keyof ObjectsOf<G, N> as `${K & string}_attributes` | `${K & string}Attributes`]?: IsMany<G, N, K> extends true
    ? readonly NestedOf<G, TargetOf<G, N, K>>[] | Readonly<Record<string, NestedOf<G, TargetOf<G, N, K>>>> | PermittedLike
    : NestedOf<G, TargetOf<G, N, K>> | PermittedLike
}
/** Values as forms send them are cast when they are assigned. */
type NestedOf<G, N extends NameOf<G>> = AttributesOf<G, N> & { readonly _destroy?: unknown }

/** `password`, `password_confirmation` and `password_challenge` of a model with a column `password_digest`. Where `password` is a column, too, the
 * digest is one of something else. */
export type PasswordsOf<S> = {
  -readonly [K in keyof S as K extends `${infer P}_digest`
    ? P extends keyof S
      ? never
      : P | `${P}_confirmation` | `${P}_challenge`
    : never]?: string | null
}

/** An array has some of the members that attributes may have, such as `length`: this tells them apart. */
export interface NoList {
  readonly [Symbol.iterator]?: never
}

/** Attributes with the other members that a class lets be assigned. */
export type AssignableTo<G, N extends NameOf<G>, R> = AttributesOf<G, N> &
  NoList & {
    // Only of what the class adds: what all records have is much, and asked for each model.
    readonly [K in Exclude<keyof R, keyof RecordOf<G, N> | symbol> as R[K] extends (...args: never[]) => unknown ? never : K]?: R[K]
  }

/** Parameters that went through the permit list. */
export interface PermittedLike {
  isPermitted(): true
  toHash(): object
}

/** Items of `order`. */
export type OrderItem<G, N extends NameOf<G>> =
  | (keyof ScalarsOf<G, N> & string)
  | { readonly [K in keyof ScalarsOf<G, N> | AggregateName<G, N>]?: 'asc' | 'desc' | 'ASC' | 'DESC' }
  | AggregateName<G, N>
  | { readonly [K in keyof ObjectsOf<G, N>]?: OrderItem<G, TargetOf<G, N, K>> }
  | SqlFragment

/** What Rails calls the results of calculations, by which groups may be sorted: `count_all`, `sum_views`. */
type AggregateName<G, N extends NameOf<G>> =
  | 'count_all'
  | `${'count' | 'sum' | 'average' | 'minimum' | 'maximum'}_${keyof ScalarsOf<G, N> & string}`

/** Names of associations, nested: `'author'`, `{ comments: 'author' }`, `{ comments: ['author', 'likes'] }`. */
export type TreeOf<G, N extends NameOf<G>> =
  | (keyof ObjectsOf<G, N> & string)
  | {
      readonly [K in keyof ObjectsOf<G, N>]?: TreeOf<G, TargetOf<G, N, K>> | readonly TreeOf<G, TargetOf<G, N, K>>[] | Record<string, never>
    }

/** Columns that hold numbers; all of them where nothing is known of their types. */
export type NumericKeys<S> = {
  [K in keyof S]: unknown extends S[K] ? K : NonNullable<S[K]> extends number | bigint | { toFixed(): string } ? K : never
}[keyof S]
