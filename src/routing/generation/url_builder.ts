import type { CustomUrl } from '../dsl/drawing.ts'
import type { Route } from '../route.ts'
import type { UrlOptions } from '../types.ts'
import { Generator, type Values } from './generator.ts'
import { isHash } from './query.ts'
import { pathFrom, urlFrom } from './url.ts'

/** Options that are parts of the URL rather than values of segments. */
const reserved = new Set([
  'host', 'protocol', 'port', 'subdomain', 'domain', 'tldLength', 'trailingSlash', 'anchor', 'params', 'onlyPath', 'scriptName', 'originalScriptName', '_recall', 'useRoute',
]) // biome-ignore format: one list

/** Makes URLs of one route set. */
export class UrlBuilder {
  readonly named: ReadonlyMap<string, Route>
  readonly direct: ReadonlyMap<string, CustomUrl>
  readonly #resolve: ReadonlyMap<string, CustomUrl>
  readonly #routes: readonly Route[]
  readonly #defaults: UrlOptions
  readonly #root: string
  #generator: Generator | undefined

  constructor(
    routes: readonly Route[],
    options: {
      named: ReadonlyMap<string, Route>
      direct: ReadonlyMap<string, CustomUrl>
      resolve: ReadonlyMap<string, CustomUrl>
      defaultUrlOptions: UrlOptions
      relativeUrlRoot: string | undefined
    },
  ) {
    this.#routes = routes
    this.named = options.named
    this.direct = options.direct
    this.#resolve = options.resolve
    this.#defaults = options.defaultUrlOptions
    this.#root = options.relativeUrlRoot ?? ''
  }

  /** The URL of a record's class, when the routes file says what it is. */
  customFor(record: unknown): CustomUrl | undefined {
    if (typeof record !== 'object' || record === null) return undefined
    const model = 'toModel' in record && typeof record.toModel === 'function' ? (record.toModel() as object) : record
    return this.#resolve.get(model.constructor?.name ?? '')
  }

  /** Whether a helper may write the path from its arguments alone. */
  isPlain(route: Route): boolean {
    return !route.pattern.hasGlob && Object.keys(route.requirements).length === 0 && Object.keys(this.#defaults).length === 0
  }

  /** The URL of these values. */
  url(given: UrlOptions, name: string | undefined, onlyPath = given.onlyPath ?? false): string {
    const options: UrlOptions = { ...this.#defaults, ...given }
    const { path, query } = this.generate(options, name)
    const params =
      'params' in options ? (isHash(options.params) ? { ...query, ...options.params } : { ...query, params: options.params }) : query
    const slash = options.trailingSlash && !options['format'] && !path.endsWith('/') ? '/' : ''
    return this.#assemble({ ...options, params }, path + slash, onlyPath)
  }

  /** The path of these values, and what it didn't take. */
  generate(options: UrlOptions, name: string | undefined): { path: string; query: Values } {
    const values: Values = {}
    for (const [key, value] of Object.entries(options)) if (!reserved.has(key)) values[key] = value
    if (options.user && options.password) {
      delete values['user']
      delete values['password']
    }
    this.#generator ??= new Generator(this.#routes, this.named)
    return this.#generator.generate(name, values, (options._recall ?? {}) as Values)
  }

  /** Finishes a URL whose path is known. */
  finish(options: UrlOptions, path: string, onlyPath: boolean): string {
    return this.#assemble({ ...options, params: undefined }, options.trailingSlash && !path.endsWith('/') ? `${path}/` : path, onlyPath)
  }

  #assemble(options: UrlOptions, path: string, onlyPath: boolean): string {
    const scriptName = (options.originalScriptName ?? '') + (options.scriptName || this.#root)
    const parts = { ...options, path, scriptName }
    return onlyPath ? pathFrom(parts) : urlFrom({ ...parts, onlyPath: false })
  }
}
