import { existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import mimeTypes from 'mime-types'
import send from 'send'
import type { Middleware, Next } from '../ports.ts'
import { pathOf } from '../request/request_target.ts'

/** Which files are sent, and how. */
export interface StaticFilesSettings {
  /** The folder, absolute. */
  readonly folder: string
  /** The file of a folder, without its extension. Default `index`. */
  readonly indexName?: string
  /** Sent with every file; a `cache-control` here takes the place of `public, max-age=0`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether to look at the folder's names once, now, and hand on what can't be a file without asking the disk. What is added later is found
   * in folders that are there. Default false. */
  readonly isIndexed?: boolean
}

const encodings = { br: '.br', gzip: '.gz' } as const

/** Sends the files of a folder as `ActionDispatch::Static` does: `/about` is `about`, `about.html` or `about/index.html`, and a file's `.br` or `.gz`
 * beside it goes to clients that take it. With ETag, Last-Modified and ranges (RFC 9110, sections 13 and 14). Names that begin with a dot
 * are no files here, but for those in `.well-known`.
 *
 * @returns undefined when there is no such folder
 * @example stack.use(staticFiles({ folder: '/srv/shop/public' }))
 */
export function staticFiles(settings: StaticFilesSettings): Middleware | undefined {
  const { folder, indexName = 'index' } = settings
  if (!existsSync(folder)) return undefined
  const mayBeFile = settings.isIndexed === true ? firstNames(folder, indexName) : () => true
  const available = encodingsIn(folder)
  return function serveStatic(req, res, next) {
    const path = req.method === 'GET' || req.method === 'HEAD' ? decoded(pathOf(req.url!)) : undefined
    if (path === undefined || !mayBeFile(path)) return next()
    const variants = extname(path) === '' ? [] : available.filter((encoding) => accepts(req, encoding))
    tryVariants({ req, res, next, path, settings, isNegotiated: available.length > 0 }, variants)
  }
}

interface Wanted {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly next: Next
  readonly path: string
  readonly settings: StaticFilesSettings
  readonly isNegotiated: boolean
}

function tryVariants(wanted: Wanted, [encoding, ...others]: readonly (keyof typeof encodings)[]): void {
  if (encoding === undefined) sendFile(wanted, wanted.path, {}, wanted.next)
  else {
    const type = mimeTypes.contentType(extname(wanted.path)) || 'application/octet-stream'
    const headers = { 'content-encoding': encoding, 'content-type': type }
    sendFile(wanted, wanted.path + encodings[encoding], headers, () => tryVariants(wanted, others))
  }
}

function sendFile(wanted: Wanted, path: string, extra: Readonly<Record<string, string>>, otherwise: Next): void {
  const { req, res, settings, isNegotiated } = wanted
  const { folder, indexName = 'index', headers = {} } = settings
  const wellKnown = path.startsWith('/.well-known/')
  const relative = wellKnown ? path.slice('/.well-known'.length) : path
  let isFound = false
  send(req, encodeURI(relative).replaceAll('?', '%3F').replaceAll('#', '%23'), {
    root: wellKnown ? join(folder, '.well-known') : folder,
    dotfiles: 'ignore',
    index: `${indexName}.html`,
    extensions: ['html'],
  })
    .on('headers', (response: ServerResponse) => {
      for (const [name, value] of Object.entries({ ...headers, ...extra })) response.setHeader(name, value)
      if (isNegotiated) response.appendHeader('vary', 'Accept-Encoding')
    })
    .on('file', () => {
      isFound = true
    })
    .on('directory', () => (path.endsWith('/') ? otherwise() : sendFile(wanted, `${path}/`, extra, otherwise)))
    .on('error', (error: { status?: number }) => (!isFound && (error.status ?? 500) < 500 ? otherwise() : wanted.next(error)))
    .pipe(res)
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path)
    return text.includes('\0') || text.includes('\\') ? undefined : text
  } catch {
    return undefined // the router answers that it is malformed
  }
}

function firstNames(folder: string, indexName: string): (path: string) => boolean {
  const names = new Set(readdirSync(folder))
  const hasIndex = names.has(`${indexName}.html`)
  return (path) => {
    if (path === '/') return hasIndex
    const end = path.indexOf('/', 1)
    const first = path.slice(1, end === -1 ? undefined : end)
    return names.has(first) || (end === -1 && names.has(`${first}.html`))
  }
}

function encodingsIn(folder: string): (keyof typeof encodings)[] {
  const files = readdirSync(folder, { recursive: true }).map(String)
  return (['br', 'gzip'] as const).filter((encoding) => files.some((file) => file.endsWith(encodings[encoding])))
}

function accepts(req: IncomingMessage, encoding: string): boolean {
  const header = req.headers['accept-encoding'] ?? ''
  return String(header)
    .split(',')
    .some((part) => part.trim().split(';')[0] === encoding && !/;\s*q=0(\.0*)?\s*$/.test(part))
}
