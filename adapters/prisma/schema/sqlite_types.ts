import { argumentOf, attributeNamed, plainValue, schemaBlocks } from './schema_text.ts'

/** What Prisma declares for its scalars on SQLite. */
const declared: Record<string, string> = {
  Int: 'INTEGER',
  BigInt: 'BIGINT',
  String: 'TEXT',
  Boolean: 'BOOLEAN',
  Float: 'REAL',
  Decimal: 'DECIMAL',
  DateTime: 'DATETIME',
  Json: 'JSONB',
  Bytes: 'BLOB',
}
const own = new Set(Object.values(declared))

/** By table and column, what a schema declares. */
export type DeclaredTypes = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The types that a schema declares for its columns. */
export function declaredTypes(text: string): DeclaredTypes {
  const blocks = schemaBlocks(text)
  const enums = new Set(blocks.filter(({ kind }) => kind === 'enum').map(({ name }) => name))
  const mapped = (of: Parameters<typeof attributeNamed>[0], name: string) => plainValue(argumentOf(attributeNamed(of, name)))
  return new Map(
    blocks
      .filter(({ kind }) => kind === 'model')
      .map((model) => [
        mapped(model, '@@map') ?? model.name,
        new Map(
          model.fields.flatMap((field) => {
            const type = enums.has(field.type) ? 'TEXT' : declared[field.type]
            return type === undefined ? [] : [[mapped(field, '@map') ?? field.name, type]]
          }),
        ),
      ]),
  )
}

/** The type of a column for the engine: Rails declares `varchar(80)` where Prisma declares `TEXT`, and for SQLite both are the same. */
export function engineType(found: string, wanted: string | undefined): string {
  if (wanted === undefined || own.has(found)) return found
  return affinity(found) === affinity(wanted) ? wanted : found
}

/** SQLite's rules (https://www.sqlite.org/datatype3.html#determination_of_column_affinity). */
function affinity(type: string): string {
  const name = type.toUpperCase()
  if (name.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT/.test(name)) return 'text'
  if (name === '' || name.includes('BLOB')) return 'blob'
  return /REAL|FLOA|DOUB/.test(name) ? 'real' : 'numeric'
}
