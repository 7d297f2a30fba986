/** A value, now or later. */
export type MaybePromise<T> = T | Promise<T>

/** What a session holds, as JSON keeps it. Inherits nothing. */
export type SessionRecord = Readonly<Record<string, unknown>>

/** Keeps sessions on the server: the browser has their id only. `MemorySessionStore`, `adapters/redis` and the application's database implement it.
 *
 * Ids given to it are private ones, from which nobody finds the id that the browser has: what reads the store can't take sessions over.
 */
export interface SessionStore {
  /** Whether reading answers with a promise: such sessions are loaded before an action of a request that has one. */
  readonly isAsynchronous: boolean
  /** What was written under an id; undefined for ids that nobody wrote or that have expired. */
  read(id: string): MaybePromise<SessionRecord | undefined>
  /** @param expireAfter seconds until it may be forgotten; undefined for the store's own bound */
  write(id: string, record: SessionRecord, expireAfter: number | undefined): MaybePromise<void>
  delete(id: string): MaybePromise<void>
  close?(): MaybePromise<void>
}
