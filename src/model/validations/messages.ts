import { InvalidArgument } from '../errors.ts'
import { CalendarDate } from '../attributes/calendar_date.ts'

/** Rails' English messages, by the type of the error. */
export const messages: Readonly<Record<string, string>> = {
  inclusion: 'is not included in the list',
  exclusion: 'is reserved',
  invalid: 'is invalid',
  confirmation: "doesn't match %{attribute}",
  accepted: 'must be accepted',
  empty: "can't be empty",
  blank: "can't be blank",
  present: 'must be blank',
  too_long: 'is too long (maximum is %{count} characters)',
  too_short: 'is too short (minimum is %{count} characters)',
  wrong_length: 'is the wrong length (should be %{count} characters)',
  not_a_number: 'is not a number',
  not_an_integer: 'must be an integer',
  greater_than: 'must be greater than %{count}',
  greater_than_or_equal_to: 'must be greater than or equal to %{count}',
  equal_to: 'must be equal to %{count}',
  less_than: 'must be less than %{count}',
  less_than_or_equal_to: 'must be less than or equal to %{count}',
  other_than: 'must be other than %{count}',
  in: 'must be in %{count}',
  odd: 'must be odd',
  even: 'must be even',
  taken: 'has already been taken',
  required: 'must exist',
  model_invalid: 'Validation failed: %{errors}',
  password_too_long: 'is too long',
  'restrict_dependent_destroy.has_one': 'Cannot delete record because a dependent %{record} exists',
  'restrict_dependent_destroy.has_many': 'Cannot delete record because dependent %{record} exist',
}

const singular: Readonly<Record<string, string>> = {
  too_long: 'is too long (maximum is 1 character)',
  too_short: 'is too short (minimum is 1 character)',
  wrong_length: 'is the wrong length (should be 1 character)',
}

/** The message of a type with its values filled in; a text that is no type is its own message. */
export function messageOf(type: string, values: Readonly<Record<string, unknown>>): string {
  if (!Object.hasOwn(messages, type)) return type
  return fill(values['count'] === 1 ? (singular[type] ?? messages[type]!) : messages[type]!, values)
}

/** Fills `%{name}` in a message.
 * @throws InvalidArgument for a name that has no value: the message is wrong, and its reader would see the placeholder
 */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/%\{(\w+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name))
      throw new InvalidArgument({
        reason: `missing interpolation argument '${name}' in "${template}": there are ${Object.keys(values).join(', ')}.`,
      })
    return shown(values[name])
  })
}

/** A value in a message, as Ruby writes it: nothing for null, times in UTC. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof CalendarDate) return value.toISOString().slice(0, 10)
  if (value instanceof Date)
    return value
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d{3}Z$/, ' UTC')
  return String(value)
}
