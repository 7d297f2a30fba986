/** Text of a scalar. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : undefined
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
