import { runExecution } from '../../context/index.ts'

const soon = Promise.resolve()
let isKnown = false

/** Calls `work` soon. What that enters of an AsyncLocalStorage for good (`enterWith`) is around nothing else then: not around the jobs that begin
 * after it. */
export function onItsOwn<T>(work: () => Promise<T>): Promise<T> {
  // Before the first storage is used, promises don't know where they were made.
  if (!isKnown) runExecution({}, () => (isKnown = true))
  return soon.then(work)
}
