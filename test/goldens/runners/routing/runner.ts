import { expect } from 'chai'
import { InvalidRoute, type RouteSet } from '../../../../src/routing/index.ts'
import type { GoldenRunner } from '../../golden_file.ts'
import { checkHelper } from './check_helper.ts'
import { checkRequest } from './check_request.ts'
import { checkTable, checkText } from './check_table.ts'
import { drawTrace } from './draw_trace.ts'
import type { Draw, Helper, JsonHash, RoutingTest } from './types.ts'

/** Runs one recorded test of Rails' routing suite: draws, tables, requests, helpers and printed tables. */
function runTest(test: RoutingTest): void {
  const sets: RouteSet[] = []
  for (const [index, recorded] of test.draws.entries()) {
    if (recorded.error !== undefined) {
      expect(() => drawTrace(recorded, recorded.default_url_options, sets[index - 1]), recorded.error.message).to.throw(InvalidRoute)
      continue
    }
    const routes = drawTrace(recorded, recorded.default_url_options, sets[index - 1])
    sets[index] = routes
    checkTable(routes, recorded.table ?? [])
    if (recorded.rails_routes !== undefined && (recorded.table?.length ?? 0) > 0) checkText(routes, recorded.rails_routes)
  }
  for (const request of test.requests) checkRequest(sets, request)
  for (const helper of test.helpers) checkHelper(withDefaults(test, helper, sets), helper)
  for (const { formatter, filter, output } of test.inspections ?? []) {
    if (sets[0]!.routes.length > 0 && !/^No routes|^You don't/.test(output))
      checkText(sets[0]!, output, { ...filter, expanded: formatter === 'Expanded' })
  }
}

/** The routes as they were when the helper was called: a test may have changed the default URL options since. */
function withDefaults(test: RoutingTest, helper: Helper, sets: readonly RouteSet[]): RouteSet {
  const recorded = test.draws[helper.draw] as Draw
  const same = (a: JsonHash | undefined, b: JsonHash | undefined) => JSON.stringify(a ?? {}) === JSON.stringify(b ?? {})
  if (same(recorded.default_url_options, helper.default_url_options)) return sets[helper.draw]!
  return drawTrace(recorded, helper.default_url_options, sets[helper.draw - 1])
}

/** Runs the goldens of Rails' own routing suite. */
export const routingRunner: GoldenRunner = {
  names: /^rails-routing/,
  cases: (content) => (content as RoutingTest[]).map((test) => ({ id: test.id, run: () => runTest(test) })),
}
