import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { portRoutes } from '../../../../migrations/index.ts'
import type { DrawOptions, RoutesDsl } from '../../../../src/routing/index.ts'
import type { Draw } from './types.ts'

/** What a ported routes file hands to `draw`. */
export interface PortedDraw {
  readonly block: (dsl: RoutesDsl) => void
  readonly options: DrawOptions
}

/** What porting a draw left in Ruby. */
export class LeftInRuby extends Error {}

const draws = pathToFileURL(join(import.meta.dirname, 'ported_module.ts')).href
/** The version of Rails that the suite was recorded with, where the porter looks for it. */
const lockfile = 'GEM\n  specs:\n    actionpack (8.1.3)\n'

/** Ports the Ruby text of routes files and runs what comes out. Files with one text are one file. */
export async function portDraws(all: readonly Draw[]): Promise<Map<Draw, PortedDraw | LeftInRuby>> {
  const folder = mkdtempSync(join(tmpdir(), 'regauge-texts-'))
  const known = new Map<string, Promise<PortedDraw | LeftInRuby>>()
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const ported = new Map<Draw, PortedDraw | LeftInRuby>()
    for (const recorded of all) {
      const files = filesOf(recorded)
      const key = JSON.stringify(files)
      if (!known.has(key)) known.set(key, portOne(files, join(folder, String(known.size))))
      ported.set(recorded, await known.get(key)!)
    }
    return ported
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function portOne(files: Readonly<Record<string, string>>, root: string): Promise<PortedDraw | LeftInRuby> {
  write(root, Object.entries(files))
  const { files: out, rows } = portRoutes(root, { functions: { from: draws, names: ['opaque'] } })
  const left = rows.filter(({ status }) => status === 'left')
  if (left.length > 0) return new LeftInRuby(left.map(({ construct, reason }) => `${construct}: ${reason}`).join('\n'))
  write(
    root,
    out.map(({ path, text }) => [path, text.replaceAll("from 'regauge'", `from '${draws}'`)]),
  )
  return ((await import(pathToFileURL(join(root, 'config/routes.ts')).href)) as { default: PortedDraw }).default
}

function write(root: string, files: readonly (readonly [path: string, text: string])[]): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** The Rails application whose routes file this is. */
function filesOf({ expanded = '', config, resources_path_names: names }: Draw): Record<string, string> {
  const renamed = names === undefined ? '' : `resources_path_names(${Object.entries(names).map(([name, path]) => `${name}: ${JSON.stringify(path)}`).join(', ')})\n` // biome-ignore format: one text
  return {
    'Gemfile.lock': lockfile,
    'config/application.rb': `config.api_only = ${config?.api_only ?? false}`,
    'config/routes.rb': `Rails.application.routes.draw do\n${renamed}${expanded}\nend\n`,
  }
}
