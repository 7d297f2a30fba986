import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { portRoutes } from '../../../migrations/index.ts'
import { inflections } from '../../../src/naming/index.ts'
import type { RouteSet } from '../../../src/routing/index.ts'
import { folderOf, removeFolders } from '../rails_app.ts'

interface Row {
  name: string
  verb: string
  path: string
  to: string
  defaults: Record<string, unknown>
}

const here = import.meta.dirname
const shim = pathToFileURL(join(here, 'regauge_shim.ts')).href

/** Ports the routes of a Rails application, draws what came out, and gives its table. */
async function drawn(root: string): Promise<Row[]> {
  const { files } = portRoutes(root)
  const to = folderOf({ 'package.json': '{ "type": "module" }', ...Object.fromEntries(files.map(({ path, text }) => [path, text])) })
  for (const { path, text } of files) writeFileSync(join(to, path), text.replaceAll("from 'regauge'", `from '${shim}'`))
  const { default: set } = (await import(pathToFileURL(join(to, 'config/routes.ts')).href)) as { default: RouteSet }
  return set.routes.map(({ name, verb, path, controller, action, defaults }) => ({
    name: name ?? '',
    verb,
    path,
    to: controller === undefined ? '' : `${controller}#${action}`,
    defaults: Object.fromEntries(Object.entries(defaults).filter(([key]) => key !== 'controller' && key !== 'action')),
  }))
}

function recorded(file: string): Row[] {
  return JSON.parse(readFileSync(join(here, file), 'utf8')) as Row[]
}

/** The tables beside this file were recorded from Rails 7.2 in production, API-only, drawing the same Ruby. */
describe('the routes that ported files draw', () => {
  let environment: string | undefined
  beforeEach(() => {
    environment = process.env['REGAUGE_ENV']
    process.env['REGAUGE_ENV'] = 'production'
  })
  afterEach(() => {
    if (environment === undefined) delete process.env['REGAUGE_ENV']
    else process.env['REGAUGE_ENV'] = environment
    inflections.uncountables.delete('media')
    removeFolders()
  })

  it('are those Rails draws for Conduit', async () => {
    expect(await drawn(join(here, '../../../guides/conduit/rails'))).to.deep.equal(recorded('conduit_routes.json'))
  })

  it('are those Rails draws for symbols, texts and shared options at each place of a resource', async () => {
    expect(await drawn(join(here, 'rails_actions'))).to.deep.equal(recorded('rails_actions/routes.json'))
  })

  it('are those Rails draws for calls at every place where they may stand', async () => {
    expect(await drawn(join(here, 'rails_places'))).to.deep.equal(recorded('rails_places/routes.json'))
  })

  it('are those Rails draws for values that Ruby makes of values', async () => {
    expect(await drawn(join(here, 'rails_values'))).to.deep.equal(recorded('rails_values/routes.json'))
  })

  it('are those Rails draws for a file of every construct', async () => {
    expect(await drawn(join(here, 'rails_sample'))).to.deep.equal(recorded('rails_sample/routes.json'))
  })
})
