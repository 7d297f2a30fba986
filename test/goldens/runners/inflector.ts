import { expect } from 'chai'
import * as naming from '../../../src/naming/index.ts'
import { type GoldenResult, runCases } from '../golden_file.ts'

interface InflectorCase {
  readonly id: string
  readonly kind: 'word' | 'call'
  readonly input?: string
  readonly acronyms?: readonly string[]
  readonly custom?: string
  readonly method?: string
  readonly args?: readonly unknown[]
  readonly kwargs?: Readonly<Record<string, unknown>>
  readonly result?: unknown
  readonly [method: string]: unknown
}

const ofWord: Readonly<Record<string, (word: string) => string>> = {
  pluralize: (word) => naming.pluralize(word),
  singularize: (word) => naming.singularize(word),
  camelize: (word) => naming.camelize(word),
  camelize_lower: (word) => naming.camelize(word, 'lower'),
  underscore: naming.underscore,
  tableize: naming.tableize,
  classify: naming.classify,
  foreign_key: (word) => naming.foreignKey(word),
  foreign_key_no_underscore: (word) => naming.foreignKey(word, false),
  dasherize: naming.dasherize,
  parameterize: (word) => naming.parameterize(word),
  humanize: (word) => naming.humanize(word),
  titleize: (word) => naming.titleize(word),
  demodulize: naming.demodulize,
  deconstantize: naming.deconstantize,
  upcase_first: naming.upcaseFirst,
  downcase_first: naming.downcaseFirst,
}

const norwegian = new naming.Inflections()
norwegian.plural(/$/m, 'er')
norwegian.singular(/er$/im, '')
norwegian.irregular('mann', 'menn')
norwegian.uncountable('penger')

const calls: Readonly<Record<string, (args: readonly unknown[], options: Readonly<Record<string, unknown>>) => unknown>> = {
  ordinal: ([number]) => naming.ordinal(number as number),
  ordinalize: ([number]) => naming.ordinalize(number as number),
  pluralize: ([word, count]) =>
    isLocale(count) ? naming.pluralize(word as string, undefined, norwegian) : naming.pluralize(word as string, numberOf(count)),
  singularize: ([word]) => naming.singularize(word as string, norwegian),
  transliterate: ([text, replacement]) => naming.transliterate(text as string, replacement as string | undefined),
  parameterize: ([text], options) =>
    naming.parameterize(text as string, { separator: options['separator'] as string, preserveCase: options['preserve_case'] as boolean }),
  humanize: ([word], options) =>
    naming.humanize(word as string, { capitalize: options['capitalize'] as boolean, keepIdSuffix: options['keep_id_suffix'] as boolean }),
  titleize: ([word], options) => naming.titleize(word as string, { keepIdSuffix: options['keep_id_suffix'] as boolean }),
  foreign_key: ([word, underscored]) => naming.foreignKey(word as string, underscored as boolean),
}

function isLocale(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$sym' in value
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'object' && value !== null && '$float' in value ? Number(value.$float) : (value as number | undefined)
}

/** The rules that the recorder of the `custom` cases added. */
function addCustomRules(): void {
  const { inflections } = naming
  inflections.irregular('octopus', 'octopuses')
  inflections.irregular('cactus', 'cactuses')
  inflections.irregular('Foot', 'Feet')
  inflections.uncountable('metadata', 'hardware')
  inflections.plural(/^(ox)$/i, '$1en')
  inflections.singular(/^(ox)en/i, '$1')
  inflections.human(/_cnt$/i, '_count')
  inflections.human('legacy_col_person_name', 'Name')
}

function restoreRules(): void {
  const { inflections } = naming
  const english = naming.englishInflections()
  inflections.clear()
  inflections.plurals.push(...english.plurals)
  inflections.singulars.push(...english.singulars)
  inflections.uncountable(...english.uncountables)
}

function runWord(one: InflectorCase): void {
  try {
    for (const acronym of one.acronyms ?? []) naming.inflections.acronym(acronym)
    if (one.custom !== undefined) addCustomRules()
    for (const [method, call] of Object.entries(ofWord)) expect(call(one.input!), `${method}(${one.input})`).to.equal(one[method])
  } finally {
    if (one.acronyms !== undefined || one.custom !== undefined) restoreRules()
  }
}

function runCall(one: InflectorCase): void {
  const call = calls[one.method!]
  if (call === undefined) throw new Error(`there is no ${one.method}`)
  expect(call(one.args ?? [], one.kwargs ?? {})).to.equal(one.result)
}

/** Runs the inflection goldens. */
export function run(golden: { cases: InflectorCase[] }): Promise<GoldenResult> {
  return runCases(golden.cases.map((one) => ({ id: one.id, run: () => (one.kind === 'word' ? runWord(one) : runCall(one)) })))
}
