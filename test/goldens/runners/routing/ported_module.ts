import type { DrawOptions, RoutesDsl } from '../../../../src/routing/index.ts'
import type { PortedDraw } from './ported_draw.ts'
import { fromJson } from './values.ts'

/** Stands for the package in ported files: keeps what is drawn, so that it can be drawn with the options of each test. */
export function draw(block: (dsl: RoutesDsl) => void, options: DrawOptions = {}): PortedDraw {
  return { block, options }
}

/** The lambda, class or object that the recording calls by this id: what it is in the call tree. */
export function opaque(id: string): unknown {
  return fromJson({ $opaque: id })
}
