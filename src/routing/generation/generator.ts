import { UrlGenerationError } from '../errors.ts'
import type { Route } from '../route.ts'
import { toParam } from './parameter.ts'
import { isHash } from './query.ts'

/** Values by name, as options of `urlFor` or path parameters of a request. */
export type Values = Record<string, unknown>

/** A path, and what is left for the query string. */
export interface Generated {
  readonly route: Route
  readonly path: string
  readonly query: Values
}

interface Branch {
  readonly routes: { route: Route; order: number }[]
  readonly next: Map<string, Branch>
}

/** Finds the route that a set of values makes a path with, by Rails' rules: the named one, or the one that uses most of them. */
export class Generator {
  readonly #named: ReadonlyMap<string, Route>
  readonly #root: Branch = { routes: [], next: new Map() }

  constructor(routes: readonly Route[], named: ReadonlyMap<string, Route>) {
    this.#named = named
    for (const [order, route] of routes.entries()) {
      let branch = this.#root
      for (const [name, value] of Object.entries(route.requiredDefaults)) branch = follow(branch, keyOf(name, value))
      branch.routes.push({ route, order })
    }
  }

  /** Makes a path.
   *
   * @param name the route to use, if any
   * @param given values; those that the path doesn't take are returned as `query`
   * @param recall the current request's path parameters, which fill gaps from the left
   * @throws UrlGenerationError (REGAUGE_URL_GENERATION) when no route takes these values
   */
  generate(name: string | undefined, given: Values, recall: Values): Generated {
    const named = name === undefined ? undefined : this.#named.get(name)
    const { options: complete, recalled } = completed(given, recall, name, named)
    const pathParams = (complete['pathParams'] ?? {}) as Values
    const { pathParams: _, ...ownOptions } = complete
    const options: Values = { ...pathParams, ...ownOptions }
    const constraints: Values = { ...recalled, ...options }
    let missing: readonly string[] = []
    for (const route of named === undefined ? this.#candidates(constraints) : [named]) {
      if (name === undefined && route.kind !== 'action') continue
      const values = pathValues(route, options, recalled)
      missing = missingNames(route, values)
      if (missing.length > 0) continue
      const query = Object.fromEntries(
        Object.entries(options).filter(
          ([key]) =>
            !values.has(key) && !Object.hasOwn(route.defaults, key) && !(Object.hasOwn(pathParams, key) && !Object.hasOwn(ownOptions, key)),
        ),
      )
      dropTrailingDefaults(route, values)
      return { route, path: route.pattern.format(values), query }
    }
    throw new UrlGenerationError({
      given: describe(constraints),
      route: name,
      missing: missing.filter((key) => !Object.hasOwn(constraints, key)),
      unmatched: [...new Set(missing.filter((key) => Object.hasOwn(constraints, key)))],
    })
  }

  /** Routes whose required defaults are given, those that use most of the values first. */
  #candidates(values: Values): Route[] {
    const keys = Object.entries(values).map(([name, value]) => keyOf(name, value))
    const found: Branch['routes'] = []
    const queue = [this.#root]
    for (const branch of queue) {
      found.push(...branch.routes)
      for (const key of keys) {
        const next = branch.next.get(key)
        if (next !== undefined) queue.push(next)
      }
    }
    const supplied = new Set(
      Object.keys(values).filter((name) => values[name] !== null && values[name] !== undefined && values[name] !== false),
    )
    return found
      .map(({ route, order }) => ({ route, order, score: score(route, supplied) }))
      .filter((one) => one.score >= 0)
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .map(({ route }) => route)
  }
}

/** Fills in the action, and what the current request's controller decides: a relative controller, and the values that are recalled. */
function completed(
  given: Values,
  recall: Values,
  name: string | undefined,
  named: Route | undefined,
): { options: Values; recalled: Values } {
  const options: Values = { ...given }
  if (present(options['controller'])) {
    options['action'] ||= 'index'
    options['controller'] = String(options['controller'])
  }
  if ('action' in options) options['action'] = String(options['action'] || 'index')
  const recalls = (key: string): boolean => {
    if (!present(recall[key]) || (key in options && options[key] !== recall[key])) return false
    if (named === undefined || named.parts.includes(key)) options[key] = recall[key]
    return true
  }
  void (recalls('controller') && recalls('action') && recalls('id'))
  const controller = options['controller']
  if (typeof controller === 'string') options['controller'] = absoluteController(controller, recall['controller'], name !== undefined)
  return { options, recalled: recall }
}

/** `comments` said inside of `admin/posts` is `admin/comments`; a leading slash says it is absolute. */
function absoluteController(controller: string, current: unknown, isNamed: boolean): string {
  if (controller.startsWith('/')) return controller.slice(1)
  if (isNamed || typeof current !== 'string' || current === controller) return controller
  const depth = controller.split('/').length
  return [...current.split('/').slice(0, -depth), controller].join('/')
}

/** The values that the path takes: up to the last segment that was given, the rest only where required. */
function pathValues(route: Route, options: Values, recall: Values): Map<string, string> {
  const kept = new Set(route.requiredParts)
  let keep = false
  for (const part of route.parts.toReversed()) {
    keep ||=
      (Object.hasOwn(options, part) || Object.hasOwn(route.scopeOptions, part)) &&
      (present(options[part], true) || present(recall[part], true))
    if (keep) kept.add(part)
  }
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries({ ...recall, ...options })) {
    const isMissing = value === false && route.requiredParts.includes(key)
    const param = kept.has(key) && !isMissing ? toParam(value) : null
    if (param !== null) values.set(key, param)
  }
  return values
}

function missingNames(route: Route, values: ReadonlyMap<string, string>): string[] {
  const tests = route.pattern.wholeValue
  return route.requiredParts.filter((name) => {
    const value = values.get(name)
    return value === undefined || (Object.hasOwn(tests, name) && !tests[name]!.test(value))
  })
}

/** Optional segments at the end that have their default value needn't be written. */
function dropTrailingDefaults(route: Route, values: Map<string, string>): void {
  for (const part of route.parts.toReversed()) {
    const fallback = toParam(route.defaults[part])
    const value = values.get(part)
    if (fallback === null && value !== undefined && value.trim() !== '') break
    if ((value ?? '') !== (fallback ?? '')) continue
    if (route.requiredParts.includes(part)) break
    values.delete(part)
  }
}

function score(route: Route, supplied: ReadonlySet<string>): number {
  if (route.requiredParts.some((name) => !supplied.has(name))) return -1
  return Object.keys(route.requiredDefaults).length * 2 + route.parts.filter((name) => supplied.has(name)).length
}

function present(value: unknown, falseCounts = false): boolean {
  return value !== null && value !== undefined && (falseCounts || value !== false)
}

function keyOf(name: string, value: unknown): string {
  // No route has a hash for a default, and one that inherits nothing has no text.
  return `${name}\0${typeof value}\0${isHash(value) ? '' : String(value)}`
}

function follow(branch: Branch, key: string): Branch {
  let next = branch.next.get(key)
  if (next === undefined) {
    next = { routes: [], next: new Map() }
    branch.next.set(key, next)
  }
  return next
}

function describe(values: Values): string {
  const shown = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{ ${shown.map(([key, value]) => `${key}: ${shownValue(value)}`).join(', ')} }`
}

function shownValue(value: unknown): string {
  return typeof value === 'object' && value !== null && !isHash(value) ? (toParam(value) ?? '') : JSON.stringify(value)
}
