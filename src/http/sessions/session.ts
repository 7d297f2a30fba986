import { fromOutside } from '../../values/index.ts'
import type { CookieJar } from '../cookies/index.ts'
import { SessionDisabled, SessionNotLoaded } from '../errors.ts'
import type { SessionData } from './register.ts'
import { type SessionValues, sessionData } from './session_data.ts'
import type { FoundSession, NamedSession } from './session_keeper.ts'
import { inSeconds, type SessionOptions, type SessionPolicy, sessionCookieOptions } from './session_policy.ts'
import type { MaybePromise, SessionRecord } from './session_store.ts'

/** What a session needs to know of its request. */
export interface SessionRequest {
  readonly cookies: CookieJar
  readonly isSsl: boolean
}

/** The session of one request: loaded when it is first asked for, and kept at the end when it has been loaded, as in Rails. */
export class Session implements SessionValues {
  /** What applications read and write: `session['user_id']`. */
  readonly data: SessionData = sessionData(this)
  /** What this request decides of its session, such as `expireAfter` for "remember me". */
  readonly options: SessionOptions
  readonly #request: SessionRequest
  readonly #policy: SessionPolicy | undefined
  #named: NamedSession | null | undefined
  #id: string | undefined
  #idWas: string | undefined
  #values: Map<string, unknown> | undefined
  #deleting: Promise<unknown> | undefined

  /** @param policy undefined where there are no sessions */
  constructor(request: SessionRequest, policy: SessionPolicy | undefined) {
    this.#request = request
    this.#policy = policy
    this.options = policy === undefined ? {} : { ...policy.defaults, key: policy.key }
  }

  /** A session that holds nothing and isn't kept, for a request that isn't trusted with its own. */
  static empty(request: SessionRequest): Session {
    const session = new Session(request, undefined)
    session.#values = new Map()
    return session
  }

  /** Whether there are sessions. */
  get isEnabled(): boolean {
    return this.#policy !== undefined
  }

  /** Whether the browser has one. */
  get exists(): boolean {
    return this.#seek() !== undefined
  }

  get isLoaded(): boolean {
    return this.#values !== undefined
  }

  /** The id that the browser has or will have. */
  get id(): string | undefined {
    return this.#id ?? this.#seek()?.id
  }

  /** The id that the browser came with, whatever has become of it. */
  get idWas(): string | undefined {
    this.forReading()
    return this.#idWas
  }

  forReading(): ReadonlyMap<string, unknown> | undefined {
    return this.#values ?? (this.exists ? this.#loadNow() : undefined)
  }

  forWriting(): Map<string, unknown> {
    if (this.#values !== undefined) return this.#values
    if (this.#policy === undefined) throw new SessionDisabled({})
    return this.#loadNow()
  }

  /** Loads what the browser's session holds. A promise only where the store answers with one. */
  load(): MaybePromise<void> {
    if (this.#values !== undefined || this.#policy === undefined) return
    const found = this.#policy.keeper.find(this.#seek())
    if (found instanceof Promise) return found.then((session) => this.#take(session))
    this.#take(found)
  }

  /** Ends the session and begins a new one, with a new id and without values. What the store had is deleted at once. */
  reset(): MaybePromise<void> {
    if (this.#policy === undefined) {
      this.#values?.clear()
      return
    }
    this.#idWas ??= this.#seek()?.id
    const deleting = this.#delete()
    const fresh = this.#policy.keeper.find(undefined)
    // No store is asked for a session that nobody has named.
    if (!(fresh instanceof Promise)) this.#take(fresh)
    return deleting
  }

  /** Keeps the session, as its options say, and writes its cookie into the request's jar. */
  commit(): MaybePromise<void> {
    const { options } = this
    if (this.#policy === undefined) return
    if (options.drop) return this.#delete()
    if (options.skip || !this.#mayBeSent()) return this.#deleting?.then(nothing)
    if (this.isLoaded) return this.#renewAndWrite()
    if (!this.#isForced() || !this.exists) return this.#deleting?.then(nothing)
    const loading = this.load()
    return loading instanceof Promise ? loading.then(() => this.#renewAndWrite()) : this.#renewAndWrite()
  }

  #isForced(): boolean {
    const { renew, defer, expireAfter } = this.options
    return renew === true || defer === true || expireAfter !== undefined
  }

  #mayBeSent(): boolean {
    return this.options.secure !== true || this.#request.isSsl
  }

  #renewAndWrite(): MaybePromise<void> {
    if (this.options.renew) {
      void this.#delete()
      const fresh = this.#policy!.keeper.find(undefined)
      if (!(fresh instanceof Promise)) this.#id = fresh.id
    }
    return this.#deleting === undefined ? this.#write() : this.#deleting.then(() => this.#write())
  }

  #write(): MaybePromise<void> {
    const { options } = this
    const record = Object.create(null) as Record<string, unknown>
    for (const [name, value] of this.#values!) if (value !== null && value !== undefined) record[name] = value
    const cookie = options.defer && !options.renew ? undefined : sessionCookieOptions(options)
    return this.#policy!.keeper.write(this.#request.cookies, { id: this.#id!, record }, cookie, inSeconds(options.expireAfter))
  }

  #delete(): MaybePromise<void> {
    const id = this.id
    if (id === undefined) return this.#deleting?.then(nothing)
    const deleting = this.#policy!.keeper.delete(id)
    if (!(deleting instanceof Promise)) return
    this.#deleting = Promise.all([this.#deleting, deleting])
    // Whoever waits for it gets the error; nobody waiting must not end the process.
    this.#deleting.catch(nothing)
    return this.#deleting.then(nothing)
  }

  #seek(): NamedSession | undefined {
    if (this.#named === undefined) this.#named = this.#policy?.keeper.named(this.#request.cookies) ?? null
    return this.#named ?? undefined
  }

  #loadNow(): Map<string, unknown> {
    const loading = this.load()
    if (!(loading instanceof Promise)) return this.#values!
    loading.catch(nothing)
    throw new SessionNotLoaded({})
  }

  #take({ id, record }: FoundSession): void {
    this.#idWas ??= this.#seek()?.id
    this.#id = id
    this.#values = valuesOf(record)
  }
}

function valuesOf(record: SessionRecord): Map<string, unknown> {
  return new Map(Object.entries(fromOutside(record)))
}

function nothing(): void {}
