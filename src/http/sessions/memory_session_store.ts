import type { SessionRecord, SessionStore } from './session_store.ts'

/** Keeps sessions in this process: they end with it, and no other process sees them. Bounded: the longest unused are forgotten first.
 * @example config.session.store = new MemorySessionStore({ most: 1000 })
 */
export class MemorySessionStore implements SessionStore {
  readonly isAsynchronous = false
  readonly #most: number
  readonly #sessions = new Map<string, { readonly json: string; readonly until: number }>()

  /** @param options.most sessions kept; default 10,000 */
  constructor({ most = 10_000 }: { readonly most?: number } = {}) {
    this.#most = most
  }

  read(id: string): SessionRecord | undefined {
    const session = this.#sessions.get(id)
    if (session === undefined) return undefined
    this.#sessions.delete(id)
    if (session.until <= Date.now()) return undefined
    this.#sessions.set(id, session)
    return JSON.parse(session.json) as SessionRecord
  }

  write(id: string, record: SessionRecord, expireAfter: number = oneDay): void {
    this.#sessions.delete(id)
    this.#sessions.set(id, { json: JSON.stringify(record), until: Date.now() + expireAfter * 1000 })
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#most) break
      this.#sessions.delete(oldest)
    }
  }

  delete(id: string): void {
    this.#sessions.delete(id)
  }
}

const oneDay = 86_400
