import type { AttributeType } from '../attributes/attribute_type.ts'

/** How numbers that SQL calculates are read, whatever a database answers them as: a bigint, a decimal's text. */
export const numbers: AttributeType = {
  name: 'number',
  cast: Number,
  deserialize: Number,
  serialize: Number,
  equals: Object.is,
}
