export { SqliteConnection, type SqliteOptions } from './connection.ts'
export { SqliteDatabase, type SqliteDatabaseOptions } from './database.ts'
export { sqliteDriver } from './drivers.ts'
