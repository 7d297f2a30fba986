import { expect } from 'chai'
import { RouteSet } from '../../../../src/routing/index.ts'
import { type GoldenResult, runCases } from '../../golden_file.ts'
import type { Pair, RecordedRow } from './paired_rows.ts'
import { allFor, mostRecorded, type Probe, probeId, recordedMatches } from './probes.ts'

/** Sends recorded requests through ported routes, and compares every route that fits, with its parameters.
 *
 * Routes that only one side has, as those of gems with stand-ins, are left out on the other: they are cases of the table.
 * @param pairs the rows of `routes`, each with the recorded one in its place
 * @param numberOf the number by which a request names a recorded row
 */
export function checkProbes(
  routes: RouteSet,
  pairs: readonly Pair[],
  probes: readonly Probe[],
  numberOf: (row: RecordedRow) => number,
): Promise<GoldenResult> {
  const numbers = pairs.filter(([ours]) => ours !== undefined).map(([, theirs]) => theirs && numberOf(theirs))
  const drawn = new Set(numbers)
  const open = withoutPredicates(routes)
  return runCases(
    probes.map((probe) => ({
      id: `probe ${probeId(probe)}`,
      run: () => {
        const recorded = recordedMatches(probe).filter(({ i }) => drawn.has(i))
        const found = allFor(open, probe).flatMap(({ route, params }) => {
          const i = numbers[route.index]
          return i === undefined ? [] : [{ i, params: { ...params } }]
        })
        expect(probe.matches.length === mostRecorded ? found.slice(0, recorded.length) : found).to.deep.equal(recorded)
      },
    })),
  )
}

/** The same routes without their predicates: the recording says what fits before Rails asks a lambda or an object, whose answer may lie in a session. */
function withoutPredicates(routes: RouteSet): RouteSet {
  const drawing = routes.drawing.copy()
  drawing.definitions.splice(0, Infinity, ...drawing.definitions.map((definition) => ({ ...definition, predicates: [] })))
  return new RouteSet(drawing)
}
