import { installPeers, importPeer } from '../measuring/peers.ts'

/** Installs what the contenders are made of. MikroORM and Lucid need Node.js 22 and 24; they say so themselves when they can't run. */
export function installContenders(): void {
  installPeers(
    {
      'better-sqlite3': SQLITE,
      kysely: '0.28.19', // Dream doesn't take 0.29
      'drizzle-orm': '0.45.4',
      knex: '3.3.0',
      objection: '3.1.5',
      typeorm: '1.1.1',
      sequelize: '6.37.8',
      '@mikro-orm/core': '7.2.1',
      '@mikro-orm/sqlite': '7.2.1',
      '@mikro-orm/postgresql': '7.2.1',
      '@adonisjs/lucid': '22.4.2',
      '@rvoh/dream': '2.5.4',
      luxon: '3.7.2',
      pg: '8.23.1',
    },
    { 'better-sqlite3': SQLITE },
  )
  try {
    installPeers({ sqlite3: '6.0.1' }) // Sequelize's driver, which is compiled here
  } catch (error) {
    process.stderr.write(`Sequelize can't run on SQLite: ${(error as Error).message}\n`)
  }
}

const SQLITE = '13.2.0'

export interface BetterSqlite {
  pragma(setting: string): unknown
  prepare(sql: string): { all(...args: unknown[]): unknown[]; get(...args: unknown[]): unknown; run(...args: unknown[]): unknown }
  exec(script: string): void
}

/** Why the peers' driver of SQLite can't run here: its binary ends older processes. */
export const noBetterSqlite = Number.parseInt(process.versions.node, 10) < 22 ? 'better-sqlite3 needs Node.js 22' : undefined

/** Opens a file with the driver that the peers' users have, set as ours is. */
export async function openBetterSqlite(file: string): Promise<BetterSqlite> {
  const Database = await importPeer<new (file: string) => BetterSqlite>('better-sqlite3')
  const database = new Database(file)
  database.pragma(SETTING)
  return database
}

/** What all connections to SQLite are set to, beside the write-ahead log, which the file remembers. */
export const SETTING = 'synchronous = NORMAL'
