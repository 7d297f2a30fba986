import { findSourceMap, type SourceMapping } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place in a routes file. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
}

/** A call's place, which is written out only when it is asked for: that takes ten times as long as noting it. */
export interface CallSite {
  stack?: unknown
}

/** Where `callee` was called from. Costs a microsecond, so it is taken for every route; {@link resolveLocation} is for those that are shown. */
export function callSite(callee: Function): CallSite {
  const { stackTraceLimit } = Error
  const site: CallSite = {}
  Error.stackTraceLimit = 1
  Error.captureStackTrace(site, callee)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

/** The file and line a person wrote, through the source map when the code was translated. */
export function resolveLocation(site: CallSite | undefined): SourceLocation | undefined {
  const found = site && placeOf(site)
  if (found === undefined || found.file === '') return undefined
  const path = found.file.startsWith('file:') ? fileURLToPath(found.file) : found.file
  const map = findSourceMap(found.file) ?? findSourceMap(path)
  const entry = map?.findEntry(found.line - 1, found.column - 1) as Partial<SourceMapping> | undefined
  if (entry?.originalLine === undefined) return { file: path, line: found.line }
  const source = entry.originalSource
  return { file: source?.startsWith('file:') ? fileURLToPath(source) : path, line: entry.originalLine + 1 }
}

/** A place as the engine knows it, before source maps. */
interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

const places = new WeakMap<CallSite, Place | undefined>()

/** Has the engine write the place out; it does so once, when the stack is read for the first time. */
function placeOf(site: CallSite): Place | undefined {
  if (places.has(site)) return places.get(site)
  const { prepareStackTrace } = Error
  let place: Place | undefined
  Error.prepareStackTrace = (_, [first]) => {
    if (first !== undefined)
      place = { file: first.getFileName() ?? '', line: first.getLineNumber() ?? 0, column: first.getColumnNumber() ?? 0 }
  }
  void site.stack
  Error.prepareStackTrace = prepareStackTrace
  places.set(site, place)
  return place
}
