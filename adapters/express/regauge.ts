import type { Server } from 'node:http'
import type { RequestHandler } from 'express'
import { mountPipeline } from './mount.ts'

/** Which application to run inside of an Express application. */
export interface RegaugeOptions {
  /** Its folder. Default: the current one. */
  readonly root?: string
  /** Its environment. Default: the one in REGAUGE_ENV or NODE_ENV. */
  readonly env?: string
}

/** An application as Express middleware, with what a server of its own would do besides. */
export interface RegaugeHandler extends RequestHandler {
  /** Serves the application's WebSockets on the server that Express listens on. */
  attach(server: Server): Promise<void>
  /** Drains what runs in the background. The Express server is the host's to close. */
  stop(): Promise<void>
}

/** Boots an application, begins to run its jobs and answers with Express middleware for it. What it doesn't route falls through to `next()`.
 *
 * @example app.use(await regauge({ root: import.meta.dirname }))
 */
export async function regauge(options: RegaugeOptions = {}): Promise<RegaugeHandler> {
  const { boot } = await import('../../src/application/index.ts')
  const application = await boot({ root: options.root ?? process.cwd(), env: options.env })
  await application.work()
  return Object.assign(mountPipeline(application.pipeline), {
    attach: (server: Server) => application.attach(server),
    stop: () => application.stop(),
  })
}
