import { isRedirect, type Route, type RouteSet } from '../../src/routing/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { Origin } from '../typescript/index.ts'
import { isRequestAttribute } from '../../src/routing/request_attributes.ts'

/** One line of a route table, in the form in which the tables of Rails applications are recorded. */
export interface TableRow {
  readonly name: string | null
  /** `GET`, `GET|POST`, or empty for any. */
  readonly verb: string
  readonly path: string
  readonly controller: string | null
  readonly action: string | null
  /** Without controller and action. */
  readonly defaults: Readonly<Record<string, unknown>>
  readonly requirements: Readonly<Record<string, unknown>>
  /** What attributes of the request must be. */
  readonly request_constraints: Readonly<Record<string, unknown>>
  /** The predicates, of which nothing but their number is known. */
  readonly constraints: readonly { readonly type: 'function' }[]
  readonly endpoint: {
    readonly kind: 'controller' | 'redirect' | 'rack'
    readonly redirect?: { readonly status: number; readonly to: string }
  }
  readonly anchored: boolean
  readonly parts: readonly string[]
  readonly required_parts: readonly string[]
  /** The Ruby line that draws it, `config/routes.rb:4`. */
  readonly at?: string
  /** `app`, or the gem whose call draws it: `gem:devise`. */
  readonly origin?: string
}

/** The table of a set as rows. Regular expressions become `{ "$regexp": source, "options": flags }`, flags as Ruby counts them.
 *
 * @param files the ported files that drew the set, for the Ruby line of each row
 */
export function tableRows(routes: RouteSet, files: readonly PortedFile[] = []): TableRow[] {
  return routes.routes.map((route) => rowOf(route, files))
}

/** What was noted of the last statement that begins at the line of a route, or before it. */
function originOf({ source }: Route, files: readonly PortedFile[]): Origin | undefined {
  if (!source) return undefined
  const [file] = files
    .filter(({ path, origins }) => origins && source.file.endsWith(`/${path}`))
    .sort((left, right) => right.path.length - left.path.length)
  const lines = [...(file?.origins?.keys() ?? [])].filter((line) => line <= source.line)
  return lines.length === 0 ? undefined : file!.origins!.get(Math.max(...lines))
}

function rowOf(route: Route, files: readonly PortedFile[]): TableRow {
  const { controller = null, action = null, ...defaults } = route.defaults
  const dispatches = route.kind === 'action'
  return {
    name: route.name,
    verb: route.verb,
    path: route.path,
    controller: dispatches ? textOr(controller) : null,
    action: dispatches ? textOr(action) : null,
    defaults: plain(defaults),
    requirements: plain(Object.fromEntries(Object.entries(route.requirements).filter(([, value]) => !isGlobOfAnything(value)))),
    request_constraints: plain(Object.fromEntries(Object.entries(route.conditions).filter(([name]) => isRequestAttribute(name)))),
    constraints: route.predicates.map(() => ({ type: 'function' as const })),
    endpoint: endpointOf(route),
    anchored: route.pattern.anchored,
    parts: route.parts,
    required_parts: route.requiredParts,
    ...originOf(route, files),
  }
}

function endpointOf({ kind, target }: Route): TableRow['endpoint'] {
  if (isRedirect(target)) return { kind: 'redirect', redirect: { status: target.status, to: target.describe() } }
  return { kind: kind === 'action' ? 'controller' : 'rack' }
}

/** What every glob must be, unless the routes file says otherwise. */
function isGlobOfAnything(value: unknown): boolean {
  return value instanceof RegExp && value.source === '.+?' && value.dotAll
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function plain(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plainValue(value)]))
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (!(value instanceof RegExp)) return value
  return { $regexp: value.source, options: Number(value.ignoreCase) + 4 * Number(value.dotAll) }
}
