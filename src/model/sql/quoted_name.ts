import type { Dialect } from '../database.ts'
import { InvalidArgument } from '../errors.ts'

/** A name as SQL writes it.
 * @throws InvalidArgument for a null byte, which ends a statement for some servers
 */
export function quotedName(name: string, dialect: Dialect): string {
  if (name.includes('\0')) throw new InvalidArgument({ reason: 'A name in SQL has no null bytes.' })
  const quote = dialect === 'mysql' ? '`' : '"'
  return quote + name.replaceAll(quote, quote + quote) + quote
}
