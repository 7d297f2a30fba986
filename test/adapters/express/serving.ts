import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { expressHost, mountPipeline } from '../../../adapters/express/index.ts'
import { type Endpoint, type Middleware, Server } from '../../../src/http/index.ts'
import { pipelineFor, serveWith } from '../../http/serving.ts'

/** Our own server with a stack of Express middleware. */
export function serveOurs(endpoint: Endpoint, middleware: readonly unknown[]): Promise<string> {
  const pipeline = pipelineFor(endpoint, { middleware: middleware as Middleware[] })
  return serveWith(new Server(pipeline, { host: expressHost() }))
}

/** The same pipeline, for an Express application. */
export function mounted(endpoint: Endpoint, middleware: readonly unknown[] = []) {
  return mountPipeline(pipelineFor(endpoint, { middleware: middleware as Middleware[] }))
}

/** Runs `visit` against an Express application on a free port, and closes it. */
export async function withExpress<T>(app: Express, visit: (url: string) => Promise<T>): Promise<T> {
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    return await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
