import { currentExecution } from '../context/index.ts'
import type { Application } from './application.ts'
import { NotBooted } from './errors.ts'

let latest: Application | undefined

/** Makes an application the one that code outside of any request or job belongs to; undefined when it has stopped. */
export function useApplication(application: Application | undefined): void {
  latest = application
}

/** The application that is running: that of the request or job we are in, else the one booted last.
 *
 * @throws NotBooted (REGAUGE_NOT_BOOTED)
 * @example application().config.secretKeyBase
 */
export function application(): Application {
  const running = (currentExecution()?.application as Application | undefined) ?? latest
  if (running === undefined) throw new NotBooted({})
  return running
}
