/** What routes files import from the package, without the rooms they don't need. */
export { inflections } from '../../../src/naming/index.ts'
export { draw, redirect, type RequestAttributes, type RoutesDsl } from '../../../src/routing/index.ts'

export const cable = (): void => {}
