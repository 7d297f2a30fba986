import { isRedirect } from '../redirect.ts'
import type { Route } from '../route.ts'
import { RouteSet } from '../route_set.ts'
import type { SourceLocation } from '../source_location.ts'

/** One row of the route table, as `regauge routes --json` prints it. */
export interface RouteRow {
  readonly name: string | null
  readonly verb: string
  readonly path: string
  readonly kind: Route['kind']
  readonly controller: string | undefined
  readonly action: string | undefined
  readonly endpoint: string
  readonly defaults: Readonly<Record<string, unknown>>
  readonly requirements: Readonly<Record<string, unknown>>
  readonly constraints: Readonly<Record<string, unknown>>
  readonly source: SourceLocation | undefined
}

/** A route as a row. Expressions become text. */
export function rowOf(route: Route): RouteRow {
  const { controller, action, ...defaults } = route.defaults
  return {
    name: route.name,
    verb: route.verb,
    path: route.path,
    kind: route.kind,
    controller: route.controller,
    action: route.action,
    endpoint: endpointOf(route),
    defaults,
    requirements: withText(route.requirements),
    constraints: withText(route.conditions),
    source: route.source,
  }
}

/** What a route leads to, in words. */
export function endpointOf(route: Route): string {
  const { target } = route
  if (route.kind === 'action') return `${partOr(route, 'controller')}#${partOr(route, 'action')}`
  if (isRedirect(target)) return target.describe()
  if (target instanceof RouteSet && target.options.name !== undefined) return target.options.name
  if (typeof target !== 'function') return (target as object).constructor?.name ?? 'Object'
  return /^class\b/.test(Function.prototype.toString.call(target)) ? target.name : 'Inline handler (function)'
}

/** The constraints that the table shows after the endpoint: requirements, and defaults other than controller and action. */
export function shownConstraints(route: Route): Readonly<Record<string, unknown>> {
  const entries = Object.entries({ ...route.defaults, ...route.requirements }).filter(
    ([name, value]) => name !== 'controller' && name !== 'action' && !(value instanceof RegExp && value.source === '.+?' && value.dotAll),
  )
  return Object.fromEntries(entries)
}

function partOr(route: Route, name: 'controller' | 'action'): string {
  if (route.parts.includes(name)) return `:${name}`
  const value = route.requirements[name] ?? route.defaults[name]
  return value === undefined ? '' : String(value)
}

function withText(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value instanceof RegExp ? String(value) : value]))
}
