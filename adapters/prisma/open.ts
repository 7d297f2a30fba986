import type { Database, SchemaMetadata } from '../../src/model/index.ts'
import { layoutOf } from './layout.ts'
import { loadMetadata } from './metadata.ts'
import { SqliteDatabase } from './sqlite/index.ts'
import { InvalidDatabaseUrl } from './errors.ts'
import { type DatabaseLocation, locate, withoutPassword } from './url.ts'

/** What `openDatabase` needs. */
export interface OpenOptions {
  /** `file:storage/development.sqlite3` (relative to the root), `file::memory:`, `postgresql://…`, `mysql://…`. */
  url: string
  /** The application's folder. */
  root: string
  schemaPath?: string | undefined
  /** The schema's metadata, when it is loaded already. */
  metadata?: SchemaMetadata | undefined
  /** How long, in milliseconds, a write on SQLite waits for an open transaction. */
  patience?: number | undefined
  /** Open a SQLite file for reading only. What a database server lets its user do is said there. */
  readOnly?: boolean | undefined
  /** Make a SQLite file that is missing. */
  create?: boolean | undefined
}

/** Opens the database behind a URL.
 *
 * @throws DatabaseMissing, DatabaseReadOnly, NotADatabase, DatabaseUnreadable, InvalidDatabaseUrl or DatabaseAdapterMissing
 * @example const database = await openDatabase({ url: 'file:storage/development.sqlite3', root: process.cwd() })
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const location = locate(options.url, options.root)
  const metadata = options.metadata ?? (await loadMetadata(options.root, options.schemaPath))
  requireProvider(metadata, location, options.url)
  const client = { folder: layoutOf(options.root, options.schemaPath).client }
  if (location.dialect !== 'sqlite') {
    const { openServer } = await import('./server/index.ts')
    return openServer(location, { metadata, client })
  }
  return new SqliteDatabase(location.file, {
    metadata,
    client,
    readOnly: location.readOnly || options.readOnly === true,
    create: options.create ?? false,
    ...(options.patience !== undefined && { patience: options.patience }),
  })
}

/** The URL must be for the kind of database that the schema is written for. */
function requireProvider({ provider }: SchemaMetadata, location: DatabaseLocation, url: string): void {
  if (provider === location.provider) return
  throw new InvalidDatabaseUrl({ url: withoutPassword(url), reason: `the schema is written for ${provider}` })
}
