import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A folder below `app` whose Ruby no porter reads yet. */
export interface RemainingRuby {
  /** `controllers` */
  readonly folder: string
  readonly files: number
}

/** What is left of a Rails application for hands: the Ruby files below `app`, counted by folder. */
export function remainingRuby(root: string): RemainingRuby[] {
  return foldersIn(join(root, 'app')).flatMap((folder) => {
    const files = filesIn(join(root, 'app', folder)).filter((file) => file.endsWith('.rb')).length
    return files === 0 ? [] : [{ folder, files }]
  })
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
  } catch {
    return []
  }
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
}
