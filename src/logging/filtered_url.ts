import type { ParameterFilter } from './parameter_filter.ts'

/** A redirect's target that must not be logged at all: a part of it, or a pattern. */
export type RedirectFilter = string | RegExp

const mask = '[FILTERED]'

/** A query string with the values of masked names replaced; everything else stays as it was sent.
 * @example filteredQuery('page=2&token=abc', parameterFilter()) // 'page=2&token=[FILTERED]'
 */
export function filteredQuery(query: string, filter: ParameterFilter): string {
  return query.replace(pairs, (pair, name: string, value: string) => {
    const plain = decoded(name)
    const filtered = filter({ [plain]: value })[plain]
    return filtered === mask ? `${name}=${mask}` : pair
  })
}

/** `%70assword` is a password all the same. */
function decoded(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

// A name begins where another one can't: tried at every letter of a long one, it would take time without end.
const pairs = /(?<![^&;=])([^&;=]+)=([^&;=]+)/g

/** An URL as it may be logged: `[FILTERED]` when one of `hidden` is in it, else with the masked values of its query replaced. */
export function filteredUrl(url: string, filter: ParameterFilter, hidden: readonly RedirectFilter[] = []): string {
  if (
    hidden.some((one) => (typeof one === 'string' ? url.includes(one) : new RegExp(one.source, one.flags.replace(/[gy]/g, '')).test(url)))
  )
    return mask
  const start = url.indexOf('?')
  if (start === -1) return url
  const end = url.indexOf('#', start)
  const query = url.slice(start + 1, end === -1 ? undefined : end)
  return `${url.slice(0, start)}?${filteredQuery(query, filter)}${end === -1 ? '' : url.slice(end)}`
}
