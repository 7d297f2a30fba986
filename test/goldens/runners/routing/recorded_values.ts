import { expressionOf } from './values.ts'

/** Recorded values of an application's table as ours. */
export function valuesOf(recorded: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, recordedValue(value)]))
}

/** Symbols are strings here, and expressions ours. */
export function recordedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(recordedValue)
  if (typeof value !== 'object' || value === null) return value
  if ('$symbol' in value) return value.$symbol
  if (!('$regexp' in value)) return value
  const { $regexp: source, options } = value as { $regexp: string; options: number }
  return expressionOf(source, `${options & 1 ? 'i' : ''}${options & 2 ? 'x' : ''}${options & 4 ? 'm' : ''}`)
}
