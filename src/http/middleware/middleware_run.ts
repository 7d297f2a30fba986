import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorMiddleware, Middleware, Next } from '../ports.ts'

/** Runs middleware one after the other and then `done`; an error skips to the next middleware that takes one (four parameters), as in Express.
 * `done` isn't called when a middleware answers.
 *
 * @param failure an error to begin with
 */
export function runMiddleware(
  stack: readonly Middleware[],
  req: IncomingMessage,
  res: ServerResponse,
  done: Next,
  failure?: unknown,
): void {
  let index = 0
  const next = (error?: unknown): void => {
    const failed = error !== undefined && error !== null
    while (index < stack.length) {
      const handler = stack[index++]!
      if (takesErrors(handler) !== failed) continue
      call(handler, error, req, res, next)
      return
    }
    done(failed ? error : undefined)
  }
  // Express's res.sendFile looks for it there.
  ;(req as { next?: Next }).next = next
  next(failure)
}

/** Whether a middleware is called with errors only. */
export function takesErrors(handler: Middleware): boolean {
  return handler.length === 4
}

function call(handler: Middleware, error: unknown, req: IncomingMessage, res: ServerResponse, next: Next): void {
  try {
    const result = takesErrors(handler) ? (handler as unknown as ErrorMiddleware)(error, req, res, next) : handler(req, res, next)
    if (result instanceof Promise) result.catch((failure: unknown) => next(failure ?? new Error('A middleware rejected without an error.')))
  } catch (failure) {
    next(failure ?? new Error('A middleware threw nothing.'))
  }
}
