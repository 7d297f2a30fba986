export { draw, extend } from './draw.ts'
export type { NamedScopeMethod, ResourcesMethod, RoutesDsl, ScopeMethod, VerbMethod } from './dsl/routes_dsl.ts'
export {
  InvalidPathEncoding,
  InvalidRoute,
  InvalidUrlOption,
  MissingHost,
  NoRoute,
  UnknownUrlHelper,
  UrlGenerationError,
} from './errors.ts'
export type { CustomUrlBlock } from './generation/custom_urls.ts'
export { helperName, type Routable, type RoutableClass, type RouteKeys } from './generation/naming.ts'
export { toParam } from './generation/parameter.ts'
export { toQuery } from './generation/query.ts'
export { type UrlHelper, UrlHelpers } from './generation/url_helpers.ts'
export { helperDeclarations } from './inspection/helper_declarations.ts'
export { inspectRoutes, type InspectOptions, routeRows } from './inspection/inspect_routes.ts'
export type { RouteRow } from './inspection/rows.ts'
export { escapeFragment, escapePath, escapeQuery, escapeSegment, normalizePath } from './path/escape.ts'
export type { Requirement } from './path/requirement.ts'
export type { RecognizePathOptions } from './recognition/recognize_path.ts'
export type { Recognized } from './recognition/recognized.ts'
export { isRedirect, redirect, type Redirect, type RedirectBlock, type RedirectOptions } from './redirect.ts'
export type { Route } from './route.ts'
export { RouteSet } from './route_set.ts'
export type { SourceLocation } from './source_location.ts'
export type {
  ActionName, Block, ConcernBlock, Constraint, Constraints, DrawOptions, Endpoint, HelperOptions, MatchOptions, MountOptions, On, PathParameters, PathValue,
  Predicate, PredicateObject, RequestAttributes, ResourceOptions, ScopeOptions, UrlOptions, Verb, Via,
} from './types.ts' // biome-ignore format: one list
