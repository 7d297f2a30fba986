import { InvalidArgument } from '../errors.ts'
import { plainValue } from './plain_value.ts'
import { shownValue } from './shown_value.ts'

/** SQL as Ruby formats it, `name = '%s' and views > %d`: the parts around its values, which are bound. What stands between quotes becomes one text.
 * @throws InvalidArgument for `%s` outside of quotes, where a text would become SQL, and where the number of values is another
 */
export function formatted(text: string, given: readonly unknown[]): { parts: string[]; values: unknown[] } {
  const parts = ['']
  const values: unknown[] = []
  const left = [...given]
  const next = (): unknown => {
    if (left.length === 0) throw wrongNumber(text, given)
    return left.shift()
  }
  const bind = (value: unknown): void => {
    values.push(value)
    parts.push('')
  }
  for (const [piece] of text.matchAll(/'(?:[^']|'')*'|%.|[^'%]+|['%]/gs)) {
    if (piece.startsWith("'") && piece.includes('%')) bind(quotedText(piece, next))
    else if (piece === '%s') throw new InvalidArgument({ reason: `'%s' stands in quotes; a value without them is a '?', in: ${text}` })
    else if (/^%[dif]$/.test(piece)) bind(numberOf(next(), piece))
    else parts.push(`${parts.pop()!}${piece === '%%' ? '%' : piece}`)
  }
  if (left.length > 0) throw wrongNumber(text, given)
  return { parts, values }
}

/** `'%%%s%%'`: a text of its own with values in it. */
function quotedText(piece: string, next: () => unknown): string {
  const inside = piece.slice(1, -1).replaceAll("''", "'")
  return inside.replace(/%([%sdif])/g, (directive, kind: string) => {
    if (kind === '%') return '%'
    return String(kind === 's' ? (plainValue(next()) ?? '') : numberOf(next(), directive))
  })
}

function numberOf(value: unknown, directive: string): number {
  const isNumeric = typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && value !== '')
  const number = isNumeric ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw new InvalidArgument({ reason: `${shownValue(value)} is no number for '${directive}'.` })
  return directive === '%f' ? number : Math.trunc(number)
}

function wrongNumber(text: string, given: readonly unknown[]): InvalidArgument {
  return new InvalidArgument({ reason: `wrong number of values (${given.length}) in: ${text}` })
}
