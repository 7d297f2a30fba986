import type { RequestHandler } from 'express'
import { mountPipeline } from './mount.ts'

/** Which application to run inside of an Express application. */
export interface RegaugeOptions {
  /** Its folder. Default: the current one. */
  readonly root?: string
  /** Its environment. Default: the one in REGAUGE_ENV or NODE_ENV. */
  readonly env?: string
}

/** An application as Express middleware, with the way to end its jobs and connections. */
export interface RegaugeHandler extends RequestHandler {
  /** Drains what runs in the background. The Express server is the host's to close. */
  stop(): Promise<void>
}

/** Boots an application and answers with Express middleware for it. What it doesn't route falls through to `next()`.
 *
 * @example app.use(await regauge({ root: import.meta.dirname }))
 */
export async function regauge(options: RegaugeOptions = {}): Promise<RegaugeHandler> {
  const { boot } = await import('../../src/application/index.ts')
  const { pipeline, stop } = await boot({
    root: options.root ?? process.cwd(),
    ...(options.env !== undefined && { env: options.env }),
    host: 'express',
  })
  return Object.assign(mountPipeline(pipeline), { stop: () => stop() })
}
