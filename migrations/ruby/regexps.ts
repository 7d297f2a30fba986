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
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  graph: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}',
  punct: '\\p{P}$+<=>^`|~',
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
 * Anchors, hexadecimal escapes, POSIX classes, classes within classes and free spacing are rewritten; `m` becomes `s`. Ruby's `^` and `$` stand at
 * lines, which in a path is the same as at its ends.
 *
 * @param flags the letters behind the literal: `i`, `m`, `x`
 * @example toJavaScriptRegexp('\\A\\h+\\z', 'i') // { source: '^[0-9a-fA-F]+$', flags: 'i' }
 */
export function toJavaScriptRegexp(source: string, flags: string): JavaScriptRegexp | { problem: string } {
  const outsideClasses = source.replace(/\\[pP]\{[^}]*\}|\\[^RXGKg]|\[(?:\\[\s\S]|[^\]\\])*\]/g, '.').replace(/\(\?:/g, '(')
  for (const [pattern, problem] of unsupported) if (pattern.test(outsideClasses)) return { problem }
  const spaced = flags.includes('x') ? withoutFreeSpacing(source) : source
  const translated = translate(spaced)
  if (typeof translated === 'object') return translated
  const unicode = /\\[pP]\{|\\u\{/.test(translated)
  try {
    const strict = unicode ? withoutIdleEscapes(translated) : translated
    const result = new RegExp(strict, `${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 's' : ''}${unicode ? 'u' : ''}`)
    return { source: result.source, flags: result.flags }
  } catch (error) {
    return { problem: `JavaScript refuses it: ${(error as Error).message.replace(/^.*\/[a-z]*: /s, '')}` }
  }
}

const part = /\[:(\^?)([a-z]+):\]|\\([pP])\{(\^?)(\w+)\}|\\u\{([0-9a-fA-F]+(?:\s+[0-9a-fA-F]+)+)\}|\\([\s\S])|&&|\[\^?|\]/g

/** The pattern with what only Ruby writes so in JavaScript's way, part by part. */
function translate(source: string): string | { problem: string } {
  let depth = 0
  let problem: string | undefined
  const translated = source.replace(
    part,
    (all, posixNot: string, posix?: string, p?: string, not?: string, property?: string, points?: string, escaped?: string) => {
      if (posix !== undefined) return depth === 0 ? all : classOf(posixClasses[posix], posixNot !== '', depth, all)
      if (property !== undefined) return propertyOf(property, (p === 'P') !== (not === '^'), depth)
      if (points !== undefined)
        return points
          .split(/\s+/)
          .map((point) => `\\u{${point}}`)
          .join('')
      if (escaped !== undefined) return escapeOf(escaped, depth, all)
      if (all === '&&') {
        if (depth > 0) problem ??= 'an intersection of classes has no counterpart in JavaScript'
        return all
      }
      if (all === ']') {
        if (depth === 0) return all
        return --depth === 0 ? ']' : ''
      }
      if (depth > 0 && all === '[^') problem ??= 'a negated class within a class has no counterpart in JavaScript'
      return depth++ === 0 ? all : ''
    },
  )
  return problem === undefined ? translated : { problem: `JavaScript refuses it: ${problem}` }
}

/** A set of letters as it stands within a class, or as a class of its own. */
function classOf(letters: string | undefined, isNegated: boolean, depth: number, all: string): string {
  if (letters === undefined || (isNegated && depth > 0)) return all
  return depth > 0 ? letters : `[${isNegated ? '^' : ''}${letters}]`
}

/** `\p{Word}`, `\p{Han}`: what Ruby calls by a word, and JavaScript by another. */
function propertyOf(name: string, isNegated: boolean, depth: number): string {
  const letters = posixClasses[name.toLowerCase()]
  if (letters !== undefined && !isNative(name)) {
    const single = /^\\p(\{\w+\})$/.exec(letters)
    if (single) return `\\${isNegated ? 'P' : 'p'}${single[1]}`
    return classOf(letters, isNegated, depth, `\\${isNegated ? 'P' : 'p'}{${name}}`)
  }
  const known = isNative(name) ? name : `Script=${name[0]!.toUpperCase()}${name.slice(1).toLowerCase()}`
  return `\\${isNegated ? 'P' : 'p'}{${isNative(known) ? known : name}}`
}

function isNative(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function escapeOf(escaped: string, depth: number, all: string): string {
  if (escaped === '/') return '/'
  if (escaped === 'e') return '\\x1b'
  if (escaped === 'h') return depth > 0 ? '0-9a-fA-F' : '[0-9a-fA-F]'
  if (depth > 0) return all
  if (escaped === 'H') return '[^0-9a-fA-F]'
  if (escaped === 'A') return '^'
  return escaped === 'z' || escaped === 'Z' ? '$' : all
}

/** With Unicode, JavaScript refuses escapes that mean nothing: `\\_`, `\\'`, and `\\-` outside of classes. */
function withoutIdleEscapes(source: string): string {
  let isInClass = false
  return source.replace(/\\([\s\S])|[[\]]/g, (all, escaped?: string) => {
    if (escaped === undefined) {
      isInClass = all === '['
      return all
    }
    const means = /[a-zA-Z0-9^$\\.*+?()[\]{}|/]/.test(escaped) || (escaped === '-' && isInClass)
    return means ? all : escaped
  })
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
