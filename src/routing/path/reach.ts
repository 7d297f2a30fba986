import { type Requirement, requirementSource } from './requirement.ts'

/** How far a value can reach in a path: up to the next slash or dot, up to the next slash, or anywhere. */
export type Reach = 'run' | 'segment' | 'open'

/** What the values of a requirement certainly stay within, so that the matcher may cut the value out first and test it after.
 *
 * Only what is plain to see counts: an expression with a look-ahead or an unknown escape is open.
 */
export function reachOf(requirement: Requirement | undefined): Reach {
  if (requirement === undefined) return 'run'
  const source = requirementSource(requirement)
  const known = reaches.get(source)
  if (known !== undefined) return known
  const reach = reachOfSource(source)
  if (reaches.size < 1000) reaches.set(source, reach)
  return reach
}

const reaches = new Map<string, Reach>()

function reachOfSource(source: string): Reach {
  if (new RegExp(`^(?:${source})$`).test('')) return 'open'
  let reach: Reach = 'run'
  for (const [token] of source.matchAll(/\[\^?(?:\\[\s\S]|[^\]\\])*\]|\\[\s\S]|\(\?:|\(\?|[\s\S]/g)) {
    const one = reachOfToken(token)
    if (one === 'open') return 'open'
    if (one === 'segment') reach = 'segment'
  }
  return reach
}

function reachOfToken(token: string): Reach {
  if (token.startsWith('[')) return reachOfClass(token)
  if (token.startsWith('\\')) return reachOfEscape(token)
  return ['.', '/', '^', '$', '(?'].includes(token) ? 'open' : 'run'
}

function reachOfEscape(token: string): Reach {
  if (token === '\\.') return 'segment'
  return /^\\[dws\-_@:,;=+~!%&'()*[\]{}|^$?]$/.test(token) ? 'run' : 'open'
}

function reachOfClass(token: string): Reach {
  const isNegated = token.startsWith('[^')
  const inside = token.slice(isNegated ? 2 : 1, -1)
  const hasSlash = inside.includes('/')
  const hasDot = inside.includes('.')
  if (isNegated) return hasSlash ? (hasDot ? 'run' : 'segment') : 'open'
  const rest = inside.replace(/\\[dws.-]|[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d/g, '')
  if (hasSlash || /\\/.test(rest) || /[^-]-[^-]/.test(rest)) return 'open'
  return hasDot ? 'segment' : 'run'
}
