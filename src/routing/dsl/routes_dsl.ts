import type {
  Block,
  ConcernBlock,
  Constraints,
  Endpoint,
  MatchOptions,
  MountOptions,
  ResourceOptions,
  ScopeOptions,
  UrlOptions,
} from '../types.ts'
import type { redirect } from '../redirect.ts'

/** Draws a route for one HTTP method. Inside of `resources`, `on` says whether it belongs to a member or to the collection. */
export type VerbMethod = (path: string, options?: MatchOptions) => void

/** Draws resources with their seven actions (five in an API). */
export interface ResourcesMethod {
  (names: string | readonly string[], block?: Block): void
  (names: string | readonly string[], options: ResourceOptions, block?: Block): void
}

/** Opens a scope named by its first argument. */
export interface NamedScopeMethod {
  (name: string, block: Block): void
  (name: string, options: ScopeOptions, block: Block): void
}

/** Opens a scope of options, with or without a path. */
export interface ScopeMethod {
  (path: string | readonly string[], block: Block): void
  (path: string | readonly string[], options: ScopeOptions, block: Block): void
  (options: ScopeOptions, block: Block): void
}

/** Defines a URL by a function; its arguments are those of the helper, then options, then the helpers. */
export interface CustomUrlMethod<Names> {
  <A extends unknown[]>(names: Names, block: (...args: A) => unknown): void
  <A extends unknown[]>(names: Names, options: UrlOptions, block: (...args: A) => unknown): void
}

/** What a routes file is written in. The names are those of Rails; a line there is a line here.
 * @see https://guides.rubyonrails.org/routing.html
 */
export interface RoutesDsl {
  readonly get: VerbMethod
  readonly post: VerbMethod
  readonly put: VerbMethod
  readonly patch: VerbMethod
  readonly delete: VerbMethod
  readonly head: VerbMethod
  readonly options: VerbMethod
  /** Draws a route for WebSockets: GET and CONNECT, matching everything below its path. */
  readonly connect: VerbMethod
  /** Draws a route for the methods of `via`. */
  readonly match: (path: string, options: MatchOptions) => void
  /** Draws the route of `/`, named `root`. */
  readonly root: (to: string | MatchOptions, options?: MatchOptions) => void
  /** Draws a collection: index, create, show, update, destroy (and new, edit outside of APIs). */
  readonly resources: ResourcesMethod
  /** Draws a resource that there is one of: create, show, update, destroy (and new, edit outside of APIs). */
  readonly resource: ResourcesMethod
  /** Paths, modules and names all get the prefix. */
  readonly namespace: NamedScopeMethod
  readonly scope: ScopeMethod
  /** Routes of one member: `/articles/:id/…`. */
  readonly member: (block: Block) => void
  /** Routes of the collection: `/articles/…`. */
  readonly collection: (block: Block) => void
  /** Routes below a member with the nested name of its segment: `/articles/:article_id/…`. */
  readonly nested: (block: Block) => void
  /** Routes below `/articles/new`. */
  readonly new: (block: Block) => void
  /** Resources inside leave their parent out of a member's path. */
  readonly shallow: (block: Block) => void
  readonly controller: (name: string, block: Block) => void
  readonly constraints: (constraints: Constraints, block: Block) => void
  readonly defaults: (defaults: { readonly [name: string]: unknown }, block: Block) => void
  /** Puts these options under those of every call in the block; of a block with a parameter, only of the calls on it. */
  readonly withOptions: (options: ScopeOptions & ResourceOptions, block: (dsl: RoutesDsl) => void) => void
  /** Keeps a block under a name for `concerns`. */
  readonly concern: (name: string, block: ConcernBlock) => void
  readonly concerns: (names: string | readonly string[], options?: { readonly [name: string]: unknown }) => void
  /** Hands everything below a path to an Express application, a router or a handler. */
  readonly mount: (endpoint: Endpoint, options: MountOptions) => void
  readonly redirect: typeof redirect
  /** Defines the helpers `namePath` and `nameUrl` by what the block returns. */
  readonly direct: CustomUrlMethod<string>
  /** Says which URL a record of a class has. */
  readonly resolve: CustomUrlMethod<string | readonly string[]>
  /** Draws a split file, `config/routes/name.ts`, here. */
  readonly draw: (name: string) => void
  /** Options of all generated URLs. */
  readonly defaultUrlOptions: (options: UrlOptions) => void
  /** The paths of actions from here on: `{ new: 'neu' }`. */
  readonly resourcesPathNames: (names: { readonly [action: string]: string }) => void
}
