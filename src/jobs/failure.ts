import { thrownText } from '../values/index.ts'
import type { JobFailure } from './backend.ts'

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
  const { name, stack } = error
  const className = name === 'Error' ? error.constructor.name : name
  return {
    name: typeof className === 'string' ? className : 'Error',
    message,
    // The message stands in front of the places.
    stack: typeof stack === 'string' ? shortened(message === whole ? stack : stack.replace(whole, () => message), longestStack) : undefined,
  }
}

function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`
}

/** A proxy may not even say what it is. */
function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}
