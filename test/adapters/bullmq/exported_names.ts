import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const declaration = /^export (?:declare )?(?:abstract )?(?:class|function|const|let|var|type|interface|enum|namespace) (\w+)/gm

/** The names of everything that a declaration file exports, types included. */
export function exportedNames(file: string): Set<string> {
  const text = readFileSync(file, 'utf8')
  const names = new Set([...text.matchAll(declaration)].map(([, name]) => name!))
  for (const [, list = ''] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const entry of list.split(',')) names.add(entry.trim().split(/\s+/).at(-1)!)
  }
  for (const [, path = ''] of text.matchAll(/^export \* from '(\.[^']*)'/gm)) {
    const base = join(dirname(file), path)
    const next = [`${base}.d.ts`, join(base, 'index.d.ts')].find((candidate) => existsSync(candidate))
    for (const name of exportedNames(next!)) names.add(name)
  }
  names.delete('')
  return names
}
