import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Tells whether a folder is missing or empty. */
export function isEmptyFolder(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0
}

/** Writes the files that aren't there yet, and tells their paths. */
export function writeMissing(folder: string, files: Readonly<Record<string, string>>): string[] {
  const missing = Object.entries(files).filter(([path]) => !existsSync(join(folder, path)))
  for (const [path, text] of missing) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return missing.map(([path]) => path)
}
