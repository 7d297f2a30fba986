import type { Server } from 'node:http'
import type { RequestHandler } from 'express'
import type { Configuration } from '../../src/application/index.ts'
import { mountPipeline } from './mount.ts'

/** Which application to run inside of an Express application. */
export interface RegaugeOptions {
  /** Its folder. Default: the current one. */
  readonly root?: string
  /** Its environment. Default: the one in REGAUGE_ENV or NODE_ENV. */
  readonly env?: string
  /** Changes settings after the configuration files. */
  readonly configure?: (config: Configuration) => void
  /** Who answers errors that nobody rescued: `ours` as Rails would, `express` hands them to the error handlers of the Express application.
   * Default ours. */
  readonly errors?: 'ours' | 'express'
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
  const { root = process.cwd(), env, configure, errors } = options
  const application = await boot({ root, env, configure, passesErrors: errors === 'express' })
  await application.work()
  return Object.assign(mountPipeline(application.pipeline), {
    attach: (server: Server) => application.attach(server),
    stop: () => application.stop(),
  })
}
