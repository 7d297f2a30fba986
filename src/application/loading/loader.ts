import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RegaugeError } from '../../errors/index.ts'
import { camelize } from '../../naming/index.ts'
import { LoadFailed, MissingExport } from '../errors.ts'
import { loadFailure } from './load_failure.ts'
import { untilLoaded } from './when_loaded.ts'

/** A file of the application that was imported. */
export interface LoadedFile {
  /** The absolute path. */
  readonly file: string
  /** The path below its folder without extension: `api/orders_controller`. */
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Any class. */
export type Class = abstract new (...args: never[]) => object

const sourceFile = /(?<!\.d|\.test)\.(ts|mts|js|mjs)$/

/** Imports every source file below a folder of the application, in the order of their names; `concerns` are left to those who import them.
 *
 * @param folder below `root`, e.g. `app/controllers`; a missing folder has no files
 * @throws LoadFailed naming the file that couldn't be imported
 * @example const files = await loadFolder(root, 'app/controllers')
 */
export async function loadFolder(root: string, folder: string): Promise<LoadedFile[]> {
  const base = join(root, folder)
  return Promise.all(sourceFiles(base).map(async (file) => ({ file, name: nameOf(base, file), exports: await importFile(root, file) })))
}

/** Imports every source file below several folders, as {@link loadFolder} does, and waits for what they import later.
 * @throws LoadFailed naming the file that couldn't be imported
 */
export async function loadFolders(root: string, folders: readonly string[]): Promise<LoadedFile[][]> {
  const [loaded] = await Promise.allSettled([Promise.all(folders.map((folder) => loadFolder(root, folder)))])
  const [filled] = await Promise.allSettled([untilLoaded()])
  if (loaded.status === 'rejected') throw loaded.reason
  if (filled.status === 'rejected') throw new LoadFailed(loadFailure(root, root, filled.reason), { cause: filled.reason })
  return loaded.value
}

/** Imports one file of the application.
 * @throws LoadFailed when it throws or has a syntax error, with the original error as `cause`
 */
export async function importFile(root: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    if (error instanceof RegaugeError) throw error
    throw new LoadFailed(loadFailure(root, file, error), { cause: error })
  }
}

/** The file with one of the source extensions, or undefined: `findSource(root, 'config/routes')`. */
export function findSource(root: string, path: string): string | undefined {
  const folder = join(root, path, '..')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return sourceFiles(folder, false).find((file) => nameOf(folder, file) === name)
}

/** The class a file is named after: `api/orders_controller` exports `OrdersController`.
 * @throws MissingExport when it exports something else, naming what it exports
 */
export function classOf(root: string, loaded: LoadedFile): Class {
  const expected = camelize(loaded.name.slice(loaded.name.lastIndexOf('/') + 1))
  const value = loaded.exports[expected] ?? sameNameInOtherCase(loaded.exports, expected) ?? loaded.exports['default']
  if (typeof value === 'function') return value as unknown as Class
  throw new MissingExport({ file: relative(root, loaded.file), expected: `class ${expected}`, found: Object.keys(loaded.exports) })
}

/** The exported classes that descend from `parent`. */
export function subclassesIn(files: readonly LoadedFile[], parent: Class): Class[] {
  const classes = files.flatMap(({ exports }) => Object.values(exports)).filter((value): value is Class => descendsFrom(value, parent))
  return [...new Set(classes)]
}

/** Tells whether a value is a class below `parent`. */
export function descendsFrom(value: unknown, parent: Class): boolean {
  return typeof value === 'function' && value.prototype instanceof parent
}

function sameNameInOtherCase(exports: Readonly<Record<string, unknown>>, expected: string): unknown {
  const key = Object.keys(exports).find((name) => name.toLowerCase() === expected.toLowerCase()) // acronyms: APIController
  return key === undefined ? undefined : exports[key]
}

function sourceFiles(folder: string, recursive = true): string[] {
  let entries: import('node:fs').Dirent[]
  try {
    entries = readdirSync(folder, { recursive, withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && sourceFile.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).includes('concerns'))
    .sort()
}

function nameOf(base: string, file: string): string {
  return relative(base, file).replace(sourceFile, '').split(sep).join('/')
}
