import { mayNeedNormalizing, normalizePath } from '../path/escape.ts'

/** A path of a routes file with its slashes in order: one at the start, none doubled, optional parts holding theirs inside. */
export function tidyPath(path: string): string {
  if (isTidy(path)) return path
  const tidy = normalizePath(path).replace(/\/(\(+)\/?/g, '$1/')
  return /^(\(+[^)]+\))(\(+\/:[^)]+\))*$/.test(tidy) ? tidy.replace(/^(\(+)\//, '/$1') : tidy
}

/** Whether nothing is to do, which is so for most paths. */
function isTidy(path: string): boolean {
  return path.length > 1 && !mayNeedNormalizing(path) && !path.includes('(') && !path.includes('//')
}

/** A path as part of a route's name: `foo/bar-baz` → `foo_bar_baz`. */
export function tidyName(name: string): string {
  if (/^\w+$/.test(name)) return name
  return tidyPath(name.replaceAll('-', '_')).slice(1).replaceAll('/', '_')
}

/** Adds the format that a route may, must or can't have. */
export function withFormat(path: string, format: unknown): string {
  const tidy = tidyPath(path)
  if (format === true) return `${tidy}.:format`
  return format === false || /(?:\(\.:format\)+|\.:format|\/)$/.test(tidy) ? tidy : `${tidy}(.:format)`
}
