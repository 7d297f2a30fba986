import { fromOutside } from '../../values/index.ts'
import { DeserializationError } from '../errors.ts'
import type { RecordLocator } from '../record_locator.ts'
import { builtInSerializers } from './built_in_serializers.ts'
import { reservedKeys } from './serialize.ts'
import { addedSerializers, type AnyJobSerializer } from './serializer.ts'

/** Turns what `serializeArguments` (or Rails) wrote into values again; records are loaded through the locator.
 *
 * @throws DeserializationError whose `cause` is what went wrong, for instance that a record is gone
 */
export async function deserializeArguments(values: readonly unknown[], locator: RecordLocator | undefined): Promise<unknown[]> {
  try {
    const records = new Map<string, unknown>()
    await Promise.all([...globalIdsIn(values)].map(async (id) => records.set(id, await locate(id, locator))))
    return values.map((value) => deserialize(value, records))
  } catch (cause) {
    throw new DeserializationError({ reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

async function locate(id: string, locator: RecordLocator | undefined): Promise<unknown> {
  if (locator === undefined) throw new Error(`there are no models to find ${id} among`)
  return await locator.locate(id)
}

function globalIdsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  const id = (value as Record<string, unknown>)['_aj_globalid']
  if (typeof id === 'string') found.add(id)
  else for (const item of Object.values(value)) globalIdsIn(item, found)
  return found
}

function deserialize(value: unknown, records: ReadonlyMap<string, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const nested = (item: unknown) => deserialize(item, records)
  if (Array.isArray(value)) return value.map(nested)
  const fields = value as Record<string, unknown>
  if (typeof fields['_aj_globalid'] === 'string') return records.get(fields['_aj_globalid'])
  if (Object.hasOwn(fields, '_aj_serialized')) return serializerNamed(String(fields['_aj_serialized'])).deserialize(fields, nested)
  return deserializeHash(fields, nested)
}

function serializerNamed(name: string): AnyJobSerializer {
  const byName = (serializer: AnyJobSerializer) => serializer.name === name
  const found = addedSerializers().find(byName) ?? builtInSerializers.find(byName)
  if (found === undefined) throw new Error(`Serializer ${name} is not known`)
  return found
}

function deserializeHash(fields: Record<string, unknown>, nested: (item: unknown) => unknown): object {
  const keys = Object.keys(fields).filter((key) => !reservedKeys.has(key))
  const symbolKeys = fields['_aj_symbol_keys']
  const hasStringKeys = Array.isArray(symbolKeys) && keys.length > symbolKeys.length
  const result: Record<string, unknown> = hasStringKeys ? Object.create(null) : {}
  for (const key of keys) {
    if (key === '__proto__') continue
    result[key] = nested(fields[key])
  }
  return fromOutside(result)
}
