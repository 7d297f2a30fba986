import { expect } from 'chai'
import { draw, type RouteSet } from '../../../../src/routing/index.ts'
import { type GoldenResult, runCases } from '../../golden_file.ts'
import { allFor, mostRecorded, type Probe, probeId, recordedMatches } from './probes.ts'
import { valuesOf } from './recorded_values.ts'

/** The recorded route table of a real application, and requests with every route that fits them. */
export interface AppGolden {
  readonly app: string
  readonly routes: readonly AppRow[]
  readonly probes: readonly Probe[]
}

interface AppRow {
  readonly set: string
  readonly verb: string
  readonly path: string
  readonly controller: string | null
  readonly action: string | null
  readonly anchored: boolean
  readonly defaults: Readonly<Record<string, unknown>>
  readonly requirements: Readonly<Record<string, unknown>>
  readonly request_constraints: Readonly<Record<string, unknown>>
  readonly endpoint: { readonly kind: string }
}

/** Draws the table row by row and sends every recorded request through the matcher. */
export function run(golden: AppGolden): Promise<GoldenResult> {
  const sets = new Map([...new Set(golden.routes.map(({ set }) => set))].map((set) => [set, drawRows(golden.routes, set)]))
  return runCases(
    golden.probes.map((probe) => ({
      id: probeId(probe),
      run: () => {
        const { routes, rows } = sets.get(probe.set)!
        const found = allFor(routes, probe).map(({ route, params }) => ({ i: rows[route.index], params: { ...params } }))
        const recorded = recordedMatches(probe)
        expect(recorded.length === mostRecorded ? found.slice(0, mostRecorded) : found).to.deep.equal(recorded)
      },
    })),
  )
}

/** @returns the routes of one set, and which row of the table each is */
function drawRows(table: readonly AppRow[], set: string): { routes: RouteSet; rows: number[] } {
  const rows = [...table.keys()].filter((index) => table[index]!.set === set)
  const routes = draw(
    ({ match }) => {
      for (const index of rows) match(table[index]!.path, optionsOf(table[index]!))
    },
    { dynamic: 'any' },
  )
  return { routes, rows }
}

function optionsOf(row: AppRow) {
  const target =
    row.endpoint.kind === 'controller' ? { controller: row.controller ?? undefined, action: row.action ?? undefined } : { to: () => {} }
  return {
    ...target,
    as: null,
    via: row.verb === '' ? 'all' : row.verb.split('|').map((verb) => verb.toLowerCase()),
    anchor: row.anchored,
    // The recorded path says already whether it takes a format.
    ...(!row.path.endsWith('(.:format)') && { format: false }),
    defaults: valuesOf(row.defaults),
    constraints: valuesOf({ ...row.requirements, ...row.request_constraints }) as Record<string, RegExp | string>,
  }
}
