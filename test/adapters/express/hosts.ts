import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { Configuration } from 'regauge'
import { testApplication } from 'regauge/testing'
import { regauge } from '../../../adapters/express/index.ts'
import type { ErrorMiddleware, Middleware } from '../../../src/http/index.ts'

/** The application whose routes lead to what teams mount. */
export const teams = join(import.meta.dirname, 'teams')

/** What else a host serves. */
export interface HostOptions {
  /** The application. Default: that of the teams. */
  readonly root?: string
  /** What is handed errors, registered where teams do it. */
  readonly errors?: readonly ErrorMiddleware[]
}

/** A way to run an application together with middleware. */
export interface Host {
  readonly name: string
  /** Serves an application behind the middleware until `stopHosts`; answers its address. */
  serve(middleware: readonly Middleware[], options?: HostOptions): Promise<string>
}

/** Where middleware that was written for Express has to work alike. */
export const hosts: readonly Host[] = [
  {
    name: 'our own server',
    serve: (middleware, options = {}) => serveOurs(options, (config) => useAll(config, middleware, options)),
  },
  {
    name: 'an Express application',
    serve: (middleware, options = {}) => serveExpress(options, middleware, options.errors),
  },
  {
    name: 'our stack in an Express application',
    serve: (middleware, options = {}) => serveExpress(options, [], [], (config) => useAll(config, middleware, options)),
  },
]

const stops: (() => Promise<unknown>)[] = []

/** Stops what hosts have served: for `afterEach`. */
export async function stopHosts(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()))
}

/** Declares the same tests for every host. */
export function inEveryHost(declare: (host: Host) => void): void {
  for (const host of hosts) {
    describe(`in ${host.name}`, () => {
      afterEach(stopHosts)
      declare(host)
    })
  }
}

function useAll(config: Configuration, middleware: readonly Middleware[], { errors = [] }: HostOptions): void {
  for (const one of middleware) config.middleware.use(one)
  for (const one of errors) config.middleware.use(one)
}

async function serveOurs({ root = teams }: HostOptions, configure: (config: Configuration) => void): Promise<string> {
  const application = await testApplication({ root, configure })
  stops.push(() => application.stop())
  return application.url
}

async function serveExpress(
  { root = teams }: HostOptions,
  middleware: readonly Middleware[],
  errors: readonly ErrorMiddleware[] = [],
  configure: (config: Configuration) => void = () => {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'regauge-host-'))
  const handler = await regauge({
    root,
    env: 'test',
    errors: errors.length > 0 ? 'express' : 'ours',
    configure: (config) => {
      config.jobs.directory = join(folder, 'jobs')
      configure(config)
    },
  })
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', 'loopback')
  app.use(...(middleware as readonly RequestHandler[]), handler)
  if (errors.length > 0) app.use(...(errors as readonly ErrorRequestHandler[]))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await handler.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
