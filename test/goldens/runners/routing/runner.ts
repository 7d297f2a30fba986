import type { RouteSet } from '../../../../src/routing/index.ts'
import { type GoldenResult, inEveryWay, runCases } from '../../golden_file.ts'
import { checkHelper } from './check_helper.ts'
import { checkRequest } from './check_request.ts'
import { checkTable, checkText } from './check_table.ts'
import { portDraws } from './ported_draw.ts'
import { mountsEngine, TestDraws } from './test_draws.ts'
import type { Draw, Helper, JsonHash, RoutingTest } from './types.ts'
import { callTree, rubyText, type Way } from './ways.ts'

/** Runs the goldens of Rails' own routing suite: each test from its calls, and each that draws something from its Ruby text, through the porter. */
export async function run(tests: RoutingTest[]): Promise<GoldenResult> {
  const texts = rubyText(await portDraws(tests.flatMap(({ draws }) => draws)))
  const drawing = tests.filter(({ draws }) => draws.length > 0)
  return inEveryWay([
    { way: callTree.name, result: await runIn(callTree, tests, tests) },
    { way: texts.name, result: await runIn(texts, drawing, tests) },
  ])
}

function runIn(way: Way, tests: readonly RoutingTest[], all: readonly RoutingTest[]): Promise<GoldenResult> {
  return runCases(tests.map((test) => ({ id: test.id, run: () => runTest(test, hostOf(test, all), way) })))
}

/** The routes file that mounts the engine of a test: Rails keeps one application a test class. */
function hostOf(test: RoutingTest, all: readonly RoutingTest[]): Draw | undefined {
  return all
    .filter((other) => other.class === test.class)
    .flatMap((other) => other.draws)
    .find(mountsEngine)
}

/** Runs one recorded test of Rails' routing suite: draws, tables, requests, helpers and printed tables. */
function runTest(test: RoutingTest, host: Draw | undefined, way: Way): void {
  const draws = new TestDraws(test, host, way)
  draws.drawAll()
  for (const [index, recorded] of test.draws.entries()) {
    const routes = draws.sets[index]
    if (routes === undefined) continue
    checkTable(routes, recorded.table ?? [])
    if (recorded.rails_routes !== undefined && routes.routes.length > 0) checkText(routes, recorded.rails_routes)
  }
  for (const request of test.requests) checkRequest(draws.sets, request)
  for (const helper of test.helpers) checkHelper(routesFor(draws, test, helper), helper)
  for (const { formatter, filter, output } of test.inspections ?? []) {
    const routes = draws.sets.at(-1)!
    if (routes.routes.length > 0) checkText(routes, output, { ...filter, expanded: formatter === 'Expanded' })
  }
}

/** The routes as they were when the helper was called: a test may change default URL options between its draw and the call. */
function routesFor(draws: TestDraws, test: RoutingTest, helper: Helper): RouteSet {
  const recorded = test.draws[helper.draw]!
  const same = (a: JsonHash | undefined, b: JsonHash | undefined) => JSON.stringify(a ?? {}) === JSON.stringify(b ?? {})
  const isSecure = helper.globals?.secure_protocol
  if (same(recorded.default_url_options, helper.default_url_options) && isSecure === undefined) return draws.sets[helper.draw]!
  return draws.draw(helper.draw, helper.default_url_options, isSecure)
}
