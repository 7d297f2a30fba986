import { Inflections } from './inflections.ts'

/** English plurals, last tried first; the order and the patterns are those of Rails, so that table and class names come out the same. */
const plurals: readonly [RegExp, string][] = [
  [/$/m, 's'],
  [/s$/im, 's'],
  [/^(ax|test)is$/im, '$1es'],
  [/(octop|vir)us$/im, '$1i'],
  [/(octop|vir)i$/im, '$1i'],
  [/(alias|status)$/im, '$1es'],
  [/(bu)s$/im, '$1ses'],
  [/(buffal|tomat)o$/im, '$1oes'],
  [/([ti])um$/im, '$1a'],
  [/([ti])a$/im, '$1a'],
  [/sis$/im, 'ses'],
  [/(?:([^f])fe|([lr])f)$/im, '$1$2ves'],
  [/(hive)$/im, '$1s'],
  [/([^aeiouy]|qu)y$/im, '$1ies'],
  [/(x|ch|ss|sh)$/im, '$1es'],
  [/(matr|vert|ind)(?:ix|ex)$/im, '$1ices'],
  [/^(m|l)ouse$/im, '$1ice'],
  [/^(m|l)ice$/im, '$1ice'],
  [/^(ox)$/im, '$1en'],
  [/^(oxen)$/im, '$1'],
  [/(quiz)$/im, '$1zes'],
]

const singulars: readonly [RegExp, string][] = [
  [/s$/im, ''],
  [/(ss)$/im, '$1'],
  [/(n)ews$/im, '$1ews'],
  [/([ti])a$/im, '$1um'],
  [/((a)naly|(b)a|(d)iagno|(p)arenthe|(p)rogno|(s)ynop|(t)he)(sis|ses)$/im, '$1sis'],
  [/(^analy)(sis|ses)$/im, '$1sis'],
  [/([^f])ves$/im, '$1fe'],
  [/(hive)s$/im, '$1'],
  [/(tive)s$/im, '$1'],
  [/([lr])ves$/im, '$1f'],
  [/([^aeiouy]|qu)ies$/im, '$1y'],
  [/(s)eries$/im, '$1eries'],
  [/(m)ovies$/im, '$1ovie'],
  [/(x|ch|ss|sh)es$/im, '$1'],
  [/^(m|l)ice$/im, '$1ouse'],
  [/(bus)(es)?$/im, '$1'],
  [/(o)es$/im, '$1'],
  [/(shoe)s$/im, '$1'],
  [/(cris|test)(is|es)$/im, '$1is'],
  [/^(a)x[ie]s$/im, '$1xis'],
  [/(octop|vir)(us|i)$/im, '$1us'],
  [/(alias|status)(es)?$/im, '$1'],
  [/^(ox)en/im, '$1'],
  [/(vert|ind)ices$/im, '$1ex'],
  [/(matr)ices$/im, '$1ix'],
  [/(quiz)zes$/im, '$1'],
  [/(database)s$/im, '$1'],
]

const irregulars: readonly [string, string][] = [
  ['person', 'people'],
  ['man', 'men'],
  ['child', 'children'],
  ['sex', 'sexes'],
  ['move', 'moves'],
  ['zombie', 'zombies'],
]

const uncountables = ['equipment', 'information', 'rice', 'money', 'species', 'series', 'fish', 'sheep', 'jeans', 'police']

/** A fresh set of Rails' English rules. */
export function englishInflections(): Inflections {
  const rules = new Inflections()
  for (const [pattern, replacement] of plurals) rules.plural(pattern, replacement)
  for (const [pattern, replacement] of singulars) rules.singular(pattern, replacement)
  for (const [singular, plural] of irregulars) rules.irregular(singular, plural)
  rules.uncountable(...uncountables)
  return rules
}

/** The rules that every function of this room uses. An application adds its own in an initializer, as in `config/initializers/inflections.rb`.
 * @example inflections.acronym('API')
 */
export const inflections: Inflections = englishInflections()
