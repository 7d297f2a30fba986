import { InvalidArgument } from '../../errors.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The value matches `with`, or doesn't match `without`. */
export const format: ValidatorFactory = (options) => {
  const isWith = options['with'] !== undefined
  if (isWith === (options['without'] !== undefined))
    throw new InvalidArgument({ reason: 'A format validation needs either with or without.' })
  const given = isWith ? options['with'] : options['without']
  if (given instanceof RegExp) refuseLineAnchors(given, options['multiline'] === true)
  return (record, attribute, value) => {
    const pattern = typeof given === 'function' ? given.call(record, record) : given
    if (!(pattern instanceof RegExp))
      throw new InvalidArgument({ reason: 'The pattern of a format validation must be a regular expression.' })
    pattern.lastIndex = 0
    const matches = pattern.test(value === null || value === undefined ? '' : String(value))
    if (matches !== isWith) record.errors.add(attribute, 'invalid', errorOptions(options, { value }))
  }
}

/** A pattern whose `^` and `$` match at every line lets anything through beside a line that matches.
 * @throws InvalidArgument unless that is meant
 */
function refuseLineAnchors({ source, multiline }: RegExp, isMeant: boolean): void {
  const isAnchored = source.startsWith('^') || (source.endsWith('$') && !source.endsWith('\\$'))
  if (multiline && isAnchored && !isMeant)
    throw new InvalidArgument({
      reason: `The pattern /${source}/m of a format validation matches any line of a text: leave the flag out, or say multiline: true.`,
    })
}
