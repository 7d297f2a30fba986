import { argumentOf, attributeNamed, plainValue, type SchemaBlock, type SchemaField, type SchemaValue } from '../schema_text.ts'

/** What Prisma makes of its scalars on MySQL. */
const scalars: Record<string, string> = {
  String: 'varchar(191)',
  Boolean: 'tinyint(1)',
  Int: 'int',
  BigInt: 'bigint',
  Float: 'double',
  Decimal: 'decimal(65,30)',
  DateTime: 'datetime(3)',
  Json: 'json',
  Bytes: 'longblob',
}

/** `@db.UnsignedInt` and its kin, but for those that are their own name in small letters. */
const natives: Record<string, string> = {
  Double: 'double',
  UnsignedTinyInt: 'tinyint unsigned',
  UnsignedSmallInt: 'smallint unsigned',
  UnsignedMediumInt: 'mediumint unsigned',
  UnsignedInt: 'int unsigned',
  UnsignedBigInt: 'bigint unsigned',
  Boolean: 'tinyint(1)',
}

/** The type of a field's column. */
export function columnType(field: SchemaField, blocks: readonly SchemaBlock[]): string {
  if (field.unsupported !== undefined) return field.unsupported.toLowerCase()
  const members = enumMembers(field, blocks)
  if (members) return `enum(${members.map(sqlString).join(',')})`
  const native = field.attributes.find(({ name }) => name.startsWith('@db.'))
  if (native === undefined) return scalars[field.type] ?? 'text'
  const name = native.name.slice('@db.'.length)
  const args = native.args.map(({ value }) => plainValue(value))
  const type = natives[name] ?? name.toLowerCase()
  if (name === 'Decimal' && args.length === 0) return 'decimal(10,0)'
  if (name === 'TinyInt' && args.length === 0) return field.type === 'Boolean' ? 'tinyint(1)' : 'tinyint'
  return args.length === 0 || (args.join() === '0' && /^(datetime|timestamp|time)$/.test(type)) ? type : `${type}(${args.join(',')})`
}

function enumMembers(field: SchemaField, blocks: readonly SchemaBlock[]): string[] | undefined {
  const block = blocks.find(({ kind, name }) => kind === 'enum' && name === field.type)
  return block?.fields.map((value) => plainValue(argumentOf(attributeNamed(value, '@map'))) ?? value.name)
}

/** The default of a field's column as SQL; undefined when the database gives none. */
export function columnDefault(field: SchemaField, type: string, blocks: readonly SchemaBlock[]): string | undefined {
  const value = argumentOf(attributeNamed(field, '@default'))
  if (value === undefined) return undefined
  if ('call' in value) return calledDefault(value, type)
  const text = plainValue(value)
  if (text === undefined) return undefined
  if (field.type === 'Json') return `(${sqlString(text)})`
  if (field.type === 'DateTime') return sqlString(timeFor(type, text))
  if (field.type === 'Bytes') return `0x${Buffer.from(text, 'base64').toString('hex')}`
  if (field.type === 'Boolean') return text === 'true' ? '1' : '0'
  if ('word' in value && /^-?[\d.]+$/.test(text)) return text
  const member = blocks.find(({ kind, name }) => kind === 'enum' && name === field.type)?.fields.find(({ name }) => name === text)
  const written = member === undefined ? text : (plainValue(argumentOf(attributeNamed(member, '@map'))) ?? text)
  return /(?:text|blob)$/.test(type) ? `(${sqlString(written)})` : sqlString(written)
}

/** `2026-01-02T03:04:05Z` as a column of days, of times of the day or of both writes it. */
function timeFor(type: string, text: string): string {
  const [day = '', time = ''] = text.replace(/Z$/, '').split('T')
  if (type === 'date') return day
  return type.startsWith('time(') || type === 'time' ? time : `${day} ${time}`
}

function calledDefault(value: Extract<SchemaValue, { call: string }>, type: string): string | undefined {
  if (value.call === 'now') return `current_timestamp${/\(\d\)$/.exec(type)?.[0] ?? ''}`
  return value.call === 'dbgenerated' ? plainValue(value.args[0]?.value) : undefined
}

function sqlString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
