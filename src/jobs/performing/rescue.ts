import { isError } from '../../errors/index.ts'
import { declarationsOf, type ErrorClass, type Rescue } from '../declaring/declarations.ts'
import type { Job } from '../job.ts'

/** Finds and runs the handler of an error: the one declared last that fits, also for what caused the error, as ActiveSupport::Rescuable does.
 *
 * @returns whether there was one
 * @throws what the handler throws
 */
export async function rescueWithHandler(job: Job, thrown: Error): Promise<boolean> {
  const found = rescueFor<Rescue>(declarationsOf(job.constructor).rescues, thrown)
  if (found === undefined) return false
  await found.rescue.handle(job, found.error)
  return true
}

/** What of a list of declarations an error is for: the last that fits, also one for what caused the error. */
export function rescueFor<R extends { readonly errors: readonly ErrorClass[] }>(
  rescues: readonly R[],
  thrown: Error,
): { readonly rescue: R; readonly error: Error } | undefined {
  const visited = new Set<Error>()
  for (let error: unknown = thrown; isError(error) && !visited.has(error); error = readable(error, 'cause')) {
    visited.add(error)
    const found: Error = error
    const rescue = rescues.findLast(({ errors }) => errors.some((errorClass) => isOf(found, errorClass)))
    if (rescue !== undefined) return { rescue, error: found }
  }
  return undefined
}

function isOf(error: Error, errorClass: ErrorClass): boolean {
  if (typeof errorClass !== 'string') return error instanceof errorClass
  for (let prototype = Object.getPrototypeOf(error); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    if (prototype.constructor?.name === errorClass) return true
  }
  return readable(error, 'name') === errorClass
}

/** A field of an error, undefined where a getter throws: what is told of in its place would be the getter's error. */
function readable(error: Error, field: 'cause' | 'name'): unknown {
  try {
    return error[field]
  } catch {
    return undefined
  }
}

/** Runs the afterDiscard hooks; all run even when one throws, and the last error is thrown then. */
export async function runAfterDiscard(job: Job, error: Error): Promise<void> {
  let failure: { error: unknown } | undefined
  for (const hook of declarationsOf(job.constructor).afterDiscard) {
    try {
      await hook(job, error)
    } catch (thrown) {
      failure = { error: thrown }
    }
  }
  if (failure !== undefined) throw failure.error
}
