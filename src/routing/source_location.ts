import { findSourceMap, type SourceMapping } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place in a routes file. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
}

/** A call's place as the engine knows it, before source maps. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Where `callee` was called from. Costs a microsecond or two, so it is taken for every route; {@link resolveLocation} is for those that are shown. */
export function callSite(callee: Function): CallSite | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error
  const holder: { stack?: unknown } = {}
  Error.stackTraceLimit = 1
  Error.prepareStackTrace = (_, sites) => {
    const site = sites[0]
    return site === undefined
      ? undefined
      : { file: site.getFileName() ?? '', line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }
  }
  Error.captureStackTrace(holder, callee)
  const found = holder.stack as CallSite | undefined
  Error.prepareStackTrace = prepareStackTrace
  Error.stackTraceLimit = stackTraceLimit
  return found
}

/** The file and line a person wrote, through the source map when the code was translated. */
export function resolveLocation(site: CallSite | undefined): SourceLocation | undefined {
  if (site === undefined || site.file === '') return undefined
  const path = site.file.startsWith('file:') ? fileURLToPath(site.file) : site.file
  const map = findSourceMap(site.file) ?? findSourceMap(path)
  const entry = map?.findEntry(site.line - 1, site.column - 1) as Partial<SourceMapping> | undefined
  if (entry?.originalLine === undefined) return { file: path, line: site.line }
  const source = entry.originalSource
  return { file: source?.startsWith('file:') ? fileURLToPath(source) : path, line: entry.originalLine + 1 }
}
