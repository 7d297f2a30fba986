import type { Route } from '../route.ts'
import type { PathParameters } from '../types.ts'

/** The answer of the matcher. */
export interface Recognized {
  readonly route: Route
  /** The captured segments, decoded, over the route's defaults. */
  readonly params: PathParameters
  /** For routes that match a prefix: the path that matched. */
  readonly matched?: string
  /** For routes that match a prefix: what is left, from its slash on. */
  readonly rest?: string
}

/** Objects made with `new Parameters()` inherit nothing, and are fast to fill: `Object.create(null)` makes dictionaries. */
export const Parameters = function Parameters() {} as unknown as new () => PathParameters
Parameters.prototype = Object.freeze(Object.create(null))
