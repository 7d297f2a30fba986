import type { IncomingMessage } from 'node:http'
import { BadRequest, BodyTooLarge } from './errors.ts'

/** Reads a body into memory.
 *
 * @param limit in bytes
 * @throws BodyTooLarge before or while reading; BadRequest when the client hangs up
 */
export function readBody(raw: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(raw.headers['content-length']) > limit) {
      reject(refuse(raw, limit))
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    raw.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) {
        chunks.push(chunk)
      } else if (chunks.length > 0 || size === chunk.length) {
        chunks.length = 0
        reject(refuse(raw, limit))
      }
    })
    raw.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    raw.once('error', () => reject(new BadRequest({ reason: 'The client closed the connection before the body was complete' })))
  })
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
