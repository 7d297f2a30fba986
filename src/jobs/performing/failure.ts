import { isError } from '../../errors/index.ts'
import { textOf, thrownText } from '../../values/index.ts'
import type { JobFailure } from '../backend.ts'

/** So many characters are kept of a message: Sidekiq's rule. That of a database may carry all that was to be inserted. */
const longestMessage = 10_000
const longestStack = 2 * longestMessage

/** What is kept of an error (or of whatever was thrown) with a failed job: texts, whatever others have put into its fields, and not too long ones.
 * @example failureOf(new TypeError('no')) // { name: 'TypeError', message: 'no', stack: '…' }
 */
export function failureOf(error: unknown): JobFailure {
  const whole = thrownText(error)
  const message = shortened(whole, longestMessage)
  if (!isError(error)) return { name: 'Error', message }
  const stack = textOf(() => error.stack)
  const name = textOf(() => error.name) ?? 'Error'
  return {
    name: name === 'Error' ? (textOf(() => error.constructor.name) ?? name) : name,
    message,
    // The message stands in front of the places.
    stack: stack && shortened(message === whole ? stack : stack.replace(whole, () => message), longestStack),
  }
}

function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`
}
