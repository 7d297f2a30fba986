import { InvalidArgument } from '../errors.ts'
import { fromOutside } from '../../values/index.ts'

/** What an hstore holds: texts by name. */
export type Hstore = Record<string, string | null>

const pair = /\s*"((?:[^"\\]|\\.)*)"\s*=>?\s*(?:(NULL)|"((?:[^"\\]|\\.)*)")\s*(,|$)/gsy

/** Casts as Active Record's Hstore: the values of an object become texts, and a text is read as the database writes it.
 * @throws InvalidArgument for another text
 */
export function castHstore(value: unknown): unknown {
  if (typeof value === 'string') return readHstore(value)
  if (typeof value !== 'object' || value === null) return value ?? null
  return fromOutside(Object.fromEntries(Object.entries(value).map(([name, held]) => [name, heldText(held)])))
}

/** The pairs of `"a"=>"1", "b"=>NULL`. */
export function readHstore(text: string): Hstore {
  const pairs: [string, string | null][] = []
  pair.lastIndex = 0
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text)
    if (found === null) throw new InvalidArgument({ reason: `Invalid Hstore document: ${JSON.stringify(text)}` })
    const [, name, isNull, held] = found
    pairs.push([unescaped(name!), isNull === undefined ? unescaped(held!) : null])
  }
  return fromOutside(Object.fromEntries(pairs))
}

export function writeHstore(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, held]) => `${quoted(name)}=>${held === null || held === undefined ? 'NULL' : quoted(heldText(held)!)}`)
    .join(', ')
}

function heldText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}
