import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Middleware, Routed } from '../http/index.ts'
import type { RouteInfo } from '../openapi/index.ts'
import type { Route } from '../routing/index.ts'
import { swagger } from './adapters.ts'
import type { Application } from './application.ts'

/** The documentation's endpoints: `/openapi.json`, `/openapi.yaml` and the page at `/docs`. What builds them is loaded at the first request,
 * so that an application which nobody asks pays nothing. */
export function documentationEndpoints(application: Application): [path: string, routed: Routed][] {
  let loading: Promise<Handlers> | undefined
  const handlers = () => (loading ??= loadHandlers(application))
  const mount =
    (name: keyof Handlers): Middleware =>
    (req, res, next) =>
      handlers().then((loaded) => loaded[name](req, res, next), next)
  return [
    ['/openapi.json', { mount: mount('json') }],
    ['/openapi.yaml', { mount: mount('yaml') }],
    ['/docs', { mount: mount('page') }],
    ['/docs/*', { mount: mount('page') }],
  ]
}

interface Handlers {
  readonly json: Middleware
  readonly yaml: Middleware
  readonly page: Middleware
}

async function loadHandlers(application: Application): Promise<Handlers> {
  const { openapiEndpoints, readComponentsFile } = await import('../openapi/index.ts')
  const { docsPage, readOpenapiBlocks } = await swagger()
  const { config, loaded, logger, metadata, routes } = application
  const componentsFile = ['yml', 'yaml', 'json']
    .map((kind) => join(config.root, `config/openapi_components.${kind}`))
    .find((file) => existsSync(file))
  const { json, yaml } = openapiEndpoints(
    () => ({
      title: config.name,
      version: config.openapi.version,
      ...(config.openapi.description !== undefined && { description: config.openapi.description }),
      routes: routes.routes.map(routeInfo),
      controllers: [...loaded.controllerFiles].map(([name, file]) => ({ name, file })),
      ...(metadata !== undefined && { models: metadata }),
      ...(componentsFile !== undefined && { components: readComponentsFile(componentsFile) }),
      readBlocks: readOpenapiBlocks,
    }),
    { onWarning: ({ file, line, message }) => logger.warn(`${file}:${line}: ${message}`) },
  )
  return { json, yaml, page: docsPage({ documentUrl: '/openapi.json', title: `${config.name}: API documentation` }) }
}

function routeInfo({ verb, path, kind, controller, action, requirements }: Route): RouteInfo {
  const patterns = Object.entries(requirements).filter((entry): entry is [string, RegExp | string] => !Array.isArray(entry[1]))
  return { verb, path, kind, ...(controller && { controller }), ...(action && { action }), requirements: Object.fromEntries(patterns) }
}
