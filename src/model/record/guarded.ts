import { type DatabaseFailure, RegaugeError } from '../../errors/index.ts'
import { RecordNotUnique } from '../errors.ts'

/** Runs a write; what a unique index refuses becomes RecordNotUnique. */
export function guarded<T>(table: string, work: () => T | Promise<T>): T | Promise<T> {
  try {
    const pending = work()
    return pending instanceof Promise ? pending.catch((error: unknown) => rethrow(table, error)) : pending
  } catch (error) {
    return rethrow(table, error)
  }
}

function rethrow(table: string, error: unknown): never {
  const failure = error instanceof RegaugeError ? (error.details as Partial<DatabaseFailure>) : undefined
  if (failure?.kind === 'unique') throw new RecordNotUnique({ table, reason: failure.reason ?? '' }, { cause: error })
  throw error
}
