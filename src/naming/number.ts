import { inflections } from './english.ts'
import type { InflectionRule, Inflections } from './inflections.ts'

/** The plural of a word, or the word itself when `count` is 1.
 *
 * @param word lower case, camel case or a compound: its end decides
 * @param rules another language's rules
 * @example pluralize('person') // 'people'
 * @example pluralize('post', 1) // 'post'
 */
export function pluralize(word: string, count?: number, rules: Inflections = inflections): string {
  if (count === 1) return word
  return rules.isUncountable(word) ? word : applyFirst(rules.plurals, word)
}

/** The singular of a word.
 * @param rules another language's rules
 * @example singularize('people') // 'person'
 */
export function singularize(word: string, rules: Inflections = inflections): string {
  return rules.isUncountable(word) ? word : applyFirst(rules.singulars, word)
}

/** The number with its English ending: `1st`, `12th`, `103rd`. */
export function ordinalize(number: number): string {
  return `${number}${ordinal(number)}`
}

/** The English ending of an ordinal number. */
export function ordinal(number: number): 'st' | 'nd' | 'rd' | 'th' {
  const whole = Math.abs(Math.trunc(number))
  if (whole % 100 >= 11 && whole % 100 <= 13) return 'th'
  return ({ 1: 'st', 2: 'nd', 3: 'rd' } as const)[whole % 10] ?? 'th'
}

/** Replaces with the first rule whose pattern occurs in the text. */
export function applyFirst(rules: readonly InflectionRule[], text: string): string {
  if (text === '') return text
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    const pattern = rule[0]
    const replacement = rule[1]
    if (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)) return text.replace(pattern, replacement)
  }
  return text
}
