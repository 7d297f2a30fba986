import type { ParameterHash, ParameterValue, UploadedFile } from '../../http/index.ts'
import { createParameterHash } from '../../http/index.ts'
import { ExpectedParameterMissing, ParameterMissing } from '../errors.ts'
import { toText } from './casting.ts'
import { permitFilters } from './filtering.ts'
import { permitsAll } from '../settings.ts'
import { toQuery } from './query_string.ts'
import { ParameterScalars, store } from './scalars.ts'
import { expectedValues, mergeDeeply, missing, permittedHash, pick, read, readEntries, readValue, requiredValue } from './reading.ts'
import type { ExpectResult, PermitFilter, PermitResult } from './types.ts'
import { type Hash, hasKey, isBlank, isHash, isPermitted, type JsonParameters, ownValue } from './values.ts'
import { permittedCopy, permittedMarker, plainCopy } from './values.ts'

/** A value as `get` answers it: hashes come as `Parameters`. */
export type ReadValue = string | number | boolean | null | UploadedFile | Parameters | ReadValue[]
type Values = Record<string, ReadValue>

// Methods below call functions and not each other: an attribute may be called `keys`, and would be met in the method's place.
const derive: unique symbol = Symbol('derive')

/** What unpermitted and permitted parameters can both do. `T` has the names that are known to the compiler. */
export abstract class ParameterMethods<T extends object> extends ParameterScalars<T> {
  /** The same kind of parameters over another hash. Internal. */
  protected abstract [derive](hash: Hash): unknown

  /** Whether it went through `permit`, so that a model takes it. */
  abstract isPermitted(): boolean

  /** The value of a name, as it came; undefined when it wasn't sent. */
  get<K extends keyof T & string>(key: K): T[K] | undefined {
    return readValue(this[store], key) as T[K] | undefined
  }

  keys(): (keyof T & string)[] {
    return Object.keys(this[store]) as (keyof T & string)[]
  }

  values(): T[keyof T & string][] {
    return Object.keys(this[store]).map((key) => readValue(this[store], key) as T[keyof T & string])
  }

  entries(): [keyof T & string, T[keyof T & string]][] {
    return readEntries(this[store]) as [keyof T & string, T[keyof T & string]][]
  }

  /** Calls `visit` with each name and value. */
  each(visit: (key: keyof T & string, value: T[keyof T & string]) => void): this {
    for (const [key, value] of readEntries(this[store])) visit(key as keyof T & string, value as T[keyof T & string])
    return this
  }

  /** Rails' other name of {@link each}. */
  eachPair(visit: (key: keyof T & string, value: T[keyof T & string]) => void): this {
    for (const [key, value] of readEntries(this[store])) visit(key as keyof T & string, value as T[keyof T & string])
    return this
  }

  /** The values of these names, undefined for those that weren't sent. */
  valuesAt<const K extends readonly (keyof T & string)[]>(...keys: K): { -readonly [I in keyof K]: T[K[I]] | undefined } {
    return keys.map((key) => readValue(this[store], key)) as { -readonly [I in keyof K]: T[K[I]] | undefined }
  }

  isEmpty(): boolean {
    return Object.keys(this[store]).length === 0
  }

  /** The value of a name, else `fallback` or what it returns.
   * @throws ParameterMissing (REGAUGE_PARAMETER_MISSING) when there is no fallback either
   */
  fetch<K extends keyof T & string, D = T[K]>(key: K, ...fallback: [] | [D | ((key: K) => D)]): T[K] | D {
    if (hasKey(this[store], key)) return readValue(this[store], key) as T[K]
    if (fallback.length === 0) throw missing(this[store], key)
    const [given] = fallback
    return read(typeof given === 'function' ? (given as (key: K) => D)(key) : given) as D
  }

  /** The value at the end of a path of names and list positions; undefined when the path ends early.
   * @example this.params.dig('filter', 'tags', 0)
   */
  dig(...path: (string | number)[]): ReadValue | undefined {
    let value: unknown = this[store]
    for (const step of path) {
      if (Array.isArray(value)) value = typeof step === 'number' ? value.at(step) : undefined
      else value = isHash(value) ? ownValue(hashOf(value), String(step)) : undefined
    }
    return read(value) as ReadValue | undefined
  }

  /** The hash under a name, which must be there and not be empty. For a single value say so: `require<string>('token')`; nothing checks it, `expect` does.
   *
   * @throws ParameterMissing (REGAUGE_PARAMETER_MISSING): 400
   * @example this.params.require('order').permit('amount')
   */
  require<V = Parameters>(key: string): V
  require(keys: readonly string[]): ReadValue[]
  require(key: string | readonly string[]): unknown {
    return typeof key === 'string' ? requiredValue(this[store], key) : key.map((one) => requiredValue(this[store], one))
  }

  /** What is named here and of the named kind, and nothing else; its type is read from the literal.
   *
   * A hash asked for as `{ author: ['name'] }` may also come as a list of hashes or as one keyed by numbers, as forms of nested attributes send it.
   * @throws UnpermittedParameters (REGAUGE_UNPERMITTED_PARAMETERS) when the application set `onUnpermittedParameters: 'raise'`
   * @example this.params.permit('title', { tags: [] }, { author: ['name'] }, { comments: [['body']] }, { settings: {} })
   */
  permit<const F extends readonly PermitFilter[]>(...filters: F): Permitted<PermitResult<F>> {
    return permitFilters(this[store], filters, false) as unknown as Permitted<PermitResult<F>>
  }

  /** Everything, whatever the client sent. Use it for data that no model is assigned from. */
  permitAll(): Permitted<Record<string, ParameterValue>> {
    return new PermittedParameters(permittedCopy(this[store])) as unknown as Permitted<Record<string, ParameterValue>>
  }

  /** `permit` and `require` in one: the named values, all present and of the named kind, else 400. A list of hashes is asked for as `[['name']]`.
   *
   * @returns the value for one filter, a list of them for several
   * @throws ParameterMissing (REGAUGE_PARAMETER_MISSING): 400
   * @example const { title } = this.params.expect({ article: ['title', 'body'] })
   * @example const [id, article] = this.params.expect('id', { article: ['title'] })
   */
  expect<const F extends readonly PermitFilter[]>(...filters: F): ExpectResult<F> {
    return expectedValues(this[store], filters) as ExpectResult<F>
  }

  /** `expect` for clients that are ours: what is missing is our own mistake.
   * @throws ExpectedParameterMissing (REGAUGE_EXPECTED_PARAMETER_MISSING): 500
   */
  expectOrThrow<const F extends readonly PermitFilter[]>(...filters: F): ExpectResult<F> {
    try {
      return expectedValues(this[store], filters) as ExpectResult<F>
    } catch (error) {
      if (!(error instanceof ParameterMissing)) throw error
      throw new ExpectedParameterMissing({ param: error.param, keys: error.keys }, { cause: error })
    }
  }

  /** Only the named ones. */
  slice<K extends keyof T & string>(...keys: K[]): Kind<this, Pick<T, K>> {
    return this[derive](pick(this[store], (key) => (keys as string[]).includes(key))) as Kind<this, Pick<T, K>>
  }

  /** All but the named ones. */
  except<K extends string>(...keys: K[]): Kind<this, Omit<T, K>> {
    return this[derive](pick(this[store], (key) => !(keys as string[]).includes(key))) as Kind<this, Omit<T, K>>
  }

  /** Rails' other name of {@link except}. */
  without<K extends string>(...keys: K[]): Kind<this, Omit<T, K>> {
    return this[derive](pick(this[store], (key) => !(keys as string[]).includes(key))) as Kind<this, Omit<T, K>>
  }

  /** Takes the named ones out and returns them. */
  extract<K extends keyof T & string>(...keys: K[]): Kind<this, Pick<T, K>> {
    const taken = this[derive](pick(this[store], (key) => (keys as string[]).includes(key)))
    for (const key of keys) delete this[store][key]
    return taken as Kind<this, Pick<T, K>>
  }

  /** Those for which `test` holds. */
  select(test: (key: string, value: unknown) => boolean): this {
    return this[derive](pick(this[store], test)) as this
  }

  /** Those for which `test` doesn't hold. */
  reject(test: (key: string, value: unknown) => boolean): this {
    return this[derive](pick(this[store], (key, value) => !test(key, value))) as this
  }

  /** Removes those for which `test` holds. */
  deleteIf(test: (key: string, value: unknown) => boolean): this {
    for (const [key, value] of readEntries(this[store])) if (test(key, value)) delete this[store][key]
    return this
  }

  /** All that are not `null`. */
  compact(): this {
    return this[derive](pick(this[store], (_key, value) => value !== null && value !== undefined)) as this
  }

  /** All that say something: no `null`, `false`, empty text, list or hash. */
  compactBlank(): this {
    return this[derive](pick(this[store], (_key, value) => !isBlank(value))) as this
  }

  /** These and `other`, which wins. What is merged in is trusted: it is the application's. */
  merge<U extends object>(other: U): Kind<this, Simplify<Omit<T, keyof U> & AttributesOf<U>>> {
    return this[derive]({ ...this[store], ...unwrappedHash(other as Hash) }) as Kind<this, Simplify<Omit<T, keyof U> & AttributesOf<U>>>
  }

  /** These and what `defaults` adds. */
  reverseMerge<U extends object>(defaults: U): Kind<this, Simplify<T & Omit<AttributesOf<U>, keyof T>>> {
    return this[derive]({ ...unwrappedHash(defaults as Hash), ...this[store] }) as Kind<this, Simplify<T & Omit<AttributesOf<U>, keyof T>>>
  }

  /** Rails' other name of {@link reverseMerge}. */
  withDefaults<U extends object>(defaults: U): Kind<this, Simplify<T & Omit<AttributesOf<U>, keyof T>>> {
    return this[derive]({ ...unwrappedHash(defaults as Hash), ...this[store] }) as Kind<this, Simplify<T & Omit<AttributesOf<U>, keyof T>>>
  }

  /** As `merge`, but hashes on both sides are merged in turn. */
  deepMerge(other: object): this {
    return this[derive](mergeDeeply(this[store], unwrappedHash(other as Hash))) as this
  }

  /** The same values under other names. */
  transformKeys(change: (key: string) => string): Kind<this, Record<string, T[keyof T]>> {
    const entries = Object.entries(this[store]).map(([key, value]) => [change(key), value])
    return this[derive](Object.fromEntries(entries)) as Kind<this, Record<string, T[keyof T]>>
  }

  /** Other values under the same names. */
  transformValues<V>(change: (value: T[keyof T & string], key: string) => V): Kind<this, Record<keyof T & string, V>> {
    const entries = readEntries(this[store]).map(([key, value]) => [key, unwrapped(change(value as T[keyof T & string], key))])
    return this[derive](Object.fromEntries(entries)) as Kind<this, Record<keyof T & string, V>>
  }

  /** Sets a value. */
  set(key: string, value: unknown): this {
    if (key !== '__proto__') this[store][key] = unwrapped(value)
    return this
  }

  /** Removes a name and returns its value. */
  delete<K extends keyof T & string>(key: K): T[K] | undefined {
    const value = readValue(this[store], key)
    delete this[store][key]
    return value as T[K] | undefined
  }

  /** The parts of a composite value: `'1_123'` → `['1', '123']`. */
  extractValue(key: keyof T & string, options: { delimiter?: string } = {}): string[] | undefined {
    return toText(ownValue(this[store], key))?.split(options.delimiter ?? '_')
  }

  /** A deep plain copy, permitted or not. Never assign it to a model. */
  toUnsafe(): ParameterHash {
    return plainCopy(this[store])
  }

  /** Rails' other name of {@link toUnsafe}. */
  toUnsafeHash(): ParameterHash {
    return plainCopy(this[store])
  }

  /** A copy of the same kind that shares nothing with this one. */
  deepDup(): this {
    return this[derive](isPermitted(this) ? permittedCopy(this[store]) : plainCopy(this[store])) as this
  }

  /** A deep plain copy; with `change`, of what that makes of each name and value.
   * @throws UnfilteredParameters (REGAUGE_UNFILTERED_PARAMETERS) when nothing was permitted
   */
  toHash(change?: (key: string, value: ParameterValue) => readonly [key: string, value: ParameterValue]): ParameterHash {
    const hash = permittedHash(this, this[store])
    return change === undefined ? hash : plainCopy(Object.fromEntries(Object.entries(hash).map((pair) => change(...pair))))
  }

  /** What JSON has of it, also for a column of JSON: no file should be in it. */
  toJSON(): JsonParameters {
    return plainCopy(this[store]) as JsonParameters
  }

  /** A query string with these values, names sorted.
   * @throws UnfilteredParameters (REGAUGE_UNFILTERED_PARAMETERS) when nothing was permitted
   */
  toQuery(): string {
    return toQuery(permittedHash(this, this[store]))
  }

  override toString(): string {
    return JSON.stringify(plainCopy(this[store]))
  }

  /** Whether both have the same values and were both permitted or both not. */
  equals(other: { isPermitted(): boolean; toUnsafe(): ParameterHash }): boolean {
    const { [store]: values } = other as unknown as ParameterMethods<object>
    return isPermitted(this) === isPermitted(other) && JSON.stringify(plainCopy(this[store])) === JSON.stringify(plainCopy(values))
  }

  [Symbol.iterator](): Iterator<[keyof T & string, T[keyof T & string]]> {
    return (readEntries(this[store]) as [keyof T & string, T[keyof T & string]][])[Symbol.iterator]()
  }
}

/** What a client sent, of which nothing may be assigned to a model before `permit` or `expect`.
 *
 * Read single values with `string`, `integer`, `boolean`, `hash`, or as they came (any JSON) with `get`.
 * @example this.params.string('slug')
 */
export class Parameters extends ParameterMethods<Values> {
  protected override readonly [store]: Record<string, unknown>

  constructor(hash: Hash = createParameterHash()) {
    super()
    this[store] = hash as Record<string, unknown>
    if (permitsAll()) Object.defineProperty(this, permittedMarker, { value: true })
  }

  /** The hash under a name, with nothing of it permitted; undefined, or `fallback`, when it is absent or no hash.
   * @example this.params.hash('article')?.has('tagList')
   * @example this.params.hash('filter', {}).permit('status')
   */
  hash(key: string): Parameters | undefined
  hash(key: string, fallback: object): Parameters
  hash(key: string, fallback?: object): Parameters | undefined {
    const value = readValue(this[store], key)
    if (isParameters(value)) return value
    return fallback === undefined ? undefined : new Parameters(unwrappedHash(fallback as Hash))
  }

  /** False, unless the application permits everything (`config.controller.permitAllParameters`). */
  override isPermitted(): boolean {
    return isPermitted(this)
  }

  protected override [derive](hash: Hash): Parameters {
    return new Parameters(plainCopy(hash))
  }
}

/** What `permit` let through: the values are its own properties, so that it can be read, spread, and given to a model as it is. */
export class PermittedParameters extends ParameterMethods<Values> {
  constructor(hash?: Hash) {
    super()
    if (hash !== undefined) for (const key of Object.keys(hash)) if (key !== '__proto__') this[store][key] = hash[key]
  }

  protected override get [store](): Record<string, unknown> {
    return this as unknown as Record<string, unknown>
  }

  override isPermitted(): boolean {
    return true
  }

  protected override [derive](hash: Hash): PermittedParameters {
    return new PermittedParameters(hash)
  }
}

for (const [kind, permitted] of [[Parameters, false] as const, [PermittedParameters, true] as const]) {
  Object.defineProperty(kind.prototype, permittedMarker, { value: permitted })
  // An attribute that wasn't sent must read as undefined, even when it is called `constructor`.
  Reflect.deleteProperty(kind.prototype, 'constructor')
}
for (const kind of [ParameterMethods, ParameterScalars]) Reflect.deleteProperty(kind.prototype, 'constructor')
Object.setPrototypeOf(ParameterScalars.prototype, null)

/** Permitted parameters as the compiler sees them: the attributes, and the methods whose names they don't take. */
export type Permitted<T extends object> = T & (TakenNames<T> extends never ? PermittedMethods<T> : Omit<PermittedMethods<T>, TakenNames<T>>)
type TakenNames<T> = string extends keyof T ? never : keyof T & keyof PermittedMethods<object>
declare abstract class PermittedMethods<T extends object> extends ParameterMethods<T> {
  override isPermitted(): true
}

/** The kind of parameters that `this` is, over other attributes. */
type Kind<This, T extends object> = This extends Parameters ? Parameters : Permitted<T>
type AttributesOf<U> = U extends ParameterMethods<infer T> ? T : U
type Simplify<T> = { [K in keyof T]: T[K] }

function isParameters(value: unknown): value is Parameters {
  return value instanceof Parameters
}

function hashOf(value: Hash): Hash {
  return isParameters(value) ? value[store] : value
}

/** What parameters keep of a value: the hashes behind Parameters, in lists and hashes too. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped)
  if (isParameters(value)) return value[store]
  return isHash(value) && !(permittedMarker in value) ? unwrappedHash(value) : value
}

function unwrappedHash(hash: Hash): Hash {
  if (isParameters(hash)) return hash[store]
  const copy = createParameterHash() as Record<string, unknown>
  for (const key of Object.keys(hash)) if (key !== '__proto__') copy[key] = unwrapped(hash[key])
  return copy
}
