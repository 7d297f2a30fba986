import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { transformSync } from 'esbuild'
import { portModels } from '../../migrations/index.ts'
import type { PortRow } from '../../migrations/report/index.ts'
import { folderOf, removeFolders } from './rails_app.ts'

/** What Ruby answered, as `ruby_answers/record.rb` recorded it. */
const pairs = JSON.parse(readFileSync(new URL('ruby_answers/answers.json', import.meta.url), 'utf8')) as { ruby: string; answer: unknown }[]

/** Where translated code answers otherwise, and why. */
const differences = new Map([
  ['"hello" =~ /ll/', 'whether it fits, not where: as a condition it is the same'],
  ['%w[apple bob cat].group_by(&:length)', 'objects of JavaScript have their whole numbers first'],
  ['{ a: nil }.fetch(:a, 5)', 'of a hash that is written out, null is taken for missing'],
  ['[1, 2, 3].pluck(:a) rescue "error"', 'a number has no keys, and JavaScript does not mind'],
  ['nil & true', 'of nil'],
  ['1.eql?(1.0)', 'numbers have one class'],
  ['100.0.to_s', 'numbers have one class'],
  ['"#{1.0}"', 'numbers have one class'],
  ['x = false; x ||= 5; x', 'a variable whose kind is found out later'],
])

type Answers = Record<string, () => unknown>

/** Translates all expressions as methods of one class, and runs what came out. */
async function translated(): Promise<{ answers: Answers; rows: readonly PortRow[] }> {
  const methods = pairs.map(({ ruby }, index) => `def self.e${index}\n${ruby.replaceAll('; ', '\n')}\nend`)
  const root = folderOf({ 'app/models/pair.rb': `class Pair\n${methods.join('\n')}\nend\n` })
  const { files, rows } = await portModels(root)
  const { text } = files.find(({ path }) => path === 'app/models/pair.ts')!
  const source = new URL('../../src/index.ts', import.meta.url).href
  const code = transformSync(text, { loader: 'ts', format: 'esm', target: 'es2023' }).code.replaceAll('"regauge"', JSON.stringify(source))
  const path = join(root, 'pair.mjs')
  writeFileSync(path, code)
  const { Pair } = (await import(pathToFileURL(path).href)) as { Pair: Answers }
  return { answers: Pair, rows: rows.filter(({ construct }) => /^def self\.e\d+$/.test(construct)) }
}

/** A value as the recorder writes it. */
function recorded(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'Infinity'
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z')
  if (Array.isArray(value)) return value.map(recorded)
  if (typeof value !== 'object') return value
  if ('begin' in value && 'excludesEnd' in value)
    return ['range', recorded(value.begin), recorded((value as { end?: unknown }).end), Boolean(value.excludesEnd)]
  return ['hash', Object.entries(value).map(([key, each]) => [key, recorded(each)])]
}

describe('what translated Ruby answers', () => {
  let answers: Answers
  let rows: readonly PortRow[]
  const rowOf = (index: number) => rows.find(({ construct }) => construct === `def self.e${index}`)!

  before(async function () {
    this.timeout(60_000)
    ;({ answers, rows } = await translated())
  })
  after(removeFolders)

  it('is the same as of Ruby, unless the report has a note', async () => {
    const wrong: string[] = []
    for (const [index, { ruby, answer }] of pairs.entries()) {
      if (rowOf(index).status !== 'ported' || differences.has(ruby)) continue
      const given = recorded(await answers[`e${index}`]!())
      if (JSON.stringify(given) !== JSON.stringify(answer)) wrong.push(`${ruby}: ${JSON.stringify(given)}, not ${JSON.stringify(answer)}`)
    }
    expect(wrong).to.deep.equal([])
  })

  it('differs where it is said to', async () => {
    const same: string[] = []
    for (const [index, { ruby, answer }] of pairs.entries()) {
      if (!differences.has(ruby)) continue
      const given = await Promise.resolve()
        .then(() => answers[`e${index}`]!())
        .catch(() => 'an error')
      if (JSON.stringify(recorded(given)) === JSON.stringify(answer)) same.push(ruby)
    }
    expect(same).to.deep.equal([])
  })

  it('is known of 350 of the expressions at least', () => {
    const ported = pairs.filter(({ ruby }, index) => rowOf(index).status === 'ported' && !differences.has(ruby))
    expect(ported.length).to.be.at.least(350)
  })
})
