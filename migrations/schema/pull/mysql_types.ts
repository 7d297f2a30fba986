import type { RailsType } from './postgres_types.ts'

const integers: Record<string, number | undefined> = { tinyint: 1, smallint: 2, mediumint: 3, int: undefined, integer: undefined }
const sized = /^(tiny|medium|long)?(text|blob)$/

/** A column's type as Rails' dumper tells it, of MySQL's own: `int(11) unsigned`. */
export function mysqlType(columnType: string): RailsType {
  const written = columnType.toLowerCase()
  if (written === 'tinyint(1)') return { type: 'boolean', options: {} }
  const [, name = '', list] = /^(\w+)(?:\(([\d,]+)\))?/.exec(written) ?? []
  const [first, second] = (list ?? '').split(',').filter(Boolean).map(Number)
  const unsigned = written.includes('unsigned') ? true : undefined
  if (Object.hasOwn(integers, name)) return { type: 'integer', options: { limit: integers[name], unsigned } }
  if (name === 'bigint') return { type: 'bigint', options: { unsigned } }
  if (name === 'varchar') return { type: 'string', options: { limit: first } }
  if (name === 'char') return { type: 'character', options: { limit: first } }
  if (name === 'float' || name === 'double') return { type: 'float', options: { limit: name === 'float' ? 24 : 53 } }
  if (name === 'decimal') return { type: 'decimal', options: { precision: first, scale: second === 0 ? undefined : second } }
  if (name === 'datetime' || name === 'timestamp') return { type: name, options: { precision: first ?? null } }
  if (name === 'time') return { type: 'time', options: { precision: first } }
  if (name === 'binary' || name === 'varbinary') return { type: name === 'binary' ? 'fixed_binary' : 'binary', options: { limit: first } }
  const size = sized.exec(name)
  if (size) return { type: size[2] === 'text' ? 'text' : 'binary', options: { size: size[1] } }
  return { type: ['date', 'year', 'json'].includes(name) ? name : written, options: {} }
}

/** The members of an `enum('a','b')`; undefined for other types. */
export function enumMembers(columnType: string): string[] | undefined {
  const list = /^enum\((.*)\)$/is.exec(columnType)?.[1]
  return list?.match(/'(?:[^']|'')*'/g)?.map((member) => member.slice(1, -1).replaceAll("''", "'"))
}
