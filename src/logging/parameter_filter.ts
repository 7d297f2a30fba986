/** What may name a parameter that must not be logged: part of a key (`passw`), the end of a path (`card.number`), a pattern for either; or a
 * function that is given each value with its key and all the parameters, and returns what is written in its place (undefined: the value). */
export type FilterParameter = string | RegExp | ((key: string, value: unknown, params: object) => unknown)

/** Copies parameters with what must not be logged masked. */
export type ParameterFilter = (params: object) => Record<string, unknown>

/** The parameters that Rails keeps out of logs in a new application. */
export const defaultFilterParameters: readonly FilterParameter[] = [
  'passw',
  'email',
  'secret',
  'token',
  '_key',
  'crypt',
  'salt',
  'certificate',
  'otp',
  'ssn',
  'cvv',
  'cvc',
]

const mask = '[FILTERED]'
const maxDepth = 20
const maxElements = 100
const maxLength = 1000
const maxKeyLength = 100
/** Values of one call, at any depth. */
const maxValues = 1000

/** Compiles `filters` into a function that copies parameters with the values of matching keys replaced by `[FILTERED]`, at any depth.
 *
 * Matching is partial and ignores case; a filter with a dot is compared with the path (`credit_card.code`).
 * Long strings, names and lists, and everything beyond a thousand values are cut: a log line is no place for a megabyte from outside.
 * The rules are those of Rails' `filter_parameters`.
 * @example parameterFilter(['passw'])({ user: { password: 'x', name: 'Ann' } }) // { user: { password: '[FILTERED]', name: 'Ann' } }
 */
export function parameterFilter(filters: readonly FilterParameter[] = defaultFilterParameters): ParameterFilter {
  const names = filters.filter((filter) => typeof filter !== 'function')
  const replace = filters.filter((filter) => typeof filter === 'function')
  const keys = remembering(matcher(names.filter((filter) => !isPath(filter))))
  const paths = matcher(names.filter(isPath))
  let left = maxValues
  let all: object = {}
  return (params) => {
    left = maxValues
    all = params
    return filterHash(params, '', 0)
  }

  function filterHash(hash: object, path: string, depth: number): Record<string, unknown> {
    const copy = new Hash()
    for (const key of Object.keys(hash)) {
      if (left === 0) {
        copy['…'] = `${Object.keys(hash).length} parameters`
        break
      }
      copy[key.length > maxKeyLength ? `${key.slice(0, maxKeyLength)}…` : key] = filterValue(
        key,
        (hash as Record<string, unknown>)[key],
        path === '' ? key : `${path}.${key}`,
        depth + 1,
      )
    }
    return copy
  }

  function filterValue(key: string, value: unknown, path: string, depth: number): unknown {
    if (left === 0) return '…'
    left--
    if (keys?.test(key) || paths?.test(path)) return mask
    return cut(key, replaced(key, value), path, depth)
  }

  function replaced(key: string, value: unknown): unknown {
    let result = value
    for (const filter of replace) result = filter(key, result, all) ?? result
    return result
  }

  function cut(key: string, value: unknown, path: string, depth: number): unknown {
    if (typeof value === 'string') return value.length > maxLength ? `${value.slice(0, maxLength)}… (${value.length} characters)` : value
    if (typeof value === 'bigint') return value.toString()
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    if (depth > maxDepth) return '…'
    if (Array.isArray(value)) return filterArray(key, value, path, depth)
    return isHash(value) ? filterHash(value, path, depth) : `[${value.constructor?.name ?? 'Object'}]`
  }

  function filterArray(key: string, values: readonly unknown[], path: string, depth: number): unknown[] {
    const kept = values.slice(0, maxElements).map((value) => filterValue(key, value, path, depth + 1))
    return values.length > maxElements ? [...kept, `… (${values.length} elements)`] : kept
  }
}

// Inherits nothing, and unlike an Object.create(null) V8 keeps it fast.
const Hash = function Parameters() {} as unknown as { new (): Record<string, unknown>; prototype: object }
Hash.prototype = Object.freeze(Object.create(null))

type NameFilter = string | RegExp

function isPath(filter: NameFilter): boolean {
  return typeof filter === 'string' ? filter.includes('.') : filter.source.includes('\\.')
}

function matcher(filters: readonly NameFilter[]): Matcher | undefined {
  if (filters.length === 0) return undefined
  const texts = filters.filter((filter) => typeof filter === 'string').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const patterns = filters
    .filter((filter) => filter instanceof RegExp)
    .map((pattern) => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')))
  if (texts.length > 0) patterns.push(new RegExp(texts.join('|'), 'i'))
  return patterns.length === 1 ? patterns[0] : { test: (text) => patterns.some((pattern) => pattern.test(text)) }
}

interface Matcher {
  test(text: string): boolean
}

/** Parameters have the same names all the time: a look-up takes a tenth of the expression. */
function remembering(matcher: Matcher | undefined): Matcher | undefined {
  if (matcher === undefined) return undefined
  const known = new Map<string, boolean>()
  return {
    test(text) {
      const remembered = known.get(text)
      if (remembered !== undefined) return remembered
      const matches = matcher.test(text)
      if (known.size < mostNames && text.length <= maxKeyLength) known.set(text, matches)
      return matches
    },
  }
}

/** Names that are remembered; those beyond are the affair of a client that invents them. */
const mostNames = 1000

function isHash(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
