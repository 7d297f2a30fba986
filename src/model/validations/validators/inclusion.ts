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
    if (members instanceof Range) return each !== null && each !== undefined && members.includes(each)
    if (members instanceof Set) return members.has(each)
    return (
      Array.isArray(members) &&
      members.some((member) => member === each || (member instanceof Date && each instanceof Date && member.getTime() === each.getTime()))
    )
  }
  return Array.isArray(value) ? value.every(isOne) : isOne(value)
}
