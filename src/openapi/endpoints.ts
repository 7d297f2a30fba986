import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { stringify } from 'yaml'
import { buildDocument } from './build_document.ts'
import type { OpenApiDocument } from './document.ts'
import type { DocumentInput, Warning } from './inputs.ts'

/** Middleware of Express. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** The endpoints of a document. */
export interface OpenApiEndpoints {
  /** For `/openapi.json`. */
  readonly json: Handler
  /** For `/openapi.yaml`. */
  readonly yaml: Handler
  /** The document itself, built at first use. */
  document(): OpenApiDocument
  /** Builds it anew at the next request: call it when code was reloaded. */
  reset(): void
}

interface Rendering {
  readonly body: Buffer
  readonly etag: string
}

/** Serves the document of an application, which is built at the first request and kept.
 *
 * @param input called once a build, so that it sees routes that were drawn since
 * @param options.onWarning is told of each mistake in comments
 * @example const { json, yaml } = openapiEndpoints(() => ({ title: 'Shop', version: '1', routes, controllers }), { onWarning })
 */
export function openapiEndpoints(input: () => DocumentInput, options: { onWarning?: (warning: Warning) => void } = {}): OpenApiEndpoints {
  let built: OpenApiDocument | undefined
  let renderings = new Map<string, Rendering>()
  const document = (): OpenApiDocument => {
    if (built === undefined) {
      const result = buildDocument(input())
      for (const warning of result.warnings) options.onWarning?.(warning)
      built = result.document
    }
    return built
  }
  const rendering = (kind: string, render: (document: OpenApiDocument) => string): Rendering => {
    let found = renderings.get(kind)
    if (found === undefined) {
      const body = Buffer.from(render(document()))
      found = { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` }
      renderings.set(kind, found)
    }
    return found
  }
  const endpoint =
    (kind: string, contentType: string, render: (document: OpenApiDocument) => string): Handler =>
    (request, response, next) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        next()
        return
      }
      try {
        send(request, response, contentType, rendering(kind, render))
      } catch (error) {
        next(error)
      }
    }
  return {
    json: endpoint('json', 'application/json; charset=utf-8', (found) => JSON.stringify(found)),
    yaml: endpoint('yaml', 'application/yaml; charset=utf-8', (found) => stringify(found, { aliasDuplicateObjects: false })),
    document,
    reset() {
      built = undefined
      renderings = new Map()
    },
  }
}

function send(request: IncomingMessage, response: ServerResponse, contentType: string, { body, etag }: Rendering): void {
  response.setHeader('etag', etag)
  response.setHeader('cache-control', 'no-cache')
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}
