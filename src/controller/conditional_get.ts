import { hash } from 'node:crypto'
import { isFresh } from '../http/index.ts'
import { type CacheTarget, cacheKey, lastChange } from './cache_keys.ts'
import type { Metal } from './metal.ts'
import { ServerSentEvents } from './server_sent_events.ts'

/** What an answer is recognised by. */
export interface Freshness {
  /** What the answer is made of: a record, a list, values. Another name for `weakEtag`. */
  readonly etag?: unknown
  readonly weakEtag?: unknown
  /** As `etag`, for answers that are the same byte for byte. */
  readonly strongEtag?: unknown
  readonly lastModified?: Date | undefined
  /** Whether caches between us and the client may keep it. */
  readonly public?: boolean
  readonly cacheControl?: {
    readonly maxAge?: Length
    readonly noCache?: boolean
    readonly noStore?: boolean
    readonly mustRevalidate?: boolean
    readonly private?: boolean
    readonly immutable?: boolean
    readonly staleWhileRevalidate?: Length
    readonly staleIfError?: Length
  }
}

/** A time in seconds, or a duration such as `minutes(5)`. */
export type Length = number | { readonly seconds: number }

/** How long, and where, an answer may be kept. What has no name here is sent as it is: `{ sMaxage: 60 }`. */
export interface ExpiresOptions {
  readonly public?: boolean
  readonly mustRevalidate?: boolean
  readonly staleWhileRevalidate?: Length
  readonly staleIfError?: Length
  readonly immutable?: boolean
  readonly private?: boolean
  readonly [directive: string]: string | boolean | Length | undefined
}

/** What every ETag of a controller depends on too: the signed-in user, a version. Null and undefined are left out. */
export type Etagger<C> = (this: C, controller: C, freshness: Freshness) => unknown

type Class = abstract new (...args: never[]) => Metal
const ownEtaggers = new WeakMap<object, Etagger<never>[]>()
const century = 3_155_695_200

/** Answers that a client may keep, and needn't get again while they are the same. */
export abstract class ConditionalGet extends ServerSentEvents {
  /** Makes every ETag of this controller and those below it depend on something else too.
   * @example this.etag((controller) => controller.currentUser?.id)
   */
  static etag<C extends Class>(this: C, etagger: Etagger<InstanceType<C>>): void {
    ownEtaggers.set(this, [...(ownEtaggers.get(this) ?? []), etagger as Etagger<never>])
  }

  /** Says what the answer is recognised by, and answers 304 when the client has it.
   *
   * @param object a record (its key and `updated_at`), or a loaded list of records
   * @example this.freshWhen(article, { public: true })
   */
  freshWhen(object?: CacheTarget | null, options?: Freshness): void
  freshWhen(options: Freshness): void
  freshWhen(first?: unknown, second?: Freshness): void {
    const [object, options] = isFreshness(first, second) ? [undefined, first] : [first, second ?? {}]
    const { response } = this
    const strongEtag = given(options.strongEtag)
    const weakEtag = given(options.weakEtag) ?? given(options.etag) ?? object
    const lastModified = options.lastModified ?? lastChange(object)
    const cacheControl = response.cacheControl
    delete cacheControl.noStore
    if (strongEtag !== undefined) response.setHeader('etag', etagOf(this, strongEtag, options))
    else if (weakEtag !== undefined && weakEtag !== null) response.setHeader('etag', `W/${etagOf(this, weakEtag, options)}`)
    if (lastModified !== undefined) response.setHeader('last-modified', lastModified.toUTCString())
    if (options.public === true) cacheControl.public = true
    Object.assign(cacheControl, inSeconds(options.cacheControl ?? {}))
    if (isFresh(this.request, response)) this.head('not_modified')
  }

  /** As `freshWhen`, and whether the answer has to be made.
   * @example if (this.stale(article)) this.render({ json: article })
   */
  stale(object?: CacheTarget | null, options?: Freshness): boolean
  stale(options: Freshness): boolean
  stale(first?: unknown, second?: Freshness): boolean {
    this.freshWhen(first as CacheTarget, second)
    return !isFresh(this.request, this.response)
  }

  /** Lets a client keep the answer for a time, in seconds or as a duration, without asking again.
   * @example this.expiresIn(minutes(5), { public: true, staleWhileRevalidate: 60 })
   */
  expiresIn(time: Length, options: ExpiresOptions = {}): void {
    const { public: isPublic, mustRevalidate, staleWhileRevalidate, staleIfError, immutable, private: _, ...rest } = inSeconds(options)
    const { cacheControl } = this.response
    delete cacheControl.noStore
    const extras = Object.entries(rest).filter(([, value]) => value !== undefined && value !== false)
    Object.assign(cacheControl, {
      maxAge: secondsOf(time),
      public: isPublic,
      mustRevalidate,
      staleWhileRevalidate,
      staleIfError,
      immutable,
    })
    cacheControl.extras = extras.map(([name, value]) => (value === true ? directiveName(name) : `${directiveName(name)}=${value}`))
  }

  /** Has a client ask again each time whether the answer is still the same. */
  expiresNow(): void {
    this.response.cacheControl = { noCache: true }
  }

  /** Has nobody keep the answer, for what is secret or always new. */
  noStore(): void {
    this.response.cacheControl = { noStore: true }
  }

  /** Lets caches that know this status keep the answer, and all others not. */
  mustUnderstand(): void {
    Object.assign(this.response.cacheControl, { mustUnderstand: true, noStore: true })
  }

  /** Lets a client keep the answer for a hundred years: for what never changes under its URL. The block answers unless the client has it.
   * @returns what the block returns
   * @example this.httpCacheForever({ public: true }, () => this.render({ json: constants }))
   */
  httpCacheForever<T>(options: { readonly public?: boolean; readonly lastModified?: Date }, answer: () => T): T | undefined {
    const { public: isPublic = false, lastModified = new Date(Date.UTC(2011, 0, 1)) } = options
    this.expiresIn(century, { public: isPublic, immutable: true })
    return this.stale({ etag: this.request.fullpath, lastModified, public: isPublic }) ? answer() : undefined
  }
}

/** The same with durations as numbers. */
function inSeconds(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, secondsOf(value)]))
}

function secondsOf(time: unknown): unknown {
  return typeof time === 'object' && time !== null && 'seconds' in time ? time.seconds : time
}

function etagOf(controller: Metal, validator: unknown, options: Freshness): string {
  const more = etaggersOf(controller.constructor).map((etagger) => etagger.call(controller as never, controller as never, options))
  const validators = [validator, ...more].filter((one) => one !== undefined && one !== null)
  return `"${hash('sha256', cacheKey(validators), 'hex').slice(0, 32)}"`
}

/** False is none, as in Ruby. */
function given(validator: unknown): unknown {
  return validator === null || validator === false ? undefined : validator
}

const freshnessNames = new Set(['etag', 'weakEtag', 'strongEtag', 'lastModified', 'public', 'cacheControl'])

function isFreshness(first: unknown, second: unknown): first is Freshness {
  if (second !== undefined || typeof first !== 'object' || first === null || Object.getPrototypeOf(first) !== Object.prototype) return false
  return Object.keys(first).every((name) => freshnessNames.has(name))
}

/** Those of the parents come first. */
function etaggersOf(controller: Function): Etagger<never>[] {
  const etaggers: Etagger<never>[] = []
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    etaggers.unshift(...(ownEtaggers.get(one) ?? []))
  }
  return etaggers
}

function directiveName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-')
}
