import { ParseError } from './errors.ts'
import { createParameterHash, type ParameterHash, type ParameterValue } from './parameter_hash.ts'

/** Parses a JSON body into parameters. What isn't an object is put under `_json`; `null` is dropped from arrays (Rails' deep munge).
 *
 * @param depthLimit how many levels of objects and arrays are allowed
 * @throws ParseError when it isn't JSON, is nested too deeply, or has half of a surrogate pair
 * @example parseJson('[1,2]', 100)   // { _json: [1, 2] }
 */
export function parseJson(text: string, depthLimit: number): ParameterHash {
  if (text.length > smallLength && isDeeperThan(depthLimit, text)) throw tooDeep(depthLimit)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // V8 quotes the text, which may be a password.
    throw new ParseError({ reason: `the body is not valid JSON (${(error as Error).message.replace(/, (?:\.\.\.)?"[\s\S]*$/, '')})` })
  }
  const parameters = parametersFromJson(value, depthLimit)
  // To look for the backslash first is much faster than the expression.
  if (text.includes('\\u') && escapedSurrogate.test(text)) refuseLoneSurrogates(text)
  return parameters
}

/** What is parsed in no time however deep it is, in characters. */
const smallLength = 65_536

// Megabytes of brackets take JSON.parse seconds, in which nobody else is served; looking through them takes milliseconds.
function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) i = endOfText(text, i)
    else if (code === 91 || code === 123) {
      if (++depth > limit) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes++
  return backslashes % 2 === 1
}

const escapedSurrogate = /\\u[dD][89a-fA-F]/

const loneSurrogate = /\p{Surrogate}/u

// A database would keep something else than what was sent, and Rails refuses it.
function refuseLoneSurrogates(text: string): void {
  JSON.parse(text, (key, value: unknown) => {
    if (loneSurrogate.test(key) || (typeof value === 'string' && loneSurrogate.test(value))) {
      throw new ParseError({ reason: 'the JSON has half of a surrogate pair' })
    }
    return value
  })
}

/** Turns parsed JSON into parameters: the second half of `parseJson`, for a body that something else has parsed. */
export function parametersFromJson(value: unknown, depthLimit: number): ParameterHash {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return convertObject(value as object, 1, depthLimit)
  const params = createParameterHash()
  params['_json'] = convert(value, 0, depthLimit)
  return params
}

function convert(value: unknown, depth: number, limit: number): ParameterValue {
  if (value === null || typeof value !== 'object') return value as ParameterValue
  return Array.isArray(value) ? convertArray(value, depth + 1, limit) : convertObject(value, depth + 1, limit)
}

function convertObject(value: object, depth: number, limit: number): ParameterHash {
  if (depth > limit) throw tooDeep(limit)
  const hash = createParameterHash()
  const source = value as Record<string, unknown>
  for (const key in source) {
    const member = source[key]
    hash[key] = member === null || typeof member !== 'object' ? (member as ParameterValue) : convert(member, depth, limit)
  }
  return hash
}

function convertArray(values: unknown[], depth: number, limit: number): ParameterValue[] {
  if (depth > limit) throw tooDeep(limit)
  const array: ParameterValue[] = []
  for (const value of values) if (value !== null) array.push(convert(value, depth, limit))
  return array
}

function tooDeep(limit: number): ParseError {
  return new ParseError({ reason: `the JSON is nested more than ${limit} levels deep` })
}
