import { CalendarDate } from '../../../../src/model/attributes/calendar_date.ts'
import { isDeepStrictEqual } from 'node:util'
import type { ModelRecord } from '../../../../src/model/record/model_record.ts'
import { SqlFragment } from '../../../../src/model/sql/fragment.ts'
import { isRecord, isRelation } from './members.ts'

/** A value as the recording shows it: records by class and key, others tagged. */
export async function shown(value: unknown): Promise<unknown> {
  if (isRecord(value)) return shownRecord(value)
  if (isRelation(value)) return shown(await value)
  if (Array.isArray(value)) return Promise.all(value.map(shown))
  if (value instanceof Map) return shownMap(value)
  if (value === undefined) return null
  if (value instanceof SqlFragment) return value.toString()
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : { $int: String(value) }
  if (typeof value === 'function') return { $class: value.name }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof CalendarDate) return { $date: value.toJSON() }
  if (value instanceof Date) return { $twz: [`${value.toISOString().slice(0, -1)}000000Z`, 'Etc/UTC'] }
  if ('toFixed' in value) return { $decimal: decimalText(String(value)) }
  if (Symbol.iterator in value) return Promise.all([...(value as Iterable<unknown>)].map(shown))
  return shownHash(value as Record<string, unknown>)
}

/** By class and key; with its attributes when it is new or wasn't loaded with exactly the table's columns. */
async function shownRecord(record: ModelRecord): Promise<unknown> {
  const { attributes } = record
  const id = record.hasAttribute('id') ? record.readAttribute('id') : null
  if (record.isNewRecord()) return { $rec: [record.constructor.name, null, await loose(attributes)], new: true }
  const columns = (record.constructor as unknown as { columnNames: string[] }).columnNames
  const isWhole = isDeepStrictEqual(Object.keys(attributes).sort(), [...columns].sort())
  return { $rec: isWhole ? [record.constructor.name, id] : [record.constructor.name, id ?? null, await loose(attributes)] }
}

async function loose(attributes: Record<string, unknown>): Promise<Record<string, unknown>> {
  return (await shownHash(attributes)) as Record<string, unknown>
}

async function shownMap(map: Map<unknown, unknown>): Promise<unknown> {
  const entries = await Promise.all([...map].map(async ([key, value]) => [await shown(key), await shown(value)]))
  if (entries.every(([key]) => typeof key === 'string')) return Object.fromEntries(entries)
  return { $hash: entries }
}

async function shownHash(hash: Record<string, unknown>): Promise<unknown> {
  if (Array.isArray(hash['columns']) && Array.isArray(hash['rows']))
    return { $result: { columns: hash['columns'], rows: await shown(hash['rows']) } }
  return Object.fromEntries(await Promise.all(Object.entries(hash).map(async ([name, value]) => [name, await shown(value)])))
}

/** As Ruby writes a decimal: with a digit behind the point. */
function decimalText(text: string): string {
  return text.includes('.') ? text : `${text}.0`
}
