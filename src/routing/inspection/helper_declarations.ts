import { helperName } from '../generation/naming.ts'
import type { Route } from '../route.ts'
import type { RouteSet } from '../route_set.ts'
import { endpointOf } from './rows.ts'

/** The TypeScript declarations of a set's URL helpers, so that the compiler checks their names and arguments: `regauge routes --types`.
 *
 * Each segment that a URL can't do without is an argument; a second signature takes the optional ones too. Segments may also be given by name
 * in the options, which hold query parameters besides.
 */
export function helperDeclarations(set: RouteSet): string {
  const members = new Map<string, string>()
  const add = (name: string, comment: string, signatures: readonly string[]) => {
    for (const suffix of ['Path', 'Url']) {
      const helper = helperName(name) + suffix
      const lines = signatures.map((signature) => `      ${helper}(${signature}): string`)
      if (!members.has(helper)) members.set(helper, [`      /** ${comment.replaceAll('*/', '*\\/')} */`, ...lines].join('\n'))
    }
  }
  for (const route of set.routes)
    if (route.name !== null && !set.drawing.direct.has(route.name)) add(route.name, commentOf(route), signaturesOf(route))
  for (const name of set.drawing.direct.keys()) add(name, 'What the routes file says with direct.', ['...args: unknown[]'])
  const body = [...members.values()]
  return `// Written from config/routes.ts by \`regauge routes --types\`. Changes made here are lost.
import type { HelperOptions, PathValue } from 'regauge'

declare module 'regauge' {
  interface Register {
    helpers: {
${body.length === 0 ? '' : `${body.join('\n')}\n`}    }
  }
}
`
}

function commentOf(route: Route): string {
  return `${[route.verb, route.path].filter((text) => text !== '').join(' ')}: ${endpointOf(route)}`
}

function signaturesOf(route: Route): readonly string[] {
  const parts = [...new Set(route.parts)].filter((name) => name !== '')
  const required = parts.filter((name) => route.requiredParts.includes(name) && !Object.hasOwn(route.defaults, name))
  const all = parts.filter((name) => name !== 'format' || route.requiredParts.includes('format'))
  const globs = route.pattern.globs
  const positional = (names: readonly string[]) =>
    [
      ...names.map((name) => `${argumentName(name)}: PathValue${globs.has(name) ? ' | readonly PathValue[]' : ''}`),
      'options?: HelperOptions',
    ].join(', ')
  const byName = `options: HelperOptions & { ${required.map((name) => `${name}: PathValue${globs.has(name) ? ' | readonly PathValue[]' : ''}`).join('; ')} }`
  return [positional(required), ...(all.length > required.length ? [positional(all)] : []), ...(required.length > 0 ? [byName] : [])]
}

/** A segment's name as that of a parameter: words of the language get an underscore. */
function argumentName(name: string): string {
  return /^\d/.test(name) || reservedWords.has(name) ? `_${name}` : name
}

const reservedWords = new Set(
  (
    'options break case catch class const continue debugger default delete do else enum export extends false finally for function if import in ' +
    'instanceof new null return super switch this throw true try typeof var void while with implements interface let package private protected ' +
    'public static yield await arguments eval'
  ).split(' '),
)
