export { RegaugeError as RegaugeErrorLike } from '../../../../src/errors/index.ts'
export type { PathParameters, RouteSet } from '../../../../src/routing/index.ts'
