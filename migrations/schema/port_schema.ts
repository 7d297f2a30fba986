import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MissingSource } from '../errors.ts'
import { withInflections } from '../inflections/index.ts'
import { ModelTables, readModels } from '../models/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { PortRow } from '../report/rows.ts'
import { RubySource } from '../ruby/index.ts'
import { buildModel } from './build_models.ts'
import { addExtras, extrasText } from './extras.ts'
import { type Provider, printPrismaSchema } from './prisma.ts'
import type { CatalogueQuery } from './pull/catalogue.ts'
import { pullMysql } from './pull/mysql.ts'
import { pullPostgres } from './pull/postgres.ts'
import { pullSqlite } from './pull/sqlite.ts'
import { readStructure } from './read_structure.ts'
import { addRelations, planRelations } from './relations.ts'
import { SchemaPort } from './schema_port.ts'
import type { DatabaseStructure } from './structure.ts'

/** Ports `db/schema.rb`, with the names of relations taken from the models, to `db/schema.prisma` and the SQL beside it.
 *
 * Timestamps stay plain `DateTime`: the database of Rails gives them no default, and the model layer writes them. Who writes through
 * Prisma's client passes them, or adds `@default(now())` and `@updatedAt`.
 * @param root the root of the Rails application
 * @throws MissingSource, BrokenRuby, UnexpectedRuby with file and line
 */
export function portSchema(root: string, provider: Provider = 'sqlite'): { files: PortedFile[]; rows: PortRow[] } {
  return withInflections(root, () => portStructure(readStructure(readSchema(root)), provider, readModels(root)))
}

/** Reads the catalogues of a database and writes them as `db/schema.prisma` and the SQL beside it, by the rules of `portSchema`: for applications
 * that keep `db/structure.sql`, and for databases that have outgrown their schema.
 *
 * @param options.query asks the database: rows by column position
 * @param options.root the root of a Rails application whose models name classes and relations
 */
export async function pullSchema(options: {
  provider: Provider
  query: CatalogueQuery
  root?: string | undefined
}): Promise<{ files: PortedFile[]; rows: PortRow[] }> {
  const { provider, query, root } = options
  const structure = await pullers[provider](query)
  if (root === undefined) return portStructure(structure, provider, [])
  return withInflections(root, () => portStructure(structure, provider, readModels(root)))
}

const pullers: Record<Provider, (query: CatalogueQuery) => Promise<DatabaseStructure>> = {
  postgresql: pullPostgres,
  mysql: pullMysql,
  sqlite: pullSqlite,
}

/** Ports a structure, wherever it was read. */
export function portStructure(
  structure: DatabaseStructure,
  provider: Provider,
  models: ReturnType<typeof readModels>,
): { files: PortedFile[]; rows: PortRow[] } {
  const modelTables = new ModelTables(models, new Set(structure.tables.map(({ name }) => name)))
  const port = new SchemaPort(structure, provider, modelTables)
  const relations = planRelations(port)
  for (const table of structure.tables) port.models.set(table.name, buildModel(table, port))
  addRelations(relations, port)
  addExtras(port)
  for (const { table } of port.enums)
    port.report(structure.enums.find(({ name }) => name === table)!.line, `create_enum ${table}`, 'ported')
  const version = structure.version === undefined ? '' : `, version ${structure.version}`
  const header = [`${structure.isPulled ? 'Pulled' : 'Ported'} from ${structure.file}${version}.`]
  const extras = extrasText(port)
  return {
    files: [
      { path: 'db/schema.prisma', text: printPrismaSchema(provider, header, port.enums, [...port.models.values()]) },
      ...(extras === undefined ? [] : [{ path: 'db/schema_extras.sql', text: extras }]),
    ],
    rows: port.rows,
  }
}

function readSchema(root: string): RubySource {
  const path = join(root, 'db/schema.rb')
  if (existsSync(path)) return new RubySource('db/schema.rb', readFileSync(path, 'utf8'))
  const sql = existsSync(join(root, 'db/structure.sql'))
  const expected = sql
    ? 'the schema in Ruby; db/structure.sql is there, so load it into a database and run `regauge db:pull --rails <folder>` on that'
    : 'the database schema that Rails dumps'
  throw new MissingSource({ file: 'db/schema.rb', expected })
}
