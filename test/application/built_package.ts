import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { buildSync } from 'esbuild'

/** The root of the repository. */
export const repository = resolve(import.meta.dirname, '../..')

const sources = ['src', 'adapters', 'migrations']
const place = join(repository, 'tmp/packages')
let folder: string | undefined

/** What is read of package.json. */
interface Manifest {
  readonly exports: Readonly<Record<string, { readonly 'regauge-source'?: string }>>
  readonly dependencies: object
  readonly devDependencies: object
  readonly peerDependencies: object
}

/** The folder of a package `regauge` whose sources are those of the repository, and whose `dist` is for what `buildPackage` puts there.
 *
 * As `node_modules/regauge` of an application it serves both: this process, which imports the sources (the condition `regauge-source`), and
 * processes that tests start, which import what was built, as an installed package is. It is another folder when a source has changed.
 */
export function packageFolder(): string {
  return (folder ??= makeFolder())
}

/** Builds the package, once for all test runs in which the sources are the same, and gives its folder: a process that had to compile the
 * sources itself would take seconds to begin. It has what is published in a few files instead of a thousand, and Kysely's three hundred in
 * them, since most of the time that such a process needs goes into finding and reading its modules. Where Node keeps what it compiled (from
 * 22 on, by the text of each module), the processes that are started from now on compile each module once. */
export function buildPackage(): string {
  const dist = join(packageFolder(), 'dist')
  process.env['NODE_COMPILE_CACHE'] ??= join(packageFolder(), 'compiled')
  if (existsSync(dist)) return packageFolder()
  const unfinished = mkdtempSync(join(place, 'unfinished-'))
  const { exports, dependencies, devDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(repository, 'package.json'), 'utf8'),
  ) as Manifest
  const packages = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
  buildSync({
    absWorkingDir: repository,
    entryPoints: ['src/cli/main.ts', ...Object.values(exports).flatMap((entry) => entry['regauge-source'] ?? [])],
    outbase: '.',
    outdir: unfinished,
    bundle: true,
    splitting: true,
    chunkNames: 'src/cli/[name]-[hash]', // as deep as the files that look for something beside them
    external: packages.filter((name) => name !== 'kysely'),
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  putInPlace(unfinished, dist)
  return packageFolder()
}

/** Writes the package's declarations once in the same way, and gives the folder of a package of them alone: a compiler that a test starts
 * reads what one finds in an installed package, instead of checking all sources. */
export function buildDeclarations(): string {
  const declared = join(packageFolder(), 'declared')
  if (existsSync(declared)) return declared
  const unfinished = mkdtempSync(join(place, 'unfinished-'))
  copyFileSync(join(repository, 'package.json'), join(unfinished, 'package.json'))
  const words = ['-p', repository, '--outDir', join(unfinished, 'dist'), '--emitDeclarationOnly', '--noCheck', '--singleThreaded']
  execFileSync(join(repository, 'node_modules/.bin/tsc'), words, { stdio: ['ignore', 'inherit', 'inherit'] })
  putInPlace(unfinished, declared)
  return declared
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

/** What changes with every change of a source, of a dependency's version and of how they are built. */
function stampOfSources(): string {
  const hash = createHash('sha256')
  const builder = relative(repository, import.meta.filename)
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', builder, ...sources.flatMap(filesBelow)]) {
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
