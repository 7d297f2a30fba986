import { currentExecution } from '../context/index.ts'
import { urlDefaultsOf } from '../controller/index.ts'
import type { Request } from '../http/index.ts'
import type { Register } from '../model/index.ts'
import type { UrlHelper, UrlHelpers, UrlOptions } from '../routing/index.ts'
import { application } from './current.ts'

/** The URL helpers: the declarations of `regauge routes --types` name them and their arguments; without those, any name may be called. */
export type RouteHelpers = (Register extends { helpers: infer Helpers } ? Helpers : { readonly [helper: string]: UrlHelper }) & {
  /** The URL of options, a record, a class, a list of them, or a URL itself. Full, unless `onlyPath` is set. */
  urlFor(target?: unknown): string
  /** The path of a record, a class, or a list of them (`['admin', article]`). */
  polymorphicPath(target: unknown, options?: UrlOptions): string
  /** As `polymorphicPath`, with the host. */
  polymorphicUrl(target: unknown, options?: UrlOptions): string
}

/** The URL helpers of the running application: in controllers and everywhere else.
 *
 * During a request, its host, protocol and mount point complete every URL, its controller's `defaultUrlOptions` win over them, and its path parameters
 * fill segments that aren't given. Outside of requests,
 * in jobs and channels, full URLs need `defaultUrlOptions` of the routes file. They can be taken apart: `const { articlePath } = routes`.
 *
 * @throws UnknownUrlHelper, when called by a name that no route has; UrlGenerationError; MissingHost
 * @example this.redirectTo(routes.articlePath(article))
 */
export const routes: RouteHelpers = new Proxy(Object.create(null) as RouteHelpers, {
  get: (_, name) => (typeof name === 'string' ? helperCalled(name) : undefined),
  has: (_, name) => typeof name === 'string' && (name in generic || name in application().routes.helpers),
  ownKeys: () => [...Object.keys(generic), ...Object.keys(application().routes.helpers)],
  getOwnPropertyDescriptor: (_, name) =>
    typeof name === 'string' ? { value: helperCalled(name), enumerable: true, configurable: true, writable: false } : undefined,
})

const generic: { readonly [name: string]: (helpers: UrlHelpers, ...args: never[]) => string } = {
  urlFor: (helpers, target: unknown) => helpers.urlFor(target),
  polymorphicPath: (helpers, target: unknown, options?: UrlOptions) => helpers.polymorphicPath(target, options),
  polymorphicUrl: (helpers, target: unknown, options?: UrlOptions) => helpers.polymorphicUrl(target, options),
}

const called = new Map<string, UrlHelper>()

/** Made once a name, and bound to no request: which one counts is seen when it is called. */
function helperCalled(name: string): UrlHelper {
  let helper = called.get(name)
  if (helper === undefined) {
    const own = Object.hasOwn(generic, name) ? (generic[name] as (helpers: UrlHelpers, ...args: unknown[]) => string) : undefined
    helper = (...args) => (own === undefined ? currentHelpers().call(name, ...args) : own(currentHelpers(), ...args))
    called.set(name, helper)
  }
  return helper
}

function currentHelpers(): UrlHelpers {
  const { routes } = application()
  const request = currentExecution()?.request as Request | undefined
  if (request === undefined) return routes.helpersFor({})
  const { host, port, protocol, scriptName, pathParameters } = request
  // A standard port isn't written down: it wouldn't be that of another protocol.
  const isStandard = port === (protocol === 'https' ? 443 : 80)
  return routes.helpersFor({ host, ...(!isStandard && { port }), protocol, scriptName, _recall: pathParameters, ...urlDefaultsOf(request) })
}
