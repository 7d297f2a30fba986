import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { portRoutes } from '../../migrations/index.ts'
import { draw, type DrawOptions, extend, type RouteSet, type RoutesDsl } from '../../src/routing/index.ts'
import type { Draw, JsonHash, Opaque, RoutingTest } from '../goldens/runners/routing/types.ts'
import { urlOptionsOf } from '../goldens/runners/routing/draw_trace.ts'
import { fromJson } from '../goldens/runners/routing/values.ts'
import { folderOf } from './rails_app.ts'

/** A draw with the Ruby that made it. */
export type ExpandedDraw = Draw & { readonly expanded?: string }

/** What the emitted file of one draw is given, by the module that stands for the package. */
interface Host {
  draw(block: (dsl: RoutesDsl) => void, options?: DrawOptions): RouteSet
  opaque(id: string): unknown
}

declare global {
  // A module that is written to a temporary folder finds its test here.
  var regaugeExpandedDraw: Host | undefined
}

const shim = `export { inflections } from '${pathToFileURL(join(import.meta.dirname, '../../src/naming/index.ts')).href}'
export { redirect } from '${pathToFileURL(join(import.meta.dirname, '../../src/routing/index.ts')).href}'
export const draw = (block, options) => globalThis.regaugeExpandedDraw.draw(block, options)
export const opaque = (id) => globalThis.regaugeExpandedDraw.opaque(id)
export const cable = () => {}
`

/** What porting a draw left in Ruby. */
export class LeftInRuby extends Error {}

/** Ports the Ruby text of a draw, runs what came out, and gives the routes.
 *
 * @throws LeftInRuby when the porter could not translate all of it; what the emitted file throws
 */
export async function drawExpanded(test: RoutingTest, index: number, sets: readonly RouteSet[]): Promise<RouteSet> {
  const recorded = test.draws[index] as ExpandedDraw
  const names = pathNames(recorded)
  const root = folderOf({
    'package.json': '{ "type": "module" }',
    'shim.ts': shim,
    'config/application.rb': `config.api_only = ${recorded.config?.api_only ?? false}`,
    'config/routes.rb': `Rails.application.routes.draw do\n${names}${recorded.expanded ?? ''}\nend\n`,
  })
  const { files, rows } = portRoutes(root, { functions: { from: '../shim.ts', names: ['opaque'] } })
  const left = rows.filter(({ status }) => status === 'left')
  if (left.length > 0) throw new LeftInRuby(`left: ${left.map(({ construct, reason }) => `${construct}: ${reason}`).join('\n')}`)
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text.replaceAll("from 'regauge'", "from '../shim.ts'"))
  }
  const before = sets[index - 1]
  globalThis.regaugeExpandedDraw = {
    draw: (block, options) =>
      recorded.cumulative && before !== undefined
        ? extend(before, block)
        : draw(block, { ...options, ...optionsOf(recorded), dynamic: 'any' }),
    opaque: (id) =>
      standIn(
        (recorded.opaques ?? []).find((opaque) => opaque.id === id),
        sets,
      ),
  }
  try {
    return ((await import(pathToFileURL(join(root, 'config/routes.ts')).href)) as { default: RouteSet }).default
  } finally {
    globalThis.regaugeExpandedDraw = undefined
  }
}

function pathNames({ resources_path_names: names }: Draw): string {
  if (names === undefined) return ''
  return `resources_path_names(${Object.entries(names)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(', ')})\n`
}

function optionsOf(recorded: Draw): DrawOptions {
  const { config, default_url_options: defaults } = recorded
  return {
    ...(config?.relative_url_root !== undefined && { relativeUrlRoot: config.relative_url_root }),
    ...(defaults !== undefined && { defaultUrlOptions: urlOptionsOf(fromJson(defaults as JsonHash) as Record<string, unknown>) }),
  }
}

function standIn(opaque: Opaque | undefined, sets: readonly RouteSet[]): unknown {
  const anything = fromJson({ $opaque: opaque?.id ?? '' })
  if (opaque?.role !== 'endpoint') return anything
  const isEngine = opaque.kind === 'engine' || (opaque.kind === 'class' && /Engine$/.test(opaque.name ?? ''))
  const engine = isEngine ? sets.find((set) => set !== undefined) : undefined
  if (engine !== undefined) return engine
  return opaque.kind === 'class' || opaque.kind === 'engine' ? Object.defineProperty(class {}, 'name', { value: opaque.name }) : anything
}
