import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RegaugeError } from '../../errors/index.ts'
import { currentFilter, filteredQuery } from '../../logging/index.ts'
import type { Request } from '../request/request.ts'

/** A place in a trace. */
interface Place {
  readonly file: string
  readonly line: number
}

const linesAround = 3

/** What a developer wants to know about an error: what it is, where in the application it came from, and what was asked for.
 * @param root the application's folder: lines of its files are shown
 */
export function errorDetails(error: unknown, request: Request, root: string | undefined): Record<string, unknown> {
  if (!(error instanceof Error)) return { exception: typeof error, message: String(error), trace: [], request: requestDetails(request) }
  const { code, hint } = error instanceof RegaugeError ? error : { code: undefined, hint: undefined }
  const trace = traceOf(error)
  const own = root === undefined ? [] : trace.filter((frame) => isOwn(frame, root))
  return {
    exception: error.name,
    message: error.message,
    code,
    hint,
    cause: error.cause instanceof Error ? { exception: error.cause.name, message: error.cause.message } : undefined,
    source: root === undefined ? undefined : excerpt(own[0], root),
    application_trace: root === undefined ? undefined : own,
    trace,
    request: requestDetails(request),
  }
}

function traceOf(error: Error): string[] {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return frames.map((line) => line.trim().slice(3))
}

function isOwn(frame: string, root: string): boolean {
  const file = placeOf(frame)?.file
  return file?.startsWith(root + sep) === true && !file.includes(`${sep}node_modules${sep}`)
}

function placeOf(frame: string | undefined): Place | undefined {
  const [, file, line] = /(?:\(|^|\s)((?:file:\/\/)?\/[^()]*|[A-Z]:[^()]*):(\d+):\d+\)?$/.exec(frame ?? '') ?? []
  if (file === undefined) return undefined
  return { file: file.startsWith('file:') ? fileURLToPath(file) : file, line: Number(line) }
}

/** The line that failed with those around it. */
function excerpt(frame: string | undefined, root: string): Record<string, unknown> | undefined {
  const place = placeOf(frame)
  if (place === undefined) return undefined
  const file = relative(root, place.file)
  try {
    const lines = readFileSync(place.file, 'utf8').split('\n')
    const first = Math.max(1, place.line - linesAround)
    const shown = lines.slice(first - 1, place.line + linesAround).map((text, index) => [String(first + index), text] as const)
    return { file, line: place.line, lines: Object.fromEntries(shown) }
  } catch {
    return { file, line: place.line } // compiled away, or not there any more
  }
}

function requestDetails(request: Request): Record<string, unknown> {
  const filter = currentFilter()
  return {
    method: request.method,
    path: request.path,
    query: attempt(() => filteredQuery(request.queryString, filter)),
    params: attempt(() => filter(request.parameters)),
  }
}

/** What can't be read is what the error is about. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
