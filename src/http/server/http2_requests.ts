import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, type Http2ServerRequest } from 'node:http2'
import { BadRequest, RequestTimeout } from '../errors.ts'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** Gives HTTP/2's messages what they lack to be taken for HTTP/1.1's.
 *
 * @param timeout how long a client may take to send a whole request, in milliseconds; 0 is for ever
 */
export function asHttp1(timeout: number, handle: Handle): Handle {
  return (req, res) => {
    if (req.httpVersionMajor === 2) complete(req as unknown as Http2ServerRequest, timeout)
    ;(req as { res?: unknown }).res = res // Express looks for it there
    handle(req, res)
  }
}

function complete(req: Http2ServerRequest, timeout: number): void {
  completeHeaders(req)
  if (req.stream.endAfterHeaders) return
  req.once('aborted', () => fail(req, new BadRequest({ reason: 'The client left the stream before the body was complete' })))
  if (timeout > 0) limitTime(req, timeout)
}

/** Says in HTTP/1.1's headers what HTTP/2 says otherwise: the host, and that a body of unknown length follows (RFC 9113, sections 8.1 and 8.3.1). */
function completeHeaders({ headers, stream }: Http2ServerRequest): void {
  if (headers[':authority'] !== undefined) headers.host = headers[':authority']
  if (headers['content-length'] === undefined && !stream.endAfterHeaders) headers['transfer-encoding'] = 'chunked'
}

// Node ends the body of a stream that was left as if it were complete, and half a form reads like a whole one.
function fail(req: Http2ServerRequest, error: Error): boolean {
  const isAwaited = !req.readableEnded && req.listenerCount('error') > 0
  if (isAwaited) req.destroy(error)
  return isAwaited
}

/** Ends a stream whose body isn't complete in time: with 408, rendered by whoever waits for the body, or without an answer when one is on its way. */
function limitTime(req: Http2ServerRequest, timeout: number): void {
  const { stream } = req
  const timer = setTimeout(() => {
    if (stream.closed || stream.state.remoteClose === 1) return
    if (stream.headersSent) stream.close(constants.NGHTTP2_CANCEL)
    else answerTooLate(req, timeout)
  }, timeout).unref()
  stream.once('close', () => clearTimeout(timer))
}

function answerTooLate(req: Http2ServerRequest, timeout: number): void {
  const { stream } = req
  stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR))
  const answer = () => {
    if (!stream.closed && !stream.headersSent) stream.respond({ ':status': 408 }, { endStream: true })
  }
  const isAwaited = fail(req, new RequestTimeout({ timeout }))
  const timer = setTimeout(answer, isAwaited ? 1000 : 0).unref()
  stream.once('close', () => clearTimeout(timer))
}
