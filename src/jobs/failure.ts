import { thrownText } from '../values/index.ts'
import type { JobFailure } from './backend.ts'

/** What is kept of an error (or of whatever was thrown) with a failed job: texts, whatever others have put into its fields.
 * @example failureOf(new TypeError('no')) // { name: 'TypeError', message: 'no', stack: '…' }
 */
export function failureOf(error: unknown): JobFailure {
  const message = thrownText(error)
  if (!isError(error)) return { name: 'Error', message }
  const { name, stack } = error
  const className = name === 'Error' ? error.constructor.name : name
  return { name: typeof className === 'string' ? className : 'Error', message, stack: typeof stack === 'string' ? stack : undefined }
}

/** A proxy may not even say what it is. */
function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}
