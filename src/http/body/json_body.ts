import { BadRequest, ParseError } from '../errors.ts'
import { endOfText, withLargeIntegersAsText } from './large_integers.ts'
import { createParameterHash, type ParameterHash, type ParameterValue } from '../parameters/parameter_hash.ts'

/** How much a JSON body may hold. */
export interface JsonLimits {
  /** Levels of objects and arrays. */
  readonly depth: number
  /** Members of objects and elements of arrays, all together. */
  readonly values: number
}

/** Parses a JSON body into parameters. What isn't an object is put under `_json`; `null` is dropped from arrays (Rails' deep munge).
 * Integers that JavaScript can't hold exactly come as the text of their digits, as a form would send them.
 *
 * @throws ParseError when it isn't JSON, is nested too deeply, or has half of a surrogate pair
 * @throws BadRequest when it holds too many values
 * @example parseJson('[1,2]', { depth: 100, values: 1000 })   // { _json: [1, 2] }
 */
export function parseJson(text: string, limits: JsonLimits): ParameterHash {
  if (text.length > smallLength) checkSize(text, limits)
  const conversion = new Conversion(limits.depth)
  let parameters = conversion.parametersFrom(parse(text))
  // Few bodies have numbers that large: looking for their digits in every text would cost as much as parsing it.
  if (conversion.isInexact) parameters = parametersFromJson(parse(withLargeIntegersAsText(text)), limits.depth)
  // To look for the backslash first is much faster than the expression.
  if (text.includes('\\u') && escapedSurrogate.test(text)) refuseLoneSurrogates(text)
  return parameters
}

/** What is parsed in no time however deep it is, in characters. */
const smallLength = 65_536

// Megabytes of brackets, or of members with one letter, take JSON.parse seconds, in which nobody else is served; looking through them takes
// milliseconds.
function checkSize(text: string, limits: JsonLimits): void {
  let depth = 0
  let values = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) i = endOfText(text, i)
    else if (code === 44) values++
    else if (code === 91 || code === 123) {
      values++
      if (++depth > limits.depth) throw tooDeep(limits.depth)
    } else if (code === 93 || code === 125) depth--
    if (values > limits.values) throw new BadRequest({ reason: `total number of parameters exceeds limit (${limits.values})` })
  }
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
  return new Conversion(depthLimit).parametersFrom(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8 quotes the text, which may be a password.
    throw new ParseError({ reason: `the body is not valid JSON (${(error as Error).message.replace(/, (?:\.\.\.)?"[\s\S]*$/, '')})` })
  }
}

/** The copying of one parsed value. */
class Conversion {
  readonly #depthLimit: number
  /** Whether there is an integer that JavaScript may have rounded. */
  isInexact = false

  constructor(depthLimit: number) {
    this.#depthLimit = depthLimit
  }

  parametersFrom(value: unknown): ParameterHash {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return this.#hash(value, 1)
    const params = createParameterHash()
    params['_json'] = this.#value(value, 0)
    return params
  }

  #value(value: unknown, depth: number): ParameterValue {
    if (typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) this.isInexact = true
    if (value === null || typeof value !== 'object') return value as ParameterValue
    return Array.isArray(value) ? this.#array(value, depth + 1) : this.#hash(value, depth + 1)
  }

  #hash(value: object, depth: number): ParameterHash {
    if (depth > this.#depthLimit) throw tooDeep(this.#depthLimit)
    const hash = createParameterHash()
    const source = value as Record<string, unknown>
    for (const key in source) {
      const member = source[key]
      hash[key] = typeof member === 'string' ? member : this.#value(member, depth)
    }
    return hash
  }

  #array(values: unknown[], depth: number): ParameterValue[] {
    if (depth > this.#depthLimit) throw tooDeep(this.#depthLimit)
    const array: ParameterValue[] = []
    for (const value of values) if (value !== null) array.push(this.#value(value, depth))
    return array
  }
}

function tooDeep(limit: number): ParseError {
  return new ParseError({ reason: `the JSON is nested more than ${limit} levels deep` })
}
