const units: Readonly<Record<string, (count: number) => string>> = {
  second: (count) => `${every(count)} * * * * *`,
  minute: (count) => `${every(count)} * * * *`,
  hour: (count) => `0 ${every(count)} * * *`,
  day: (count) => `0 0 ${every(count)} * *`,
  week: (count) => (count === 1 ? '0 0 * * 0' : ''),
  month: (count) => `0 0 1 ${every(count)} *`,
  year: (count) => (count === 1 ? '0 0 1 1 *' : ''),
}
const largest: Readonly<Record<string, number>> = { second: 59, minute: 59, hour: 23, day: 31, week: 1, month: 12, year: 1 }
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

const every = (count: number) => (count === 1 ? '*' : `*/${count}`)

/** The cron line of a schedule in words, in the common forms that fugit (which Solid Queue asks) understands; undefined for what it isn't.
 *
 * @example cronOfWords('at 5am every day')      // 0 5 * * *
 * @example cronOfWords('every monday at 17:30') // 30 17 * * 1
 */
export function cronOfWords(text: string): string | undefined {
  const words = text.trim().toLowerCase().replace(/,/g, ' ').replace(/\s+/g, ' ')
  const rest: string[] = []
  let time: Time | undefined
  let minute: number | undefined
  const withoutMinute = words.replace(/ ?\b(?:at|on) minute (\d{1,2})\b/, (_, given: string) => {
    minute = Number(given)
    return ''
  })
  const withoutTime = withoutMinute.replace(/(?:^| )at ([a-z0-9:]+(?: ?[ap]\.?m\.?)?(?: o'clock)?)/, (_, given: string) => {
    time = timeOf(given)
    rest.push(time === undefined ? '?' : '')
    return ' '
  })
  if (rest.includes('?') || (minute !== undefined && minute > 59)) return undefined
  const line = lineOf(withoutTime.trim().replace(/\s+/g, ' '))
  if (line === undefined || (time !== undefined && minute !== undefined)) return undefined
  return placedAt(line, time, minute)
}

interface Time {
  readonly hour: number
  readonly minute: number
}

function lineOf(words: string): string | undefined {
  const simple = /^every(?: (\d+|[a-z]+))? (second|minute|hour|day|week|month|year)s?$/.exec(words)
  if (simple !== null) {
    const count = countOf(simple[1])
    const unit = simple[2]!
    if (count === undefined || count < 1 || count > largest[unit]!) return undefined
    return units[unit]!(count) || undefined
  }
  const monthly =
    /^(?:every month )?on the (\d{1,2})(?:st|nd|rd|th)?(?: of (?:the|every|each) month)?$|^every (\d{1,2})(?:st|nd|rd|th) of (?:the |every )?month$/.exec(
      words,
    )
  if (monthly !== null) {
    const day = Number(monthly[1] ?? monthly[2])
    return day >= 1 && day <= 31 ? `0 0 ${day} * *` : undefined
  }
  const named = /^(?:every|on) ([a-z ]+)$/.exec(words)
  const days = named === null ? undefined : daysOf(named[1]!)
  return days === undefined ? undefined : `0 0 * * ${days}`
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return 1
  if (/^\d+$/.test(text)) return Number(text)
  const count = numbers.indexOf(text)
  return count < 0 ? undefined : count
}

function daysOf(text: string): string | undefined {
  if (/^weekdays?$/.test(text)) return '1-5'
  if (/^weekends?$/.test(text)) return '6,0'
  const range = /^([a-z]+) (?:to|through) ([a-z]+)$/.exec(text)
  if (range !== null) {
    const [from, to] = [dayOf(range[1]!), dayOf(range[2]!)]
    return from === undefined || to === undefined ? undefined : `${from}-${to}`
  }
  const days = text.split(/ and | /).map(dayOf)
  return days.includes(undefined) ? undefined : days.join(',')
}

function dayOf(text: string): number | undefined {
  const name = text.replace(/s$/, '')
  const index = weekdays.findIndex((day) => day === text || day === name || (name.length >= 3 && name.length <= 5 && day.startsWith(name)))
  return index < 0 ? undefined : index
}

function timeOf(text: string): Time | undefined {
  if (text === 'noon') return { hour: 12, minute: 0 }
  if (text === 'midnight') return { hour: 0, minute: 0 }
  const found = /^(\d{1,2}|[a-z]+?)(?::(\d{2}))? ?(?:([ap])\.?m\.?)?(?: o'clock)?$/.exec(text)
  if (found === null) return undefined
  const given = countOf(found[1])
  const minute = Number(found[2] ?? 0)
  if (given === undefined || minute > 59) return undefined
  if (found[3] === undefined) return given > 24 ? undefined : { hour: given % 24, minute }
  if (given < 1 || given > 12) return undefined
  return { hour: (given % 12) + (found[3] === 'p' ? 12 : 0), minute }
}

/** Puts the time of day, or the minute of the hour, into a cron line. */
function placedAt(line: string, time: Time | undefined, minute: number | undefined): string | undefined {
  const fields = line.split(' ')
  if (fields.length !== 5) return time === undefined && minute === undefined ? line : undefined
  if (time !== undefined) {
    if (fields[0] !== '0' || fields[1] !== '0') return undefined
    fields[0] = String(time.minute)
    fields[1] = String(time.hour)
  }
  if (minute !== undefined) {
    if (fields[0] !== '0' || fields[1] === '0') return undefined
    fields[0] = String(minute)
  }
  return fields.join(' ')
}
