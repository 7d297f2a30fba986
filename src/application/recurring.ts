import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, type RecurringJob, recurringTasks } from '../jobs/index.ts'
import { LoadFailed } from './errors.ts'

/** Reads `config/recurring.yml` in Solid Queue's form: which jobs are enqueued again and again.
 *
 * @param classes the job classes of the application
 * @throws LoadFailed for a file that isn't YAML, or has ERB; InvalidSchedule for a task that makes no sense
 */
export async function readRecurring(root: string, environment: string, classes: readonly (typeof Job)[]): Promise<RecurringJob[]> {
  const file = join(root, 'config', 'recurring.yml')
  if (!existsSync(file)) return []
  const { parse } = await import('yaml')
  const text = await readFile(file, 'utf8')
  refuseErb(file, text)
  let document: unknown
  try {
    document = parse(text, { merge: true })
  } catch (error) {
    throw new LoadFailed({ file, reason: (error as Error).message }, { cause: error })
  }
  return recurringTasks(document, environment, classes as unknown as Iterable<new () => Job>)
}

/** Rails runs the Ruby in this file; here it would be taken for text, or for a task. */
function refuseErb(file: string, text: string): void {
  const line = text.split('\n').findIndex((one) => /^(?:[^#]|\S#)*<%/.test(one)) + 1
  if (line === 0) return
  const reason = 'it has ERB there, and no Ruby is run. Write what it answers; what differs by environment goes below the name of each.'
  throw new LoadFailed({ file, line, reason })
}
