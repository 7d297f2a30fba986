const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What a field of a cron line may hold. */
interface Field {
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
  /** The number that means the first again: 24 o'clock, and 7 for Sunday. */
  readonly again?: number
}

const second: Field = { least: 0, most: 59 }
const dayOfMonth: Field = { least: 1, most: 31 }
const dayOfWeek: Field = { least: 0, most: 6, names: weekdays, again: 7 }
const fields: readonly Field[] = [second, { least: 0, most: 23, again: 24 }, dayOfMonth, { least: 1, most: 12, names: months }, dayOfWeek]

/** Writes a cron line in fugit's dialect so that croner reads the same: ranges over the end (`22-4`, `fri-mon`), steps from a number (`5/15`), 24
 * o'clock, `last` and `-1`, `fri#last`, and `&` for "both days". Undefined for what is no cron line.
 *
 * @example cronLineOf('0 22-2 13& * fri') // 0 22,23,0,1,2 13 * +fri
 */
export function cronLineOf(line: string): string | undefined {
  const given = line.split(' ')
  if (given.length < 5 || given.length > 6 || !given.every((field) => /^[-\d*?/,L#a-zA-Z&]+$/.test(field))) return undefined
  if (!/^[-\d*?]/.test(line)) return undefined
  const kinds = given.length === 6 ? [second, ...fields] : fields
  const isBoth = given.slice(-3).some((field) => field.includes('&'))
  const written = given.map((field, index) => fieldOf(field.replaceAll('&', ''), kinds[index]!))
  if (isBoth) written[written.length - 1] = `+${written.at(-1)}`
  return written.join(' ')
}

function fieldOf(text: string, kind: Field): string {
  return text
    .split(',')
    .map((part) => partOf(part, kind))
    .join(',')
}

function partOf(part: string, kind: Field): string {
  if (kind === dayOfMonth && /^(?:last|-1)$/i.test(part)) return 'L'
  if (kind === dayOfWeek && /#(?:last|-1)$/i.test(part)) return part.replace(/#.*/, '#L')
  const [range = '', step] = part.split('/')
  const [from = '', to] = range.split('-')
  if (kind.again === Number(range)) return String(kind.least)
  if (step !== undefined && to === undefined && /^\d+$/.test(from)) return `${from}-${kind.most}/${step}`
  const [first, last] = [numberOf(from, kind), numberOf(to, kind)]
  if (first === undefined || last === undefined || first <= last) return part
  const around = [...numbers(first, kind.most), ...numbers(kind.least, last)]
  return around.filter((_, index) => index % Number(step ?? 1) === 0).join(',')
}

function numberOf(text: string | undefined, { names, least }: Field): number | undefined {
  if (text === undefined || text === '') return undefined
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  const number = named >= 0 ? named + least : Number(text)
  return Number.isInteger(number) ? number : undefined
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}
