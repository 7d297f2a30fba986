import type { SqlValue } from '../database.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidEnumValue } from '../errors.ts'
import type { AttributeType } from './attribute_type.ts'
import { StoredValue } from './custom_type.ts'

/** The members of an enum: name → what the column holds. */
export type EnumMapping = ReadonlyMap<string, SqlValue>

/** How the column below an enum holds what the mapping says. */
export type EnumStorage = Pick<AttributeType, 'cast' | 'deserialize' | 'serialize'>

const asItIs: EnumStorage = { cast: (value) => value, deserialize: undefined, serialize: (value) => (value ?? null) as SqlValue }

/** The type of an enum attribute: reads and writes member names, stores what the mapping says.
 *
 * @param options.storage how values travel to and from the column; as they are for an enum of the schema, whose values are texts
 * @param options.isDeclared whether the application named the members: what the column holds beside them reads as null then, as in Rails
 * @throws InvalidEnumValue when something else is assigned
 */
export function enumType(
  model: string,
  attribute: string,
  mapping: EnumMapping,
  { validate = false, storage = asItIs, isDeclared = false }: { validate?: boolean; storage?: EnumStorage; isDeclared?: boolean } = {},
): AttributeType {
  const names = new Map<unknown, string>()
  for (const [name, stored] of mapping) if (!names.has(stored)) names.set(stored, name)
  const held = new Map<unknown, string>()
  for (const [stored, name] of names) held.set(plain(storage.cast(stored)), name)
  const nameOf = (value: unknown): string | undefined =>
    typeof value === 'string' && mapping.has(value) ? value : (names.get(value) ?? names.get(plain(value)))
  const read = (raw: unknown): unknown => {
    const value = raw === null ? null : (storage.deserialize?.(raw) ?? raw)
    return held.get(plain(value)) ?? (isDeclared ? null : value)
  }
  const cast = (value: unknown): unknown => {
    if (value === null || value === undefined || value === '') return null
    const name = nameOf(value)
    if (name !== undefined) return name
    if (validate) return value
    throw new InvalidEnumValue({ model, attribute, value: String(value), suggestion: didYouMean(String(value), [...mapping.keys()]) })
  }
  return {
    name: 'enum',
    cast,
    // A name that isn't there matches no row: clients filter by what they like. A number is what the column holds, also when it came as text.
    toCondition: (value) => {
      const name = nameOf(value)
      if (name !== undefined) return storage.serialize(storage.cast(mapping.get(name)))
      return typeof value !== 'string' || isNumeric(value) ? storage.serialize(storage.cast(value)) : null
    },
    serialize: (value) => {
      if (value === null) return null
      if (typeof value === 'string' && mapping.has(value)) return storage.serialize(storage.cast(mapping.get(value)))
      return storage.serialize(storage.cast(value))
    },
    equals: (a, b) => a === b,
    // What was assigned and is no member is kept for the validation, other than what was read.
    ...(validate || isAmbiguous(mapping)
      ? {
          deserialize: (value) => (value instanceof StoredValue ? read(value.raw) : value),
          wrap: (raw) => (raw === null || raw === undefined ? raw : new StoredValue(raw)),
        }
      : { deserialize: (value) => (typeof value === 'string' && mapping.has(value) ? value : read(value)) }),
  }
}

/** Whether a column may hold what is also the name of another member, so that a value that was read must be told from a name. */
function isAmbiguous(mapping: EnumMapping): boolean {
  return [...mapping].some(([name, stored]) => typeof stored === 'string' && stored !== name && mapping.has(stored))
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
}

/** What a value is looked up by: 1 and 1n are the same. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : typeof value === 'object' && value !== null ? String(value) : value
}
