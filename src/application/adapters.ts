import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Middleware, requestOptions, type ServerHost, type SessionStore } from '../http/index.ts'
import type { CableTransport } from '../cable/index.ts'
import type { JobBackend } from '../jobs/index.ts'
import type { ParameterFilter } from '../logging/index.ts'
import type { Database, SchemaMetadata } from '../model/index.ts'
import type { BullmqPlace } from './jobs/jobs_settings.ts'
import { type Configuration, type OtherDatabase, schemaPathOf } from './configuration.ts'

/** The composition root's door to the outside: every adapter is loaded here, by name, and only when it is used. */

/** Opens the application's database; undefined for an application without a schema. */
export async function openApplicationDatabase(
  config: Configuration,
): Promise<{ database: Database; metadata: SchemaMetadata } | undefined> {
  if (!hasSchema(config.root)) return undefined
  const { loadMetadata, openDatabase } = await prisma()
  const metadata = await loadMetadata(config.root)
  return { metadata, database: await openDatabase({ url: config.database.url, root: config.root, metadata }) }
}

/** Opens a database of `config.database.others`.
 * @param schema that of the database it is a replica of
 */
export async function openNamedDatabase(
  { root }: Configuration,
  name: string,
  settings: OtherDatabase,
  schema: SchemaMetadata | undefined,
): Promise<{ database: Database; metadata: SchemaMetadata }> {
  const { loadMetadata, openDatabase } = await prisma()
  const schemaPath = schemaPathOf(name, settings)
  const metadata = schema ?? (await loadMetadata(root, schemaPath))
  return {
    metadata,
    database: await openDatabase({
      url: settings.url,
      root,
      metadata,
      ...(schema === undefined && { schemaPath }),
      readOnly: settings.replicaOf !== undefined,
    }),
  }
}

/** Tells whether the application has a `db/schema.prisma`. */
export function hasSchema(root: string): boolean {
  return existsSync(resolve(root, 'db/schema.prisma'))
}

/** What the `db:` commands do. */
export async function prisma(): Promise<typeof import('../../adapters/prisma/index.ts')> {
  return import('../../adapters/prisma/index.ts')
}

/** The messages of our own server when Express middleware is used: their prototypes chain to Express's. It trusts the proxies that we do. */
export async function expressHost({ http }: Configuration): Promise<ServerHost> {
  const express = await import('../../adapters/express/index.ts')
  return express.expressHost({ 'trust proxy': requestOptions(http).trustsProxy })
}

/** BullMQ as the backend of jobs. */
export async function bullmqBackend(options: BullmqPlace & Readonly<Record<string, unknown>>): Promise<JobBackend> {
  const bullmq = await import('../../adapters/bullmq/index.ts')
  return bullmq.bullmqBackend(options as never)
}

/** Finds what a connection of BullMQ needs, without opening it.
 * @throws BullmqMissing (REGAUGE_BULLMQ_MISSING) when the package isn't installed */
export async function requireBullmq({ connection }: BullmqPlace): Promise<void> {
  const bullmq = await import('../../adapters/bullmq/index.ts')
  await bullmq.requireBullmqFor(connection as never)
}

/** Bull Board, to be mounted. */
export async function bullBoard(options: {
  backend: JobBackend
  path: string
  title: string
  isReadOnly: boolean
  filter: ParameterFilter
}): Promise<Middleware> {
  const board = await import('../../adapters/bull_board/index.ts')
  return board.bullBoard(options)
}

/** socket.io as a transport of channels. */
export async function socketIoTransport(options: { path: string; peersFolder?: string }): Promise<CableTransport> {
  const socketIo = await import('../../adapters/socket.io/index.ts')
  return new socketIo.SocketIoTransport(options)
}

/** Swagger: `@openapi` blocks, and the page at `/docs`. */
export async function swagger(): Promise<typeof import('../../adapters/swagger/index.ts')> {
  return import('../../adapters/swagger/index.ts')
}

/** Redis as the store of sessions. */
export async function redisSessionStore(options: {
  connection: string | object | undefined
  prefix: string | undefined
}): Promise<SessionStore> {
  const redis = await import('../../adapters/redis/index.ts')
  await redis.requireClientFor(options.connection as never)
  return redis.redisSessionStore(options as never)
}
