import type { SqliteStatement } from './driver.ts'

/** Keeps the statements in use prepared. Two generations instead of a list by age, so that a hit costs one look-up and writes nothing:
 * what isn't used while a whole generation fills up is dropped.
 */
export class StatementCache {
  readonly #limit: number
  #young = new Map<string, SqliteStatement>()
  #old = new Map<string, SqliteStatement>()

  /** @param limit statements a generation; twice as many are kept at most */
  constructor(limit: number) {
    this.#limit = limit
  }

  get(sql: string): SqliteStatement | undefined {
    const statement = this.#young.get(sql)
    if (statement !== undefined) return statement
    const old = this.#old.get(sql)
    if (old !== undefined) this.set(sql, old)
    return old
  }

  set(sql: string, statement: SqliteStatement): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, statement)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
