import { buildDsl } from './dsl/build_dsl.ts'
import { Drawing } from './dsl/drawing.ts'
import type { RoutesDsl } from './dsl/routes_dsl.ts'
import { RouteSet } from './route_set.ts'
import type { DrawOptions } from './types.ts'

/** Draws a routes file; its result is the default export of `config/routes.ts`.
 *
 * @param block is given the DSL; takes from it the words it uses
 * @throws InvalidRoute (REGAUGE_INVALID_ROUTE) with the file and line of a declaration that can't be drawn
 * @example
 * export default draw(({ root, resources, namespace }) => {
 *   root('home#index')
 *   namespace('api', () => resources('articles', { param: 'slug' }))
 * })
 */
export function draw(block: (dsl: RoutesDsl) => void, options: DrawOptions = {}): RouteSet {
  const drawing = new Drawing(options)
  block(buildDsl(drawing))
  return new RouteSet(drawing)
}

/** Draws more routes after those of a set, as a plugin does. The set itself stays as it is. */
export function extend(routes: RouteSet, block: (dsl: RoutesDsl) => void): RouteSet {
  const drawing = routes.drawing.copy()
  block(buildDsl(drawing))
  return new RouteSet(drawing)
}
