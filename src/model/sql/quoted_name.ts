import type { Dialect } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { shownValue } from './shown_value.ts'

/** A name as SQL writes it.
 * @throws InvalidArgument for what is no text, and for a null byte, which ends a statement for some servers
 */
export function quotedName(name: string, dialect: Dialect): string {
  requireName(name)
  const quote = dialect === 'mysql' ? '`' : '"'
  return quote + name.replaceAll(quote, quote + quote) + quote
}

/** @throws InvalidArgument for what is no text, and for a null byte */
export function requireName(name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new InvalidArgument({ reason: `A name in SQL is a text; it was given ${shownValue(name)}.` })
  if (name.includes('\0')) throw new InvalidArgument({ reason: 'A name in SQL has no null bytes.' })
}
