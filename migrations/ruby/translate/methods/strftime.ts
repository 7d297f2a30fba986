const padded = (code: string, length = 2): string => `String(${code}).padStart(${length}, '0')`
const twelve = (time: string): string => `(${time}.getUTCHours() % 12 || 12)`
const named = (time: string, options: string): string => `${time}.toLocaleString('en-US', { ${options}, timeZone: 'UTC' })`

/** What each directive of a format becomes, in UTC and English. */
const directives: Readonly<Record<string, (time: string) => string>> = {
  Y: (time) => `${time}.getUTCFullYear()`,
  y: (time) => padded(`${time}.getUTCFullYear() % 100`),
  m: (time) => padded(`${time}.getUTCMonth() + 1`),
  '-m': (time) => `${time}.getUTCMonth() + 1`,
  d: (time) => padded(`${time}.getUTCDate()`),
  '-d': (time) => `${time}.getUTCDate()`,
  e: (time) => `String(${time}.getUTCDate()).padStart(2)`,
  H: (time) => padded(`${time}.getUTCHours()`),
  '-H': (time) => `${time}.getUTCHours()`,
  I: (time) => padded(twelve(time)),
  '-I': twelve,
  l: (time) => `String(${twelve(time)}).padStart(2)`,
  M: (time) => padded(`${time}.getUTCMinutes()`),
  S: (time) => padded(`${time}.getUTCSeconds()`),
  L: (time) => padded(`${time}.getUTCMilliseconds()`, 3),
  p: (time) => `${time}.getUTCHours() < 12 ? 'AM' : 'PM'`,
  P: (time) => `${time}.getUTCHours() < 12 ? 'am' : 'pm'`,
  A: (time) => named(time, "weekday: 'long'"),
  a: (time) => named(time, "weekday: 'short'"),
  B: (time) => named(time, "month: 'long'"),
  b: (time) => named(time, "month: 'short'"),
  h: (time) => named(time, "month: 'short'"),
  s: (time) => `Math.floor(${time}.getTime() / 1000)`,
  F: (time) => `${time}.toISOString().slice(0, 10)`,
  T: (time) => `${time}.toISOString().slice(11, 19)`,
  R: (time) => `${time}.toISOString().slice(11, 16)`,
  Z: () => `'UTC'`,
  z: () => `'+0000'`,
}

/** A format of `strftime` as a template of the time of a name; undefined when it has a directive that isn't known.
 *
 * @example strftime('%Y-%m', 'time')
 */
export function strftime(format: string, time: string): string | undefined {
  let isKnown = true
  const escaped = (plain: string) => plain.replace(/[`\\]|\$\{/g, '\\$&')
  let text = ''
  let position = 0
  for (const { 0: whole, 1: name = '', index } of format.matchAll(/%(-?[A-Za-z]|%)/g)) {
    text += escaped(format.slice(position, index))
    position = index + whole.length
    if (name === '%') text += '%'
    else if (Object.hasOwn(directives, name)) text += `\${${directives[name]!(time)}}`
    else isKnown = false
  }
  text += escaped(format.slice(position))
  return isKnown && !/%/.test(format.replace(/%(-?[A-Za-z]|%)/g, '')) ? `\`${text}\`` : undefined
}
