import { inflections } from './english.ts'

/** A path or an underscored word as a class name: `api/line_items` → `Api::LineItems`; with 'lower', `line_item` → `lineItem`.
 *
 * @param first the case of the first letter
 */
export function camelize(word: string, first: 'upper' | 'lower' = 'upper'): string {
  const start =
    first === 'lower'
      ? word.replace(inflections.leadingAcronym, (match) => match.toLowerCase())
      : word.replace(/^[a-z\d]*/m, (match) => inflections.acronyms.get(match) ?? capitalize(match))
  return start.replace(/(?:_|(\/))([a-z\d]*)/gi, (_, slash: string | undefined, part: string) => {
    const spelled = inflections.acronyms.get(part) ?? capitalize(part)
    return slash === undefined ? spelled : `::${spelled}`
  })
}

/** A class name as a path: `Api::LineItem` → `api/line_item`. */
export function underscore(word: string): string {
  if (!/[A-Z-]|::/.test(word)) return word
  return word
    .replaceAll('::', '/')
    .replace(
      inflections.acronymInWord,
      (_, before: string | undefined, acronym: string) => `${before === undefined ? '' : '_'}${acronym.toLowerCase()}`,
    )
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z\d])(?=[A-Z])/g, '_')
    .replaceAll('-', '_')
    .toLowerCase()
}

/** Underscores as dashes: `line_item` → `line-item`. */
export function dasherize(word: string): string {
  return word.replaceAll('_', '-')
}

/** The word with its first letter in upper case and the others untouched. */
export function upcaseFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** The word with its first letter in lower case and the others untouched. */
export function downcaseFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1)
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}
