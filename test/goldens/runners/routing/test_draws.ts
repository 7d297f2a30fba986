import { expect } from 'chai'
import { InvalidRoute, type RouteSet } from '../../../../src/routing/index.ts'
import type { DrawingOptions } from './draw_trace.ts'
import { handPorted, hostDefaults } from './hand_ported.ts'
import { LeftInRuby } from './ported_draw.ts'
import type { Draw, JsonHash, Opaque, RoutingTest } from './types.ts'
import { withStandIns } from './values.ts'
import type { Way } from './ways.ts'

/** Draws the recorded routes files of one test. */
export class TestDraws {
  readonly #test: RoutingTest
  readonly #host: Draw | undefined
  readonly #way: Way
  readonly sets: RouteSet[] = []

  /** @param host the routes file that mounts the engine of the test */
  constructor(test: RoutingTest, host: Draw | undefined, way: Way) {
    this.#test = test
    this.#host = host
    this.#way = way
  }

  /** Draws everything, what is mounted before what mounts it. */
  drawAll(): void {
    const order = [...this.#test.draws.keys()].sort((a, b) => Number(this.#mounts(a)) - Number(this.#mounts(b)))
    for (const index of order) {
      const recorded = this.#test.draws[index]!
      if (this.#way.fails(recorded)) this.#refuses(index)
      else this.sets[index] = this.draw(index, recorded.default_url_options)
    }
    // Rails keeps one application a test class; a test that only used its engine recorded only that.
    if (this.#host === undefined || this.#test.draws.some(mountsEngine)) return
    this.#draw(this.#host, { defaults: hostDefaults(this.#test) ?? this.#host.default_url_options })
  }

  /** Draws one of the files, with these default URL options. */
  draw(index: number, defaults: JsonHash | undefined, secureProtocol?: boolean): RouteSet {
    return this.#draw(this.#test.draws[index]!, { defaults, before: this.sets[index - 1], secureProtocol })
  }

  #refuses(index: number): void {
    const recorded = this.#test.draws[index]!
    const title = recorded.error?.message ?? 'a file that Rails refuses'
    let error: unknown
    try {
      this.draw(index, recorded.default_url_options)
    } catch (thrown) {
      error = thrown
    }
    expect(error instanceof InvalidRoute || error instanceof LeftInRuby, `${title}, but: ${String(error)}`).to.equal(true)
  }

  #draw(recorded: Draw, options: DrawingOptions): RouteSet {
    const blocks = handPorted(this.#test)
    const standIns = new Map(
      (recorded.opaques ?? []).map((opaque) => [opaque.id, (isEndpoint(opaque) ? undefined : blocks[opaque.id]) ?? this.#standIn(opaque)]),
    )
    return withStandIns(standIns, () => this.#way.draw(recorded, { ...options, name: this.#engineName() }))
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

/** Whether a routes file mounts another set of routes. */
export function mountsEngine(recorded: Draw): boolean {
  return (recorded.opaques ?? []).some(isEngine)
}

function isEndpoint({ role }: Opaque): boolean {
  return role === 'endpoint'
}

/** Whether what was mounted is another set of routes. */
function isEngine({ kind, name, role }: Omit<Opaque, 'id'>): boolean {
  return role === 'endpoint' && (kind === 'engine' || (kind === 'class' && /Engine$/.test(name ?? '')))
}
