import { type GuardedExpression, guardSource } from '../expression/guarded_expression.ts'

/** What a segment must look like: a pattern, a literal, or one of several literals. */
export type Requirement = RegExp | string | readonly (RegExp | string)[]

/** The source of a requirement, ready to stand inside of a larger expression.
 *
 * An expression's own flags are written out, since Node 20 has no inline flags: letters of an ignore-case expression
 * become classes, dots of a dot-all expression match everything.
 */
export function requirementSource(requirement: Requirement): string {
  if (typeof requirement === 'string') return escapeText(requirement)
  if (!(requirement instanceof RegExp)) return requirement.map((one) => `(?:${requirementSource(one)})`).join('|')
  return requirement.ignoreCase || requirement.dotAll ? writeOutFlags(requirement) : requirement.source
}

/** The requirement as an expression for a whole value. */
export function guardRequirement(requirement: Requirement): GuardedExpression {
  return guardSource(`^(?:${requirementSource(requirement)})$`, needsUnicode(requirement) ? 'u' : '')
}

/** Whether the expression has classes (`\p{L}`) that only the flag u gives a meaning. */
export function needsUnicode(requirement: Requirement): boolean {
  if (typeof requirement === 'string') return false
  return requirement instanceof RegExp ? requirement.unicode : requirement.some(needsUnicode)
}

/** Text as an expression that matches it. */
export function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** How many groups an expression captures. */
export function countGroups(source: string): number {
  return new RegExp(`${source}|`).exec('')!.length - 1
}

function writeOutFlags({ source, ignoreCase, dotAll }: RegExp): string {
  let inClass = false
  return source.replace(
    /\\(?:[pP]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|k<[^>]*>|[\s\S])|\(\?<[A-Za-z_$][^>]*>|[A-Za-z]-[A-Za-z]|[\s\S]/g,
    (token) => {
      if (token === '[' && !inClass) inClass = true
      else if (token === ']') inClass = false
      if (token === '.' && !inClass && dotAll) return '[\\s\\S]'
      if (!ignoreCase || /^[\\(]/.test(token)) return token
      if (token.length === 1) return anyCase(token, inClass)
      return inClass ? token.toLowerCase() + token.toUpperCase() : `${anyCase(token[0]!, false)}-${anyCase(token[2]!, false)}`
    },
  )
}

function anyCase(letter: string, inClass: boolean): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()]
  if (lower === upper) return letter
  return inClass ? lower + upper : `[${lower}${upper}]`
}
