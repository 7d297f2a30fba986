import { currentExecution, withExecution } from '../context/index.ts'
import { isRead } from './connections/read_only.ts'
import type { Changes, Database, ResultSet, SqlValue } from './database.ts'
import type { Connection } from './sql_events.ts'

/** How many answers are kept, unless it is said: the one that wasn't asked for longest goes first. */
const usualSize = 100

/** The answers of queries that an execution has asked, until it writes. */
class QueryCache {
  readonly #size: number
  #answers = new Map<Database, Map<string, ResultSet>>()
  #writes = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Grows with every write: an answer that was asked for before one isn't kept after it. */
  get writes(): number {
    return this.#writes
  }

  find(database: Database, key: string): ResultSet | undefined {
    const answers = this.#answers.get(database)
    const answer = answers?.get(key)
    if (answers === undefined || answer === undefined) return undefined
    answers.delete(key)
    answers.set(key, answer)
    return copyOf(answer)
  }

  keep(database: Database, key: string, answer: ResultSet): void {
    const answers = this.#answers.get(database) ?? new Map<string, ResultSet>()
    this.#answers.set(database, answers)
    answers.set(key, copyOf(answer))
    if (answers.size > this.#size) answers.delete(answers.keys().next().value!)
  }

  clear(): void {
    this.#writes++
    this.#answers = new Map()
  }
}

/** Records take the rows that they are made of. */
function copyOf(answer: ResultSet): ResultSet {
  return { ...answer, rows: answer.rows.map((row) => row.slice()) }
}

/** Runs `work` with the answers of its queries remembered: the same query is asked once, until something is written. Inside of another, it shares that one's.
 * @param size how many answers are kept
 */
export function withQueryCache<T>(work: () => T, size: number = usualSize): T {
  if (cacheNow() !== undefined) return work()
  return withExecution({ queryCache: new QueryCache(size) }, work)
}

/** Runs `work` with every query asked anew. What it writes is still seen by the cache around. */
export function withoutQueryCache<T>(work: () => T): T {
  const cache = currentExecution()?.queryCache
  if (cache === undefined || cache instanceof Passing) return work()
  return withExecution({ queryCache: new Passing(cache as QueryCache) }, work)
}

/** A cache that is only told of writes. */
class Passing {
  readonly cache: QueryCache
  constructor(cache: QueryCache) {
    this.cache = cache
  }
}

function cacheNow(): QueryCache | undefined {
  const cache = currentExecution()?.queryCache
  return cache instanceof QueryCache ? cache : undefined
}

/** Forgets all answers: a transaction was rolled back. */
export function clearQueryCache(): void {
  const cache = currentExecution()?.queryCache
  if (cache instanceof Passing) cache.cache.clear()
  else if (cache instanceof QueryCache) cache.clear()
}

/** A connection whose queries are answered from a cache where they can be.
 * @param cache what the execution has
 * @param tell what is done about an answer that the database wasn't asked for
 */
export function cachingConnection(
  connection: Connection,
  database: Database,
  cache: object,
  tell: (sql: string, args: readonly SqlValue[], answer: ResultSet) => void,
): Connection {
  const keeping = cache instanceof QueryCache ? cache : undefined
  return {
    query(sql, args) {
      if (!isRead(sql) || locks.test(sql)) return writing(() => connection.query(sql, args))
      if (keeping === undefined) return connection.query(sql, args)
      const key = keyOf(sql, args)
      const known = keeping.find(database, key)
      if (known !== undefined) {
        tell(sql, args, known)
        return known
      }
      const { writes } = keeping
      const keep = (answer: ResultSet): ResultSet => {
        if (keeping.writes === writes) keeping.keep(database, key, answer)
        return answer
      }
      const pending = connection.query(sql, args)
      return pending instanceof Promise ? pending.then(keep) : keep(pending)
    },
    execute: (sql, args) => writing(() => connection.execute(sql, args)),
  }
}

/** Clears before, since others of the execution may ask meanwhile, and after. */
function writing<T extends ResultSet | Changes>(run: () => T | Promise<T>): T | Promise<T> {
  clearQueryCache()
  const pending = run()
  if (pending instanceof Promise) return pending.finally(clearQueryCache)
  clearQueryCache()
  return pending
}

/** Queries that lock rows are asked every time, as they are asked for more than the answer. */
const locks = /\bfor\s+(?:no\s+key\s+)?(?:update|share|key\s+share)\b/i

function keyOf(sql: string, args: readonly SqlValue[]): string {
  return `${sql}\0${args.map(textOf).join('\0')}`
}

function textOf(value: SqlValue): string {
  if (value instanceof Date) return `d${value.getTime()}`
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('base64')}`
  if (Array.isArray(value)) return `[${value.map((each: SqlValue) => JSON.stringify(textOf(each))).join()}]`
  return `${typeof value}${String(value).replaceAll('\\', '\\\\').replaceAll('\0', '\\0')}`
}
