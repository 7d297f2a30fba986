import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { loadMetadata, openDatabase, push } from '../../adapters/prisma/index.ts'
import { bindModels, type Database, type SchemaMetadata } from '../../src/model/index.ts'

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly database: Database & { statements: string[] }
  readonly metadata: SchemaMetadata
  readonly url: string
  close(): Promise<void>
}

const header = `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
`

/** Makes an empty PostgreSQL database with the tables of a Prisma schema, which names its provider.
 *
 * @param server the URL of a server where databases may be made
 */
export function testPostgres(schema: string, server: string): Promise<TestDatabase> {
  return databaseOn(server, schema, { administer, dropOptions: ' with (force)' })
}

/** Makes an empty MySQL or MariaDB database with the tables of a Prisma schema, which names its provider.
 *
 * @param server the URL of a server where databases may be made
 */
export function testMysql(schema: string, server: string): Promise<TestDatabase> {
  return databaseOn(server, schema, { administer: administerMysql, dropOptions: '' })
}

/** Makes an empty PostgreSQL database with the tables of some models of a Prisma schema; nothing where there is no server. */
export async function onPostgres(models: string): Promise<TestDatabase | undefined> {
  const server = process.env['TEST_POSTGRES_URL']
  return server === undefined ? undefined : testPostgres(headerFor('postgresql') + models, server)
}

/** Makes an empty MySQL database with the tables of some models of a Prisma schema; nothing where there is no server. */
export async function onMysql(models: string): Promise<TestDatabase | undefined> {
  const server = process.env['TEST_MYSQL_URL']
  return server === undefined ? undefined : testMysql(headerFor('mysql') + models, server)
}

/** What a test that is the same on every server runs on. */
export const servers = [
  { name: 'PostgreSQL', open: onPostgres },
  { name: 'MySQL', open: onMysql },
] as const

/** Opens a database before the tests around it, which are left out when it can't be had, binds models to it, and closes it after them.
 *
 * @returns the database, once the tests run
 */
export function boundDatabase(classes: readonly object[], open: () => Promise<TestDatabase | undefined>): () => TestDatabase {
  let test: TestDatabase | undefined
  before(async function () {
    test = await open()
    if (test === undefined) return this.skip()
    bindModels(classes, test.database, test.metadata)
  })
  after(() => test?.close())
  return () => test!
}

async function databaseOn(server: string, schema: string, { administer, dropOptions }: Administration): Promise<TestDatabase> {
  const name = `regauge_test_${process.pid}_${++databases}`
  await administer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const test = await testDatabase(schema, url.href)
  return {
    ...test,
    close: async () => {
      await test.close()
      await administer(server, `drop database ${name}${dropOptions}`)
    },
  }
}

/** How databases are made and dropped on a kind of server. */
interface Administration {
  administer(server: string, statement: string): Promise<void>
  readonly dropOptions: string
}

/** Runs a statement on a MySQL server. */
export async function administerMysql(server: string, statement: string): Promise<void> {
  const { hostname, port, username, password } = new URL(server)
  const { createConnection } = await import('mariadb')
  const connection = await createConnection({ host: hostname, port: Number(port), user: username, password })
  await connection.query(statement)
  await connection.end()
}

/** The first lines of a schema for a database server. */
export function headerFor(provider: 'postgresql' | 'mysql'): string {
  return header.replace('sqlite', provider)
}

let databases = 0

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Makes an empty SQLite database with the tables of a Prisma schema. `database.statements` records what runs. */
export async function testDatabase(schema: string, url = 'file:test.sqlite3'): Promise<TestDatabase> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regauge-model-'))
  await mkdir(path.join(root, 'db'))
  await writeFile(path.join(root, 'db', 'schema.prisma'), schema.includes('datasource') ? schema : header + schema)
  await push({ root, url })
  const metadata = await loadMetadata(root)
  const database = recording(await openDatabase({ root, url, metadata }))
  return {
    database,
    metadata,
    url,
    close: async () => {
      await database.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

function recording(database: Database): Database & { statements: string[] } {
  const statements: string[] = []
  const noting = <T extends { query: Database['query']; execute: Database['execute'] }>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name, object)
        if (typeof value !== 'function') return name === 'statements' ? statements : value
        return (...args: unknown[]) => {
          if (name === 'query' || name === 'execute') statements.push(args[0] as string)
          const answer: unknown = value.apply(object, args)
          return name === 'begin' ? (answer as Promise<T>).then(noting) : answer
        }
      },
    })
  return noting(database) as Database & { statements: string[] }
}
