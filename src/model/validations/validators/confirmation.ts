import { humanAttributeName } from '../translations.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The value was typed the same way twice: `email` and `email_confirmation`. Nothing is checked while the confirmation is null. */
export const confirmation: ValidatorFactory = (options) => {
  const ignoresCase = options['caseSensitive'] === false
  return (record, attribute, value) => {
    const repeated: unknown = Reflect.get(record, `${attribute}_confirmation`)
    if (repeated === null || repeated === undefined) return
    const isSame =
      ignoresCase && typeof value === 'string' && typeof repeated === 'string'
        ? value.toLowerCase() === repeated.toLowerCase()
        : value === repeated
    if (isSame) return
    record.errors.add(
      `${attribute}_confirmation`,
      'confirmation',
      errorOptions(options, { attribute: humanAttributeName(record.constructor, attribute) }),
    )
  }
}
