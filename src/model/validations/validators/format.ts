import { InvalidArgument } from '../../errors.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The value matches `with`, or doesn't match `without`. */
export const format: ValidatorFactory = (options) => {
  const isWith = options['with'] !== undefined
  if (isWith === (options['without'] !== undefined))
    throw new InvalidArgument({ reason: 'A format validation needs either with or without.' })
  const given = isWith ? options['with'] : options['without']
  return (record, attribute, value) => {
    const pattern = typeof given === 'function' ? given.call(record, record) : given
    if (!(pattern instanceof RegExp))
      throw new InvalidArgument({ reason: 'The pattern of a format validation must be a regular expression.' })
    pattern.lastIndex = 0
    const matches = pattern.test(value === null || value === undefined ? '' : String(value))
    if (matches !== isWith) record.errors.add(attribute, 'invalid', errorOptions(options, { value }))
  }
}
