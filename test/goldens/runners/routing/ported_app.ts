import { portRoutes, runRoutes, type TableRow, tableRows } from '../../../../migrations/index.ts'
import type { GoldenResult } from '../../golden_file.ts'
import { aligned, differenceOf, type Pair, type RecordedRow } from './paired_rows.ts'
import { checkProbes } from './ported_probes.ts'
import type { Probe } from './probes.ts'

/** The recorded route table of a real application, and requests to it. */
export interface AppTable {
  readonly routes: readonly RecordedRow[]
  readonly probes: readonly Probe[]
}

/** Ports the routes of an application, compares the table that comes of it with the recorded one, and sends the recorded requests through it.
 * Each route that the application itself draws is a case, so is each that the port draws beyond the recorded ones, and each request.
 *
 * @param root the Rails application
 */
export async function run(golden: AppTable, root: string): Promise<GoldenResult> {
  const recorded = golden.routes.filter(({ set }) => set === 'main')
  const routes = await runRoutes(portRoutes(root).files)
  const pairs = aligned(tableRows(routes), recorded)
  const table = checkTable(pairs)
  const probes = await checkProbes(
    routes,
    pairs,
    golden.probes.filter(({ set }) => set === 'main'),
    (row) => golden.routes.indexOf(row),
  )
  return {
    passed: table.passed + probes.passed,
    failed: [...table.failed, ...probes.failed],
    ways: [countOf('routes', table), countOf('requests', probes)],
  }
}

function checkTable(pairs: readonly Pair[]): GoldenResult {
  const failed: { id: string; reason: string }[] = []
  let passed = 0
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

function countOf(way: string, { passed, failed }: GoldenResult) {
  return { way, passed, total: passed + failed.length }
}
