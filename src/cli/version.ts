import { readFileSync } from 'node:fs'

/** The version of this package, from its package.json. */
export const version: string = readVersion()

function readVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { name?: string; version?: string }
      if (manifest.name === 'regauge' && manifest.version) return manifest.version
    } catch {} // from the source the manifest is two folders up, from dist three
  }
  return 'unknown'
}
