import type { ParameterHash, UploadedFile } from '../../http/index.ts'
import type { Permitted } from './parameters.ts'

/** What a parameter can be without being a list or a hash. JSON sends numbers and booleans, forms and queries send strings. */
export type ParameterScalar = string | number | boolean | null | UploadedFile

/** One argument of `permit`: a name, or names with what may be below them.
 * `'title'` a scalar · `{ tags: [] }` scalars · `{ author: ['name'] }` a hash · `{ comments: [['body']] }` a list of hashes · `{ settings: {} }` any hash */
export type PermitFilter = string | PermitHash | readonly PermitFilter[]

/** Names with what may be below them. */
export interface PermitHash {
  readonly [name: string]: string | PermitHash | readonly PermitFilter[]
}

/** The attributes that a list of filters lets through, read from the literal.
 * @example PermitResult<['title', { tags: [] }]> // { title?: ParameterScalar; tags?: ParameterScalar[] }
 */
export type PermitResult<F extends readonly unknown[]> = Simplify<
  { [K in Extract<Flat<F[number]>, string>]?: ParameterScalar } & UnionToIntersection<
    HashResult<Exclude<Flat<F[number]>, string | readonly unknown[]>>
  >
>

/** What `expect` answers: the value itself for one filter, a tuple for several. */
export type ExpectResult<F extends readonly unknown[]> = F extends readonly [infer Only]
  ? ExpectOne<Only>
  : { -readonly [I in keyof F]: ExpectOne<F[I]> }

type ExpectOne<E> = E extends string ? Exclude<ParameterScalar, null> : E extends PermitHash ? ExpectValue<E[keyof E]> : unknown
type ExpectValue<V> = V extends readonly []
  ? ParameterScalar[]
  : V extends readonly [infer Inner extends readonly unknown[]]
    ? Permitted<PermitResult<Inner>>[]
    : V extends readonly unknown[]
      ? Permitted<PermitResult<V>>
      : V extends string
        ? Permitted<PermitResult<[V]>>
        : keyof V extends never
          ? ParameterHash
          : Permitted<PermitResult<[V]>>

type HashResult<H> = H extends unknown ? { -readonly [K in keyof H]?: NestedResult<H[K]> } : never
type NestedResult<V> = V extends readonly []
  ? ParameterScalar[]
  : V extends readonly [infer Inner extends readonly unknown[]]
    ? Permitted<PermitResult<Inner>>[]
    : V extends readonly unknown[]
      ? Permitted<PermitResult<V>>
      : V extends string
        ? Permitted<PermitResult<[V]>>
        : keyof V extends never
          ? ParameterHash
          : Permitted<PermitResult<[V]>>

// Two levels, not any number: TypeScript would follow a recursive alias forever when F is not known yet.
type Flat<E> = E extends readonly (infer I)[] ? (I extends readonly (infer J)[] ? J : I) : E
type Simplify<T> = { [K in keyof T]: T[K] }
type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never
