import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type {
  ArgType,
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQueryable,
  Transaction as PrismaTransaction,
} from '@prisma/driver-adapter-utils'
import type { Changes, Codec, Database, FieldMetadata, ResultSet, SchemaMetadata, SqlValue, Transaction } from '../../../src/model/index.ts'
import { type ClientSource, loadClient } from '../client.ts'
import { type CodecFor, serverCodecs } from '../codecs.ts'
import { TransactionOver } from '../errors.ts'
import { withinLimit } from '../long_statements.ts'
import { isUnreachable, serverError } from './failures.ts'
import { onLiveConnection } from './lost_connections.ts'

/** What a database behind one of Prisma's adapters is opened with. */
export interface ServerOptions {
  metadata: SchemaMetadata
  client: ClientSource
  /** Whether the server's inserts answer with `returning`. */
  hasReturning: boolean
}

/** A database server behind the port, through one of Prisma's own driver adapters and its pool of connections. */
export class ServerDatabase implements Database {
  readonly dialect: 'postgres' | 'mysql'
  readonly hasReturning: boolean
  readonly #adapter: SqlDriverAdapter
  readonly #options: ServerOptions
  readonly #codecFor: CodecFor
  #client: unknown

  constructor(dialect: 'postgres' | 'mysql', adapter: SqlDriverAdapter, options: ServerOptions) {
    this.dialect = dialect
    this.hasReturning = options.hasReturning
    this.#adapter = adapter
    this.#options = options
    this.#codecFor = serverCodecs(options.metadata)
  }

  query(sql: string, args: readonly SqlValue[]): Promise<ResultSet> {
    const short = withinLimit(this.dialect, sql, args)
    if (!ONLY_READS.test(sql)) return query(this.#adapter, short.sql, short.args)
    return onLiveConnection(() => query(this.#adapter, short.sql, short.args))
  }

  execute(sql: string, args: readonly SqlValue[]): Promise<Changes> {
    const short = withinLimit(this.dialect, sql, args)
    return execute(this.#adapter, short.sql, short.args)
  }

  begin(options: { isolation?: string } = {}): Promise<Transaction> {
    return onLiveConnection(() => this.#begin(options.isolation?.toUpperCase() as IsolationLevel | undefined))
  }

  async #begin(isolation: IsolationLevel | undefined): Promise<Transaction> {
    try {
      return new ServerTransaction(this.dialect, await this.#adapter.startTransaction(isolation))
    } catch (error) {
      throw serverError(error, 'BEGIN')
    }
  }

  typeOfAnswer(type: number): 'DateTime' | 'Date' | 'Decimal' | 'Json' | undefined {
    return ANSWERED.get(type)
  }

  codec(field: FieldMetadata): Codec | undefined {
    return this.#codecFor(field)
  }

  get client(): unknown {
    return (this.#client ??= loadClient(this.#options.client, sharing(this.#adapter)))
  }

  close(): Promise<void> {
    return this.#adapter.dispose()
  }
}

const ANSWERED: ReadonlyMap<number, 'DateTime' | 'Date' | 'Decimal' | 'Json'> = new Map([
  [ColumnTypeEnum.DateTime, 'DateTime'],
  [ColumnTypeEnum.Date, 'Date'],
  [ColumnTypeEnum.Numeric, 'Decimal'],
  [ColumnTypeEnum.Json, 'Json'],
])

/** What may run a second time: the reads that models make. */
const ONLY_READS = /^select\b/i

class ServerTransaction implements Transaction {
  readonly #dialect: 'postgres' | 'mysql'
  readonly #transaction: PrismaTransaction
  #isOpen = true

  constructor(dialect: 'postgres' | 'mysql', transaction: PrismaTransaction) {
    this.#dialect = dialect
    this.#transaction = transaction
  }

  query(sql: string, args: readonly SqlValue[]): Promise<ResultSet> {
    const short = withinLimit(this.#dialect, sql, args)
    return query(this.#open('run the statement'), short.sql, short.args)
  }

  execute(sql: string, args: readonly SqlValue[]): Promise<Changes> {
    const short = withinLimit(this.#dialect, sql, args)
    return execute(this.#open('run the statement'), short.sql, short.args)
  }

  commit(): Promise<void> {
    return this.#finish('commit', 'COMMIT')
  }

  rollback(): Promise<void> {
    return this.#finish('roll back', 'ROLLBACK')
  }

  savepoint(name: string): Promise<void> {
    return this.#control(`SAVEPOINT ${this.#quoted(name)}`)
  }

  releaseSavepoint(name: string): Promise<void> {
    return this.#control(`RELEASE SAVEPOINT ${this.#quoted(name)}`)
  }

  rollbackToSavepoint(name: string): Promise<void> {
    return this.#control(`ROLLBACK TO SAVEPOINT ${this.#quoted(name)}`)
  }

  #open(action: string): PrismaTransaction {
    if (!this.#isOpen) throw new TransactionOver({ action })
    return this.#transaction
  }

  async #control(statement: string): Promise<void> {
    await execute(this.#open('set a savepoint'), statement, [])
  }

  /** Prisma's adapters leave the statement to their caller (unless they ask for a phantom query) and then give the connection back. */
  async #finish(action: string, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const transaction = this.#open(action)
    this.#isOpen = false
    try {
      if (!transaction.options.usePhantomQuery) await this.#end(transaction, statement)
      await (statement === 'COMMIT' ? transaction.commit() : transaction.rollback())
    } catch (error) {
      const failure = serverError(error, statement)
      // The server rolls back what a lost connection left open.
      if (statement === 'ROLLBACK' && isUnreachable(failure)) return
      throw failure
    }
  }

  async #end(transaction: PrismaTransaction, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      await execute(transaction, statement, [])
    } catch (error) {
      await transaction.rollback()
      throw error
    }
  }

  #quoted(name: string): string {
    const quote = this.#transaction.provider === 'mysql' ? '`' : '"'
    return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
  }
}

async function query(on: SqlQueryable, sql: string, args: readonly SqlValue[]): Promise<ResultSet> {
  try {
    const { columnNames, columnTypes, rows, lastInsertId } = await on.queryRaw({ sql, args: args as SqlValue[], argTypes: typesOf(args) })
    readIntegers(columnTypes, rows as SqlValue[][])
    const answer = { columns: columnNames, rows: rows as SqlValue[][], types: columnTypes }
    // MySQL's: the key of an inserted row, which no `returning` tells there.
    return lastInsertId === undefined ? answer : { ...answer, insertId: BigInt(lastInsertId) }
  } catch (error) {
    throw serverError(error, sql)
  }
}

/** Integers of 64 bits come as text: numbers where JavaScript's hold them exactly, bigints beyond. */
function readIntegers(types: readonly number[], rows: readonly SqlValue[][]): void {
  for (const [place, type] of types.entries()) {
    if (type !== ColumnTypeEnum.Int64) continue
    for (const row of rows) {
      const value = row[place]
      if (typeof value !== 'string') continue
      const number = Number(value)
      row[place] = Number.isSafeInteger(number) ? number : BigInt(value)
    }
  }
}

async function execute(on: SqlQueryable, sql: string, args: readonly SqlValue[]): Promise<Changes> {
  try {
    return { affected: await on.executeRaw({ sql, args: args as SqlValue[], argTypes: typesOf(args) }) }
  } catch (error) {
    throw serverError(error, sql)
  }
}

const SCALAR: ArgType = { scalarType: 'unknown', arity: 'scalar' }
const LIST: ArgType = { scalarType: 'unknown', arity: 'list' }

function typesOf(args: readonly SqlValue[]): ArgType[] {
  return args.map((value) => (Array.isArray(value) ? LIST : SCALAR))
}

/** A factory that hands out the open adapter; Prisma's client must not close it. */
function sharing(adapter: SqlDriverAdapter): SqlDriverAdapterFactory {
  const shared = new Proxy(adapter, {
    get(target, property) {
      if (property === 'dispose') return async () => {}
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { provider: adapter.provider, adapterName: adapter.adapterName, connect: async () => shared }
}
