import type { RequestHandler } from 'express'
import type { Pipeline } from '../../src/http/index.ts'

/** A pipeline as middleware of an Express application. What no route fits goes on to `next()`, untouched; the path it is mounted at
 * becomes the script name; a body that `express.json()` has read is used.
 * @example app.use('/api', mountPipeline(pipeline))
 */
export function mountPipeline(pipeline: Pick<Pipeline, 'handle'>): RequestHandler {
  return function regauge(req, res, next) {
    pipeline.handle(req, res, next)
  }
}
