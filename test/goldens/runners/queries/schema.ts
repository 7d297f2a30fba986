import { classify } from '../../../../src/naming/index.ts'

/** Tables as the golden file describes them: columns with their types and options. */
export type Tables = Record<string, [name: string, type: string, options: ColumnOptions][]>
interface ColumnOptions {
  readonly null?: boolean
  readonly default?: unknown
  readonly index?: 'unique'
  readonly precision?: number
  readonly scale?: number
}

const types: Readonly<Record<string, string>> = {
  string: 'String',
  text: 'String',
  integer: 'Int',
  bigint: 'BigInt',
  float: 'Float',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'DateTime',
  datetime: 'DateTime',
  json: 'Json',
}

/** The Prisma schema of the recorded tables: columns only, since the database of the recording had no foreign keys. */
export function schemaOf(tables: Tables, provider: 'sqlite' | 'postgresql' | 'mysql'): string {
  const models = Object.entries(tables).map(([table, columns]) => {
    const fields = columns.map(([name, type, options]) => field(name, type, options, provider))
    return `model ${classify(table)} {\n  id Int @id @default(autoincrement())\n${fields.join('\n')}\n  @@map("${table}")\n}`
  })
  const header = `datasource db {\n  provider = "${provider}"\n}\ngenerator client {\n  provider = "prisma-client"\n  output = "generated/client"\n}`
  return [header, ...models].join('\n')
}

function field(name: string, type: string, options: ColumnOptions, provider: string): string {
  const isExact = options.null === false
  const given = options.default === undefined ? '' : ` @default(${JSON.stringify(options.default)})`
  const unique = options.index === 'unique' ? ' @unique' : ''
  return `${comment(type, options, provider)}  ${name} ${types[type]}${isExact ? '' : '?'}${given}${unique}${native(type, options, provider)}`
}

function comment(type: string, { precision, scale }: ColumnOptions, provider: string): string {
  if (provider !== 'sqlite') return ''
  if (type === 'date') return '  /// @date\n'
  return type === 'decimal' && precision !== undefined ? `  /// @decimal(${precision}, ${scale ?? 0})\n` : ''
}

function native(type: string, { precision, scale }: ColumnOptions, provider: string): string {
  if (provider === 'sqlite') return ''
  if (type === 'json') return ' @db.Json'
  if (type === 'date') return ' @db.Date'
  if (type === 'datetime') return provider === 'mysql' ? ' @db.DateTime(6)' : ' @db.Timestamp(6)'
  if (type === 'text') return ' @db.Text'
  return type === 'decimal' && precision !== undefined ? ` @db.Decimal(${precision}, ${scale ?? 0})` : ''
}
