import { InvalidArgument } from '../errors.ts'
import { shownValue } from './shown_value.ts'

/** @throws InvalidArgument for what is no single character, by which databases let patterns be escaped */
export function requireCharacter(given: unknown): asserts given is string {
  if (typeof given !== 'string' || [...given].length !== 1)
    throw new InvalidArgument({ reason: `Patterns are escaped by one character, not by ${shownValue(given)}.` })
}
