import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { DatabaseUnreadable, SchemaLocked } from '../errors.ts'
import { serverFactory } from '../server/index.ts'
import type { DatabaseLocation } from '../url.ts'
import { connectMysql } from './mysql/connection.ts'

/** Any number of ours that no other tool is likely to choose. */
const ADVISORY_KEY = 7_246_093_117

/** Runs `work` while no other process changes the schema of the same database: a file beside a SQLite database, a lock on the server elsewhere.
 *
 * @throws SchemaLocked naming who holds the lock
 */
export function withSchemaLock<T>(location: DatabaseLocation, work: () => Promise<T>): Promise<T> {
  if (location.dialect === 'sqlite') return withLockFile(`${location.file}.schema-lock`, work)
  return location.dialect === 'postgres' ? withAdvisoryLock(location, work) : withNamedLock(location, work)
}

async function withLockFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  makeFolder(file)
  takeLockFile(file)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Makes the folder of a SQLite file when it is missing.
 *
 * @throws DatabaseUnreadable when the system refuses
 */
export function makeFolder(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
  } catch (error) {
    throw unwritable(file, error)
  }
}

function unwritable(file: string, error: unknown): DatabaseUnreadable {
  return new DatabaseUnreadable({ file, reason: (error as Error).message }, { cause: error })
}

function takeLockFile(file: string): void {
  try {
    writeFileSync(file, `${process.pid} ${hostname()}`, { flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw unwritable(file.replace(/\.schema-lock$/, ''), error)
    const [pid = '', host = ''] = readFileSync(file, 'utf8').split(' ')
    if (host !== hostname() || isRunning(Number(pid))) throw new SchemaLocked({ process: `${pid} on ${host}` })
    rmSync(file, { force: true }) // its owner was killed
    writeFileSync(file, `${process.pid} ${hostname()}`, { flag: 'wx' })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

async function withAdvisoryLock<T>(location: Extract<DatabaseLocation, { dialect: 'postgres' }>, work: () => Promise<T>): Promise<T> {
  const adapter = await serverFactory(location).connect()
  try {
    const transaction = await adapter.startTransaction()
    try {
      const sql = `SELECT pg_try_advisory_xact_lock(${ADVISORY_KEY})`
      const { rows } = await transaction.queryRaw({ sql, args: [], argTypes: [] })
      if (rows[0]?.[0] !== true) throw new SchemaLocked({ process: 'another connection' })
      return await work()
    } finally {
      await transaction.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] })
      await transaction.rollback()
    }
  } finally {
    await adapter.dispose()
  }
}

/** MySQL's locks belong to a connection and count for the whole server, so the name holds that of the database. */
async function withNamedLock<T>(location: Extract<DatabaseLocation, { dialect: 'mysql' }>, work: () => Promise<T>): Promise<T> {
  const { adapter } = await connectMysql(location.url)
  try {
    const connection = await adapter.startTransaction()
    const ask = async (call: string) => (await connection.queryRaw({ sql: `SELECT ${call}`, args: [], argTypes: [] })).rows[0]?.[0]
    const name = `concat('regauge:', sha1(database()))`
    try {
      if (Number(await ask(`get_lock(${name}, 0)`)) !== 1) throw new SchemaLocked({ process: 'another connection' })
      return await work()
    } finally {
      await ask(`release_lock(${name})`)
      await connection.rollback()
    }
  } finally {
    await adapter.dispose()
  }
}
