import { BadRequest } from '../../http/index.ts'

/** Text of a scalar. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : undefined
}

/** A text, or the texts of a list.
 * @throws BadRequest (REGAUGE_BAD_REQUEST) for anything else that says something
 */
export function toCondition(name: string, value: unknown): string | string[] | undefined {
  if (Array.isArray(value)) return value.map((item) => toText(item) ?? refuse(name))
  return value === null || value === undefined ? undefined : (toText(value) ?? refuse(name))
}

function refuse(name: string): never {
  throw new BadRequest({ reason: `the parameter '${name}' must be a text or a list of texts` })
}

/** A whole number that JavaScript can hold exactly. */
export function toInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,16}\s*$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) ? (number as number) : undefined
}

// The values that ActiveModel::Type::Boolean takes for false.
const falseValues = new Set<unknown>([false, 0, '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF'])

/** A boolean as a form, a query or JSON spells it. */
export function toBoolean(value: unknown): boolean | undefined {
  if (value === undefined || value === null || value === '' || typeof value === 'object') return undefined
  return !falseValues.has(value)
}
