import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, type RecurringJob, recurringTasks } from '../../jobs/index.ts'
import { LoadFailed } from '../errors.ts'
import { psychTags } from '../psych.ts'

/** Reads `config/recurring.yml` in Solid Queue's form, its YAML as Ruby reads it: which jobs are enqueued again and again.
 *
 * @param classes the job classes of the application
 * @throws LoadFailed for a file that isn't YAML, or has ERB; InvalidSchedule for a task that makes no sense
 */
export async function readRecurring(root: string, environment: string, classes: readonly (typeof Job)[]): Promise<RecurringJob[]> {
  const file = join(root, 'config', 'recurring.yml')
  if (!existsSync(file)) return []
  const { parseDocument } = await import('yaml')
  const text = await readFile(file, 'utf8')
  refuseErb(file, text)
  let document: unknown
  try {
    const parsed = parseDocument(text, { schema: 'failsafe', customTags: psychTags, merge: true })
    // A tag that isn't known, such as of a Ruby object, is a warning only.
    for (const problem of [...parsed.errors, ...parsed.warnings]) throw problem
    document = parsed.toJS()
  } catch (error) {
    throw new LoadFailed({ file, reason: (error as Error).message }, { cause: error })
  }
  const areTasks = document === null || document === undefined || (typeof document === 'object' && !Array.isArray(document))
  if (!areTasks)
    throw new LoadFailed({ file, reason: 'it has no tasks with names: each is such as `nightly: { class: Report, schedule: "@daily" }`.' })
  return recurringTasks(document, environment, classes as unknown as Iterable<new () => Job>)
}

/** Rails runs the Ruby in this file; here it would be taken for text, or for a task. */
function refuseErb(file: string, text: string): void {
  const line = text.split('\n').findIndex((one) => /^(?:[^#]|\S#)*<%/.test(one)) + 1
  if (line === 0) return
  const reason = 'it has ERB there, and no Ruby is run. Write what it answers; what differs by environment goes below the name of each.'
  throw new LoadFailed({ file, line, reason })
}
