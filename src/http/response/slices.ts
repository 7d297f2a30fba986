import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

const size = 16 * 1024

/** Whether a body is better sent in slices: over HTTP/2 it would be seen as taken in one piece, so that a client that stopped reading it looks
 * like one that is slow. */
export function isBetterSliced({ req }: ServerResponse, length: number): boolean {
  return length > size && req.httpVersionMajor === 2 && req.method !== 'HEAD'
}

/** A body as a stream of slices, each of which is made when there is room for it. */
export function inSlices(body: string | Buffer): Readable {
  return Readable.from(slicesOf(typeof body === 'string' ? Buffer.from(body) : body), { objectMode: false, highWaterMark: size })
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
