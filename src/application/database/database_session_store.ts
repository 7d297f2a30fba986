import type { SessionRecord, SessionStore } from '../../http/index.ts'
import type { Database, ModelMetadata, SchemaMetadata, SqlValue } from '../../model/index.ts'
import { MissingSessionTable } from '../errors.ts'

const table = 'sessions'

/** Keeps sessions in the table `sessions` of the application's database, as the gem activerecord-session_store does with its JSON serializer:
 * both read what the other wrote. */
export class DatabaseSessionStore implements SessionStore {
  readonly isAsynchronous = true
  readonly #database: Database
  readonly #hasTimes: boolean
  readonly #expireAfter: number | undefined

  constructor(database: Database, hasTimes: boolean, expireAfter?: number) {
    this.#database = database
    this.#hasTimes = hasTimes
    this.#expireAfter = hasTimes ? expireAfter : undefined
  }

  /** The store of an application's database.
   * @param expireAfter seconds after which a session isn't read any more, whatever its browser says
   * @throws MissingSessionTable (REGAUGE_MISSING_SESSION_TABLE)
   */
  static open(database: Database | undefined, metadata: SchemaMetadata | undefined, expireAfter?: number): DatabaseSessionStore {
    const model = metadata?.models.find((one) => one.table === table)
    if (database === undefined || model === undefined) throw new MissingSessionTable({ reason: `there is no table ${table}` })
    const missing = ['session_id', 'data'].find((column) => !hasColumn(model, column))
    if (missing !== undefined) throw new MissingSessionTable({ reason: `the table ${table} has no column ${missing}` })
    return new DatabaseSessionStore(database, hasColumn(model, 'created_at') && hasColumn(model, 'updated_at'), expireAfter)
  }

  async read(id: string): Promise<SessionRecord | undefined> {
    const select = 'SELECT data FROM sessions WHERE session_id = '
    const { rows } =
      this.#expireAfter === undefined
        ? await this.#database.query(this.#sql([select, '']), [id])
        : await this.#database.query(this.#sql([select, ' AND updated_at > ', '']), [id, this.#before(this.#expireAfter)])
    return recordOf(rows[0]?.[0])
  }

  async write(id: string, record: SessionRecord): Promise<void> {
    const data = JSON.stringify(record)
    if (await this.#update(id, data)) return
    try {
      await this.#insert(id, data)
    } catch (error) {
      // Another request of the same browser was faster.
      if (!(await this.#update(id, data))) throw error
    }
  }

  async delete(id: string): Promise<void> {
    await this.#database.execute(this.#sql(['DELETE FROM sessions WHERE session_id = ', '']), [id])
  }

  /** Deletes sessions that nobody has used for a time.
   * @param seconds how long
   * @returns how many they were
   */
  async deleteUnused(seconds: number): Promise<number> {
    const { affected } = await this.#database.execute(this.#sql(['DELETE FROM sessions WHERE updated_at < ', '']), [this.#before(seconds)])
    return affected
  }

  async #update(id: string, data: string): Promise<boolean> {
    const now = this.#time(new Date(Date.now()))
    const [sql, values] = this.#hasTimes
      ? [
          ['UPDATE sessions SET data = ', ', updated_at = ', ' WHERE session_id = ', ''],
          [data, now, id],
        ]
      : [
          ['UPDATE sessions SET data = ', ' WHERE session_id = ', ''],
          [data, id],
        ]
    const { affected } = await this.#database.execute(this.#sql(sql), values)
    return affected > 0
  }

  async #insert(id: string, data: string): Promise<void> {
    const now = this.#time(new Date(Date.now()))
    const [sql, values] = this.#hasTimes
      ? [
          ['INSERT INTO sessions (session_id, data, created_at, updated_at) VALUES (', ', ', ', ', ', ', ')'],
          [id, data, now, now],
        ]
      : [
          ['INSERT INTO sessions (session_id, data) VALUES (', ', ', ')'],
          [id, data],
        ]
    await this.#database.execute(this.#sql(sql), values)
  }

  /** The parts of a statement with the placeholders of the dialect between them. */
  #sql(parts: readonly string[]): string {
    const isPostgres = this.#database.dialect === 'postgres'
    return parts.reduce((sql, part, index) => `${sql}${isPostgres ? `$${index}` : '?'}${part}`)
  }

  #before(seconds: number): SqlValue {
    return this.#time(new Date(Date.now() - seconds * 1000))
  }

  #time(time: Date): SqlValue {
    return this.#database.dialect === 'sqlite' ? time.toISOString().replace('Z', '+00:00') : time
  }
}

function hasColumn(model: ModelMetadata, column: string): boolean {
  return model.fields.some((field) => field.column === column)
}

function recordOf(data: SqlValue | undefined): SessionRecord | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const record: unknown = JSON.parse(data)
    return typeof record === 'object' && record !== null && !Array.isArray(record) ? (record as SessionRecord) : undefined
  } catch {
    return undefined // marshalled by Ruby: the session begins anew
  }
}
