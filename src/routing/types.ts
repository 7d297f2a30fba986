import type { Redirect } from './redirect.ts'

/** What routes may ask of a request. The `Request` of the `http` room is one. */
export interface RequestAttributes {
  readonly method: string
  readonly path: string
  readonly fullpath: string
  readonly scriptName: string
  readonly host: string
  readonly port: number
  readonly protocol: 'http' | 'https'
  readonly subdomains: readonly string[]
  readonly remoteIp: string
  readonly format?: string | undefined
  readonly queryParameters?: unknown
  header(name: string): string | undefined
}

/** Values taken from a path, with the route's defaults. Made without a prototype. */
export type PathParameters = { [name: string]: unknown }

/** Decides about a request. `parameters` are those of the route being tried. */
export type Predicate = (request: RequestAttributes, parameters: PathParameters) => boolean

/** An object that decides about a request, as Rails' constraint classes do. */
export interface PredicateObject {
  matches(request: RequestAttributes, parameters: PathParameters): boolean
}

/** What one segment or request attribute must be. `true` asks for any value, `false` for none. */
export type Constraint = RegExp | string | number | boolean | readonly (RegExp | string | number)[]

/** By segment (`{ id: /\d+/ }`), by request attribute (`{ subdomain: 'api' }`), or a predicate. */
export type Constraints = { readonly [name: string]: Constraint } | Predicate | PredicateObject

/** An Express application, router or handler, or anything else that the host knows how to run. */
export type Endpoint = Function | object

/** The HTTP methods that a route answers to; `all` for any. */
export type Via = Verb | readonly Verb[]
export type Verb = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'connect' | 'trace' | 'all' | (string & {})

/** Where inside of `resources` a route belongs. */
export type On = 'member' | 'collection' | 'new'

/** Options of a single route. Any other key is a constraint when its value is an expression, and a default otherwise. */
export interface MatchOptions {
  /** `controller#action`, an action of the surrounding controller, a redirect, or a handler. */
  readonly to?: string | Redirect | Endpoint | null
  readonly controller?: string | RegExp | null
  readonly action?: string | RegExp | null
  /** The route's name; null for none. */
  readonly as?: string | null | false
  readonly via?: Via
  readonly on?: On | null
  /** The path, when the first argument only names the action: `''` is that of the resource itself, null the one that the action has at this place. */
  readonly path?: string | null
  /** `false`: no format; `true`: required; an expression: what it must be; a string: that one and the default. */
  readonly format?: boolean | string | RegExp | null
  /** False lets the route match everything below its path. */
  readonly anchor?: boolean
  readonly constraints?: Constraints | null
  readonly defaults?: { readonly [name: string]: unknown }
  readonly [segment: string]: unknown
}

/** Options of `scope`, and of everything that opens one. Null is no value, as nil in Rails. */
export interface ScopeOptions {
  readonly path?: string | null
  readonly module?: string | null
  /** The prefix of names. */
  readonly as?: string | null
  readonly controller?: string | null
  readonly action?: string | null
  readonly to?: string | Redirect | Endpoint | null
  readonly via?: Via
  readonly shallow?: boolean
  readonly shallowPath?: string | null
  readonly shallowPrefix?: string | null
  readonly pathNames?: { readonly [action: string]: string }
  readonly constraints?: Constraints | null
  readonly defaults?: { readonly [name: string]: unknown } | null
  readonly format?: boolean | string | RegExp | null
  readonly only?: ActionName | readonly ActionName[] | null
  readonly except?: ActionName | readonly ActionName[] | null
  readonly [segment: string]: unknown
}

/** The actions that `resources` and `resource` know. */
export type ActionName = 'index' | 'create' | 'new' | 'show' | 'update' | 'destroy' | 'edit'

/** Options of `resources` and `resource`. */
export interface ResourceOptions extends ScopeOptions {
  /** The segment that identifies a member, `id` unless given. */
  readonly param?: string
  readonly concerns?: string | readonly string[]
}

/** Options of `mount`. */
export interface MountOptions extends MatchOptions {
  /** The path below which the endpoint answers. */
  readonly at: string
}

/** Opens a scope: routes drawn inside belong to it. */
export type Block = () => void
/** The body of a concern, given the options of `concerns`. */
export type ConcernBlock = (options: { readonly [name: string]: unknown }) => void

/** How a routes file is drawn. */
export interface DrawOptions {
  /** What the set is called where another one mounts it: `Blog::Engine`, `blog`. */
  readonly name?: string
  /** Leaves `new` and `edit` out of resources, as an API-only Rails does. True unless given. */
  readonly apiOnly?: boolean
  /** The path that the application is mounted at; put before generated paths. */
  readonly relativeUrlRoot?: string
  /** Options of every generated URL: `{ host: 'example.com' }`. */
  readonly defaultUrlOptions?: UrlOptions
  /** Whether URLs are https unless something says otherwise, as `config.force_ssl` makes them. */
  readonly secureProtocol?: boolean
  /** The paths of actions that have one: `{ new: 'neu' }`. */
  readonly pathNames?: { readonly [action: string]: string }
  /** Blocks for `draw('name')`, by name. */
  readonly files?: { readonly [name: string]: (dsl: import('./dsl/routes_dsl.ts').RoutesDsl) => void }
  /** Which `controller#action` a path with `:controller` or `:action` may reach (`pages#*` for all of one controller). None unless given. */
  readonly dynamic?: 'any' | readonly string[]
}

/** What a URL is made of, beside the values of segments. */
export interface UrlOptions {
  readonly controller?: string
  readonly action?: string
  readonly host?: string | null
  readonly protocol?: string | false | null
  readonly port?: number | string | false | null
  readonly subdomain?: string | boolean | null
  readonly domain?: string | null
  /** How many labels the registrable domain has after its first one: 1 for `example.com`. */
  readonly tldLength?: number
  readonly trailingSlash?: boolean
  readonly anchor?: unknown
  /** Query parameters; other keys that no segment takes are query parameters too. */
  readonly params?: unknown
  readonly onlyPath?: boolean
  readonly scriptName?: string | null
  readonly originalScriptName?: string | null
  readonly user?: string | null
  readonly password?: string | null
  /** Values for segments that are never turned into query parameters. */
  readonly pathParams?: { readonly [name: string]: unknown }
  /** The current request's path parameters, which fill what is left out. */
  readonly _recall?: { readonly [name: string]: unknown }
  /** The name of the route to use. */
  readonly useRoute?: string
  readonly [parameter: string]: unknown
}

/** What fills a segment: a record gives its `toParam()`. */
export type PathValue = string | number | bigint | { toParam(): unknown }

/** What follows the segments' values in a URL helper: parts of the URL, optional segments, and query parameters. */
export type HelperOptions = UrlOptions | PermittedOptions

/** Parameters of a request that have been permitted. */
export interface PermittedOptions {
  isPermitted(): true
  toHash(): object
}
