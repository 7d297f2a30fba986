import { generateSessionId, privateSessionId } from '../../messages/index.ts'
import type { CookieJar, CookieOptions } from '../cookies/index.ts'
import type { MaybePromise, SessionRecord, SessionStore } from './session_store.ts'

/** A session: the id that its browser has, and what it holds. */
export interface FoundSession {
  readonly id: string
  readonly record: SessionRecord
}

/** What a browser says of its session; the record is there when it is kept by the browser itself. */
export interface NamedSession {
  readonly id: string
  readonly record?: SessionRecord
}

/** Finds and keeps the session of one request, in its cookie or in a store. */
export interface SessionKeeper {
  /** undefined when the browser has no session, or none that can be one. */
  named(jar: CookieJar): NamedSession | undefined
  /** The session that the browser named, or a new one: an id that nobody knows is never taken over. */
  find(named: NamedSession | undefined): MaybePromise<FoundSession>
  /** Keeps what a session holds, and writes its cookie unless `options` is undefined. */
  write(jar: CookieJar, session: FoundSession, options: CookieOptions | undefined, expireAfter: number | undefined): MaybePromise<void>
  delete(id: string): MaybePromise<void>
}

/** Keeps sessions in an encrypted cookie, as Rails' CookieStore does: both read what the other wrote. */
export class CookieKeeper implements SessionKeeper {
  readonly #key: string

  constructor(key: string) {
    this.#key = key
  }

  named(jar: CookieJar): NamedSession | undefined {
    const value = jar.encrypted.get(this.#key)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const id: unknown = (value as SessionRecord)['session_id']
    return typeof id === 'string' && id !== '' ? { id, record: value as SessionRecord } : undefined
  }

  find(named: NamedSession | undefined): FoundSession {
    if (named?.record !== undefined) return { id: named.id, record: named.record }
    const id = generateSessionId()
    return { id, record: { session_id: id } }
  }

  write(jar: CookieJar, { id, record }: FoundSession, options: CookieOptions | undefined): void {
    if (options === undefined) return
    const kept = Object.assign(Object.create(null), record) as Record<string, unknown>
    kept['session_id'] = id
    jar.encrypted.put(this.#key, kept, options)
  }

  delete(): void {}
}

/** Keeps sessions in a store, and their id in a cookie. */
export class StoreKeeper implements SessionKeeper {
  readonly #key: string
  readonly #store: SessionStore

  constructor(key: string, store: SessionStore) {
    this.#key = key
    this.#store = store
  }

  named(jar: CookieJar): NamedSession | undefined {
    const id = jar.get(this.#key)
    // What looks like a private id comes from somebody who has seen the store.
    return id === undefined || !/^[\w-]{16,128}$/.test(id) ? undefined : { id }
  }

  find(named: NamedSession | undefined): MaybePromise<FoundSession> {
    if (named === undefined) return newSession()
    const { id } = named
    const read = this.#store.read(privateSessionId(id))
    const found = (record: SessionRecord | undefined) => (record === undefined ? newSession() : { id, record })
    return read instanceof Promise ? read.then(found) : found(read)
  }

  write(
    jar: CookieJar,
    { id, record }: FoundSession,
    options: CookieOptions | undefined,
    expireAfter: number | undefined,
  ): MaybePromise<void> {
    const writing = this.#store.write(privateSessionId(id), record, expireAfter)
    if (options !== undefined) jar.set(this.#key, id, options)
    return writing
  }

  delete(id: string): MaybePromise<void> {
    return this.#store.delete(privateSessionId(id))
  }
}

function newSession(): FoundSession {
  return { id: generateSessionId(), record: {} }
}
