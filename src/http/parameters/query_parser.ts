import { BadRequest } from '../errors.ts'
import { storeParameter } from './nested_parameters.ts'
import { decodeInEncoding, type ParameterEncodings } from './parameter_encodings.ts'
import { createParameterHash, type ParameterHash } from './parameter_hash.ts'

/** How much a query string or form may hold. */
export interface QueryLimits {
  /** Levels of brackets in a name. */
  readonly depth: number
  /** Number of `name=value` pairs. */
  readonly count: number
}

/** Parses a query string or an urlencoded form as Rails does.
 *
 * @param query without the question mark, already text (not the latin1 that `node:http` hands out, unless there are encodings)
 * @param encodings of parameters that aren't UTF-8; the query is latin1 text then, a character a byte
 * @throws BadRequest on bad percent-encoding, bad UTF-8, conflicting names, or when a limit is passed
 * @example parseQuery('a[b]=1&a[c][]=2', { depth: 100, count: 4096 })   // { a: { b: '1', c: ['2'] } }
 */
export function parseQuery(query: string, limits: QueryLimits, encodings?: ParameterEncodings): ParameterHash {
  const params = createParameterHash()
  let count = 0
  let start = 0
  while (start < query.length) {
    let end = query.indexOf('&', start)
    if (end === -1) end = query.length
    if (++count > limits.count) {
      throw new BadRequest({ reason: `total number of parameters exceeds limit (${limits.count})` })
    }
    if (end > start) {
      const pair = query.slice(start, end)
      if (encodings === undefined) storePair(params, pair, limits.depth)
      else storeEncodedPair(params, pair, limits.depth, encodings)
    }
    start = end + 1
    while (query.charCodeAt(start) === 32) start++
  }
  return params
}

function storePair(params: ParameterHash, pair: string, depth: number): void {
  const equals = pair.indexOf('=')
  if (equals === -1) storeParameter(params, decodeComponent(pair), null, depth)
  else storeParameter(params, decodeComponent(pair.slice(0, equals)), decodeComponent(pair.slice(equals + 1)), depth)
}

function storeEncodedPair(params: ParameterHash, pair: string, depth: number, encodings: ParameterEncodings): void {
  const equals = pair.indexOf('=')
  const name = decodeInEncoding(equals === -1 ? pair : pair.slice(0, equals), undefined)
  const value = equals === -1 ? null : decodeInEncoding(pair.slice(equals + 1), encodings(name.split('[', 1)[0]!))
  storeParameter(params, name, value, depth)
}

/** Decodes `+` and `%xx` of one name or value.
 * @throws BadRequest on an incomplete `%` or bytes that aren't UTF-8
 */
export function decodeComponent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Not the whole text, which may be a password.
    const broken = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(spaced)
    const reason = broken === null ? 'Invalid encoding for parameter' : `invalid %-encoding (${broken[0]})`
    throw new BadRequest({ reason })
  }
}
