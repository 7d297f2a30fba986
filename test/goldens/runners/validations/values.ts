import { camelize } from '../../../../src/naming/index.ts'
import { range } from '../../../../src/model/index.ts'

/** Whether a value of the file is written as an object. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Dates and decimals as text and numbers; records as nothing. */
export function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(comparable)
  if (isPlain(value))
    return '$record' in value ? 'record' : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]))
  if (typeof value === 'object' && value !== null) return 'toFixed' in value ? Number(value) : 'record'
  return value
}

/** Attributes to assign, as values of ours. */
export function decodeAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, decode(value)]))
}

/** Options of a macro with our names. */
export function decodeOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      camelize(key, 'lower'),
      key === 'if' || key === 'unless' ? decodeCondition(value) : decodeOption(value),
    ]),
  )
}

function decodeOption(value: unknown): unknown {
  return isPlain(value) && !Object.keys(value).some((key) => key.startsWith('$')) ? decodeOptions(value) : decode(value)
}

function decodeCondition(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeCondition)
  if (isPlain(value) && '$sym' in value) return (record: object) => Reflect.get(record, String(value['$sym']).replace('?', ''))
  return decode(value)
}

/** A tagged value of the file as one of ours. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (!isPlain(value)) return value
  if ('$sym' in value) return value['$sym']
  if ('$float' in value || '$decimal' in value) return Number(value['$float'] ?? value['$decimal'])
  if ('$time' in value) return new Date(String(value['$time']).replace(/(\.\d{3})\d*/, '$1'))
  if ('$date' in value) return new Date(`${String(value['$date'])}T00:00:00Z`)
  if ('$range' in value) {
    const [from, to, excludesEnd] = value['$range'] as [unknown, unknown, boolean]
    return range(decode(from) as number, decode(to) as number, { excludesEnd })
  }
  if ('$regexp' in value) {
    const [source, flags] = value['$regexp'] as [string, string]
    const isMultiline = /[$^]/.test(source.replace(/\\.|\[(?:\\.|[^\]])*\]/g, ''))
    return new RegExp(
      source.replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\Z', '(?=\\n?$)'),
      `${flags.replace(/[^i]/g, '')}${isMultiline ? 'm' : ''}u`,
    )
  }
  if ('$attr_proc' in value) return (record: object) => Reflect.get(record, String(value['$attr_proc']))
  if ('$const_proc' in value || '$const_proc1' in value) return () => decode(value['$const_proc'] ?? value['$const_proc1'])
  if ('$msg_proc' in value)
    return (_record: unknown, data: Record<string, unknown>) =>
      `${data['model']}|${data['model']}|${data['attribute']}|${JSON.stringify(data['value'])}`
  if ('$symhash' in value) return decode(value['$symhash'])
  if ('$bigint' in value || '$int' in value) return Number(value['$bigint'] ?? value['$int'])
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]))
}
