import type { JobBackend, JobOutbox, NewJob } from '../../jobs/index.ts'
import { DuplicateJob, familyMembers, JobTooLarge, longestData, receivedJobs } from '../../jobs/index.ts'
import type { Logger } from '../../logging/index.ts'
import { type Database, openTransactionOn, type SchemaMetadata, type SqlValue, type Transaction } from '../../model/index.ts'
import { MissingOutboxTable } from '../errors.ts'

const table = 'job_outbox'
const columns = ['id', 'entry', 'created_at']
/** How often is looked for jobs that nobody handed over, because their process died. */
const sweepMilliseconds = 10_000
/** The process that wrote a job hands it over right after the commit: so long it is left to it. */
const graceMilliseconds = 5_000
const pageSize = 100

/** Whatever runs statements: the database, or an open transaction on it. */
type Connection = Pick<Transaction, 'query' | 'execute'>

/** Jobs of transactions, as rows of the table `job_outbox` until they are in the queue. A row is deleted in a transaction that is committed when
 * the queue has the job, so that none is lost, and of several processes one hands it over. */
export class DatabaseJobOutbox implements JobOutbox {
  readonly #database: Database
  readonly #backend: JobBackend
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #sweeping: Promise<void> = Promise.resolve()

  constructor(database: Database, backend: JobBackend, logger: Logger) {
    this.#database = database
    this.#backend = backend
    this.#logger = logger
  }

  /** The outbox of an application's database.
   * @throws MissingOutboxTable (REGAUGE_MISSING_OUTBOX_TABLE)
   */
  static open(
    database: Database | undefined,
    metadata: SchemaMetadata | undefined,
    backend: JobBackend,
    logger: Logger,
  ): DatabaseJobOutbox {
    const model = metadata?.models.find((one) => one.table === table)
    if (database === undefined || model === undefined) throw new MissingOutboxTable({ reason: `there is no table ${table}` })
    const missing = columns.find((column) => !model.fields.some((field) => field.column === column))
    if (missing !== undefined) throw new MissingOutboxTable({ reason: `the table ${table} has no column ${missing}` })
    return new DatabaseJobOutbox(database, backend, logger)
  }

  get isInTransaction(): boolean {
    return openTransactionOn(this.#database) !== undefined
  }

  async write(entries: readonly NewJob[]): Promise<() => Promise<void>> {
    const transaction = openTransactionOn(this.#database)!
    const now = this.#time(Date.now())
    const insert = this.#sql(['INSERT INTO job_outbox (id, entry, created_at) VALUES (', ', ', ', ', ')'])
    // What the queue would never take must not be committed.
    for (const { name, data } of familyMembers(entries).map(({ entry }) => entry)) {
      const { length } = JSON.stringify(data)
      if (length > longestData) throw new JobTooLarge({ name, bytes: length, limit: longestData })
    }
    for (const entry of entries) await transaction.execute(insert, [entry.id!, JSON.stringify(entry), now])
    return async () => {
      try {
        await this.#handOver(entries)
      } catch (error) {
        const message = `Jobs stay in the outbox for now, as the queue doesn't take them: ${(error as Error).message}`
        this.#logger.warn(message, { error, jobs: entries.map(({ id }) => id) })
      }
    }
  }

  /** Hands over what a process left when it died, now and then again and again. */
  async start(): Promise<void> {
    await this.sweep(0)
    this.#timer = setInterval(() => void this.sweep(), sweepMilliseconds).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweeping
  }

  /** Hands over the jobs that have been there for a time.
   * @param age milliseconds
   */
  sweep(age: number = graceMilliseconds): Promise<void> {
    this.#sweeping = this.#sweeping.then(() => this.#sweep(age)).catch((error: unknown) => this.#logFailure(error))
    return this.#sweeping
  }

  async #sweep(age: number): Promise<void> {
    const select = this.#sql(['SELECT id, entry FROM job_outbox WHERE created_at <= ', ' AND id > ', ` ORDER BY id LIMIT ${pageSize}`])
    const before = this.#time(Date.now() - age)
    for (let after = ''; ; ) {
      const { rows } = await this.#database.query(select, [before, after])
      for (const [id, text] of rows) await this.#handOverRow(String(id), String(text))
      if (rows.length < pageSize) return
      after = String(rows.at(-1)![0])
    }
  }

  /** One that can't be read, or that the queue doesn't take, stays; the others don't wait for it. */
  async #handOverRow(id: string, text: string): Promise<void> {
    try {
      const [job] = receivedJobs([JSON.parse(text)])
      await this.#handOver([{ ...job!, id }])
    } catch (error) {
      this.#logger.error(`The job ${id} of the outbox can't be handed over: ${(error as Error).message}`, { error, job: id })
    }
  }

  async #handOver(entries: readonly NewJob[]): Promise<void> {
    const open = openTransactionOn(this.#database)
    // Only inside of a transaction that isn't joined, around a test: nobody else sees its rows.
    if (open !== undefined) return this.#move(open, entries)
    const transaction = await this.#database.begin()
    try {
      await this.#move(transaction, entries)
      await transaction.commit()
    } catch (error) {
      await transaction.rollback()
      throw error
    }
  }

  async #move(connection: Connection, entries: readonly NewJob[]): Promise<void> {
    const remove = this.#sql(['DELETE FROM job_outbox WHERE id = ', ''])
    const ours: NewJob[] = []
    for (const entry of entries) if ((await connection.execute(remove, [entry.id!])).affected > 0) ours.push(entry)
    if (ours.length === 0) return
    try {
      await this.#backend.add(ours)
    } catch (error) {
      if (!(error instanceof DuplicateJob) || ours.length > 1) throw error
      this.#logger.warn(`A job of the outbox is dropped: ${error.message}`, { job: ours[0]!.name })
    }
  }

  #logFailure(error: unknown): void {
    this.#logger.error(`The outbox of jobs can't be handed over: ${(error as Error).message}`, { error })
  }

  /** The parts of a statement with the placeholders of the dialect between them. */
  #sql(parts: readonly string[]): string {
    const isPostgres = this.#database.dialect === 'postgres'
    return parts.reduce((sql, part, index) => `${sql}${isPostgres ? `$${index}` : '?'}${part}`)
  }

  #time(milliseconds: number): SqlValue {
    const time = new Date(milliseconds)
    return this.#database.dialect === 'sqlite' ? time.toISOString().replace('Z', '+00:00') : time
  }
}
