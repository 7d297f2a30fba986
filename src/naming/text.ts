import { inflections } from './english.ts'
import { applyFirst } from './number.ts'
import { underscore } from './spelling.ts'
import { transliterate } from './transliterate.ts'

/** An attribute's name for people: `author_id` → `Author`, `first_name` → `First name`.
 *
 * @param options.capitalize false keeps the first letter as it is
 * @param options.keepIdSuffix true for `Author id`
 */
export function humanize(word: string, options: { capitalize?: boolean; keepIdSuffix?: boolean } = {}): string {
  let text = applyFirst(inflections.humans, word)
    .replaceAll('_', ' ')
    .replace(/^[\s\0]+/, '')
  if (!options.keepIdSuffix && word.endsWith('_id') && text.endsWith(' id')) text = text.slice(0, -3)
  text = text.replace(/[\p{L}\d]+/gu, (part) => inflections.acronyms.get(part.toLowerCase()) ?? part.toLowerCase())
  return options.capitalize === false ? text : text.replace(/^\p{L}/u, (letter) => letter.toUpperCase())
}

/** A title: `raiders_of_the_lost_ark` → `Raiders Of The Lost Ark`. */
export function titleize(word: string, options: { keepIdSuffix?: boolean } = {}): string {
  return humanize(underscore(word), options).replace(/(?<![\p{L}\p{M}\p{N}\p{Pc}])(?<!\w['’`()])[a-z]/gu, (letter) => letter.toUpperCase())
}

/** The text as part of an address: `Crème Brûlée!` → `creme-brulee`.
 *
 * @param options.separator stands for what isn't a letter, digit, dash or underscore; a dash unless given
 * @param options.preserveCase true keeps capitals
 */
export function parameterize(text: string, options: { separator?: string; preserveCase?: boolean } = {}): string {
  const separator = options.separator ?? '-'
  let slug = transliterate(text).replace(/[^a-z0-9\-_]+/gi, () => separator)
  if (separator !== '') slug = collapse(slug, separator)
  return options.preserveCase ? slug : slug.toLowerCase()
}

/** Makes runs of the separator single, and takes it from both ends. */
function collapse(slug: string, separator: string): string {
  const escaped = separator.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  // Ruby's `_.{2,}` repeats the last character of a longer separator, not the whole: kept, since slugs are stored.
  return slug.replace(new RegExp(`${escaped}{2,}`, 'g'), () => separator).replace(new RegExp(`^${escaped}|${escaped}$`, 'gi'), '')
}
