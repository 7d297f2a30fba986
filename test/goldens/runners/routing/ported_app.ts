import { drawPortedRoutes, type TableRow } from '../../../../migrations/index.ts'
import type { GoldenResult } from '../../golden_file.ts'
import { recordedValue } from './recorded_values.ts'

/** The recorded route table of a real application. */
export interface AppTable {
  readonly routes: readonly RecordedRow[]
}

interface RecordedRow extends Omit<TableRow, 'constraints'> {
  /** `app` for what the application's own routes file draws; gems draw the others. */
  readonly origin: string
  readonly set: string
  /** Where it is drawn, `config/routes.rb:4`. */
  readonly at?: string
}

type Pair = [ours: TableRow | undefined, theirs: RecordedRow | undefined]

/** Ports the routes of an application and compares the table that comes of it with the recorded one: each route that the application itself
 * draws is a case, and so is each route that the port draws beyond the recorded ones.
 *
 * @param root the Rails application
 */
export async function run(golden: AppTable, root: string): Promise<GoldenResult> {
  const recorded = golden.routes.filter(({ set }) => set === 'main')
  const ported = await drawPortedRoutes(root)
  const failed: { id: string; reason: string }[] = []
  let passed = 0
  const pairs = aligned(ported, recorded)
  for (const [index, [ours, theirs]] of pairs.entries()) {
    if (theirs === undefined && isAmongGems(pairs, index)) continue
    if (theirs === undefined) failed.push({ id: `added ${idOf(ours!)}`, reason: `Rails doesn't draw it: ${JSON.stringify(ours)}` })
    else if (theirs.origin !== 'app') continue
    else {
      const reason = ours === undefined ? 'it is not drawn, or not in this place' : differenceOf(ours, theirs)
      if (reason === undefined) passed++
      else failed.push({ id: idOf(theirs), reason: `${theirs.at ?? ''} ${reason}`.trim() })
    }
  }
  return { passed, failed }
}

/** Whether a route stands beside those of a gem: the recorder had stand-ins for some gems, which draw fewer routes than the gems do. */
function isAmongGems(pairs: readonly Pair[], index: number): boolean {
  const before = pairs.slice(0, index).findLast(([, theirs]) => theirs !== undefined)
  const after = pairs.slice(index).find(([, theirs]) => theirs !== undefined)
  return [before, after].some((pair) => pair !== undefined && pair[1]!.origin !== 'app')
}

function idOf({ verb, path, controller, action }: Pick<TableRow, 'verb' | 'path' | 'controller' | 'action'>): string {
  return `${verb || '*'} ${path} ${controller ?? ''}#${action ?? ''}`
}

/** What isn't the same, or undefined. */
function differenceOf(ours: TableRow, theirs: RecordedRow): string | undefined {
  const kind = theirs.endpoint.kind as string
  const seen = comparable(ours, ours.endpoint.kind)
  const wanted = comparable(theirs, kind === 'engine' ? 'rack' : kind)
  const names = Object.keys(wanted).filter((name) => JSON.stringify(seen[name]) !== JSON.stringify(wanted[name]))
  if (names.length === 0) return undefined
  return names.map((name) => `${name} is ${JSON.stringify(seen[name])}, not ${JSON.stringify(wanted[name])}`).join('; ')
}

function comparable(row: Omit<TableRow, 'constraints'>, kind: string): Record<string, unknown> {
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
function aligned(ours: readonly TableRow[], theirs: readonly RecordedRow[]): Pair[] {
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
