import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { serverError, serverFactory } from '../server/index.ts'
import type { DatabaseLocation } from '../url.ts'

/** Makes the database of a location when it is missing: the folder of a SQLite file, a database on a PostgreSQL server.
 *
 * @throws DatabaseError of the kind `unreachable` when the server doesn't answer
 */
export async function createDatabase(location: DatabaseLocation): Promise<void> {
  if (location.dialect === 'sqlite') mkdirSync(path.dirname(location.file), { recursive: true })
  if (location.dialect !== 'postgres') return
  try {
    await run(location, 'SELECT 1')
  } catch (error) {
    if (!isDriverAdapterError(error) || error.cause.kind !== 'DatabaseDoesNotExist') throw serverError(error, 'SELECT 1')
    await createOnServer(location)
  }
}

async function createOnServer(location: Extract<DatabaseLocation, { dialect: 'postgres' }>): Promise<void> {
  const url = new URL(location.url)
  const name = decodeURIComponent(url.pathname.slice(1))
  url.pathname = '/postgres'
  const sql = `CREATE DATABASE "${name.replaceAll('"', '""')}"`
  await run({ ...location, url: url.href }, sql).catch((error: unknown) => {
    throw serverError(error, sql)
  })
}

async function run(location: Extract<DatabaseLocation, { dialect: 'postgres' }>, sql: string): Promise<void> {
  const adapter = await serverFactory(location).connect()
  try {
    await adapter.executeRaw({ sql, args: [], argTypes: [] })
  } finally {
    await adapter.dispose()
  }
}
