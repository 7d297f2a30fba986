import { mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import { repository } from './built_package.ts'

/** Makes one file of JavaScript of a program for a process that a test starts, and of what it imports of the repository, so that the process
 * begins at once instead of compiling all of that.
 *
 * @param source the program's file
 * @returns the file to run with nothing but Node
 */
export function buildProgram(source: string): string {
  const folder = join(repository, 'tmp/programs')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${basename(source, '.ts')}-${process.pid}.mjs`)
  buildSync({ entryPoints: [source], outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' })
  process.once('exit', () => rmSync(outfile, { force: true }))
  return outfile
}
