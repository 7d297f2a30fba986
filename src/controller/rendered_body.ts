import { Readable } from 'node:stream'
import type { AsJsonOptions } from './json/as_json.ts'
import { renderJson, toJson } from './json/encode.ts'
import type { BuiltInRender, StreamableBody } from './render_options.ts'
import { toXml } from './xml.ts'

const charset = '; charset=utf-8'
const types = {
  json: `application/json${charset}`,
  plain: `text/plain${charset}`,
  body: `text/plain${charset}`,
  html: `text/html${charset}`,
  xml: `application/xml${charset}`,
  js: `text/javascript${charset}`,
  markdown: `text/markdown${charset}`,
  svg: `image/svg+xml${charset}`,
} as const

/** A body with the content type it has unless another one is given. */
export type RenderedBody = readonly [contentType: string, body: string | Buffer | Readable]

/** The body that options of `render` stand for. */
export function bodyOf(options: BuiltInRender): RenderedBody {
  if ('json' in options) return jsonBody(options)
  // Rails sends a space for nothing, for clients of old that took an empty answer for none.
  if ('plain' in options) return [types.plain, String(options.plain ?? ' ')]
  if ('html' in options) return [types.html, options.html]
  if ('xml' in options) return [types.xml, typeof options.xml === 'string' ? options.xml : toXml(options.xml)]
  if ('js' in options) return [types.js, options.js]
  if ('markdown' in options) return [types.markdown, options.markdown]
  if ('svg' in options) return [types.svg, options.svg]
  return [types.body, 'body' in options ? streamOrText(options.body) : ' ']
}

function jsonBody(options: Extract<BuiltInRender, { json: unknown }>): RenderedBody {
  const { json, only, except, methods, include, root, fullMessages, callback, escape: isEscaped } = options
  const asked = only ?? except ?? methods ?? include ?? root ?? fullMessages
  const asJson = asked === undefined ? undefined : { only, except, methods, include, root, fullMessages }
  if (callback === undefined) return [types.json, renderJson(json, asJson as AsJsonOptions | undefined, isEscaped)]
  const text = typeof json === 'string' ? json : toJson(json, asJson as AsJsonOptions | undefined)
  // A callback is a JavaScript name, so that it can't be a script; the comment keeps the answer from being read as another file type.
  return [types.js, `/**/${callback.replace(/[^\w$.[\]]/g, '')}(${text})`]
}

function streamOrText(body: string | Buffer | StreamableBody | null): string | Buffer | Readable {
  if (body === null) return ' '
  if (typeof body === 'string' || body instanceof Readable || Buffer.isBuffer(body)) return body
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (body instanceof ReadableStream) return Readable.fromWeb(body as never)
  return Readable.from(encoded(body), { objectMode: false })
}

// A stream of bytes takes texts and buffers only; a bare Uint8Array would be an error halfway.
async function* encoded(pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): AsyncGenerator<string | Buffer> {
  for await (const piece of pieces) yield typeof piece === 'string' ? piece : Buffer.from(piece)
}
