import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The one function of Prisma's client generator that is used. */
export interface ClientGenerator {
  generateClient(options: Record<string, unknown>): Promise<void>
}

/** The generator bundled into the published package, beside this file; written by `bundle_generator.ts`. */
export const BUNDLE = 'prisma_generator.cjs'

/** Prisma's client generator without the 60 MB around it.
 *
 * The package asks for @prisma/internals, which brings Prisma's whole configuration system and downloads an engine when it is installed,
 * and uses six small functions of it. The published package therefore holds the generator as a bundle; in this repository the package is
 * installed for development, and the six functions are put in the place of @prisma/internals before it loads.
 */
export async function clientGenerator(): Promise<ClientGenerator> {
  const require = createRequire(import.meta.url)
  const bundle = path.join(path.dirname(fileURLToPath(import.meta.url)), BUNDLE)
  if (existsSync(bundle)) return require(bundle) as ClientGenerator
  const { internals } = await import('./internals.ts')
  const name = '@prisma/client-generator-ts'
  const id = createRequire(require.resolve(name)).resolve('@prisma/internals')
  const before = require.cache[id]
  require.cache[id] = {
    id,
    filename: id,
    path: path.dirname(id),
    loaded: true,
    exports: internals,
    children: [],
    paths: [],
  } as unknown as NodeJS.Module
  try {
    return require(name) as ClientGenerator
  } finally {
    if (before === undefined) delete require.cache[id]
    else require.cache[id] = before
  }
}
