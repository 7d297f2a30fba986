import type { TableRow } from '../../../../migrations/index.ts'
import { recordedValue } from './recorded_values.ts'

/** A row of the recorded route table of a real application. */
export interface RecordedRow extends Omit<TableRow, 'constraints'> {
  /** `app` for what the application's own routes file draws; gems draw the others. */
  readonly origin: string
  readonly set: string
  readonly constraints: readonly { readonly type: string; readonly at?: string }[]
  /** Where it is drawn, `config/routes.rb:4`. */
  readonly at?: string
}

/** A row of ours and the recorded one in its place. */
export type Pair = readonly [ours: TableRow | undefined, theirs: RecordedRow | undefined]

/** What isn't the same, or undefined. */
export function differenceOf(ours: TableRow, theirs: RecordedRow): string | undefined {
  const kind = theirs.endpoint.kind as string
  const seen = comparable(ours, ours.endpoint.kind)
  const wanted = comparable(theirs, kind === 'engine' ? 'rack' : kind)
  const names = Object.keys(wanted).filter((name) => JSON.stringify(seen[name]) !== JSON.stringify(wanted[name]))
  if (names.length === 0) return undefined
  return names.map((name) => `${name} is ${JSON.stringify(seen[name])}, not ${JSON.stringify(wanted[name])}`).join('; ')
}

/** Where Devise names the mapping of the routes within `devise_scope`: a lambda that lets every request through. */
const deviseScope = /^gem:devise\/lib\/devise\/rails\/routes\.rb:363$/

function comparable(row: Omit<RecordedRow, 'origin' | 'set'>, kind: string): Record<string, unknown> {
  const isAction = kind === 'controller'
  return {
    name: row.name,
    verb: row.verb,
    path: row.path,
    kind,
    ...(isAction && { controller: row.controller, action: row.action }),
    defaults: sorted(row.defaults),
    requirements: sorted(row.requirements),
    request_constraints: sorted(row.request_constraints),
    anchored: row.anchored,
    isGuarded: row.constraints.some(({ at = '' }) => !deviseScope.test(at)),
  }
}

/** Values in the order of their names; expressions as text. */
function sorted(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values)
    .map(([name, value]): [string, unknown] => [name, asText(recordedValue(value))])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function asText(value: unknown): unknown {
  return value instanceof RegExp ? String(value) : value
}

/** Pairs rows in their order, by the longest common sequence of verb, path and target: one that is missing doesn't put out those after it. */
export function aligned(ours: readonly TableRow[], theirs: readonly RecordedRow[]): Pair[] {
  const [a, b] = [ours.map(keyOf), theirs.map(keyOf)]
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1]! + 1 : Math.max(lengths[at + width]!, lengths[at + 1]!)
    }
  }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const at = i * width + j
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([ours[i++], theirs[j++]])
    else if (j >= b.length || (i < a.length && lengths[at + width]! >= lengths[at + 1]!)) pairs.push([ours[i++], undefined])
    else pairs.push([undefined, theirs[j++]])
  }
  return pairs
}

function keyOf({ verb, path }: Pick<TableRow, 'verb' | 'path'>): string {
  return `${verb} ${path}`
}
