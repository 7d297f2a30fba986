import { isRecord } from '../../record/attribute_access.ts'
import { remaining } from './associated.ts'
import { isBlank } from '../../../values/index.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The value isn't blank. */
export const presence: ValidatorFactory = (options) => (record, attribute, given) => {
  const value = remaining(given)
  if (isRecord(value) ? false : isBlank(value)) record.errors.add(attribute, 'blank', errorOptions(options))
}

/** The value is blank. */
export const absence: ValidatorFactory = (options) => (record, attribute, given) => {
  const value = remaining(given)
  if (isRecord(value) || !isBlank(value)) record.errors.add(attribute, 'present', errorOptions(options))
}

/** A checkbox was ticked. */
export const acceptance: ValidatorFactory = (options) => {
  const accepted = [options['accept'] ?? ['1', true]].flat() as unknown[]
  return (record, attribute, value) => {
    if ((value === null || value === undefined) && options['allowNil'] !== false) return
    if (!accepted.includes(value)) record.errors.add(attribute, 'accepted', errorOptions(options))
  }
}
