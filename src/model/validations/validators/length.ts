import { InvalidArgument } from '../../errors.ts'
import { Range } from '../../range.ts'
import { isBlank } from '../../../values/index.ts'
import { resolve, type ValidatorFactory } from '../validator.ts'
import { remaining } from './associated.ts'

const checks = [
  { option: 'is', type: 'wrong_length', message: 'wrongLength', passes: (length: number, limit: number) => length === limit },
  { option: 'minimum', type: 'too_short', message: 'tooShort', passes: (length: number, limit: number) => length >= limit },
  { option: 'maximum', type: 'too_long', message: 'tooLong', passes: (length: number, limit: number) => length <= limit },
] as const

/** The number of characters or elements is within limits. */
export const length: ValidatorFactory = (options) => {
  const limits = limitsOf(options)
  return (record, attribute, given) => {
    const value = remaining(given)
    const size = sizeOf(value)
    const isMissing = value === null || value === undefined
    for (const { option, type, message, passes } of checks) {
      if (limits[option] === undefined) continue
      const limit = resolve(limits[option], record)
      if (typeof limit !== 'number')
        throw new InvalidArgument({ reason: `${option} of '${attribute}' must be a number, not ${String(limit)}.` })
      // Nothing is no text: it is never long enough, and not too long unless null was ruled out.
      const isExempt = option === 'maximum' && options['allowNil'] === undefined && options['allowBlank'] === undefined
      if ((!isMissing || isExempt) && passes(size, limit)) continue
      const text = options[message] ?? options['message']
      record.errors.add(attribute, type, text === undefined ? { count: limit } : { count: limit, message: text })
    }
  }
}

function limitsOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const within = given['in'] ?? given['within']
  const limits: Record<string, unknown> = { ...given }
  if (within instanceof Range) {
    if (within.begin !== null) limits['minimum'] = within.begin
    if (within.end !== null) limits['maximum'] = within.excludesEnd ? Number(within.end) - 1 : within.end
  } else if (Array.isArray(within)) {
    limits['minimum'] = within[0]
    limits['maximum'] = within[1]
  }
  if (given['allowBlank'] === false && limits['minimum'] === undefined && limits['is'] === undefined) limits['minimum'] = 1
  for (const { option } of checks) {
    const limit = limits[option]
    if (typeof limit === 'number' && (limit < 0 || Number.isNaN(limit)))
      throw new InvalidArgument({ reason: `${option} of a length validation must not be negative: ${limit}` })
  }
  if (checks.every(({ option }) => limits[option] === undefined)) {
    throw new InvalidArgument({ reason: 'A length validation needs one of in, within, maximum, minimum and is.' })
  }
  return limits
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return isAscii(value) ? value.length : [...value].length
  if (Array.isArray(value)) return value.length
  if (isBlank(value)) return 0
  const size: unknown = Reflect.get(Object(value), 'length') ?? Reflect.get(Object(value), 'size')
  return typeof size === 'number' ? size : String(value).length
}

function isAscii(text: string): boolean {
  for (let place = 0; place < text.length; place++) if (text.charCodeAt(place) > 127) return false
  return true
}
