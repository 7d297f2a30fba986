import { RubyLambda, type RubyValue } from '../../ruby/index.ts'
import { sqlExpression } from './catalogue.ts'

/** A column's type as Rails' dumper tells it. */
export interface RailsType {
  readonly type: string
  readonly options: Readonly<Record<string, RubyValue | undefined>>
}

type TypeReader = (args: readonly number[]) => RailsType

const plain =
  (type: string, options: RailsType['options'] = {}): TypeReader =>
  () => ({ type, options })
const limited =
  (type: string): TypeReader =>
  ([limit]) => ({ type, options: { limit } })
const precise =
  (type: string): TypeReader =>
  ([precision]) => ({ type, options: { precision: precision ?? null } })
const timed =
  (type: string): TypeReader =>
  ([precision]) => ({ type, options: { precision } })

/** PostgreSQL's names of types → Rails'. */
const types: Record<string, TypeReader> = {
  'character varying': limited('string'),
  character: limited('character'),
  text: plain('text'),
  smallint: plain('integer', { limit: 2 }),
  integer: plain('integer'),
  bigint: plain('bigint'),
  real: plain('float', { limit: 24 }),
  'double precision': plain('float'),
  numeric: ([precision, scale]) => ({ type: 'decimal', options: { precision, scale: scale === 0 ? undefined : scale } }),
  boolean: plain('boolean'),
  'timestamp without time zone': precise('datetime'),
  'timestamp with time zone': precise('timestamptz'),
  'time without time zone': timed('time'),
  'time with time zone': timed('timetz'),
  date: plain('date'),
  bytea: plain('binary'),
  bit: limited('bit'),
  'bit varying': limited('bit_varying'),
}

/** The type behind what `format_type` answers: `character varying(40)[]`.
 *
 * @param enums names of the database's enums
 */
export function postgresType(formatted: string, enums: ReadonlySet<string>): RailsType {
  const isList = formatted.endsWith('[]')
  const element = isList ? formatted.slice(0, -2) : formatted
  const args = (/\(([\d,]+)\)/.exec(element)?.[1] ?? '').split(',').filter(Boolean).map(Number)
  const name = element.replace(/\([\d,]+\)/, '')
  const bare = name.replaceAll('"', '')
  const { type, options } = enums.has(bare)
    ? { type: 'enum', options: { enum_type: bare } }
    : Object.hasOwn(types, name)
      ? types[name]!(args)
      : { type: element, options: {} }
  return { type, options: { ...options, ...(isList && { array: true }) } }
}

/** A default as the catalogue writes it: a value where it is a literal, else an expression. */
export function postgresDefault(sql: string, type: RailsType): RubyValue | undefined {
  if (/^NULL(?:::|$)/.test(sql)) return undefined
  const text = /^(?:'((?:[^']|'')*)'|\(?(-?\d+(?:\.\d+)?)\)?|(true|false))(?:::[\w ."[\](),]+)?$/.exec(sql)
  if (!text) return sqlExpression(sql)
  const [, quoted, number, boolean] = text
  const value = quoted === undefined ? (number ?? boolean!) : quoted.replaceAll("''", "'")
  if (type.options['array']) return listOf(value) ?? sqlExpression(sql)
  if (type.type === 'boolean') return value === 'true' || value === 't'
  if (['integer', 'bigint', 'float'].includes(type.type))
    return Number.isSafeInteger(Number(value)) || type.type === 'float' ? Number(value) : BigInt(value)
  return ['binary', 'interval', 'bit', 'bit_varying'].includes(type.type) ? new RubyLambda(sql) : value
}

/** `{a,"b c"}` without nesting; undefined for more. */
function listOf(text: string): RubyValue[] | undefined {
  if (text === '{}') return []
  if (!/^\{(?:[^{}",\\]+|"[^"\\]*")(?:,(?:[^{}",\\]+|"[^"\\]*"))*\}$/.test(text)) return undefined
  return (text.slice(1, -1).match(/"[^"]*"|[^,]+/g) ?? []).map((item) => {
    const value = item.replace(/^"|"$/g, '')
    return /^-?\d+$/.test(item) ? Number(value) : value
  })
}
