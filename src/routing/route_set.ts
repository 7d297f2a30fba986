import type { Drawing } from './dsl/drawing.ts'
import { NoRoute } from './errors.ts'
import type { Values } from './generation/generator.ts'
import { UrlBuilder } from './generation/url_builder.ts'
import { type UrlHelper, UrlHelpers } from './generation/url_helpers.ts'
import { mayNeedNormalizing, normalizePath } from './path/escape.ts'
import { type MethodMatcher, matchersFor } from './recognition/method_matchers.ts'
import type { Recognized } from './recognition/recognized.ts'
import type { Route } from './route.ts'
import type { DrawOptions, PathParameters, RequestAttributes, UrlOptions } from './types.ts'
import { recognizePath, type RecognizePathOptions } from './recognition/recognize_path.ts'

/** Methods in the order that an `Allow` header lists them. */
const methodOrder = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** A drawn routes file: the table, the matcher and the URL helpers. */
export class RouteSet {
  readonly routes: readonly Route[]
  readonly options: DrawOptions
  readonly #drawing: Drawing
  readonly #builder: UrlBuilder
  readonly #helpers: UrlHelpers
  #matchers: ReadonlyMap<string, MethodMatcher> | undefined
  readonly #methods: ReadonlySet<string>
  readonly #anyMethod: boolean

  constructor(drawing: Drawing) {
    this.#drawing = drawing
    this.options = drawing.options
    this.routes = drawing.routes
    const verbs = new Set<string>()
    for (let i = 0; i < this.routes.length; i++) {
      const route = this.routes[i]!
      for (let at = 0; at < route.verbs.length; at++) verbs.add(route.verbs[at]!)
    }
    this.#anyMethod = verbs.delete('')
    this.#methods = verbs
    this.#builder = new UrlBuilder(this.routes, {
      named: drawing.named,
      direct: drawing.direct,
      resolve: drawing.resolve,
      defaultUrlOptions: drawing.defaultUrlOptions,
      relativeUrlRoot: drawing.options.relativeUrlRoot,
      secureProtocol: drawing.options.secureProtocol,
    })
    for (const route of this.routes) if (route.target instanceof RouteSet) route.target.#builder.mountAt({ builder: this.#builder, route })
    this.#helpers = new UrlHelpers(this.#builder, {})
  }

  /** The drawing that made this set, so that more can be drawn after it. */
  get drawing(): Drawing {
    return this.#drawing
  }

  /** The first declared route that fits, or null.
   *
   * @param method in upper case; HEAD is answered by GET routes unless one says HEAD itself
   * @param path without the query, escaped as it came
   * @param request for routes that ask more than the path; without it they see a blank request
   * @param after only routes declared after this one are tried: for a mount that passed
   * @throws InvalidPathEncoding (REGAUGE_INVALID_PATH_ENCODING, 400) when a segment isn't valid UTF-8
   */
  recognize(method: string, path: string, request?: RequestAttributes, after?: Route): Recognized | null {
    const afterIndex = after === undefined ? -1 : after.index
    if (method === 'HEAD') return this.#recognizeHead(normalizePath(path), request, afterIndex)
    const { matcher, bit } = this.#matcherOf(method)
    return matcher.find(bit, mayNeedNormalizing(path) ? normalizePath(path) : path, request, afterIndex)
  }

  /** Where a route that says HEAD itself fits, no other route answers it. */
  #recognizeHead(path: string, request: RequestAttributes | undefined, after: number): Recognized | null {
    const own = this.#methods.has('HEAD') ? this.#matcherOf('HEAD') : undefined
    const isItsOwn = own !== undefined && own.matcher.find(own.bit, path, request) !== null
    const { matcher, bit } = isItsOwn ? own : this.#matcherOf('GET')
    return matcher.find(bit, path, request, after)
  }

  /** The methods that some route answers at this path, for 405 and OPTIONS; empty when there is no such path. */
  allowedMethods(path: string, request?: RequestAttributes): string[] {
    const found = new Set<string>()
    for (const method of this.#anyMethod ? new Set([...this.#methods, ...methodOrder]) : this.#methods) {
      if (this.recognize(method, path, request) !== null) found.add(method)
    }
    if (found.has('GET')) found.add('HEAD')
    const known = methodOrder.filter((method) => found.has(method))
    return [...known, ...[...found].filter((method) => !known.includes(method))]
  }

  /** Every named helper: `articlePath`, `articleUrl`, … `…Url` needs a host, of `defaultUrlOptions` or among its options. */
  get helpers(): Readonly<Record<string, UrlHelper>> {
    return this.#helpers.named
  }

  /** The helpers of one request: its host, protocol and path parameters (as `_recall`) complete every URL. */
  helpersFor(options: UrlOptions): UrlHelpers {
    return new UrlHelpers(this.#builder, options)
  }

  /** The URL of options, a record or a list of records.
   * @example routes.urlFor({ controller: 'articles', action: 'show', slug: 'a', onlyPath: true })
   */
  urlFor(target?: unknown): string {
    return this.#helpers.urlFor(target)
  }

  /** The path of a record, a class, or a list of them. */
  polymorphicPath(target: unknown, options?: UrlOptions): string {
    return this.#helpers.polymorphicPath(target, options)
  }

  /** The URL of a record, a class, or a list of them. */
  polymorphicUrl(target: unknown, options?: UrlOptions): string {
    return this.#helpers.polymorphicUrl(target, options)
  }

  /** The path that these values make, and the names of those that it doesn't take. */
  generateExtras({ useRoute, ...options }: UrlOptions, recall: PathParameters = {}): [path: string, extras: string[]] {
    const { path, query } = this.#builder.generate({ ...options, _recall: recall }, useRoute)
    return [(this.options.relativeUrlRoot ?? '') + path, Object.keys(query)]
  }

  /** The parameters of the action that a path or URL leads to.
   * @throws NoRoute (REGAUGE_NO_ROUTE) when there is none
   */
  recognizePath(path: string, options: RecognizePathOptions = {}): PathParameters {
    const found = recognizePath(this, path, options)
    if (found === null) throw new NoRoute({ method: options.method ?? 'GET', path })
    return found
  }

  /** Compiles what requests need, so that the first one doesn't wait. */
  compile(): this {
    this.#matcherOf('')
    return this
  }

  #matcherOf(method: string): MethodMatcher {
    this.#matchers ??= matchersFor(this.routes, [...this.#methods])
    return this.#matchers.get(method) ?? this.#matchers.get('')!
  }
}

/** Values by name. */
export type { Values }
