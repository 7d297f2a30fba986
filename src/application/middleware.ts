import { join } from 'node:path'
import { cable } from '../cable/index.ts'
import { type Middleware, type MiddlewareRow, type PipelineOptions, staticFiles } from '../http/index.ts'
import type { RouteSet } from '../routing/index.ts'
import { readSettings } from './boot.ts'
import { guardsOf } from './browser_state.ts'
import type { Configuration } from './configuration.ts'

/** What the stack of an application makes of its pipeline: the functions to run, and the built-in stages that are on. */
export function compiledMiddleware(config: Configuration): Pick<PipelineOptions, 'guards' | 'middleware' | 'files' | 'request'> {
  const { middleware, http } = config
  const files = fileServer(config)
  return {
    guards: guardsOf(config),
    middleware: middleware.handlers({ ...(files && { static: files }) }),
    ...(files && { files }),
    request: {
      ...http,
      etags: http.etags !== false && middleware.has('etag'),
      methodOverride: http.methodOverride === true && middleware.has('methodOverride'),
    },
  }
}

/** Whether requests meet functions of the application, in the stack or mounted at a path, which may look for what Express gives them. */
export function meetsExpressMiddleware({ middleware }: Configuration, routes: RouteSet): boolean {
  return middleware.handlers().length > 0 || routes.routes.some(({ kind, target }) => kind === 'mount' && target !== cable)
}

/** The middleware of the application in `root`, in the order in which a request passes it, without the stages that are switched off. */
export async function describeMiddleware(root: string, env?: string): Promise<MiddlewareRow[]> {
  const config = await readSettings({ root, env })
  const { etags, methodOverride } = compiledMiddleware(config).request!
  const isOff: Readonly<Record<string, boolean>> = {
    hostAuthorization: config.hosts.length === 0,
    ssl: !config.forceSsl,
    session: config.session.store === 'disabled',
    static: !fileServer(config),
    etag: !etags,
    methodOverride: !methodOverride,
  }
  return config.middleware.rows().filter(({ name, does }) => does === undefined || isOff[name] !== true)
}

function fileServer({ middleware, publicFileServer, root, env }: Configuration): Middleware | undefined {
  const { enabled, headers, indexName } = publicFileServer
  if (!enabled || !middleware.has('static')) return undefined
  return staticFiles({ folder: join(root, 'public'), headers, indexName, isIndexed: env.isProduction })
}
