import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** The root of the repository. */
export const repository = resolve(import.meta.dirname, '../..')

const sources = ['src', 'adapters', 'migrations']
const place = join(repository, 'tmp/packages')
let folder: string | undefined

/** The folder of a package `regauge` whose sources are those of the repository, and whose `dist` is for what `buildPackage` puts there.
 *
 * As `node_modules/regauge` of an application it serves both: this process, which imports the sources (the condition `regauge-source`), and
 * processes that tests start, which import what was built, as an installed package is. It is another folder when a source has changed.
 */
export function packageFolder(): string {
  return (folder ??= makeFolder())
}

/** Builds the package, once for all test runs in which the sources are the same, and gives its folder: a process that had to compile the
 * sources itself would take seconds to begin. */
export function buildPackage(): string {
  const dist = join(packageFolder(), 'dist')
  if (existsSync(dist)) return packageFolder()
  const unfinished = mkdtempSync(join(place, 'unfinished-'))
  const tsc = [
    '-p',
    repository,
    '--noCheck',
    '--outDir',
    unfinished,
    '--declaration',
    'false',
    '--sourceMap',
    'false',
    '--inlineSources',
    'false',
  ]
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...tsc], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The sources can't be built:\n${stdout}${stderr}`)
  putInPlace(unfinished, dist)
  return packageFolder()
}

function makeFolder(): string {
  const made = join(place, stampOfSources())
  if (existsSync(made)) return made
  mkdirSync(place, { recursive: true })
  removeOld()
  const unfinished = mkdtempSync(join(place, 'unfinished-'))
  copyFileSync(join(repository, 'package.json'), join(unfinished, 'package.json'))
  for (const name of ['src', 'adapters']) symlinkSync(join(repository, name), join(unfinished, name))
  putInPlace(unfinished, made)
  return made
}

/** Another process may have been quicker, with the same. */
function putInPlace(unfinished: string, target: string): void {
  chmodSync(unfinished, 0o755) // some processes of tests have another user
  try {
    renameSync(unfinished, target)
  } catch (error) {
    if (!existsSync(target)) throw error
    rmSync(unfinished, { recursive: true })
  }
}

/** What changes with every change of a source. */
function stampOfSources(): string {
  const hash = createHash('sha256')
  for (const path of ['package.json', 'tsconfig.json', ...sources.flatMap(filesBelow)]) {
    const { mtimeMs, size } = statSync(join(repository, path))
    hash.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 12)
}

function filesBelow(folder: string): string[] {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => join(folder, file))
}

/** Those that no run uses any more. */
function removeOld(): void {
  const anHourAgo = Date.now() - 3_600_000
  for (const name of readdirSync(place)) {
    if (statSync(join(place, name)).mtimeMs < anHourAgo) rmSync(join(place, name), { recursive: true, force: true })
  }
}
