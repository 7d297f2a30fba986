import type { ParameterFilter } from '../../logging/index.ts'
import { isReserved } from '../arguments/serialize.ts'
import type { StoredJob } from '../backend.ts'

/** A job as it may be shown: what the log would not tell of its arguments, and of all else that it carries or has answered, is masked. */
export function filteredJob(job: StoredJob, filter: ParameterFilter): StoredJob {
  const { data, result } = job
  const filtered = filter({ data, result })
  return { ...job, data: withMarks(data, filtered['data']) as StoredJob['data'], result: withMarks(result, filtered['result']) }
}

/** Puts the marks of Active Job back into a filtered copy: they name keys, and are no parameters though they are called `_aj_symbol_keys`. */
function withMarks(original: unknown, copy: unknown): unknown {
  if (!isObject(original) || !isObject(copy)) return copy
  for (const [key, value] of Object.entries(original)) {
    if (isReserved(key)) copy[key] = value
    else withMarks(value, copy[key])
  }
  return copy
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
