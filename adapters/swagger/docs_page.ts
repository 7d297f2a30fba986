import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Handler } from '../../src/openapi/index.ts'

/** Settings of the documentation page. */
export interface DocsPageOptions {
  /** Where the document is served, on this host: `/openapi.json`. */
  readonly documentUrl: string
  /** Where the page is; `/docs` unless set. Mount the handler there, or nowhere in particular: it takes its own paths only. */
  readonly path?: string
  readonly title?: string
  /** More origins that the page may send requests to, for documents that name other servers. */
  readonly connectTo?: readonly string[]
}

interface Asset {
  readonly type: string
  readonly read: () => Buffer
  content?: { plain: Buffer; gzip: Buffer }
}

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('swagger-ui-dist/package.json'))
const { version } = require('swagger-ui-dist/package.json') as { version: string }

/** The only files of Swagger UI that are served; any other name is nobody's. */
const assets = new Map<string, Asset>([
  ['swagger-ui.css', file('swagger-ui.css', 'text/css; charset=utf-8')],
  ['swagger-ui-bundle.js', file('swagger-ui-bundle.js', 'text/javascript; charset=utf-8')],
  ['favicon-32x32.png', file('favicon-32x32.png', 'image/png')],
])

/** Serves Swagger UI from the installed package: nothing is loaded from elsewhere.
 *
 * @example app.use(docsPage({ documentUrl: '/openapi.json' }))
 */
export function docsPage(options: DocsPageOptions): Handler {
  const path = `/${(options.path ?? '/docs').replace(/^\/+|\/+$/g, '')}`
  const policy = contentSecurityPolicy(options.connectTo ?? [])
  return (request, response, next) => {
    const place = locate(request, path)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (place === undefined || !isRead) return next()
    const { base, rest } = place
    if (rest === '' || rest === '/') return page(request, response, base, options.title ?? 'API documentation', policy)
    if (rest === '/initializer.js') return initializer(request, response, base.slice(0, -path.length) + options.documentUrl)
    const asset = assets.get(rest.slice(1))
    return asset === undefined ? next() : sendAsset(request, response, asset)
  }
}

/** Where in the page's folder a request goes; `base` is the folder as the browser knows it. */
function locate(request: IncomingMessage & { baseUrl?: string }, path: string): { base: string; rest: string } | undefined {
  const [url = '/'] = (request.url ?? '/').split('?')
  const mounted = request.baseUrl ?? ''
  if (mounted.endsWith(path)) return { base: mounted, rest: url }
  return url === path || url.startsWith(`${path}/`) ? { base: mounted + path, rest: url.slice(path.length) } : undefined
}

function page(request: IncomingMessage, response: ServerResponse, base: string, title: string, policy: string): void {
  const [folderUrl, name] = [base, title].map(escapeHtml)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<link rel="icon" href="${folderUrl}/favicon-32x32.png">
<link rel="stylesheet" href="${folderUrl}/swagger-ui.css">
</head>
<body>
<div id="documentation"></div>
<script src="${folderUrl}/swagger-ui-bundle.js"></script>
<script src="${folderUrl}/initializer.js"></script>
</body>
</html>
`
  response.setHeader('content-security-policy', policy)
  response.setHeader('cache-control', 'no-cache')
  send(request, response, 'text/html; charset=utf-8', Buffer.from(html))
}

function initializer(request: IncomingMessage, response: ServerResponse, documentUrl: string): void {
  const script = `window.ui = SwaggerUIBundle({ url: ${JSON.stringify(documentUrl)}, dom_id: '#documentation', deepLinking: true })\n`
  response.setHeader('cache-control', 'no-cache')
  send(request, response, 'text/javascript; charset=utf-8', Buffer.from(script))
}

function sendAsset(request: IncomingMessage, response: ServerResponse, asset: Asset): void {
  const etag = `"${version}"`
  response.setHeader('etag', etag)
  response.setHeader('cache-control', 'public, max-age=3600')
  response.setHeader('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  asset.content ??= compressed(asset.read())
  const isCompressed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  if (isCompressed) response.setHeader('content-encoding', 'gzip')
  send(request, response, asset.type, isCompressed ? asset.content.gzip : asset.content.plain)
}

function send(request: IncomingMessage, response: ServerResponse, type: string, body: Buffer): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.writeHead(200, { 'content-type': type, 'content-length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Scripts from here only. Swagger UI writes style attributes and draws its icons from data URLs. */
function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...connectTo.map((origin) => new URL(origin).origin)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function file(name: string, type: string): Asset {
  return { type, read: () => readFileSync(join(folder, name)) }
}

function compressed(plain: Buffer): { plain: Buffer; gzip: Buffer } {
  return { plain, gzip: gzipSync(plain) }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
