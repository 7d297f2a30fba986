/** A rule of inflection: what is looked for, and what it becomes (`$1` is the first group, as in `String.replace`). */
export type InflectionRule = readonly [pattern: RegExp | string, replacement: string]

/** The lists that {@link Inflections.clear} can empty. */
export type InflectionScope = 'all' | 'plurals' | 'singulars' | 'uncountables' | 'humans' | 'acronyms'

/** A letter, digit or underscore of any script: the characters that Ruby's `\b` looks at. */
const wordCharacter = '[\\p{L}\\p{M}\\p{N}\\p{Pc}]'
const boundary = `(?:(?<=${wordCharacter})(?!${wordCharacter})|(?<!${wordCharacter})(?=${wordCharacter}))`

/** The inflection rules of one language. Rules added later are tried first, as in Rails.
 *
 * @example
 * inflections.irregular('octopus', 'octopuses')
 * inflections.uncountable('feedback')
 * inflections.acronym('API')
 * @see https://api.rubyonrails.org/classes/ActiveSupport/Inflector/Inflections.html
 */
export class Inflections {
  readonly plurals: InflectionRule[] = []
  readonly singulars: InflectionRule[] = []
  readonly humans: InflectionRule[] = []
  readonly uncountables = new Set<string>()
  /** Acronyms by their lower-case spelling. */
  readonly acronyms = new Map<string, string>()
  #uncountableWords: readonly string[] | undefined
  #uncountable: RegExp | undefined
  #leadingAcronym: RegExp | undefined
  #acronymInWord: RegExp | undefined

  /** Adds a rule that makes plurals. Taken literally when it is a string. */
  plural(pattern: RegExp | string, replacement: string): void {
    this.#nowCountable(pattern, replacement)
    this.plurals.unshift([pattern, replacement])
  }

  /** Adds a rule that makes singulars. Taken literally when it is a string. */
  singular(pattern: RegExp | string, replacement: string): void {
    this.#nowCountable(pattern, replacement)
    this.singulars.unshift([pattern, replacement])
  }

  /** Declares a pair that no rule makes: `irregular('person', 'people')`. Compounds follow (`salesperson`). */
  irregular(singular: string, plural: string): void {
    this.uncountables.delete(singular)
    this.uncountables.delete(plural)
    this.#forgetUncountable()
    for (const spelling of [singular, plural]) {
      for (const [pattern, replace] of endings(spelling, plural, singular)) this.plural(pattern, replace)
      for (const [pattern, replace] of endings(spelling, singular, plural)) this.singular(pattern, replace)
    }
  }

  /** Declares words that have one form only: `uncountable('rice', 'fish')`. Compounds of several words follow (`brown rice`). */
  uncountable(...words: string[]): void {
    for (const word of words) this.uncountables.add(word.toLowerCase())
    this.#forgetUncountable()
  }

  /** Adds a rule that `humanize` applies before anything else: `human(/_cnt$/i, '_count')`. */
  human(pattern: RegExp | string, replacement: string): void {
    this.humans.unshift([pattern, replacement])
  }

  /** Declares a word whose capitals `camelize`, `underscore`, `humanize` and `titleize` keep: `acronym('API')`. */
  acronym(word: string): void {
    this.acronyms.set(word.toLowerCase(), word)
    this.#leadingAcronym = undefined
    this.#acronymInWord = undefined
  }

  /** Empties one list of rules, or all of them. */
  clear(scope: InflectionScope = 'all'): void {
    if (scope === 'all' || scope === 'plurals') this.plurals.length = 0
    if (scope === 'all' || scope === 'singulars') this.singulars.length = 0
    if (scope === 'all' || scope === 'humans') this.humans.length = 0
    if (scope === 'all' || scope === 'uncountables') this.uncountables.clear()
    if (scope === 'all' || scope === 'acronyms') this.acronyms.clear()
    this.#forgetUncountable()
    this.#leadingAcronym = undefined
    this.#acronymInWord = undefined
  }

  /** Whether the word, or the last word of a compound, has one form only. */
  isUncountable(word: string): boolean {
    if (this.uncountables.size === 0 || !this.#mayBeUncountable(word)) return false
    this.#uncountable ??= new RegExp(`${boundary}(?:${[...this.uncountables].map(escapeRegExp).join('|')})\\n?$`, 'iu')
    return this.#uncountable.test(word)
  }

  /** Whether one of the words stands at the end of this one: plain texts are told from each other much faster than by an expression. */
  #mayBeUncountable(word: string): boolean {
    if (!/^[\w-]*$/.test(word)) return true
    const lower = word.toLowerCase()
    const words = (this.#uncountableWords ??= [...this.uncountables])
    for (let i = 0; i < words.length; i++) if (lower.endsWith(words[i]!)) return true
    return false
  }

  #forgetUncountable(): void {
    this.#uncountableWords = undefined
    this.#uncountable = undefined
  }

  /** What `camelize(word, 'lower')` spells in lower case: the acronym, or else the letter, that a word starts with. */
  get leadingAcronym(): RegExp {
    return (this.#leadingAcronym ??= new RegExp(`^(?:(?:${this.#acronymPattern()})(?=${boundary}|[A-Z_])|[a-zA-Z0-9_])`, 'mu'))
  }

  /** An acronym inside of a camel-cased word; the first group is the character before it. */
  get acronymInWord(): RegExp {
    return (this.#acronymInWord ??= new RegExp(`(?:(?<=([A-Za-z\\d]))|${boundary})(${this.#acronymPattern()})(?=${boundary}|[^a-z])`, 'gu'))
  }

  #acronymPattern(): string {
    return this.acronyms.size === 0 ? '(?!)' : [...this.acronyms.values()].map(escapeRegExp).join('|')
  }

  #nowCountable(pattern: RegExp | string, replacement: string): void {
    if (typeof pattern === 'string') this.uncountables.delete(pattern)
    this.uncountables.delete(replacement)
    this.#forgetUncountable()
  }
}

/** The rules by which a word that ends in `spelling` ends in `wanted` instead. The first letter keeps its case when both forms share it. */
function endings(spelling: string, wanted: string, other: string): InflectionRule[] {
  const [first, rest] = [spelling[0]!, escapeRegExp(spelling.slice(1))]
  if (wanted[0]!.toUpperCase() === other[0]!.toUpperCase()) return [[new RegExp(`(${first})${rest}$`, 'im'), `$1${wanted.slice(1)}`]]
  const anyCase = [...spelling.slice(1)].map((letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`).join('')
  return [
    [new RegExp(`${first.toUpperCase()}${anyCase}$`, 'm'), wanted[0]!.toUpperCase() + wanted.slice(1)],
    [new RegExp(`${first.toLowerCase()}${anyCase}$`, 'm'), wanted[0]!.toLowerCase() + wanted.slice(1)],
  ]
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
