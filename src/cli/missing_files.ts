import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FileNotWritten } from './errors.ts'

/** Tells whether a folder is missing or empty.
 * @throws FileNotWritten when it can't be looked into, or is a file */
export function isEmptyFolder(folder: string): boolean {
  return sayingWhere(folder, () => !existsSync(folder) || readdirSync(folder).length === 0)
}

/** Writes the files that aren't there yet, and tells their paths.
 * @throws FileNotWritten at the first one that the system refuses; those before it stay */
export function writeMissing(folder: string, files: Readonly<Record<string, string>>): string[] {
  const missing = Object.entries(files).filter(([path]) => !existsSync(join(folder, path)))
  for (const [path, text] of missing) {
    const file = join(folder, path)
    makeFolder(dirname(file))
    sayingWhere(file, () => writeFileSync(file, text))
  }
  return missing.map(([path]) => path)
}

/** Makes a folder with those above it. Where none can be made though none is in the way, as in /proc, Node's own way of doing that tries for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above) // a drive that isn't there has none above it
  sayingWhere(folder, () => mkdirSync(folder))
}

/** Does something with a file or folder; what the system refuses is thrown as an error that says where. */
function sayingWhere<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw error
    throw new FileNotWritten({ path, code })
  }
}
