import { didYouMean } from '../../naming/index.ts'
import type { CustomUrl } from '../dsl/drawing.ts'
import { UnknownUrlHelper, UrlGenerationError } from '../errors.ts'
import type { Route } from '../route.ts'
import type { UrlOptions } from '../types.ts'
import { helperName } from './naming.ts'
import { toParam } from './parameter.ts'
import { isPolymorphic, polymorphicTarget } from './polymorphic.ts'
import { hashOf, isHash, isParameters } from './query.ts'
import type { UrlBuilder } from './url_builder.ts'

/** A named helper: `articlePath(article)`, `articlePath('slug', { format: 'json' })`. */
export type UrlHelper = (...args: unknown[]) => string

const requestOptions = new Set(['host', 'port', 'protocol', 'scriptName', 'originalScriptName', '_recall'])

/** The URL helpers of a route set, with the options of the place they are used at (a request's host, its path parameters). */
export class UrlHelpers {
  readonly #builder: UrlBuilder
  readonly #options: UrlOptions
  /** Whether the options only say where the request came in, so that a path may be written from arguments alone. */
  readonly #isPlain: boolean
  #named: Readonly<Record<string, UrlHelper>> | undefined

  constructor(builder: UrlBuilder, options: UrlOptions) {
    this.#builder = builder
    this.#options = options
    this.#isPlain = Object.keys(options).every((key) => requestOptions.has(key))
  }

  /** Every named helper: `articlePath`, `articleUrl`, … */
  get named(): Readonly<Record<string, UrlHelper>> {
    return (this.#named ??= this.#defineNamed())
  }

  /** The URL of options, a record, a class, a list of them, or a URL itself. Full, unless `onlyPath` is set.
   * @throws UrlGenerationError (REGAUGE_URL_GENERATION) when no route takes these values
   */
  urlFor(target?: unknown): string {
    if (typeof target === 'string') return target
    if (isParameters(target)) return this.urlFor(target.toHash())
    if (isPolymorphic(target)) {
      const list = Array.isArray(target) ? [...target] : [target]
      return this.polymorphicUrl(
        list.length > 1 && isHash(list.at(-1)) ? list.slice(0, -1) : target,
        list.length > 1 && isHash(list.at(-1)) ? (list.at(-1) as UrlOptions) : {},
      )
    }
    const { useRoute, ...options } = (target ?? {}) as UrlOptions
    return this.#builder.url({ ...this.#options, ...options }, useRoute)
  }

  /** Calls a named helper, as {@link named} does, without making all of them first: for helpers that live as long as a request.
   *
   * @param helper `articlePath`, `articleUrl`
   * @throws UnknownUrlHelper (REGAUGE_UNKNOWN_URL_HELPER) with the one that was meant
   */
  call(helper: string, ...args: unknown[]): string {
    const found = this.#builder.helpers.get(helper)
    if (found === undefined) throw new UnknownUrlHelper({ helper, suggestion: didYouMean(helper, this.#builder.helpers.keys()) })
    return this.#call(found.name, found.onlyPath, args)
  }

  /** The URL of a named route. */
  routeFor(name: string, ...args: unknown[]): string {
    return this.#call(name, false, args)
  }

  /** The URL of a record, a class, or a list of them (`['admin', article]`).
   * @param options.action a prefix of the route's name, such as `edit`
   */
  polymorphicUrl(target: unknown, options: UrlOptions = {}): string {
    return this.#polymorphic(target, options, options['routingType'] === 'path')
  }

  /** As {@link polymorphicUrl}, without the host. */
  polymorphicPath(target: unknown, options: UrlOptions = {}): string {
    return this.#polymorphic(target, options, true)
  }

  #polymorphic(target: unknown, { action, routingType: _, ...options }: UrlOptions, onlyPath: boolean): string {
    if (isHash(target)) {
      const { id, ...rest } = target
      return this.#polymorphic(id, { ...rest, action, ...options } as UrlOptions, onlyPath)
    }
    const custom = Array.isArray(target) ? undefined : this.#builder.customFor(target)
    if (custom !== undefined) return this.#callCustom(custom, [target, { ...options, ...(action !== undefined && { action }) }], onlyPath)
    const { name, args } = polymorphicTarget(target, action)
    return this.#call(name, onlyPath, Object.keys(options).length === 0 ? args : [...args, options])
  }

  #call(name: string, onlyPath: boolean, args: readonly unknown[]): string {
    const custom = this.#builder.direct.get(name)
    if (custom !== undefined) return this.#callCustom(custom, args, onlyPath)
    const route = this.#builder.named.get(name)
    if (route === undefined) {
      throw new UrlGenerationError({
        route: name,
        given: `(there is no such route; ${didYouMean(name, this.#builder.named.keys()) ?? 'none'} is nearest)`,
      })
    }
    return this.#callNamed(name, route, args, onlyPath)
  }

  #callNamed(name: string, route: Route, given: readonly unknown[], onlyPath: boolean): string {
    const options = optionsIn(given)
    const args = options === undefined ? given : given.slice(0, -1)
    if (this.#isPlain && options === undefined && args.length === route.requiredParts.length && this.#builder.isPlain(route)) {
      return this.#builder.finish(this.#options, route, this.#plainPath(name, route, args), onlyPath)
    }
    const base: UrlOptions = { ...this.#options, ...route.defaults }
    const positional = positionalValues(route, args, { ...base, ...base.pathParams }, Object.keys(this.#options), options ?? {})
    return this.#builder.url({ ...base, ...positional, ...options }, name, onlyPath)
  }

  #plainPath(name: string, route: Route, args: readonly unknown[]): string {
    const values = new Map<string, string>()
    const missing: string[] = []
    for (const [index, part] of route.requiredParts.entries()) {
      const value = toParam(args[index])
      if (value === null || value === '' || args[index] === false) missing.push(part)
      else values.set(part, value)
    }
    if (missing.length > 0) {
      throw new UrlGenerationError({ route: name, given: JSON.stringify({ ...route.defaults, ...Object.fromEntries(values) }), missing })
    }
    return route.pattern.format(values)
  }

  #callCustom({ options, block }: CustomUrl, given: readonly unknown[], onlyPath: boolean): string {
    const own = optionsIn(given)
    const args = own === undefined ? given : given.slice(0, -1)
    const call = block as (...args: unknown[]) => unknown
    const url = this.urlFor(call(...args, { ...options, ...own }, this))
    return onlyPath ? `/${/(?<!\/)\/(?!\/)(.*)$/s.exec(url)?.[1] ?? ''}` : url
  }

  #defineNamed(): Readonly<Record<string, UrlHelper>> {
    const helpers = Object.create(null) as Record<string, UrlHelper>
    // Not by way of the builder's map, which is for those that call few of them.
    for (const name of this.#builder.names) {
      const helper = helperName(name)
      if (`${helper}Path` in helpers) continue
      helpers[`${helper}Path`] = (...args) => this.#call(name, true, args)
      helpers[`${helper}Url`] = (...args) => this.#call(name, false, args)
    }
    return helpers
  }
}

/** The options at the end of a helper's arguments. */
function optionsIn(args: readonly unknown[]): UrlOptions | undefined {
  return hashOf(args.at(-1))
}

/** Gives positional arguments to the segments: to all of them, or to those that nothing else fills. */
function positionalValues(
  route: Route,
  args: readonly unknown[],
  known: object,
  contextKeys: readonly string[],
  options: object,
): Record<string, unknown> {
  if (args.length === 0) return {}
  let parts = [...new Set(route.parts)]
  const expected = parts.includes('format') ? parts.length - 1 : parts.length
  if (args.length < expected) parts = parts.filter((part) => !contextKeys.includes(part) && !Object.hasOwn(known, part))
  parts = parts.filter((part) => !Object.hasOwn(options, part))
  return Object.fromEntries(parts.slice(0, args.length).map((part, index) => [part, args[index]]))
}
