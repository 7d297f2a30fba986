/** What one directive of a format becomes, of the code of its value. */
function directive(flags: string, width: string, precision: string | undefined, kind: string, code: string): string | undefined {
  const text =
    kind === 's'
      ? precision === undefined
        ? `String(${code} ?? '')`
        : `String(${code} ?? '').slice(0, ${precision})`
      : kind === 'd' || kind === 'i'
        ? `String(Math.floor(Number(${code})))`
        : kind === 'f'
          ? `Number(${code}).toFixed(${precision ?? 6})`
          : kind === 'x'
            ? `Number(${code}).toString(16)`
            : kind === 'X'
              ? `Number(${code}).toString(16).toUpperCase()`
              : kind === 'b'
                ? `Number(${code}).toString(2)`
                : undefined
  if (text === undefined || /[+ #]/.test(flags)) return undefined
  if (width === '') return text
  if (flags.includes('-')) return `${text}.padEnd(${width})`
  return flags.includes('0') && kind !== 's' ? `${text}.padStart(${width}, '0')` : `${text}.padStart(${width})`
}

/** A format of `sprintf` as a template; undefined when something in it isn't known.
 *
 * @param values the code of the values, in order
 * @param named reads a value by its name, for `%{name}` and `%<name>d`
 */
export function formatTemplate(format: string, values: readonly string[], named: (name: string) => string | undefined): string | undefined {
  const escaped = (plain: string) => plain.replace(/[`\\]|\$\{/g, '\\$&')
  const waiting = [...values]
  let isKnown = true
  let position = 0
  let text = ''
  const take = (code: string | undefined, write: (code: string) => string | undefined): string => {
    const written = code === undefined ? undefined : write(code)
    if (written === undefined) isKnown = false
    return `\${${written ?? ''}}`
  }
  for (const match of format.matchAll(/%(?:%|\{(\w+)\}|(?:<(\w+)>)?([-0+ #]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g)) {
    const [whole, plain, name, flags = '', width = '', precision, kind = ''] = match
    text += escaped(format.slice(position, match.index))
    position = match.index + whole.length
    if (whole === '%%') text += '%'
    else if (plain !== undefined) text += take(named(plain), (code) => `String(${code} ?? '')`)
    else text += take(name === undefined ? waiting.shift() : named(name), (code) => directive(flags, width, precision, kind, code))
  }
  const rest = format.slice(position)
  return isKnown && !rest.includes('%') ? `\`${text}${escaped(rest)}\`` : undefined
}
