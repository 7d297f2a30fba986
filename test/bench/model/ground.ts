import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type * as Prisma from '../../../adapters/prisma/index.ts'
import { importBuilt } from '../measuring/built.ts'
import { type Dialect, fill, schemaFor } from './dataset.ts'
import type { Ground } from './operations.ts'

const SERVER = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const NAME = `regauge_bench_${process.pid}`
const grounds = new Map<Dialect, Promise<Ground | string>>()
const folders: string[] = []

/** A filled database: a copy for each contender on SQLite, one for all on PostgreSQL, where rows that another appended are never read. */
export async function groundFor(dialect: Dialect): Promise<Ground | string> {
  if (!grounds.has(dialect)) grounds.set(dialect, breakGround(dialect))
  const ground = await grounds.get(dialect)!
  if (typeof ground === 'string' || dialect === 'postgres') return ground
  const file = path.join(folder(), 'bench.sqlite3')
  copyFileSync(ground.file, file)
  return { ...ground, file, url: `file:${file}` }
}

/** Removes all of them. */
export async function removeGrounds(): Promise<void> {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
  const postgres = await grounds.get('postgres')
  if (typeof postgres === 'object') await administer(`drop database if exists ${NAME} with (force)`)
  grounds.clear()
}

async function breakGround(dialect: Dialect): Promise<Ground | string> {
  const root = folder()
  mkdirSync(path.join(root, 'db'))
  writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }')
  writeFileSync(path.join(root, 'db/schema.prisma'), schemaFor(dialect))
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'))
  const file = path.join(root, 'bench.sqlite3')
  const url = dialect === 'sqlite' ? `file:${file}` : Object.assign(new URL(SERVER), { pathname: `/${NAME}` }).href
  if (dialect === 'postgres') {
    const failure = await administer(`create database ${NAME}`).catch((error: Error) => error)
    if (failure instanceof Error) return `no PostgreSQL at ${new URL(SERVER).host}: ${failure.message || 'it refused the connection'}`
  }
  const { openDatabase, push } = await importBuilt<typeof Prisma>('adapters/prisma/index.ts')
  await push({ root, url })
  const database = await openDatabase({ root, url })
  await fill(database)
  // The file alone is copied, and libsql leaves its log beside it.
  if (dialect === 'sqlite') await database.query('PRAGMA wal_checkpoint(TRUNCATE)', [])
  await database.close()
  return { dialect, root, url, file }
}

function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'regauge-bench-'))
  folders.push(made)
  return made
}

async function administer(statement: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: SERVER })
  await client.connect()
  await client.query(statement)
  await client.end()
}
