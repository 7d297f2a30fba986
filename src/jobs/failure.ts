import type { JobFailure } from './backend.ts'

/** What is kept of an error (or of whatever was thrown) with a failed job.
 * @example failureOf(new TypeError('no')) // { name: 'TypeError', message: 'no', stack: '…' }
 */
export function failureOf(error: unknown): JobFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  return { name: error.name === 'Error' ? error.constructor.name : error.name, message: error.message, stack: error.stack }
}
