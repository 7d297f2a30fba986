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
 * o'clock, `last` and `-1`, `fri#last`, and `&` for "both days". What croner has no pattern for is written as `timeAfter` reads it: days from the
 * end (`-2`) and weeks by modulo (`3%2+1`). Undefined for what is no cron line.
 *
 * @example cronLineOf('0 22-2 13& * fri') // 0 22,23,0,1,2 13 * +fri
 */
export function cronLineOf(line: string): string | undefined {
  const given = line.split(' ')
  if (given.length < 5 || given.length > 6 || !given.every((field) => /^(?:[-\d*?/,L#a-zA-Z&]|%\d+(?:\+\d+)?)+$/.test(field)))
    return undefined
  if (!/^[-\d*?/,]/.test(line)) return undefined
  const kinds = given.length === 6 ? [second, ...fields] : fields
  const isBoth = given.slice(-3).some((field) => field.includes('&'))
  const written: string[] = []
  for (const [index, field] of given.entries()) {
    const parts = field.replaceAll('&', '').split(',')
    const read = parts.filter((part) => part !== '').map((part) => partOf(part, kinds[index]!))
    if (read.length === 0 || read.includes(undefined)) return undefined
    written.push([...new Set(read)].join(','))
  }
  if (isBoth) written[written.length - 1] = `+${written.at(-1)}`
  return written.join(' ')
}

function partOf(part: string, kind: Field): string | undefined {
  if (part.includes('%')) return kind === dayOfWeek ? weekOf(part) : undefined
  if (kind === dayOfMonth && /^(?:last|-1)$/i.test(part)) return 'L'
  if (kind === dayOfWeek && /#(?:last|-1)$/i.test(part)) return part.replace(/#.*/, '#L')
  if (part.startsWith('/')) return `*${part}`
  const [, from, to, step] = /^(-?\w+)(?:-(-?\w+))?(?:\/(\d+))?$/.exec(part) ?? []
  if (from === undefined) return part
  if (to !== undefined) return rangeOf(part, from, to, step, kind)
  if (from === String(kind.again)) return String(kind.least)
  if (step === undefined) return part
  // Fugit takes `3/2` as the Wednesdays, which it doesn't say.
  if (kind === dayOfWeek) return undefined
  return /^\d+$/.test(from) ? `${from}-${kind.most}/${step}` : part
}

/** Weeks of about twenty years. */
const mostWeeks = 1000

/** Some of the weeks of a weekday: `wed%2+1`. */
function weekOf(part: string): string | undefined {
  const [, day, modulo, plus = '0'] = /^([a-z]+|\d)%(\d+)(?:\+(\d+))?$/i.exec(part) ?? []
  const number = numberOf(day, dayOfWeek)
  if (number === undefined || number > 7 || Number(modulo) === 0 || Number(modulo) > mostWeeks) return undefined
  return `${number % 7}%${Number(modulo)}+${Number(BigInt(plus) % BigInt(modulo!))}`
}

function rangeOf(part: string, from: string, to: string, step: string | undefined, kind: Field): string | undefined {
  if (kind === dayOfMonth && from.startsWith('-')) return daysFromEnd(from, to, Number(step ?? 1))
  const end = kind === dayOfMonth && /^(?:last|l)$/i.test(to) ? String(kind.most) : to
  const [first, last] = [numberOf(from, kind), numberOf(end, kind)]
  if (first === undefined || last === undefined || last < 0) return end === to && last === undefined ? part : undefined
  if (Math.max(first, last) > (kind.again ?? kind.most)) return undefined
  if (first <= last && last !== kind.again) return step === undefined ? `${from}-${end}` : `${from}-${end}/${step}`
  const around = first <= last ? numbers(first, last) : [...numbers(first, kind.most), ...numbers(kind.least, last)]
  return every(around, Number(step ?? 1), (number) => (number === kind.again ? kind.least : number))
}

/** The days of a range that is counted from the end of the month. */
function daysFromEnd(from: string, to: string, step: number): string | undefined {
  const [first, last] = [Number(from), /^(?:last|l)$/i.test(to) ? -1 : Number(to)]
  if (!(first >= -31 && last >= -31 && last < 0)) return undefined
  const days = first <= last ? numbers(first, last) : [...numbers(first, -1), ...numbers(-31, last)]
  return every(days, step, (day) => (day === -1 ? 'L' : day))
}

function every(values: readonly number[], step: number, write: (value: number) => number | string): string | undefined {
  if (step === 0) return undefined
  return [...new Set(values.filter((_, index) => index % step === 0).map(write))].join(',')
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
