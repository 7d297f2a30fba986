import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Texts, Translations } from '../model/index.ts'
import { LoadFailed } from './errors.ts'

/** Reads `config/locales` with the folders in it, as Rails does: what a later file says of a key wins.
 *
 * @returns undefined without locale files
 * @throws LoadFailed for a file that isn't YAML
 */
export async function readTranslations(root: string, settings: Omit<Translations, 'texts'>): Promise<Translations | undefined> {
  const folder = join(root, 'config', 'locales')
  if (!existsSync(folder)) return undefined
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort()
  if (names.length === 0) return undefined
  const { parse } = await import('yaml')
  const texts: MutableTexts = Object.create(null)
  for (const name of names) {
    const file = join(folder, name)
    try {
      merge(texts, parse(await readFile(file, 'utf8')))
    } catch (error) {
      throw new LoadFailed({ file, reason: (error as Error).message }, { cause: error })
    }
  }
  return { ...settings, texts }
}

interface MutableTexts {
  [key: string]: unknown
}

/** Adds a tree to another that inherits nothing, since keys come from files. */
function merge(into: MutableTexts, from: unknown): void {
  if (typeof from !== 'object' || from === null) return
  for (const [key, value] of Object.entries(from as Texts)) {
    if (typeof value !== 'object' || value === null) {
      into[key] = value
      continue
    }
    const known = into[key]
    const below: MutableTexts = typeof known === 'object' && known !== null ? (known as MutableTexts) : Object.create(null)
    merge(below, value)
    into[key] = below
  }
}
