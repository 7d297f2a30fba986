import { InvalidArgument } from '../../errors.ts'
import type { ModelRecord } from '../../record/model_record.ts'
import { Range } from '../../range.ts'
import { errorOptions, resolve, type ValidatorFactory } from '../validator.ts'

/** The value is one of a list or lies in a range. */
export const inclusion: ValidatorFactory = (options) => {
  const given = membersOption(options)
  return (record, attribute, value) => {
    if (!isAmong(given, record, value)) record.errors.add(attribute, 'inclusion', errorOptions(options, { value }))
  }
}

/** The value is none of a list. */
export const exclusion: ValidatorFactory = (options) => {
  const given = membersOption(options)
  return (record, attribute, value) => {
    if (isAmong(given, record, value)) record.errors.add(attribute, 'exclusion', errorOptions(options, { value }))
  }
}

function membersOption(options: Readonly<Record<string, unknown>>): unknown {
  const given = options['in'] ?? options['within']
  if (given === undefined)
    throw new InvalidArgument({ reason: 'An inclusion or exclusion validation needs in: a list, a range, or a function that gives one.' })
  return given
}

function isAmong(given: unknown, record: ModelRecord, value: unknown): boolean {
  const members = resolve(given, record)
  const isOne = (each: unknown): boolean => {
    if (members instanceof Range) return each !== null && each !== undefined && isWithin(members, each)
    if (members instanceof Set) return members.has(each)
    return Array.isArray(members) && members.some((member) => isSame(member, each))
  }
  return Array.isArray(value) ? value.every(isOne) : isOne(value)
}

/** Texts of a range are as long as its ends: `range('a', 'z')` has no `bb`. */
function isWithin(range: Range<unknown>, value: unknown): boolean {
  const { begin, end } = range
  const isOfOneLength = typeof begin === 'string' && typeof end === 'string' && begin.length === end.length
  return range.includes(value) && !(isOfOneLength && String(value).length !== begin.length)
}

/** Whether two values are one to Ruby: times by their moment, numbers of every kind by their value. */
function isSame(member: unknown, value: unknown): boolean {
  if (member === value) return true
  if (member instanceof Date || value instanceof Date)
    return member instanceof Date && value instanceof Date && member.getTime() === value.getTime()
  return isNumber(member) && isNumber(value) && Number(member) === Number(value)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'object' && value !== null && 'toFixed' in value)
}
