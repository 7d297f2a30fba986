import { expect } from 'chai'
import { RouteSet } from '../../../../src/routing/index.ts'
import { Route, type RouteDefinition } from '../../../../src/routing/route.ts'
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
  for (const [index, route] of drawing.routes.entries()) drawing.routes[index] = new Route(index, { ...openly(route), callSite: undefined })
  return new RouteSet(drawing)
}

function openly({
  name,
  verbs,
  pattern,
  defaults,
  requiredDefaults,
  conditions,
  scopeOptions,
  target,
}: Route): Omit<RouteDefinition, 'callSite'> {
  return { name, verbs, pattern, defaults, requiredDefaults, conditions, scopeOptions, target, predicates: [] }
}
