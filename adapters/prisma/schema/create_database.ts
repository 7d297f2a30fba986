import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { existsSync, rmSync } from 'node:fs'
import { DatabaseError } from '../errors.ts'
import type { DatabaseLocation } from '../url.ts'
import { makeFolder } from './lock.ts'
import { quoted, sqlText, withSession } from './session.ts'

type ServerLocation = Exclude<DatabaseLocation, { dialect: 'sqlite' }>

/** Makes the database of a location when it is missing: a SQLite file and its folder, a database on a server.
 *
 * @returns whether it was missing
 * @throws DatabaseError of the kind `unreachable` when the server doesn't answer
 */
export async function createDatabase(location: DatabaseLocation): Promise<boolean> {
  if (location.dialect === 'sqlite') makeFolder(location.file)
  if (await databaseExists(location)) return false
  if (location.dialect === 'sqlite') await withSession(location, (session) => session.run('PRAGMA user_version = 0'))
  else await onServer(location, `CREATE DATABASE ${quoted(databaseName(location), location.dialect)}${encoding(location)}`)
  return true
}

/** Drops the database of a location.
 *
 * @returns whether there was one
 * @throws DatabaseError when others are connected to it
 */
export async function dropDatabase(location: DatabaseLocation): Promise<boolean> {
  if (!(await databaseExists(location))) return false
  if (location.dialect === 'sqlite') removeFiles(location.file)
  else await onServer(location, `DROP DATABASE ${quoted(databaseName(location), location.dialect)}`)
  return true
}

/** Removes a SQLite file and what SQLite keeps beside it. */
export function removeFiles(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}

/** Tells whether the database of a location is there.
 *
 * @throws DatabaseError of the kind `unreachable` when its server doesn't answer
 */
export async function databaseExists(location: DatabaseLocation): Promise<boolean> {
  if (location.dialect === 'sqlite') return existsSync(location.file)
  if (location.dialect === 'mysql') return isListed(location)
  try {
    await withSession(location, (session) => session.query('SELECT 1'))
    return true
  } catch (error) {
    const cause = error instanceof DatabaseError ? error.cause : error
    if (isDriverAdapterError(cause) && cause.cause.kind === 'DatabaseDoesNotExist') return false
    throw error
  }
}

/** MySQL's pool of connections waits for a database that isn't there, so it isn't asked for. */
async function isListed(location: Extract<DatabaseLocation, { dialect: 'mysql' }>): Promise<boolean> {
  const sql = `SELECT 1 FROM schemata WHERE schema_name = ${sqlText(databaseName(location), 'mysql')}`
  return (await withSession(besides(location, 'information_schema'), (session) => session.query(sql))).length > 0
}

/** The name of a server's database, as its URL gives it. */
export function databaseName({ url }: ServerLocation): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

/** The same server, another of its databases. */
export function besides(location: ServerLocation, database: string): ServerLocation {
  const url = new URL(location.url)
  url.pathname = `/${encodeURIComponent(database)}`
  return { ...location, url: url.href }
}

/** A database that every server has is where databases are made and dropped from. */
async function onServer(location: ServerLocation, sql: string): Promise<void> {
  const maintenance = location.dialect === 'postgres' ? 'postgres' : 'information_schema'
  await withSession(besides(location, maintenance), (session) => session.run(sql))
}

/** What Rails makes MySQL's databases with. */
function encoding({ dialect }: ServerLocation): string {
  return dialect === 'mysql' ? ' DEFAULT CHARACTER SET utf8mb4' : ''
}
