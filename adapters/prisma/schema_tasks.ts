import type * as Generate from './generate/index.ts'
import type * as Schema from './schema/index.ts'

/* What changes and generates is loaded at its first use: a process that only runs models needs none of it. */

const schema = (): Promise<typeof Schema> => import('./schema/index.ts')

/** Writes the client, the metadata and the types of a schema, where they are missing or older than it.
 *
 * @throws SchemaMissing, SchemaInvalid
 */
export const generate: typeof Generate.generate = async (options) => (await import('./generate/index.ts')).generate(options)

/** Makes the database have the tables of `schema.prisma`, without migrations.
 *
 * @throws DatabaseProtected; SchemaDataLoss unless losses are accepted; SchemaUnexecutable when rows don't fit; SchemaInvalid; SchemaLocked
 * @example await push({ root: process.cwd(), url: 'file:storage/development.sqlite3' })
 */
export const push: typeof Schema.push = async (options) => (await schema()).push(options)

/** Throws all data and tables away and makes them anew.
 *
 * @throws DatabaseProtected; SchemaLocked
 */
export const reset: typeof Schema.reset = async (options) => (await schema()).reset(options)

/** Makes the database, without tables. */
export const create: typeof Schema.create = async (options) => (await schema()).create(options)

/** Drops the database.
 *
 * @throws DatabaseProtected; SchemaLocked; DatabaseError while others are connected to it
 */
export const drop: typeof Schema.drop = async (options) => (await schema()).drop(options)

/** Migrations in the folder `db/migrations`, in Prisma's format and with Prisma's ledger; each has a script that leads back. */
export const migrate: typeof Schema.migrate = {
  create: async (options) => (await schema()).migrate.create(options),
  apply: async (options) => (await schema()).migrate.apply(options),
  rollback: async (options) => (await schema()).migrate.rollback(options),
  baseline: async (options) => (await schema()).migrate.baseline(options),
  resolve: async (options) => (await schema()).migrate.resolve(options),
  status: async (options) => (await schema()).migrate.status(options),
  diff: async (options) => (await schema()).migrate.diff(options),
}

/** Lets `work` read a database's catalogues.
 *
 * @throws DatabaseMissing, or DatabaseError of the kind `unreachable`
 */
export const readDatabase: typeof Schema.readDatabase = async (target, work) => (await schema()).readDatabase(target, work)

/** Compares a database with a schema by the names of tables and columns, and with the migrations beside it. */
export const schemaLag: typeof Schema.schemaLag = async (database, target) => (await schema()).schemaLag(database, target)
