import { expect } from 'chai'
import { InvalidRoute, type RouteSet } from '../../../../src/routing/index.ts'
import { type GoldenResult, runCases } from '../../golden_file.ts'
import { checkHelper } from './check_helper.ts'
import { checkRequest } from './check_request.ts'
import { checkTable, checkText } from './check_table.ts'
import { drawTrace } from './draw_trace.ts'
import { handPorted } from './hand_ported.ts'
import type { Draw, Helper, JsonHash, Opaque, RoutingTest } from './types.ts'
import { withStandIns } from './values.ts'

/** Draws the recorded routes files of one test. */
class TestDraws {
  readonly #test: RoutingTest
  readonly #host: Draw | undefined
  readonly sets: RouteSet[] = []

  constructor(test: RoutingTest, host: Draw | undefined) {
    this.#test = test
    this.#host = host
  }

  /** Draws everything, what is mounted before what mounts it. */
  drawAll(): void {
    const order = [...this.#test.draws.keys()].sort((a, b) => Number(this.#mounts(a)) - Number(this.#mounts(b)))
    for (const index of order) {
      const recorded = this.#test.draws[index]!
      if (recorded.error === undefined) this.sets[index] = this.draw(index, recorded.default_url_options)
      else expect(() => this.draw(index, recorded.default_url_options), recorded.error.message).to.throw(InvalidRoute)
    }
    // Rails keeps one application a test class; a test that only used its engine recorded only that.
    if (this.#host !== undefined && !this.#test.draws.some(mountsEngine)) this.#draw(this.#host, this.#host.default_url_options, undefined)
  }

  /** Draws one of the files, with these default URL options. */
  draw(index: number, defaults: JsonHash | undefined, secureProtocol?: boolean): RouteSet {
    return this.#draw(this.#test.draws[index]!, defaults, this.sets[index - 1], secureProtocol)
  }

  #draw(recorded: Draw, defaults: JsonHash | undefined, before: RouteSet | undefined, secureProtocol?: boolean): RouteSet {
    const blocks = handPorted(this.#test)
    const standIns = new Map(
      (recorded.opaques ?? []).map((opaque) => [opaque.id, (isEndpoint(opaque) ? undefined : blocks[opaque.id]) ?? this.#standIn(opaque)]),
    )
    return withStandIns(standIns, () => drawTrace(recorded, { defaults, before, secureProtocol, name: this.#engineName() }))
  }

  #standIn({ kind, name, role }: Opaque): unknown {
    const engine = isEngine({ kind, name, role }) ? this.sets.find((set) => set !== undefined) : undefined
    if (engine !== undefined) return engine
    return (kind === 'class' || kind === 'engine') && role === 'endpoint'
      ? Object.defineProperty(class {}, 'name', { value: name })
      : undefined
  }

  /** What the recorded test calls its engine. */
  #engineName(): string | undefined {
    const draws = this.#host === undefined ? this.#test.draws : [...this.#test.draws, this.#host]
    return draws.flatMap((recorded) => recorded.opaques ?? []).find(isEngine)?.name
  }

  #mounts(index: number): boolean {
    return mountsEngine(this.#test.draws[index]!)
  }
}

function isEndpoint({ role }: Opaque): boolean {
  return role === 'endpoint'
}

/** Whether what was mounted is another set of routes. */
function isEngine({ kind, name, role }: Omit<Opaque, 'id'>): boolean {
  return role === 'endpoint' && (kind === 'engine' || (kind === 'class' && /Engine$/.test(name ?? '')))
}

function mountsEngine(recorded: Draw): boolean {
  return (recorded.opaques ?? []).some(isEngine)
}

/** Runs one recorded test of Rails' routing suite: draws, tables, requests, helpers and printed tables. */
function runTest(test: RoutingTest, host: Draw | undefined): void {
  const draws = new TestDraws(test, host)
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

/** Runs the goldens of Rails' own routing suite. */
export function run(tests: RoutingTest[]): Promise<GoldenResult> {
  return runCases(
    tests.map((test) => {
      const host = tests
        .filter((other) => other.class === test.class)
        .flatMap((other) => other.draws)
        .find(mountsEngine)
      return { id: test.id, run: () => runTest(test, host) }
    }),
  )
}
