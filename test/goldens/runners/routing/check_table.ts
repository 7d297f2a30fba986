import { expect } from 'chai'
import { inspectRoutes, type Route, type RouteSet } from '../../../../src/routing/index.ts'
import { isRequestAttribute } from '../../../../src/routing/request_attributes.ts'
import type { TableRow } from './types.ts'
import { urlOptionsOf } from './draw_trace.ts'
import { fromJson } from './values.ts'

const kinds = { dispatcher: 'action', redirect: 'redirect', rack: 'mount', engine: 'mount' } as const

/** Compares the drawn table with Rails', row by row. */
export function checkTable(routes: RouteSet, table: readonly TableRow[]): void {
  expect(routes.routes.map((route) => `${route.name ?? '-'} ${route.verb} ${route.path}`).join('\n'), 'the table').to.equal(
    table.map((row) => `${row.name ?? '-'} ${row.verb} ${row.path}`).join('\n'),
  )
  for (const row of table) expect(rowOf(routes.routes[row.i]!), `row ${row.i} (${row.path})`).to.deep.equal(recordedRow(row))
}

function rowOf(route: Route): object {
  return {
    kind: route.kind,
    controller: route.controller,
    action: route.action,
    defaults: comparable(route.defaults),
    required_defaults: comparable(route.requiredDefaults),
    requirements: comparable(route.requirements),
    constraints: comparable(Object.fromEntries(Object.entries(route.conditions).filter(([name]) => isRequestAttribute(name)))),
    parts: [...route.parts],
    required_parts: [...route.requiredParts],
    anchored: route.pattern.anchored,
  }
}

function recordedRow(row: TableRow): object {
  const fixed = (name: 'controller' | 'action') => (row.parts.includes(name) ? undefined : row[name])
  return {
    kind: kinds[row.kind],
    controller: fixed('controller'),
    action: fixed('action'),
    defaults: comparable(fromJson(row.defaults) as object),
    required_defaults: comparable(fromJson(row.required_defaults) as object),
    requirements: comparable(fromJson(row.requirements ?? {}) as object),
    constraints: comparable(fromJson(row.constraints ?? {}) as object),
    parts: row.parts,
    required_parts: row.required_parts,
    anchored: row.anchored,
  }
}

function comparable(values: object): object {
  return Object.fromEntries(
    Object.entries(urlOptionsOf(values as Record<string, unknown>)).map(([name, value]) => [
      name,
      value instanceof RegExp ? String(value) : value,
    ]),
  )
}

/** Compares the printed table with `rails routes`. Constraints are left out, since each language writes its own; {@link checkTable} compares them. */
export function checkText(routes: RouteSet, text: string, options: { controller?: string; grep?: string; expanded?: boolean } = {}): void {
  const [ours, recorded] = [neutral(inspectRoutes(routes, options)), neutral(text)]
  // An application that is mounted as Ruby code has a section of its own on one side only.
  const isSame = isSectioned(ours) === isSectioned(recorded)
  expect(isSame ? ours : firstSection(ours)).to.equal(isSame ? recorded : firstSection(recorded))
}

function isSectioned(text: string): boolean {
  return /^\[? ?Routes for /.test(text)
}

function firstSection(text: string): string {
  return text.replace(/\n\n[\s\S]*$/, '').replace(/^\[? ?Routes for .*\n/, '')
}

function neutral(text: string): string {
  return text
    .replace(/ \{(?::\w+=>|\w+: )[\s\S]*?\}(?=\n|$)/g, '')
    .replace(/Inline handler \((?:Proc\/Lambda|function)\)|#<.*>/g, 'Inline handler')
    .replace(/^No routes? .*$/gm, 'No routes')
    .replace(/^For more information.*\n?/gm, '')
    .replace(/^--\[ Route (\d+) \]-*$/gm, '--[ Route $1 ]')
    .replace(/^Source Location.*\n?/gm, '')
    .replace(/ +$/gm, '')
    .trimEnd()
}
