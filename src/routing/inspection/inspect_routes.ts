import { relative } from 'node:path'
import { printable } from '../../logging/index.ts'
import { underscore } from '../../naming/index.ts'
import { escapeRoutePath } from '../path/escape.ts'
import type { Route } from '../route.ts'
import { RouteSet } from '../route_set.ts'
import { endpointOf, type RouteRow, rowOf, shownConstraints } from './rows.ts'

/** Which routes to show, and how. */
export interface InspectOptions {
  /** Only the routes of this controller: `articles`, `Api::ArticlesController`. */
  readonly controller?: string | undefined
  /** Only the routes whose name, verb, path, controller or action matches this expression, or that answer to this path. */
  readonly grep?: string | undefined
  /** Only the routes of which this is true, shown as those that lead nowhere. */
  readonly unused?: ((route: Route) => boolean) | undefined
  /** A block a route instead of a line. */
  readonly expanded?: boolean | undefined
  /** How wide the rules between expanded routes are, in characters. */
  readonly width?: number | undefined
}

interface Shown {
  readonly name: string
  readonly verb: string
  readonly path: string
  readonly endpoint: string
  readonly source: string | undefined
}

/** The route table as text, in the layout of `rails routes`. */
export function inspectRoutes(set: RouteSet, options: InspectOptions = {}): string {
  if (set.routes.length === 0) return 'No routes are drawn yet. Draw some in config/routes.ts.'
  const mounted = set.routes.filter((route) => route.target instanceof RouteSet)
  const sections: Section[] = [
    {
      title: mounted.length === 0 || options.unused ? undefined : 'Routes for application',
      rows: matching(set.routes, options).map(shown),
    },
    ...(options.unused ? [] : mounted).map((route) => ({
      title: `Routes for ${printable(endpointOf(route))}`,
      rows: matching((route.target as RouteSet).routes, options).map(shown),
    })),
  ]
  return sections.map((section, index) => (index === 0 ? '' : '\n') + sectionText(section, options)).join('\n')
}

interface Section {
  readonly title: string | undefined
  readonly rows: readonly Shown[]
}

function sectionText({ title, rows }: Section, options: InspectOptions): string {
  const text = rows.length === 0 ? nothingFound(options) : options.expanded ? expandedText(rows, options.width ?? 80) : sheetText(rows)
  if (options.unused !== undefined && rows.length > 0)
    return `Found ${rows.length} unused ${rows.length === 1 ? 'route' : 'routes'}:\n\n${text}`
  if (title === undefined) return text
  return options.expanded ? `[ ${title} ]\n${text}` : `${title}:\n${text}`
}

/** The rows of the route table, for `--json`. */
export function routeRows(set: RouteSet, options: InspectOptions = {}): RouteRow[] {
  return matching(set.routes, options).map(rowOf)
}

function matching(all: readonly Route[], { controller, grep, unused }: InspectOptions): readonly Route[] {
  const routes = unused === undefined ? all : all.filter(unused)
  if (controller !== undefined) {
    const wanted = underscore(controller).replace(/_?controller$/, '')
    return routes.filter((route) => partsOf(route).controller.includes(wanted))
  }
  if (grep === undefined) return routes
  const expression = new RegExp(grep)
  const path = `/${escapeRoutePath(grep)}`.replace(/\/{2,}/g, '/')
  return routes.filter((route) => Object.values(partsOf(route)).some((part) => expression.test(part)) || route.pattern.regexp.test(path))
}

function partsOf(route: Route): { controller: string; action: string; verb: string; name: string; path: string } {
  const [controller = '', action = ''] = route.kind === 'action' ? endpointOf(route).split('#') : []
  return { controller, action, verb: route.verb, name: route.name ?? '', path: route.path }
}

function shown(route: Route): Shown {
  const constraints = Object.entries(shownConstraints(route))
  const text = constraints.map(([name, value]) => `${name}: ${value instanceof RegExp ? String(value) : JSON.stringify(value)}`).join(', ')
  const { source } = route
  return {
    name: printable(route.name),
    verb: printable(route.verb),
    path: printable(route.path),
    endpoint: printable(endpointOf(route) + (text === '' ? '' : ` {${text}}`)),
    source: source && printable(`${relative(process.cwd(), source.file)}:${source.line}`),
  }
}

function sheetText(rows: readonly Shown[]): string {
  const widest = (key: 'name' | 'verb' | 'path', least: number) => Math.max(least, ...rows.map((row) => row[key].length))
  const [name, verb, path] = [widest('name', 6), widest('verb', 4), widest('path', 11)]
  const line = (row: Omit<Shown, 'source'>) =>
    `${row.name.padStart(name)} ${row.verb.padEnd(verb)} ${row.path.padEnd(path)} ${row.endpoint}`
  return [line({ name: 'Prefix', verb: 'Verb', path: 'URI Pattern', endpoint: 'Controller#Action' }), ...rows.map(line)].join('\n')
}

function expandedText(rows: readonly Shown[], width: number): string {
  return rows
    .map((row, index) =>
      [
        `--[ Route ${index + 1} ]`.padEnd(width, '-'),
        `Prefix            | ${row.name}`,
        `Verb              | ${row.verb}`,
        `URI               | ${row.path}`,
        `Controller#Action | ${row.endpoint}`,
        ...(row.source === undefined ? [] : [`Source Location   | ${row.source}`]),
      ].join('\n'),
    )
    .join('\n')
}

function nothingFound({ controller, grep, unused }: InspectOptions): string {
  if (unused !== undefined) return 'No unused routes: every route that is shown leads to an action.'
  return controller === undefined ? `No route matches ${printable(grep)}.` : `No route leads to the controller ${printable(controller)}.`
}
