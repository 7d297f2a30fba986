import type { Schema } from './document.ts'

/** What the name of a parameter says about its type. */
export function guessParameterSchema(name: string): Schema {
  if (name === 'id' || name.endsWith('_id')) return { type: 'integer' }
  if (name.endsWith('_at')) return { type: 'string', format: 'date-time' }
  return { type: 'string' }
}
