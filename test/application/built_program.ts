import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { repository } from './built_package.ts'

const built: string[] = []

/** Makes one file of JavaScript of a program for a process that a test starts, and of what it imports of the repository, so that the process
 * begins at once instead of compiling all of that.
 *
 * @param source the program's file
 * @returns the file to run with nothing but Node
 */
export function buildProgram(source: string): string {
  return build(basename(source, '.ts'), { entryPoints: [source] })
}

/** The same of a program that a test writes, which imports what it needs from the root of the repository on.
 * @example buildScript("import { locate } from './adapters/prisma/url.ts'")
 */
export function buildScript(contents: string): string {
  return build(`script-${randomUUID()}`, { stdin: { contents, resolveDir: repository, loader: 'ts' } })
}

function build(name: string, program: BuildOptions): string {
  const folder = join(repository, 'tmp/programs')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${name}-${process.pid}.mjs`)
  buildSync({ ...program, outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' })
  if (built.push(outfile) === 1) process.once('exit', removeBuilt)
  return outfile
}

function removeBuilt(): void {
  for (const file of built) rmSync(file, { force: true })
}
