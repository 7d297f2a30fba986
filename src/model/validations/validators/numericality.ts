import { InvalidArgument } from '../../errors.ts'
import { Range } from '../../range.ts'
import type { ModelInfo } from '../../model_info.ts'
import { errorOptions, resolve, type ValidatorFactory } from '../validator.ts'
import { comparisons } from './comparison.ts'

const numberText = /^\s*[+-]?(?:\d+(?:_\d+)*)(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?\s*$|^\s*[+-]?\.\d+\s*$/
const integerText = /^[+-]?\d+$/

/** The value as it was assigned is a number, and compares as wanted. */
export const numericality: ValidatorFactory = (options, info) => {
  const wanted = Object.entries(comparisons).filter(([option]) => options[option] !== undefined)
  return (record, attribute, value) => {
    const raw =
      info.schema.byName.get(attribute)?.type.name === 'string' ? value : rawValue(record.attributeBeforeTypeCast(attribute), value)
    if (!isNumber(raw, options['onlyNumeric'] === true)) {
      record.errors.add(attribute, 'not_a_number', errorOptions(options, { value: raw ?? null }))
      return
    }
    const isIntegerOnly = options['onlyInteger'] !== undefined && isTrue(resolve(options['onlyInteger'], record))
    if (isIntegerOnly && !isInteger(raw)) {
      record.errors.add(attribute, 'not_an_integer', errorOptions(options, { value: raw }))
      return
    }
    const number = numberOf(raw, info, attribute)
    for (const [option, { type, passes }] of wanted) {
      const limit = resolve(options[option], record)
      if (Number.isNaN(Number(limit ?? Number.NaN)))
        throw new InvalidArgument({ reason: `${option} of '${attribute}' must be a number, not ${String(limit)}.` })
      if (!passes(number - Number(limit))) record.errors.add(attribute, type, errorOptions(options, { value: number, count: limit }))
    }
    if (options['odd'] && Math.abs(Math.trunc(number)) % 2 !== 1)
      record.errors.add(attribute, 'odd', errorOptions(options, { value: number }))
    if (options['even'] && Math.trunc(number) % 2 !== 0) record.errors.add(attribute, 'even', errorOptions(options, { value: number }))
    const within = resolve(options['in'], record)
    if (within instanceof Range && !within.includes(number))
      record.errors.add(attribute, 'in', errorOptions(options, { value: number, count: within }))
  }
}

/** The number that would be saved: with as many decimals as the column keeps. */
function numberOf(raw: unknown, info: ModelInfo, attribute: string): number {
  const text = typeof raw === 'string' ? raw.replaceAll('_', '') : raw
  const type = info.schema.byName.get(attribute)?.type
  return Number(type?.name === 'decimal' && !isInteger(text) ? (type.cast(text) ?? text) : text)
}

/** A cast value stands for what was assigned where that is empty. Decimals, as the database gives them, are read as their text. */
function rawValue(raw: unknown, value: unknown): unknown {
  const plain = raw === undefined ? value : raw
  return isDecimal(plain) ? String(plain) : plain
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { toFixed?: unknown }).toFixed === 'function'
}

function isNumber(value: unknown, isStrict: boolean): boolean {
  if (typeof value === 'number') return true
  if (typeof value === 'bigint') return true
  return !isStrict && typeof value === 'string' && numberText.test(value)
}

function isInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value)
  return typeof value === 'bigint' || (typeof value === 'string' && integerText.test(value))
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false
}
