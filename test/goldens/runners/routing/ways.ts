import { draw, extend, type RouteSet, type RoutesDsl } from '../../../../src/routing/index.ts'
import { drawTrace, type DrawingOptions, drawOptionsOf } from './draw_trace.ts'
import { LeftInRuby, type PortedDraw } from './ported_draw.ts'
import type { Call, Draw } from './types.ts'

/** A way from a recorded routes file to ours. */
export interface Way {
  /** `from the call tree` or `from the Ruby text`. */
  readonly name: string
  draw(recorded: Draw, options: DrawingOptions): RouteSet
  /** Whether the file can't be drawn. */
  fails(recorded: Draw): boolean
}

/** Makes each recorded call with our DSL. A call whose error the recorded test caught itself doesn't end the file. */
export const callTree: Way = {
  name: 'from the call tree',
  draw: drawTrace,
  fails: ({ error }) => error !== undefined,
}

/** Runs what the porter made of the Ruby text. */
export function rubyText(ported: ReadonlyMap<Draw, PortedDraw | LeftInRuby>): Way {
  return {
    name: 'from the Ruby text',
    draw(recorded, options) {
      const file = ported.get(recorded)
      if (file === undefined || file instanceof LeftInRuby) throw file ?? new LeftInRuby('there is no Ruby text')
      if (recorded.cumulative && options.before !== undefined) return extend(options.before, file.block)
      return draw((dsl: RoutesDsl) => file.block(dsl), { ...file.options, ...drawOptionsOf(recorded, options) })
    },
    fails: ({ error, trace }) => error !== undefined || raises(trace ?? []),
  }
}

function raises(calls: readonly Call[]): boolean {
  return calls.some(({ raised, children = [] }) => raised !== undefined || raises(children))
}
