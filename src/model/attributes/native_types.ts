import { isIP } from 'node:net'
import type { FieldMetadata } from '../metadata.ts'
import { readTimeText } from './time_text.ts'

/** The kind of a field that follows from its type in the database, such as `@db.Uuid`; undefined where its own type says all. */
export function nativeKindOf({ type, nativeType }: FieldMetadata): 'Uuid' | 'Inet' | 'TimeOfDay' | undefined {
  const name = nativeType?.[0]
  if (type === 'String' && (name === 'Uuid' || name === 'Inet')) return name
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

/** Casts as Active Record's Inet: what is no address, or the address of a network, is null. */
export function castInet(value: unknown): string | null {
  const text = String(value ?? '').trim()
  const [address, bits, ...rest] = text.split('/')
  const version = isIP(address!)
  if (version === 0 || rest.length > 0) return null
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)) ? text : null
}

/** Casts as Active Record's Time: a time of day, on the first of January 2000. */
export function castTimeOfDay(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : onThatDay(value)
  const parts = typeof value === 'string' ? readTimeText(value) : undefined
  if (parts === undefined || parts.hour > 23 || parts.minute > 59 || parts.second > 59) return null
  return new Date(Date.UTC(2000, 0, 1, parts.hour, parts.minute - (parts.offset ?? 0), parts.second, parts.millisecond))
}

function onThatDay(time: Date): Date {
  return new Date(Date.UTC(2000, 0, 1, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), time.getUTCMilliseconds()))
}
