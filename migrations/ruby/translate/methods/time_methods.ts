import { argumentsOf, literalText } from '../../nodes.ts'
import { strftime } from './strftime.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { boolean, date, type Expression, number, safely, text, time, unknown, type ValueType } from '../value_types.ts'

/** A value that is written more than once is given to a function, unless it is a name. */
function once(code: string, write: (name: string) => string): string {
  return /^[\w$.]+$/.test(code) && !code.endsWith(')') ? write(code) : `((time: Date) => ${write('time')})(${code})`
}

/** Rails knows times in the zone of the application: here they are in UTC, which a note says where the application has another. */
const zoned =
  (write: (receiver: string, args: string[]) => string, type?: ValueType): ValueMethod =>
  (given) => {
    const { receiver, args, call, dot } = given
    if (call.block) return undefined
    noteZone(given)
    const codes = args().map(({ code }) => code)
    const written = ({ code }: Expression) => ({ code: once(code, (name) => write(name, codes)), type: type ?? receiver.type })
    return dot === '?.' ? safely(receiver, written) : written(receiver)
  }

function noteZone({ frame, receiver }: ValueCall): void {
  const { timeZone } = frame.application
  if (timeZone !== undefined && receiver.type.kind === 'time') frame.notes.add(`times are of UTC, where Rails takes those of ${timeZone}`)
}

const utc = (year: string, month: string, day: string): string => `new Date(Date.UTC(${year}, ${month}, ${day}))`
const lastMoment = (start: string): string => `new Date(${start}.getTime() - 1)`
const startOfDay = (name: string): string => `new Date(new Date(${name}).setUTCHours(0, 0, 0, 0))`
const startOfWeek = (name: string): string =>
  utc(`${name}.getUTCFullYear()`, `${name}.getUTCMonth()`, `${name}.getUTCDate() - ((${name}.getUTCDay() + 6) % 7)`)
const month = (name: string, offset = 0, day = 1): string =>
  utc(`${name}.getUTCFullYear()`, `${name}.getUTCMonth()${offset === 0 ? '' : ` + ${offset}`}`, String(day))
const quarter = (name: string, offset = 0): string =>
  utc(`${name}.getUTCFullYear()`, `Math.floor(${name}.getUTCMonth() / 3) * 3${offset === 0 ? '' : ` + ${offset}`}`, '1')
const year = (name: string, offset = 0): string => utc(`${name}.getUTCFullYear()${offset === 0 ? '' : ` + ${offset}`}`, '0', '1')

/** A day has no hour, so that its last moment is midnight. */
const ending =
  (start: (name: string) => string): ValueMethod =>
  (given) =>
    zoned((name) => (given.receiver.type.kind === 'date' ? `new Date(${start(name)}.getTime() - 86400000)` : lastMoment(start(name))))(
      given,
    )

const whole =
  (from: (name: string) => string, to: (name: string) => string): ValueMethod =>
  (given) =>
    zoned((name) => `${given.frame.imports.framework('range')}(${from(name)}, ${to(name)}, { excludesEnd: true })`, unknown)(given)

const moved =
  (days: number): ValueMethod =>
  (given) =>
    zoned((name) => `new Date(${name}.getTime() ${days < 0 ? '-' : '+'} ${Math.abs(days) * 86400000})`)(given)

const read =
  (name: string): ValueMethod =>
  (given) => {
    noteZone(given)
    return { code: `${given.receiver.code}${given.dot}${name}()`, type: number }
  }

const compared =
  (write: (receiver: string, args: string[]) => string): ValueMethod =>
  ({ receiver, args }) => ({
    code: write(
      receiver.code,
      args().map(({ code }) => code),
    ),
    type: boolean,
  })

const change: ValueMethod = (given) => {
  const { pairs, positional } = argumentsOf(given.call)
  return positional.length > 0 || pairs.length > 0 ? undefined : given.receiver
}

/** Ruby's and Rails' methods of times and dates. */
export const momentMethods: ValueMethods = {
  utc: ({ receiver }) => receiver,
  getutc: ({ receiver }) => receiver,
  in_time_zone: ({ receiver, args }) => (args().length > 0 ? undefined : { ...receiver, type: time }),
  to_time: ({ receiver }) => ({ ...receiver, type: time }),
  to_datetime: ({ receiver }) => ({ ...receiver, type: time }),
  change,
  to_date: (given) => (given.receiver.type.kind === 'date' ? given.receiver : zoned(startOfDay, date)(given)),
  beginning_of_day: zoned(startOfDay, time),
  at_beginning_of_day: zoned(startOfDay, time),
  midnight: zoned(startOfDay, time),
  end_of_day: zoned((name) => `new Date(new Date(${name}).setUTCHours(23, 59, 59, 999))`, time),
  beginning_of_hour: zoned((name) => `new Date(new Date(${name}).setUTCMinutes(0, 0, 0))`),
  end_of_hour: zoned((name) => `new Date(new Date(${name}).setUTCMinutes(59, 59, 999))`),
  beginning_of_minute: zoned((name) => `new Date(new Date(${name}).setUTCSeconds(0, 0))`),
  beginning_of_week: (given) => (given.args().length > 0 ? undefined : zoned(startOfWeek)(given)),
  end_of_week: (given) =>
    given.args().length > 0 ? undefined : ending((name) => `new Date(${startOfWeek(name)}.getTime() + 604800000)`)(given),
  beginning_of_month: zoned((name) => month(name)),
  end_of_month: ending((name) => month(name, 1)),
  beginning_of_quarter: zoned((name) => quarter(name)),
  end_of_quarter: ending((name) => quarter(name, 3)),
  beginning_of_year: zoned((name) => year(name)),
  end_of_year: ending((name) => year(name, 1)),
  all_day: whole(startOfDay, (name) => `new Date(${startOfDay(name)}.getTime() + 86400000)`),
  all_week: whole(startOfWeek, (name) => `new Date(${startOfWeek(name)}.getTime() + 604800000)`),
  all_month: whole(
    (name) => month(name),
    (name) => month(name, 1),
  ),
  all_year: whole(
    (name) => year(name),
    (name) => year(name, 1),
  ),
  yesterday: moved(-1),
  prev_day: moved(-1),
  tomorrow: moved(1),
  next_day: moved(1),
  year: read('getUTCFullYear'),
  month: (given) => {
    noteZone(given)
    return { code: `(${given.receiver.code}${given.dot}getUTCMonth() + 1)`, type: number }
  },
  day: read('getUTCDate'),
  mday: read('getUTCDate'),
  hour: read('getUTCHours'),
  min: (given) => (given.receiver.type.kind === 'time' ? read('getUTCMinutes')(given) : undefined),
  sec: read('getUTCSeconds'),
  wday: read('getUTCDay'),
  'past?': compared((receiver) => `${receiver} < new Date()`),
  'future?': compared((receiver) => `${receiver} > new Date()`),
  'today?': (given) => zoned((name) => `${name}.toISOString().slice(0, 10) === new Date().toISOString().slice(0, 10)`, boolean)(given),
  'before?': compared((receiver, [other]) => `${receiver} < ${other}`),
  'after?': compared((receiver, [other]) => `${receiver} > ${other}`),
  'between?': compared((receiver, [low, high]) => `(${receiver} >= ${low} && ${receiver} <= ${high})`),
  'saturday?': weekday(6),
  'sunday?': weekday(0),
  'monday?': weekday(1),
  'tuesday?': weekday(2),
  'wednesday?': weekday(3),
  'thursday?': weekday(4),
  'friday?': weekday(5),
  strftime: (given) => {
    const format = literalText(argumentsOf(given.call).positional[0])
    const written = format === undefined ? undefined : strftime(format, 'time')
    if (written === undefined) return undefined
    noteZone(given)
    const code = `((time: Date) => ${written})(${given.receiver.code})`
    return { code: given.dot === '?.' ? `(${given.receiver.code} == null ? null : ${code})` : code, type: text }
  },
}

function weekday(day: number): ValueMethod {
  return (given) => {
    noteZone(given)
    return { code: `${given.receiver.code}${given.dot}getUTCDay() === ${day}`, type: boolean }
  }
}

/** A date is told by its day alone. */
export const dateMethods: ValueMethods = {
  to_s: ({ receiver, call, dot }) =>
    call.arguments_ ? undefined : { code: `${receiver.code}${dot}toISOString().slice(0, 10)`, type: text },
  iso8601: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}toISOString().slice(0, 10)`, type: text }),
}
