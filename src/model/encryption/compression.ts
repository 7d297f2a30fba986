import { createRequire } from 'node:module'
import { deflateSync, inflateSync } from 'node:zlib'

/** Shrinks values before they are encrypted: zlib unless another is given. */
export interface Compressor {
  deflate(bytes: Buffer): Buffer
  inflate(bytes: Buffer): Buffer
}

const largestInflated = 64 * 2 ** 20

/** For values that are only read back. */
export const zlib: Compressor = {
  deflate: (bytes) => deflateSync(bytes),
  inflate: (bytes) => inflateSync(bytes, { maxOutputLength: largestInflated }),
}

const require = createRequire(import.meta.url)

/** For values that are searched for: byte for byte what Ruby's zlib makes. Node's own zlib is Chromium's, which shrinks the same text to other bytes,
 * so that rows which Rails wrote would not be found. Loaded when the first long text is met. */
export const rubyZlib: Compressor = {
  deflate(bytes) {
    const { deflate } = require('pako') as typeof import('pako')
    return Buffer.from(deflate(bytes))
  },
  inflate: zlib.inflate,
}
