import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where and why a file of the application could not be loaded. */
export interface LoadFailure {
  /** The file at fault, below the root: the one that was imported, or one that it imports. */
  readonly file: string
  readonly line: number | undefined
  readonly reason: string
}

/** Finds the file and line at fault in what importing a file threw: a syntax error as esbuild, Node's type stripping or V8 report it,
 * a missing export, or an error thrown while the file ran.
 *
 * @param root the application's folder
 * @param file the file that was imported, absolute
 */
export function loadFailure(root: string, file: string, error: unknown): LoadFailure {
  const message = error instanceof Error ? error.message : String(error)
  const bundled = /^(.+?):(\d+):\d+: ERROR: (.+)$/m.exec(message)
  if (bundled) return { file: below(root, bundled[1]!), line: Number(bundled[2]), reason: bundled[3]! }
  const reason = message.replaceAll(`${root}/`, '').trim()
  const place = error instanceof Error ? placeIn(root, error.stack ?? '') : undefined
  return place === undefined ? { file: relative(root, file), line: undefined, reason } : { ...place, reason }
}

/** The first `path:line` of a stack that is the application's own: above the message for syntax errors, else in a frame. */
function placeIn(root: string, stack: string): { file: string; line: number } | undefined {
  for (const match of stack.matchAll(/^(?: {4}at .*?)?\(?((?:file:\/\/)?\/[^\s()?]+?)(?:\?[^\s():]*)?:(\d+)(?::\d+)?\)?$/gm)) {
    const file = below(root, match[1]!)
    if (!file.startsWith('..') && !file.includes('node_modules/')) return { file, line: Number(match[2]) }
  }
  return undefined
}

function below(root: string, path: string): string {
  return relative(root, path.startsWith('file:') ? fileURLToPath(path) : path)
}
