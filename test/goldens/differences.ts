import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** What differs from Rails on purpose: by kind of file, then by case, the reason. */
export type Differences = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The differences of a file, by its base name (`inflector`, `rails-routing-extra`). */
export function differencesFor(baseName: string): Readonly<Record<string, string>> {
  const all = parse(readFileSync(new URL('./differences.yml', import.meta.url), 'utf8')) as Differences
  return Object.assign({}, ...Object.entries(all).flatMap(([name, cases]) => (baseName.startsWith(name) ? [cases] : []))) as Record<
    string,
    string
  >
}
