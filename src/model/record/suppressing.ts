import { currentExecution, withExecution } from '../../context/index.ts'

/** Runs `work` with the records of exactly this class not saved: saving them answers as if they were. */
export function suppressing<T>(model: Function, work: () => T): T {
  return withExecution({ suppressed: [...(currentExecution()?.suppressed ?? []), model] }, work)
}

/** Whether records of a class aren't to be saved now. */
export function isSuppressed(model: Function): boolean {
  return currentExecution()?.suppressed?.includes(model) ?? false
}
