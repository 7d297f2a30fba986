import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes a file so that others see the old text or the new one, and nothing between. */
export function writeAtomically(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, file)
}

/** Fills a new folder and puts it in the place of an old one. When the filling fails, the old one stays.
 *
 * @param fill writes into the empty folder it is given
 */
export async function replaceFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${folder}.${process.pid}.tmp`
  const old = `${folder}.${process.pid}.old`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  try {
    await fill(temporary)
    moveAside(folder, old)
    renameSync(temporary, folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

function moveAside(folder: string, old: string): void {
  try {
    renameSync(folder, old)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
}
