import { fromOutside } from '../../values/index.ts'
import { DeserializationError } from '../errors.ts'
import type { RecordLocator } from '../record_locator.ts'
import { builtInSerializers } from './built_in_serializers.ts'
import { isReserved } from './serialize.ts'
import { addedSerializers, type AnyJobSerializer } from './serializer.ts'

/** Turns what `serializeArguments` (or Rails) wrote into values again; records are loaded through the locator.
 *
 * @throws DeserializationError whose `cause` is what went wrong, for instance that a record is gone
 */
export async function deserializeArguments(values: readonly unknown[], locator: RecordLocator | undefined): Promise<unknown[]> {
  try {
    const ids = globalIdsIn(values)
    const records = ids === undefined ? none : await recordsOf(ids, locator)
    return values.map((value) => deserialize(value, records))
  } catch (cause) {
    throw new DeserializationError({ reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

const none: ReadonlyMap<string, unknown> = new Map()

async function recordsOf(ids: ReadonlySet<string>, locator: RecordLocator | undefined): Promise<ReadonlyMap<string, unknown>> {
  const records = new Map<string, unknown>()
  await Promise.all([...ids].map(async (id) => records.set(id, await locate(id, locator))))
  return records
}

async function locate(id: string, locator: RecordLocator | undefined): Promise<unknown> {
  if (locator === undefined) throw new Error(`there are no models to find ${id} among`)
  return await locator.locate(id)
}

/** The ids of all records in a value; undefined where there are none, as in most. */
function globalIdsIn(value: unknown, before?: Set<string>): Set<string> | undefined {
  if (typeof value !== 'object' || value === null) return before
  let found = before
  if (Array.isArray(value)) {
    for (const item of value) found = globalIdsIn(item, found)
    return found
  }
  const fields = value as Record<string, unknown>
  const id = fields['_aj_globalid']
  if (typeof id === 'string') return (found ?? new Set()).add(id)
  for (const key in fields) if (Object.hasOwn(fields, key)) found = globalIdsIn(fields[key], found)
  return found
}

function deserialize(value: unknown, records: ReadonlyMap<string, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => deserialize(item, records))
  const fields = value as Record<string, unknown>
  if (typeof fields['_aj_globalid'] === 'string') return records.get(fields['_aj_globalid'])
  if (!Object.hasOwn(fields, '_aj_serialized')) return deserializeHash(fields, records)
  return serializerNamed(String(fields['_aj_serialized'])).deserialize(fields, (item) => deserialize(item, records))
}

function serializerNamed(name: string): AnyJobSerializer {
  const byName = (serializer: AnyJobSerializer) => serializer.name === name
  const found = addedSerializers().find(byName) ?? builtInSerializers.find(byName)
  if (found === undefined) throw new Error(`Serializer ${name} is not known`)
  return found
}

function deserializeHash(fields: Record<string, unknown>, records: ReadonlyMap<string, unknown>): object {
  const symbolKeys = fields['_aj_symbol_keys']
  const hasStringKeys = Array.isArray(symbolKeys) && countOfKeys(fields) > symbolKeys.length
  const result: Record<string, unknown> = hasStringKeys ? Object.create(null) : {}
  for (const key in fields) {
    if (isReserved(key) || key === '__proto__' || !Object.hasOwn(fields, key)) continue
    const item = fields[key]
    result[key] = typeof item === 'object' ? deserialize(item, records) : item
  }
  return fromOutside(result)
}

function countOfKeys(fields: Record<string, unknown>): number {
  let count = 0
  for (const key in fields) if (!isReserved(key) && Object.hasOwn(fields, key)) count++
  return count
}
