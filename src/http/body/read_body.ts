import type { IncomingMessage } from 'node:http'
import { RegaugeError } from '../../errors/index.ts'
import { BadRequest, BodyTooLarge } from '../errors.ts'

/** Reads a body into memory. Calls back instead of promising: on Node 20 each promise of a request costs a microsecond.
 *
 * @param limit in bytes
 * @param done called once, outside of the execution, with the bytes or with BodyTooLarge or BadRequest (the client hung up)
 * @throws BodyTooLarge at once when the announced length is over the limit
 */
export function readBody(raw: IncomingMessage, limit: number, done: (error: Error | undefined, bytes: Buffer) => void): void {
  if (Number(raw.headers['content-length']) > limit) throw refuse(raw, limit)
  let chunks: Buffer[] | undefined = []
  let size = 0
  const finish = (error: Error | undefined) => {
    if (chunks === undefined) return
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    chunks = undefined
    done(error, bytes)
  }
  raw.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit && chunks !== undefined) finish(refuse(raw, limit))
    else chunks?.push(chunk)
  })
  raw.on('end', () => finish(undefined))
  raw.on('error', (error) => finish(reasonOfEnd(error)))
}

/** Stops reading a body that is too large: what is still coming is thrown away for a moment, so that the client gets to read the answer. */
export function refuse(raw: IncomingMessage, limit: number): BodyTooLarge {
  raw.resume()
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy()
  }, 5000)
  timer.unref()
  raw.once('close', () => clearTimeout(timer))
  return new BodyTooLarge({ limit })
}

/** The error of a body that ends before it is complete: the one that ended it if that is ours, else that the client hung up. */
export function reasonOfEnd(error: Error): RegaugeError {
  if (error instanceof RegaugeError) return error
  return new BadRequest({ reason: 'The client closed the connection before the body was complete' })
}
