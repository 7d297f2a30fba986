import { isDeepStrictEqual } from 'node:util'
import type { Codec, SqlValue } from '../database.ts'
import type { AttributeType } from './attribute_type.ts'
import { StoredValue } from './custom_type.ts'

/** The type of a column that holds a list. Its elements are cast one by one, and changes inside of a list that was read or saved are seen. */
export function listType(castElement: (value: unknown) => unknown, codec: Codec | undefined): AttributeType {
  const decode = codec?.decode?.bind(codec)
  const encode = codec?.encode?.bind(codec)
  const read = (given: unknown): unknown => {
    // Drivers don't know the lists of an enum, and answer their text.
    const raw = typeof given === 'string' ? readList(given) : given
    const list = decode === undefined ? raw : decode(raw as SqlValue)
    return Array.isArray(list) ? [...list] : list
  }
  return {
    name: 'value',
    cast: (value) => castList(value, castElement),
    deserialize: (value) => (value instanceof StoredValue ? read(value.raw) : value),
    wrap: (raw) => (raw === null || raw === undefined ? raw : new StoredValue(raw)),
    serialize: (value) =>
      value === null || value === undefined ? null : encode === undefined ? ([...(value as SqlValue[])] as never) : encode(value),
    equals: isDeepStrictEqual,
    isWhole: Array.isArray,
  }
}

/** As Active Record casts arrays of PostgreSQL: a text is read as the database writes lists, one that isn't such a text is empty. */
function castList(value: unknown, castElement: (value: unknown) => unknown): unknown {
  const given = typeof value === 'string' ? readList(value) : value instanceof Set ? [...value] : value
  if (!Array.isArray(given)) return given ?? null
  return given.map((element): unknown => (Array.isArray(element) ? castList(element, castElement) : castElement(element)))
}

const element = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]+?))\s*(,|$)/y

/** The elements of `{a,"b c",NULL}`. */
function readList(text: string): (string | null)[] {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (inside === undefined || inside.trim() === '') return []
  const elements: (string | null)[] = []
  element.lastIndex = 0
  for (let from = 0; from <= inside.length; from = element.lastIndex) {
    const found = element.exec(inside)
    if (found === null) return []
    const [, quoted, bare, separator] = found
    elements.push(quoted !== undefined ? quoted.replace(/\\(.)/gs, '$1') : bare!.toUpperCase() === 'NULL' ? null : bare!)
    if (separator === '') return elements
  }
  return []
}
