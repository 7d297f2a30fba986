import { PerApplication } from '../context/index.ts'
import { type FilterParameter, type ParameterFilter, parameterFilter } from './parameter_filter.ts'

const filters = new PerApplication<ParameterFilter>()
const usual = parameterFilter()

/** Sets which parameters are masked in logs and errors, in place of Rails' defaults.
 *
 * @param application in whose requests; code outside of any takes what was set last
 */
export function filterParameters(filtered: readonly FilterParameter[], application?: object): ParameterFilter {
  const filter = parameterFilter(filtered)
  filters.use(filter, application)
  return filter
}

/** Forgets what an application masks: it has stopped. */
export function releaseFilter(application: object): void {
  filters.release(application)
}

/** What masks parameters where we are. */
export function currentFilter(): ParameterFilter {
  return filters.current ?? usual
}
