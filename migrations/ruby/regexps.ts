/** A Ruby regular expression as JavaScript: source and flags. */
export interface JavaScriptRegexp {
  readonly source: string
  readonly flags: string
}

const posixClasses: Record<string, string> = {
  alpha: '\\p{L}\\p{M}',
  digit: '\\p{Nd}',
  alnum: '\\p{L}\\p{M}\\p{Nd}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  punct: '\\p{P}',
  xdigit: '0-9a-fA-F',
  word: '\\p{L}\\p{M}\\p{N}\\p{Pc}',
}

const unsupported: [RegExp, string][] = [
  [/\(\?>/, 'atomic groups have no counterpart in JavaScript'],
  [/[*+?}]\+/, 'possessive quantifiers have no counterpart in JavaScript'],
  [/\(\?[imx]*-?[imx]*[:)]/, 'inline flags have no counterpart in JavaScript'],
  [/\\[RXGK]|\\g</, 'an escape that only Ruby knows'],
  [/\(\?\(/, 'conditional groups have no counterpart in JavaScript'],
]

/** Translates a Ruby regular expression, or says why that can't be done.
 *
 * Anchors, hexadecimal escapes, POSIX classes and free spacing are rewritten; `m` becomes `s`. Ruby's `^` and `$` stand at lines,
 * which in a path is the same as at its ends.
 *
 * @param flags the letters behind the literal: `i`, `m`, `x`
 * @example toJavaScriptRegexp('\\A\\h+\\z', 'i') // { source: '^[0-9a-fA-F]+$', flags: 'i' }
 */
export function toJavaScriptRegexp(source: string, flags: string): JavaScriptRegexp | { problem: string } {
  const outsideClasses = source.replace(/\\[pP]\{[^}]*\}|\\[^RXGKg]|\[(?:\\[\s\S]|[^\]\\])*\]/g, '.').replace(/\(\?:/g, '(')
  for (const [pattern, problem] of unsupported) if (pattern.test(outsideClasses)) return { problem }
  const spaced = flags.includes('x') ? withoutFreeSpacing(source) : source
  let unicode = /\\p\{/i.test(spaced)
  const translated = spaced.replace(
    /\[:(\^?)([a-z]+):\]|\\([\s\S])/g,
    (all, negated: string, posix: string | undefined, escaped: string | undefined) => {
      if (posix !== undefined) {
        if (negated || !posixClasses[posix]) return all
        unicode ||= posixClasses[posix].includes('\\p')
        return posixClasses[posix]
      }
      if (escaped === '/') return '/'
      if (escaped === 'A') return '^'
      if (escaped === 'z' || escaped === 'Z') return '$'
      if (escaped === 'h') return '[0-9a-fA-F]'
      if (escaped === 'H') return '[^0-9a-fA-F]'
      if (escaped === 'e') return '\\x1b'
      return all
    },
  )
  const unnested = translated.replace(/\[([^[\]]*)\[0-9a-fA-F\]/g, '[$10-9a-fA-F')
  try {
    const result = new RegExp(unnested, `${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 's' : ''}${unicode ? 'u' : ''}`)
    return { source: result.source, flags: result.flags }
  } catch (error) {
    return { problem: `JavaScript refuses it: ${(error as Error).message.replace(/^.*\/[a-z]*: /s, '')}` }
  }
}

/** A Ruby regular expression as part of another one with these flags; undefined when the two read letters or dots differently.
 *
 * @example embeddedRegexp('a b', 'x', '') // '(?:ab)'
 */
export function embeddedRegexp(source: string, flags: string, outer: string): string | undefined {
  const differs = (flag: string) => flags.includes(flag) !== outer.includes(flag)
  const spaced = flags.includes('x') ? withoutFreeSpacing(source) : source
  if (differs('i') && /\p{L}/u.test(spaced.replace(/\\[a-zA-Z]/g, ''))) return undefined
  if (differs('m') && /(?<!\\)\./.test(spaced.replace(/\[(?:\\[\s\S]|[^\]\\])*\]/g, ''))) return undefined
  return `(?:${spaced})`
}

/** The pattern of a literal with flag `x`, without its spaces and comments outside of classes. */
function withoutFreeSpacing(source: string): string {
  return source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|#[^\n]*|\s+/g, (part) => (part[0] === '\\' || part[0] === '[' ? part : ''))
}
