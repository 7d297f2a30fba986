import { camelize, classify } from '../../src/naming/index.ts'
import type { ModelTables } from '../models/index.ts'
import { type PortRow, type PortStatus, shorten } from '../report/rows.ts'
import { type PrismaEnum, type PrismaModel, prismaName, prismaString, type Provider } from './prisma.ts'
import { repeatable } from './repeatable.ts'
import type { Column, DatabaseStructure, Table } from './structure.ts'

/** One statement of `db/schema_extras.sql`. */
export interface ExtraSql {
  readonly line: number
  readonly sql: string
  /** It must be there before the tables are. */
  readonly before: boolean
  /** It can't run on the chosen database, and goes out as a comment. */
  readonly disabled: boolean
}

/** `'draft'::character varying`: PostgreSQL writes out types that other databases don't need. */
const postgresCast = /::(?:character varying|timestamp without time zone|double precision|[a-z_]+)(?:\(\d+\))?(?:\[\])?/g

/** SQL that no other database understands. */
const postgresOnly =
  /::|\bILIKE\b|\bUSING (gin|gist|brin|hnsw|ivfflat|spgist)\b|CREATE EXTENSION|MATERIALIZED|ARRAY\[|INCLUDE \(|NULLS NOT DISTINCT|\$\$|\bjsonb|\b\w+_ops\b/i

/** What the port of a schema has gathered: models by table, SQL beside them, rows of the report. */
export class SchemaPort {
  readonly structure: DatabaseStructure
  readonly provider: Provider
  readonly modelTables: ModelTables
  readonly rows: PortRow[] = []
  readonly extras: ExtraSql[] = []
  readonly models = new Map<string, PrismaModel>()
  readonly enums: PrismaEnum[]
  /** The database's enums → the schema's. */
  readonly enumNames: ReadonlyMap<string, string>
  /** Tables that Prisma's client can't use: they have no key. */
  readonly ignored = new Set<string>()
  /** Columns whose type follows the key they point at: `articles.author_id` → `BigInt`. */
  readonly keyTypes = new Map<string, string>()
  readonly #names = new Set<string>()
  readonly #modelNames = new Map<string, string>()

  constructor(structure: DatabaseStructure, provider: Provider, modelTables: ModelTables) {
    this.structure = structure
    this.provider = provider
    this.modelTables = modelTables
    this.enums = structure.enums.map(({ name, values }) => ({
      name: prismaName(camelize(name), 'Enum'),
      table: name,
      values: values.map((value) => ({ name: enumValueName(value), value })),
    }))
    this.enumNames = new Map(this.enums.map((item) => [item.table, item.name]))
    const taken = new Set(this.enumNames.values())
    for (const table of structure.tables) {
      const className = modelTables.classOf(table.name)?.name.replaceAll('::', '')
      let name = prismaName(className ?? camelize(classify(table.name.replaceAll('.', '_'))), 'Table')
      while (taken.has(name)) name += 'Record'
      taken.add(name)
      this.#modelNames.set(table.name, name)
    }
  }

  /** The model of a table; undefined when the schema has no such table. */
  modelName(table: string): string | undefined {
    return this.#modelNames.get(table)
  }

  report(line: number, construct: string, status: PortStatus, reason = ''): void {
    this.rows.push({ kind: 'schema', file: this.structure.file, line, construct: shorten(construct), status, reason })
  }

  /** Puts a statement into the SQL file beside the schema, and a row into the report. */
  addSql(line: number, construct: string, original: string, reason: string, before = false): void {
    const sql = this.provider === 'postgresql' || !original.startsWith('CREATE') ? original : original.replace(postgresCast, '')
    const disabled = !this.#canRun(sql)
    this.extras.push({ line, sql: repeatable(sql, this.provider), before, disabled })
    const where = disabled ? `in db/schema_extras.sql as a comment, since ${this.provider} can't run it` : 'in db/schema_extras.sql'
    this.report(line, construct, disabled ? 'left' : 'note', `${reason}; ${where}`)
  }

  /** The `map` of a key or index; nothing, with a note, when the database or Prisma can't have the name. */
  mapName(line: number, table: string, name: string): string | undefined {
    const limit = { sqlite: Number.POSITIVE_INFINITY, postgresql: 63, mysql: 64 }[this.provider]
    const id = this.provider === 'mysql' ? `${table}.${name}` : name
    const problem =
      Buffer.byteLength(name) > limit ? `the name is longer than ${limit} bytes` : this.#names.has(id) ? 'the name is taken' : undefined
    this.#names.add(id)
    if (problem === undefined) return `map: ${prismaString(name)}`
    this.report(line, `${table} ${name}`, 'note', `${problem}; Prisma names it`)
    return undefined
  }

  /** A name in the database's quotes. */
  quote(name: string): string {
    return name
      .split('.')
      .map((part) => (this.provider === 'mysql' ? `\`${part}\`` : `"${part}"`))
      .join('.')
  }

  #canRun(sql: string): boolean {
    if (/^CREATE VIRTUAL TABLE/.test(sql)) return this.provider === 'sqlite'
    if (this.provider === 'postgresql') return true
    if (postgresOnly.test(sql)) return false
    if (this.provider === 'mysql' && /INDEX IF NOT EXISTS/.test(sql)) return false
    return this.provider !== 'sqlite' || !/^ALTER TABLE|\bNULLS (FIRST|LAST)\b/i.test(sql)
  }
}

/** The name of a column's field: the column's own, unless Prisma refuses it. */
export function fieldName(column: Pick<Column, 'name'>): string {
  return prismaName(column.name, 'column_')
}

/** The columns of a table's primary key, in order; none when it has no key. */
export function primaryKeyOf(table: Table): string[] {
  const given = table.options.get('primary_key')
  if (Array.isArray(given)) return given.map(String)
  if (table.options.get('id') === false) return []
  return [typeof given === 'string' ? given : given ? String(given) : 'id']
}

/** A value of a database enum as a name that Prisma takes. */
export function enumValueName(value: string): string {
  const name = value.replace(/\W/g, '_').replace(/^(?=[\d_])/, 'value_')
  return name === '' ? 'empty' : name
}
