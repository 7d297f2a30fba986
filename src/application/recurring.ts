import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, type RecurringJob, recurringTasks } from '../jobs/index.ts'
import { LoadFailed } from './errors.ts'

/** Reads `config/recurring.yml` in Solid Queue's form: which jobs are enqueued again and again.
 *
 * @param classes the job classes of the application
 * @throws LoadFailed for a file that isn't YAML, InvalidSchedule for a task that makes no sense
 */
export async function readRecurring(root: string, environment: string, classes: readonly (typeof Job)[]): Promise<RecurringJob[]> {
  const file = join(root, 'config', 'recurring.yml')
  if (!existsSync(file)) return []
  const { parse } = await import('yaml')
  let document: unknown
  try {
    document = parse(await readFile(file, 'utf8'), { merge: true })
  } catch (error) {
    throw new LoadFailed({ file, reason: (error as Error).message }, { cause: error })
  }
  return recurringTasks(document, environment, classes as unknown as Iterable<new () => Job>)
}
