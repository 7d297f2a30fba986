import { inflections } from '../../src/naming/index.ts'
import type { PortedFile } from '../ported_file.ts'
import { type PortRow, shorten } from '../report/rows.ts'
import { call, printStatements, quote, type Statement } from '../typescript/index.ts'
import { type InflectionRule, inflectionsFile, readInflections } from './read_inflections.ts'

/** Ports `config/initializers/inflections.rb`; nothing when the application declares no inflections. */
export function portInflections(root: string): { file: PortedFile | undefined; rows: PortRow[] } {
  const { rules, unknown } = readInflections(root)
  const rows: PortRow[] = [
    ...rules.map(
      ({ ruby, line }): PortRow => ({
        kind: 'routes',
        file: inflectionsFile,
        line,
        construct: shorten(ruby),
        status: 'ported',
        reason: '',
      }),
    ),
    ...unknown.map(
      ({ ruby, line }): PortRow => ({
        kind: 'routes',
        file: inflectionsFile,
        line,
        construct: shorten(ruby),
        status: 'left',
        reason: 'not a declaration of inflections',
      }),
    ),
  ]
  if (rules.length === 0) return { file: undefined, rows }
  const lines: Statement[] = [
    ...rules.map(
      (rule): Statement => ({
        type: 'line',
        code: call(`inflections.${rule.method}`, ...rule.args.map((arg) => (typeof arg === 'string' ? quote(arg) : String(arg)))),
      }),
    ),
    ...unknown.flatMap(({ ruby }) => ruby.split('\n').map((line): Statement => ({ type: 'comment', text: `// PORT: ${line.trim()}` }))),
  ]
  return {
    file: { path: 'config/initializers/inflections.ts', text: `import { inflections } from 'regauge'\n\n${printStatements(lines)}\n` },
    rows,
  }
}

/** Runs `body` while the words of a Rails application are inflected as it declares. */
export function withInflections<T>(root: string, body: () => T): T {
  const { rules } = readInflections(root)
  if (rules.length === 0) return body()
  const restore = rememberInflections()
  for (const rule of rules) apply(rule)
  try {
    return body()
  } finally {
    restore()
  }
}

/** Runs `body`, and takes back the inflections that it declares. */
export async function keepingInflections<T>(body: () => Promise<T>): Promise<T> {
  const restore = rememberInflections()
  try {
    return await body()
  } finally {
    restore()
  }
}

/** @returns what puts the inflections of now in place again */
function rememberInflections(): () => void {
  const { plurals, singulars, humans, uncountables, acronyms } = inflections
  const before = {
    plurals: [...plurals],
    singulars: [...singulars],
    humans: [...humans],
    uncountables: [...uncountables],
    acronyms: [...acronyms.values()],
  }
  return () => {
    inflections.clear()
    plurals.push(...before.plurals)
    singulars.push(...before.singulars)
    humans.push(...before.humans)
    inflections.uncountable(...before.uncountables)
    for (const word of before.acronyms) inflections.acronym(word)
  }
}

function apply({ method, args }: InflectionRule): void {
  const texts = args.map(String)
  if (method === 'uncountable') inflections.uncountable(...texts)
  else if (method === 'acronym') inflections.acronym(texts[0]!)
  else if (method === 'irregular') inflections.irregular(texts[0]!, texts[1]!)
  else inflections[method](args[0]!, texts[1]!)
}
