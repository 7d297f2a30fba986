import { defaultFilterParameters, type FilterParameter } from '../logging/index.ts'
import { encryptedParameters } from '../model/index.ts'
import type { Configuration } from './configuration.ts'

/** Which parameters an application keeps out of its logs: those of Rails, those that it names itself, and its encrypted attributes. */
export function filteredParameters({ log }: Configuration, models: readonly Function[]): FilterParameter[] {
  return [...defaultFilterParameters, ...log.filterParameters, ...encryptedParameters(models)]
}
