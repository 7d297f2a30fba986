/** A route's path as OpenAPI writes it, with the names of its parameters. */
export interface DocumentedPath {
  readonly path: string
  readonly parameters: readonly string[]
}

/** Most optional groups a path may have before only its shortest and longest forms are documented. */
const optionalLimit = 2

/** Turns a path of routes into OpenAPI's: `/articles/:slug(.:format)` → `/articles/{slug}`.
 * OpenAPI has no optional segments: each form of the path is one of its own. */
export function documentedPaths(path: string): DocumentedPath[] {
  const withoutFormat = path.replace('(.:format)', '')
  return [...new Set(forms(withoutFormat))].map(toOpenApi)
}

function forms(path: string, depth = 0): string[] {
  const open = path.lastIndexOf('(') // the innermost group has no group inside
  if (open < 0) return [path]
  const close = path.indexOf(')', open)
  if (close < 0) return [path]
  const [before, inside, after] = [path.slice(0, open), path.slice(open + 1, close), path.slice(close + 1)]
  if (depth >= optionalLimit) return forms(before + inside + after, depth + 1)
  return [...forms(before + after, depth + 1), ...forms(before + inside + after, depth + 1)]
}

function toOpenApi(path: string): DocumentedPath {
  const parameters: string[] = []
  const written = path.replace(/[:*]([A-Za-z_]\w*)/g, (_, name: string) => {
    parameters.push(name)
    return `{${name}}`
  })
  return { path: written.startsWith('/') ? written : `/${written}`, parameters }
}
