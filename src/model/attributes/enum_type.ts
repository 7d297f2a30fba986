import type { SqlValue } from '../database.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidEnumValue } from '../errors.ts'
import type { AttributeType } from './attribute_type.ts'

/** The members of an enum: name → what the column holds. */
export type EnumMapping = ReadonlyMap<string, SqlValue>

/** The type of an enum attribute: reads and writes member names, stores what the mapping says.
 * @throws InvalidEnumValue when something else is assigned
 */
export function enumType(model: string, attribute: string, mapping: EnumMapping, options: { validate?: boolean } = {}): AttributeType {
  const names = new Map<unknown, string>()
  for (const [name, stored] of mapping) names.set(stored, name)
  const nameOf = (value: unknown): string | undefined => (typeof value === 'string' && mapping.has(value) ? value : names.get(value))
  const cast = (value: unknown): unknown => {
    if (value === null || value === undefined || value === '') return null
    const name = nameOf(value)
    if (name !== undefined) return name
    if (options.validate) return value
    throw new InvalidEnumValue({ model, attribute, value: String(value), suggestion: didYouMean(String(value), [...mapping.keys()]) })
  }
  return {
    name: 'enum',
    cast,
    // A name that isn't there matches no row: clients filter by what they like.
    toCondition: (value) => {
      // What came as text may be what the column holds.
      const name = nameOf(value) ?? names.get(typeof value === 'string' && value.trim() !== '' ? Number(value) : value)
      return name === undefined ? null : (mapping.get(name) as SqlValue)
    },
    deserialize: (stored) => (stored === null ? null : (names.get(typeof stored === 'bigint' ? Number(stored) : stored) ?? stored)),
    serialize: (value) => (value === null ? null : (mapping.get(value as string) ?? (value as SqlValue))),
    equals: (a, b) => a === b,
  }
}
