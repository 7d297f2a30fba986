import { thrownText } from '../values/index.ts'

/** Whether what was thrown is an error; a proxy may not even say what it is. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}

/** What was thrown as an error. One in place of what is none has its text, and has it as its cause.
 * @example errorOf('no stock').message // no stock */
export function errorOf(thrown: unknown): Error {
  if (isError(thrown)) return thrown
  return new Error(thrownText(thrown), { cause: thrown })
}
