import type { CustomUrl } from '../dsl/drawing.ts'
import type { Route } from '../route.ts'
import type { UrlOptions } from '../types.ts'
import { isTrue } from '../truth.ts'
import { Generator, type Values } from './generator.ts'
import { helperName } from './naming.ts'
import { hashOf } from './query.ts'
import { pathFrom, urlFrom } from './url.ts'

/** Options that are parts of the URL rather than values of segments. */
const reserved = new Set([
  'host', 'protocol', 'port', 'subdomain', 'domain', 'tldLength', 'trailingSlash', 'anchor', 'params', 'onlyPath', 'scriptName', 'originalScriptName', '_recall', 'useRoute',
]) // biome-ignore format: one list

/** Where a route set is mounted in another one. */
export interface MountPoint {
  readonly builder: UrlBuilder
  readonly route: Route
}

/** What a helper calls. */
export interface NamedHelper {
  /** The name of the route. */
  readonly name: string
  /** Whether the host is left out, as in `articlePath`. */
  readonly onlyPath: boolean
}

function namedHelpers(names: Iterable<string>): ReadonlyMap<string, NamedHelper> {
  const helpers = new Map<string, NamedHelper>()
  for (const name of names) {
    const helper = helperName(name)
    if (helpers.has(`${helper}Path`)) continue
    helpers.set(`${helper}Path`, { name, onlyPath: true })
    helpers.set(`${helper}Url`, { name, onlyPath: false })
  }
  return helpers
}

/** Makes URLs of one route set. */
export class UrlBuilder {
  readonly named: ReadonlyMap<string, Route>
  readonly direct: ReadonlyMap<string, CustomUrl>
  readonly #resolve: ReadonlyMap<string, CustomUrl>
  readonly #routes: readonly Route[]
  readonly #defaults: UrlOptions
  readonly #root: string
  readonly #isSecure: boolean | undefined
  #mount: MountPoint | undefined
  #generator: Generator | undefined
  #helpers: ReadonlyMap<string, NamedHelper> | undefined

  constructor(
    routes: readonly Route[],
    options: {
      named: ReadonlyMap<string, Route>
      direct: ReadonlyMap<string, CustomUrl>
      resolve: ReadonlyMap<string, CustomUrl>
      defaultUrlOptions: UrlOptions
      relativeUrlRoot: string | undefined
      secureProtocol: boolean | undefined
    },
  ) {
    this.#routes = routes
    this.named = options.named
    this.direct = options.direct
    this.#resolve = options.resolve
    this.#defaults = options.defaultUrlOptions
    this.#root = options.relativeUrlRoot ?? ''
    this.#isSecure = options.secureProtocol
  }

  /** Every named helper, and the route it is made from. The first of two that have one name in JavaScript counts. */
  get helpers(): ReadonlyMap<string, NamedHelper> {
    return (this.#helpers ??= namedHelpers(this.names))
  }

  /** The names that have helpers. */
  get names(): readonly string[] {
    return [...this.named.keys(), ...this.direct.keys()]
  }

  /** Says where the routes are mounted; the mount's path then comes before theirs. */
  mountAt(mount: MountPoint): void {
    this.#mount ??= mount
  }

  /** The URL of a record's class, when the routes file says what it is. */
  customFor(record: unknown): CustomUrl | undefined {
    if (typeof record !== 'object' || record === null) return undefined
    const model = 'toModel' in record && typeof record.toModel === 'function' ? (record.toModel() as object) : record
    return this.#resolve.get(model.constructor?.name ?? '')
  }

  /** Whether a helper may write the path from its arguments alone. */
  isPlain(route: Route): boolean {
    return (
      route.pattern.globs.size === 0 &&
      Object.keys(route.requirements).length === 0 &&
      Object.keys(this.#defaults).length === 0 &&
      this.#mount === undefined
    )
  }

  /** The URL of these values. */
  url(given: UrlOptions, name: string | undefined, onlyPath = false): string {
    const options: UrlOptions = this.#belowMount({ ...this.#defaults, ...given })
    const { path, query } = this.generate(options, name)
    const params = 'params' in options ? { ...query, ...(hashOf(options.params) ?? { params: options.params }) } : query
    const slash = options.trailingSlash && !isTrue(options['format']) && !path.endsWith('/') ? '/' : ''
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

  /** Finishes a URL of a route whose path is known. */
  finish(options: UrlOptions, { defaults }: Route, path: string, onlyPath: boolean): string {
    const slash = defaults['trailingSlash'] && !path.endsWith('/') ? '/' : ''
    if (onlyPath && !Object.hasOwn(defaults, 'anchor')) return this.#scriptName(options).replace(/\/$/, '') + path + slash
    return this.#assemble({ ...options, ...defaults, params: undefined }, path + slash, onlyPath)
  }

  /** Takes the mount's segments out of the options, and makes its path the script name. */
  #belowMount(options: UrlOptions): UrlOptions {
    if (this.#mount === undefined || options.scriptName) return options
    const { builder, route } = this.#mount
    const values: Values = {}
    const rest: Values = { ...options }
    for (const part of route.parts) {
      const value = options[part] ?? options._recall?.[part]
      if (value !== undefined) values[part] = value
      delete rest[part]
    }
    const above = options.originalScriptName ? { scriptName: '' } : {}
    return { ...rest, scriptName: builder.url({ ...route.defaults, ...values, ...above }, route.name ?? undefined, true) }
  }

  #assemble(options: UrlOptions, path: string, onlyPath: boolean): string {
    const parts = { ...options, path, scriptName: this.#scriptName(options) }
    return onlyPath || options.onlyPath ? pathFrom(parts) : urlFrom({ ...parts, isSecure: this.#isSecure })
  }

  #scriptName(options: UrlOptions): string {
    return (options.originalScriptName ?? '') + (options.scriptName || this.#root)
  }
}
