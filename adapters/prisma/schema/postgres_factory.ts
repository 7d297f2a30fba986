import {
  ColumnTypeEnum,
  DriverAdapterError,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import { type AnsweredField, serverFactory } from '../server/index.ts'
import { dropAbandonedShadows, shadowName } from './shadow_database.ts'

/** The parts of Prisma's PostgreSQL adapter that have to be mended for the schema engine. */
interface PostgresAdapter extends SqlDriverAdapter {
  performIO(query: SqlQuery): Promise<{ fields?: AnsweredField[]; rows: unknown[][] }>
}

const QUOTED_CHAR = 18

/** Gives the schema engine connections to PostgreSQL, and an empty database for each time it asks for a shadow. */
export class EnginePostgresFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres'
  readonly adapterName = '@prisma/adapter-pg'
  readonly #url: string
  readonly #open = new Set<SqlDriverAdapter>()

  readonly #hidden: ReadonlySet<string>

  /** @param hidden names of foreign keys and indexes that the engine isn't told of */
  constructor(url: string, hidden: ReadonlySet<string>) {
    this.#url = url
    this.#hidden = hidden
  }

  async connect(): Promise<SqlDriverAdapter> {
    const adapter = await connectTo(this.#url)
    return this.#tracked(adapter, () => adapter.dispose())
  }

  /** Prisma's adapter would connect to the main database when it was configured with a URL. */
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = shadowName()
    const main = await connectTo(this.#url)
    await dropAbandonedShadows(main)
    await main.executeScript(`CREATE DATABASE "${name}"`)
    const url = new URL(this.#url)
    url.pathname = `/${name}`
    const shadow = await connectTo(url.href)
    return this.#tracked(shadow, async () => {
      await shadow.dispose()
      await main.executeScript(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
      await main.dispose()
    })
  }

  /** Closes what the engine left open. */
  async dispose(): Promise<void> {
    for (const adapter of [...this.#open]) await adapter.dispose()
  }

  #withoutHidden(sql: string, result: SqlResultSet): SqlResultSet {
    const about = sql.includes('confdeltype') ? 'constraint_name' : sql.includes('rawindex') ? 'index_name' : undefined
    const name = about === undefined ? -1 : result.columnNames.indexOf(about)
    return name < 0 ? result : { ...result, rows: result.rows.filter((row) => !this.#hidden.has(String(row[name]))) }
  }

  #tracked(adapter: PostgresAdapter, close: () => Promise<void>): SqlDriverAdapter {
    const tracked: SqlDriverAdapter = {
      provider: adapter.provider,
      adapterName: adapter.adapterName,
      queryRaw: async (query) => this.#withoutHidden(query.sql, await queryWithCharacters(adapter, query)),
      executeRaw: (query) => (query.args.length > 0 ? adapter.executeRaw(query) : runScript(adapter, query.sql).then(() => 0)),
      executeScript: (script) => runScript(adapter, script),
      startTransaction: (isolation) => adapter.startTransaction(isolation),
      getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: true },
      dispose: async () => {
        if (this.#open.delete(tracked)) await close()
      },
    }
    this.#open.add(tracked)
    return tracked
  }
}

/** A connection outside of the engine, with what runs scripts on it. */
export async function connectPostgres(url: string): Promise<{ adapter: SqlDriverAdapter; runScript: (script: string) => Promise<void> }> {
  const adapter = await connectTo(url)
  await adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] })
  return { adapter, runScript: (script) => runScript(adapter, script) }
}

async function connectTo(url: string): Promise<PostgresAdapter> {
  const plain = new URL(url)
  plain.searchParams.set('prepared_statements', 'false') // what is prepared doesn't survive a change of its tables
  return (await serverFactory({ dialect: 'postgres', provider: 'postgresql', url: plain.href }).connect()) as PostgresAdapter
}

/** The adapter splits scripts at semicolons, also inside of function bodies; the driver under it takes them whole. */
async function runScript(adapter: PostgresAdapter, script: string): Promise<void> {
  try {
    await adapter.performIO({ sql: script, args: [], argTypes: [] })
  } catch (error) {
    throw engineFailure(error)
  }
}

/** The engine is older than some of the errors that Prisma's client understands. */
function engineFailure(error: unknown): unknown {
  if (!isDriverAdapterError(error) || error.cause.kind !== 'InvalidInputValue') return error
  const { originalCode: code = '22P02', originalMessage: message = error.message } = error.cause
  return new DriverAdapterError({
    kind: 'postgres',
    code,
    message,
    severity: 'ERROR',
    detail: undefined,
    column: undefined,
    hint: undefined,
  })
}

/** The adapter doesn't know PostgreSQL's type `"char"`, which its catalogue is full of; models have it as text, the engine wants characters. */
async function queryWithCharacters(adapter: PostgresAdapter, query: SqlQuery): Promise<SqlResultSet> {
  const characters: number[] = []
  const patched = Object.create(adapter, {
    performIO: {
      value: async (inner: SqlQuery) => {
        const result = await adapter.performIO(inner)
        for (const [index, field] of (result.fields ?? []).entries()) if (field.nativeTypeID === QUOTED_CHAR) characters.push(index)
        return result
      },
    },
  }) as PostgresAdapter
  const result = await patched.queryRaw(query)
  for (const index of characters) result.columnTypes[index] = ColumnTypeEnum.Character
  return result
}
