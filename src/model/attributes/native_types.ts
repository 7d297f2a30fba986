import type { FieldMetadata } from '../metadata.ts'
import { FormParts } from './form_parts.ts'
import { readTimeText } from './time_text.ts'

export type NativeKind = 'Uuid' | 'Inet' | 'Xml' | 'Bit' | 'VarBit' | 'Money' | 'TimeOfDay'

const ofTexts: readonly NativeKind[] = ['Uuid', 'Inet', 'Xml', 'Bit', 'VarBit']

/** The kind of a field that follows from its type in the database, such as `@db.Uuid`; undefined where its own type says all. */
export function nativeKindOf({ type, nativeType }: FieldMetadata): NativeKind | undefined {
  const name = nativeType?.[0]
  if (type === 'String') return ofTexts.find((kind) => kind === name)
  if (type === 'Decimal' && name === 'Money') return name
  return type === 'DateTime' && (name === 'Time' || name === 'Timetz') ? 'TimeOfDay' : undefined
}

/** Casts as Active Record's Uuid: in small letters with dashes; what is no UUID is null. */
export function castUuid(value: unknown): string | null {
  const text = String(value ?? '')
  if (!/^(?:\{(?:[\da-f]{4}-?){8}\}|(?:[\da-f]{4}-?){8})$/i.test(text)) return null
  return text
    .replace(/[^\da-f]/gi, '')
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Casts as Active Record's Bit: ones and zeros, or hexadecimal digits behind `0x`. */
export function castBits(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  return /^0x/i.test(text) ? BigInt(`0x${/^[\da-f]*/i.exec(text.slice(2))![0] || '0'}`).toString(2) : text
}

/** The number in an amount of money as people write it: `$1,234.50`, `12.345,67 €`, `($2.55)`. Other texts stay. */
export function plainAmount(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.replace(/^\((.+)\)$/, '-$1')
  if (/^-?\D*[\d,]+\.\d{2}$/.test(text)) return text.replace(/[^-\d.]/g, '')
  return /^-?\D*[\d.]+,\d{2}$/.test(text) ? text.replace(/[^-\d,]/g, '').replace(',', '.') : text
}

/** Casts as Active Record's Time: a time of day, on the first of January 2000. */
export function castTimeOfDay(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : onThatDay(value)
  if (value instanceof FormParts) {
    const time = value.toTimeOfDay()
    return time === null ? null : onThatDay(time)
  }
  const parts = typeof value === 'string' ? readTimeText(value) : undefined
  if (parts === undefined || parts.hour > 23 || parts.minute > 59 || parts.second > 59) return null
  return new Date(Date.UTC(2000, 0, 1, parts.hour, parts.minute - (parts.offset ?? 0), parts.second, parts.millisecond))
}

function onThatDay(time: Date): Date {
  return new Date(Date.UTC(2000, 0, 1, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), time.getUTCMilliseconds()))
}
